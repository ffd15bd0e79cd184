package oca.store;

/**
 * Under which name bytes are kept: 128 bits that never stand for other bytes.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record ContentKey(long high, long low) implements Comparable<ContentKey> {

  /** By unsigned value. */
  @Override
  public int compareTo(ContentKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return hex(high) + hex(low);
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
