package oca.fill.viewers;

import java.time.Instant;

/**
 * Something that a person should look after.
 *
 * @param id the same for the same thing, as long as it lasts
 * @param level how much it matters
 * @param what is wrong, with figures
 * @param since when it was first seen so, without a break
 * @param remedy what to do about it
 * @param view where the console shows more, such as {@code misses}; empty when nowhere
 */
public record Concern(
    String id, Level level, String what, Instant since, String remedy, String view) {
  /** How much it matters, most first. */
  public enum Level {
    /** Viewers notice. */
    VIEWERS,
    /** Viewers will notice, unless something is done. */
    SOON
  }

  /** Something that is so now. */
  public record Finding(String id, Level level, String what, String remedy, String view) {}
}
