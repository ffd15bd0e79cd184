package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/** What the viewer sees of the player: the key {@code sta} of version 2. */
public enum PlayerState implements Token {
  STARTING("s"),
  PLAYING("p"),
  SEEKING("k"),
  /** Stopped for want of media. */
  REBUFFERING("r"),
  /** By the viewer. */
  PAUSED("a"),
  /** Paused by the player; in drafts of version 2 only. */
  WAITING("w"),
  ENDED("e"),
  /** Ended by an error. */
  FAILED("f"),
  /** Ended by the viewer. */
  QUIT("q"),
  /** Fetching ahead of a start. */
  PRELOADING("d");

  private static final PlayerState[] ALL = values();

  private final String token;
  private final String label;

  PlayerState(String token) {
    this.token = token;
    this.label = Token.label(this);
  }

  /** As CTA-5004 writes it. */
  @Override
  public String token() {
    return token;
  }

  /** The name in lower case, for people. */
  public String label() {
    return label;
  }

  static @Nullable PlayerState find(String text, int from, int to) {
    return Token.find(ALL, text, from, to);
  }
}
