package oca.server.caching;

/**
 * One line of a header section (RFC 9110, section 5).
 *
 * @param name a token, spelled as it came
 * @param value characters of one byte each (ISO 8859-1), none of them a control other than tab;
 *     blanks around it are dropped
 */
public record FieldLine(String name, String value) {
  /** What a line costs beside its characters: colon, blank and line end. */
  private static final int FRAME = 4;

  public FieldLine {
    if (!Grammar.isToken(name)) {
      throw new IllegalArgumentException("not a field's name: '" + printable(name) + '\'');
    }
    value = Grammar.trim(value);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException(
            "field " + name + " holds a character that no field may, 0x" + Integer.toHexString(c));
      }
    }
  }

  /** Whether this is a line of that field; names do not differ by case. */
  public boolean isNamed(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** How many bytes it takes in HTTP/1.1. */
  public int octets() {
    return name.length() + value.length() + FRAME;
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
