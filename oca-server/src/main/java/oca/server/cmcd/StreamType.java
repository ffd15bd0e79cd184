package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/** Whether all of it is there yet: the key {@code st}. */
public enum StreamType implements Token {
  VOD("v"),
  LIVE("l"),
  /** Live with low latency; since version 2. */
  LOW_LATENCY("ll");

  private static final StreamType[] ALL = values();

  private final String token;
  private final String label;

  StreamType(String token) {
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

  static @Nullable StreamType find(String text, int from, int to) {
    return Token.find(ALL, text, from, to);
  }
}
