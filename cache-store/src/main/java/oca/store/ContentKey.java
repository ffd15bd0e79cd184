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

  /** 64 bits that tell most keys apart, well spread. */
  long hash() {
    return hash(high, low);
  }

  static long hash(long high, long low) {
    long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9e3779b97f4a7c15L + low;
    mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
    return mixed ^ mixed >>> 32;
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
