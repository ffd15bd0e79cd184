package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/** What was asked for: the key {@code ot}, and the parameter of list items in version 2. */
public enum ObjectType implements Token {
  /** A manifest, a playlist, or another text file. */
  MANIFEST("m"),
  AUDIO("a"),
  VIDEO("v"),
  /** Audio and video in one. */
  MUXED("av"),
  /** What a decoder needs before the first media. */
  INIT("i"),
  CAPTION("c"),
  /** Text in ISO base media files. */
  TIMED_TEXT("tt"),
  /** A key, licence or certificate. */
  KEY("k"),
  OTHER("o");

  private static final ObjectType[] ALL = values();

  private final String token;
  private final String label;

  ObjectType(String token) {
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

  static @Nullable ObjectType find(String text, int from, int to) {
    return Token.find(ALL, text, from, to);
  }
}
