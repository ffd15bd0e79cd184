package oca.bench.pull;

import java.nio.charset.StandardCharsets;

/**
 * One request, and what a right answer has.
 *
 * @param target path, with its leading slash
 * @param object whose content it is, see {@link Noise}; -1 when nothing should be there
 * @param offset of the range's first byte
 * @param length of the range in bytes, or of the whole object
 * @param objectLength in bytes
 * @param isRange whether a range is asked for
 * @param notBefore by {@link System#nanoTime}, when it is to be sent
 */
record Ask(
    String target,
    long object,
    long offset,
    long length,
    long objectLength,
    boolean isRange,
    long notBefore) {

  static Ask range(long object, long objectLength, long offset, long length, long notBefore) {
    return new Ask(
        path(object, objectLength), object, offset, length, objectLength, true, notBefore);
  }

  static Ask whole(long object, long length, long notBefore) {
    return new Ask(path(object, length), object, 0, length, length, false, notBefore);
  }

  static Ask segment(long segment, long length, long notBefore) {
    return new Ask("/p/live/" + segment, Shelf.LIVE + segment, 0, length, length, false, notBefore);
  }

  /** A segment of the live event that will never be there. */
  static Ask absent(long number, long notBefore) {
    return new Ask("/p/live/" + (Shelf.NEVER + number), -1, 0, 0, 0, false, notBefore);
  }

  private static String path(long object, long length) {
    return "/p/o/" + object + "/" + length;
  }

  byte[] bytes() {
    String range = isRange ? "Range: bytes=" + offset + "-" + (offset + length - 1) + "\r\n" : "";
    return ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + range + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
