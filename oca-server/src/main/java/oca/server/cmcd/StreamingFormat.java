package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/** How the media is described: the key {@code sf}. */
public enum StreamingFormat implements Token {
  DASH("d"),
  HLS("h"),
  SMOOTH("s"),
  /** Since version 2. */
  HESP("e"),
  OTHER("o");

  private static final StreamingFormat[] ALL = values();

  private final String token;
  private final String label;

  StreamingFormat(String token) {
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

  static @Nullable StreamingFormat find(String text, int from, int to) {
    return Token.find(ALL, text, from, to);
  }
}
