package oca.model;

/**
 * A run of bytes of a file, both ends included, as in {@code Content-Range} (RFC 9110, section
 * 14.4).
 *
 * @param first offset of the first byte, 0 or more
 * @param last offset of the last byte, not below {@code first}
 */
public record ByteRange(long first, long last) {
  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("not a byte range: " + first + "-" + last);
    }
  }

  /** The number of bytes, 1 or more. */
  public long length() {
    return last - first + 1;
  }
}
