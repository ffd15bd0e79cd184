package oca.server.range;

/**
 * What is known of a file that can be served, whether all of its bytes are here or not.
 *
 * @param length of the whole file in bytes
 * @param entityTag strong, with its quotes (RFC 9110, section 8.8.3)
 * @param modifiedSecond Last-Modified, in seconds since 1970. Content never changes under its name,
 *     so the date is as strong a validator as the tag (section 8.8.2.2)
 * @param mediaType Content-Type
 */
public record Representation(long length, String entityTag, long modifiedSecond, String mediaType) {
  public Representation {
    if (length < 0) {
      throw new IllegalArgumentException("a length below zero: " + length);
    }
  }

  /**
   * The representation of a file with this digest; its tag is the digest's first 128 bits.
   *
   * @param sha256 64 hexadecimal digits
   * @param mediaType may be empty, which says nothing and is sent as {@code
   *     application/octet-stream}
   */
  public static Representation of(
      String sha256, long length, long modifiedSecond, String mediaType) {
    return new Representation(
        length,
        '"' + sha256.substring(0, 32) + '"',
        modifiedSecond,
        mediaType.isEmpty() ? "application/octet-stream" : mediaType);
  }
}
