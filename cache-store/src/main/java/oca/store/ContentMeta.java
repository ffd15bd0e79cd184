package oca.store;

import java.nio.charset.StandardCharsets;

/**
 * What a file says of itself.
 *
 * @param key its name
 * @param length of the content in bytes, 0 or more
 * @param sha256 of the whole content, 64 lower-case hexadecimal digits
 * @param mediaType at most {@value #MAX_MEDIA_TYPE} bytes of ASCII
 * @param modifiedSecond when the publisher last changed it, in seconds since 1970
 */
public record ContentMeta(
    ContentKey key, long length, String sha256, String mediaType, long modifiedSecond) {

  /** The longest media type, in bytes. */
  public static final int MAX_MEDIA_TYPE = 100;

  public ContentMeta {
    if (length < 0) {
      throw new IllegalArgumentException("a length below zero: " + length);
    }
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a SHA-256: " + sha256);
    }
    if (mediaType.getBytes(StandardCharsets.UTF_8).length > MAX_MEDIA_TYPE
        || !mediaType.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("not a media type: " + mediaType);
    }
  }
}
