package oca.fill.evaluate;

import oca.config.ByteSize;

/**
 * A size of a region's disk, or of what may be fetched.
 *
 * @param text as it was given
 * @param share of a whole, used when {@code bytes} is 0
 * @param bytes fixed, 0 for a share
 */
public record Capacity(String text, double share, long bytes) {
  /**
   * Reads {@code 5%} or {@code 10GiB}.
   *
   * @throws IllegalArgumentException when it is neither, or not above 0
   */
  public static Capacity parse(String text) {
    Capacity read;
    if (text.endsWith("%")) {
      read = new Capacity(text, Double.parseDouble(text.substring(0, text.length() - 1)) / 100, 0);
    } else {
      read = new Capacity(text, 0, ByteSize.parse(text).bytes());
    }
    if (!(read.share > 0 && read.share <= 1) && read.bytes <= 0) {
      throw new IllegalArgumentException("must be above 0 and at most 100%, not " + text);
    }
    return read;
  }

  long of(long whole) {
    return bytes > 0 ? bytes : Math.max(1, Math.round(share * whole));
  }
}
