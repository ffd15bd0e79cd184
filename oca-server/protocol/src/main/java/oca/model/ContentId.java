package oca.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names a file for ever: 128 bits, the first half of the SHA-256 of the path under which it was
 * published.
 *
 * <p>An id never stands for other bytes than those it was first published with; a publisher who
 * changes a file gives it a new path. That is what lets a store, a peer and a viewer's cache keep
 * bytes by id without ever asking again. Deriving the id from the path means that a request can be
 * answered without a catalogue at hand.
 *
 * @param high the first eight bytes of the hash, big-endian
 * @param low the next eight bytes of the hash, big-endian
 */
public record ContentId(long high, long low) implements Comparable<ContentId> {

  /**
   * The id of the file published under {@code path}.
   *
   * @param path the path without a leading slash, decoded, such as {@code titles/harbour/v0.mp4};
   *     see {@link ContentPath} for what is allowed
   */
  public static ContentId ofPath(String path) {
    byte[] hash = sha256().digest(path.getBytes(StandardCharsets.UTF_8));
    return new ContentId(bigEndian(hash, 0), bigEndian(hash, 8));
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException unless {@code text} is 32 lower-case hexadecimal digits
   */
  public static ContentId parse(String text) {
    if (text.length() != 32 || !isLowerHex(text)) {
      throw new IllegalArgumentException(
          "not a content id (32 lower-case hexadecimal digits): " + text);
    }
    return new ContentId(
        Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, 32, 16));
  }

  /** 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return hex(high) + hex(low);
  }

  /** By unsigned value, the order of the written form. */
  @Override
  public int compareTo(ContentId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }

  private static boolean isLowerHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private static long bigEndian(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
