package oca.server.upstream;

/** To which classes bytes belong (RFC 9110, sections 5.5 and 5.6.2). */
final class Octets {
  private static final int TOKEN = 1;
  private static final int FIELD = 2;
  private static final byte[] CLASSES = classes();

  private Octets() {}

  /** Where the token ends that begins at {@code from}; there when there is none. */
  static int tokenEnd(byte[] bytes, int from, int to) {
    return skip(bytes, from, to, TOKEN);
  }

  /** Where the first byte is that may not stand in a field's value, or {@code to}. */
  static int valueEnd(byte[] bytes, int from, int to) {
    return skip(bytes, from, to, FIELD);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isBlank(int c) {
    return c == ' ' || c == '\t';
  }

  /** May stand in a field's value, or in a reason phrase. */
  static boolean isField(byte b) {
    return (CLASSES[b & 0xff] & FIELD) != 0;
  }

  private static int skip(byte[] bytes, int from, int to, int kind) {
    int i = from;
    while (i < to && (CLASSES[bytes[i] & 0xff] & kind) != 0) {
      i++;
    }
    return i;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean visible = c > 0x20 && c < 0x7f;
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
      if (letter || (visible && "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
        classes[c] |= TOKEN;
      }
      if (visible || isBlank(c) || c >= 0x80) {
        classes[c] |= FIELD;
      }
    }
    return classes;
  }
}
