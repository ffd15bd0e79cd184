package oca.bench.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the heads of answers as strictly as it takes to know that a range is the one that was asked
 * for: status 206, one Content-Length, one Content-Range. For one thread.
 */
final class AnswerHead {
  private static final byte[] STATUS = "HTTP/1.1 206".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RANGE = "content-range:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BYTES = "bytes ".getBytes(StandardCharsets.US_ASCII);

  private final long fileBytes;
  private int at;

  AnswerHead(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /** Where the body begins, or -1 when the head is not whole yet. */
  static int end(byte[] bytes, int length) {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 2] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  /**
   * Checks a whole head against what was asked for.
   *
   * @throws IOException when it answers anything else; the message shows the head
   */
  void check(byte[] head, int end, long offset, int size) throws IOException {
    boolean length = false;
    boolean range = false;
    boolean right = startsWith(head, 0, STATUS);
    for (int line = next(head, 0, end); right && line < end; line = next(head, line, end)) {
      if (startsWith(head, line, LENGTH)) {
        at = line + LENGTH.length;
        right = !length && number(head) == size && head[at] == '\r';
        length = true;
      } else if (startsWith(head, line, RANGE)) {
        right = !range && ranges(head, line + RANGE.length, offset, size);
        range = true;
      }
    }
    if (!right || !length || !range) {
      throw new IOException(
          "bytes=%d-%d was answered with:%n%s"
              .formatted(
                  offset,
                  offset + size - 1,
                  new String(head, 0, end, StandardCharsets.ISO_8859_1)));
    }
  }

  private boolean ranges(byte[] head, int from, long offset, int size) {
    at = from;
    while (head[at] == ' ') {
      at++;
    }
    if (!startsWith(head, at, BYTES)) {
      return false;
    }
    at += BYTES.length;
    return number(head) == offset
        && head[at++] == '-'
        && number(head) == offset + size - 1
        && head[at++] == '/'
        && number(head) == fileBytes
        && head[at] == '\r';
  }

  private long number(byte[] head) {
    while (head[at] == ' ') {
      at++;
    }
    long number = 0;
    for (; head[at] >= '0' && head[at] <= '9'; at++) {
      number = number * 10 + head[at] - '0';
    }
    return number;
  }

  private static int next(byte[] head, int line, int end) {
    int i = line;
    while (i < end && head[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  /** Upper-case letters count as lower-case ones where those are asked for. */
  private static boolean startsWith(byte[] head, int from, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      byte b = head[from + i];
      byte lower = b >= 'A' && b <= 'Z' && prefix[i] >= 'a' ? (byte) (b | 0x20) : b;
      if (lower != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
