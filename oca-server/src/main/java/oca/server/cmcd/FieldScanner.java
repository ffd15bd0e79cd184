package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/**
 * Walks over a dictionary of RFC 8941 (section 3.2) from left to right, one piece at a time, and
 * goes on behind a piece that is none. Reads each character at most twice. One text, one thread.
 */
final class FieldScanner {
  /** What kind of value was read (RFC 8941, section 3.3). */
  enum Kind {
    /** Whole or with a fraction, see {@link FieldScanner#thousandths}. */
    NUMBER,
    STRING,
    TOKEN,
    TRUE,
    FALSE
  }

  /** The most digits of a number (RFC 8941, section 3.3.1): its thousandths fit a long. */
  private static final int MAX_DIGITS = 15;

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~:/";

  private final String text;
  private int at;
  private int memberFrom;
  private int from;
  private int to;
  private boolean escaped;
  private long thousandths;

  FieldScanner(String text) {
    this.text = text;
  }

  /** Goes to the next member and reads its name, which may be empty; false at the end. */
  boolean nextMember() {
    skip(" \t,");
    memberFrom = at;
    name();
    return memberFrom < text.length();
  }

  /** Reads the name of the next parameter (RFC 8941, section 3.1.2); false when none follows. */
  boolean nextParameter() {
    if (!take(';')) {
      return false;
    }
    skipSpaces();
    name();
    return true;
  }

  /** The key that was read as a name, or null when it is none that we know. */
  @Nullable Key key() {
    return Key.find(text, from, to);
  }

  /** The object type that was read as a token or a name, or null when it is none. */
  @Nullable ObjectType objectType() {
    return ObjectType.find(text, from, to);
  }

  /** The streaming format that was read as a token, or null when it is none. */
  @Nullable StreamingFormat streamingFormat() {
    return StreamingFormat.find(text, from, to);
  }

  /** The stream type that was read as a token, or null when it is none. */
  @Nullable StreamType streamType() {
    return StreamType.find(text, from, to);
  }

  /** The player's state that was read as a token, or null when it is none. */
  @Nullable PlayerState playerState() {
    return PlayerState.find(text, from, to);
  }

  /** Whether the name that was read is empty: no name stands here. */
  boolean isNameless() {
    return from == to;
  }

  /** Whether the name that was read is this one. */
  boolean isNamed(String name) {
    return to - from == name.length() && text.startsWith(name, from);
  }

  /** Goes behind {@code expected} if it stands here. */
  boolean take(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** Goes over the blanks within a list. */
  void skipSpaces() {
    skip(" ");
  }

  /** Whether nothing but blanks follows up to a comma or the end. */
  boolean isMemberOver() {
    skip(" \t");
    return at == text.length() || text.charAt(at) == ',';
  }

  /** Goes to the end of the member, from its beginning, however broken it is. */
  void skipMember() {
    boolean quoted = false;
    boolean listed = false;
    for (at = memberFrom; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted) {
        at += c == '\\' ? 1 : 0;
      } else if (c == ',' && !listed) {
        return;
      } else if (c == '(' || c == ')') {
        listed = c == '(';
      }
    }
    at = text.length();
  }

  /** What the name is set to; a name alone is true. Null when that cannot be read. */
  @Nullable Kind assigned() {
    return take('=') ? value() : Kind.TRUE;
  }

  /** Reads a value; null when what stands here is none that is known. */
  @Nullable Kind value() {
    char c = at < text.length() ? text.charAt(at) : ' ';
    if (c == '"') {
      return string() ? Kind.STRING : null;
    }
    if (c == '-' || isDigit(c)) {
      return number() ? Kind.NUMBER : null;
    }
    if (take('?')) {
      return take('1') ? Kind.TRUE : take('0') ? Kind.FALSE : null;
    }
    if (c == '*' || isLetter(c)) {
      token();
      return Kind.TOKEN;
    }
    return null;
  }

  /** The last number, in thousandths. */
  long thousandths() {
    return thousandths;
  }

  /** The last string, without quotes and escapes. */
  String content() {
    String raw = text.substring(from, to);
    if (!escaped) {
      return raw;
    }
    StringBuilder plain = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      i += raw.charAt(i) == '\\' ? 1 : 0;
      plain.append(raw.charAt(i));
    }
    return plain.toString();
  }

  private boolean string() {
    escaped = false;
    from = ++at;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        to = at++;
        return true;
      }
      if (c == '\\') {
        escaped = true;
        at++;
        if (at == text.length() || (text.charAt(at) != '"' && text.charAt(at) != '\\')) {
          return false;
        }
      } else if (c < ' ' || c > '~') {
        return false;
      }
    }
    return false;
  }

  private boolean number() {
    boolean negative = take('-');
    int digits = at;
    long value = 0;
    for (; at < text.length() && isDigit(text.charAt(at)); at++) {
      if (at - digits == MAX_DIGITS) {
        return false;
      }
      value = value * 10 + (text.charAt(at) - '0');
    }
    if (at == digits) {
      return false;
    }
    value *= 1000;
    if (take('.')) {
      int fraction = at;
      for (int unit = 100; at < text.length() && isDigit(text.charAt(at)); at++, unit /= 10) {
        value += (long) unit * (text.charAt(at) - '0');
      }
      if (at == fraction) {
        return false;
      }
    }
    thousandths = negative ? -value : value;
    return true;
  }

  private void token() {
    from = at;
    while (at < text.length() && isTokenPart(text.charAt(at))) {
      at++;
    }
    to = at;
  }

  /** A name as RFC 8941 has it, and with capitals, which it has not. */
  private void name() {
    from = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    to = at;
  }

  private void skip(String blanks) {
    while (at < text.length() && blanks.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private static boolean isNamePart(char c) {
    return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*';
  }

  private static boolean isTokenPart(char c) {
    return isLetter(c) || isDigit(c) || TOKEN_MARKS.indexOf(c) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
