package oca.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
  private static final int DIGITS = 32;

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
    if (text.length() != DIGITS) {
      throw notAnId(text);
    }
    return new ContentId(half(text, 0), half(text, DIGITS / 2));
  }

  /** 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }

  /** By unsigned value, the order of the written form. */
  @Override
  public int compareTo(ContentId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** By hand, for each record that is read names a file. */
  private static long half(String text, int from) {
    long value = 0;
    for (int i = from; i < from + DIGITS / 2; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        value = value << 4 | (c - '0');
      } else if (c >= 'a' && c <= 'f') {
        value = value << 4 | (c - 'a' + 10);
      } else {
        throw notAnId(text);
      }
    }
    return value;
  }

  private static IllegalArgumentException notAnId(String text) {
    return new IllegalArgumentException(
        "not a content id (32 lower-case hexadecimal digits): " + text);
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
