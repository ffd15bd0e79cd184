package oca.protocol.flight;

import java.util.Locale;

/** Why a recording is kept: the whole list. */
public enum Cause {
  /** Too many answers had their first byte late. */
  FIRST_BYTE("99 of a hundred first bytes did not come in time"),
  /** Too many requests were answered 5xx. */
  ERRORS("too many requests were answered 5xx"),
  /** An event loop did not turn. */
  STALL("an event loop stood still"),
  /** The whole process stood still. */
  PAUSE("the whole process stood still: collector, swap, or a stopped machine"),
  /** The process before ended without closing; this is what it had recorded. */
  ENDED("the process ended without closing"),
  /** Somebody wanted it. */
  ASKED("somebody asked for it");

  private final String sentence;

  Cause(String sentence) {
    this.sentence = sentence;
  }

  /** In names of files and in metrics, such as {@code first-byte}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** For people. */
  public String sentence() {
    return sentence;
  }
}
