package oca.server.range;

/**
 * What is known of a file that can be served, whether all of its bytes are here or not.
 *
 * @param length of the whole file in bytes
 * @param sha256 of the whole file, 64 lower-case hexadecimal digits
 * @param entityTag strong, with its quotes (RFC 9110, section 8.8.3)
 * @param modifiedSecond Last-Modified, in seconds since 1970, in the years 0 to 9999. Content never
 *     changes under its name, so the date is as strong a validator as the tag (section 8.8.2.2)
 * @param mediaType Content-Type, printable ASCII
 */
public record Representation(
    long length, String sha256, String entityTag, long modifiedSecond, String mediaType) {
  private static final int TAG_DIGITS = 32;

  public Representation {
    if (length < 0) {
      throw new IllegalArgumentException("a length below zero: " + length);
    }
    if (!isDigest(sha256)) {
      throw new IllegalArgumentException("not a SHA-256: " + sha256);
    }
    if (!HttpDate.isExpressible(modifiedSecond)) {
      throw new IllegalArgumentException("no date a header field can say: " + modifiedSecond);
    }
    if (!isPrintable(mediaType)) {
      throw new IllegalArgumentException("not a media type: " + mediaType);
    }
  }

  /**
   * The representation of a file with this digest; its tag is the digest's first 128 bits.
   *
   * @param sha256 64 lower-case hexadecimal digits
   * @param mediaType may be empty, which says nothing and is sent as {@code
   *     application/octet-stream}
   */
  public static Representation of(
      String sha256, long length, long modifiedSecond, String mediaType) {
    return new Representation(
        length,
        sha256,
        '"' + sha256.substring(0, Math.min(TAG_DIGITS, sha256.length())) + '"',
        modifiedSecond,
        mediaType.isEmpty() ? "application/octet-stream" : mediaType);
  }

  private static boolean isDigest(String text) {
    boolean is = text.length() == 64;
    for (int i = 0; is && i < 64; i++) {
      char c = text.charAt(i);
      is = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    return is;
  }

  /** A line break in it would end the field and begin another. */
  private static boolean isPrintable(String text) {
    boolean is = !text.isEmpty();
    for (int i = 0; is && i < text.length(); i++) {
      is = text.charAt(i) >= ' ' && text.charAt(i) < 0x7f;
    }
    return is;
  }
}
