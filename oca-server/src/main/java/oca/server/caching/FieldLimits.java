package oca.server.caching;

/**
 * How large a header section may be.
 *
 * @param maxLines 1 or more
 * @param maxOctets names, values and line ends, 1 or more
 */
public record FieldLimits(int maxLines, int maxOctets) {
  /** Above what origins send, and below what other servers take. */
  public static final FieldLimits DEFAULTS = new FieldLimits(200, 64 * 1024);

  public FieldLimits {
    if (maxLines < 1 || maxOctets < 1) {
      throw new IllegalArgumentException(
          "a header section needs room: lines " + maxLines + ", octets " + maxOctets);
    }
  }
}
