package oca.bench.pull;

import java.nio.charset.StandardCharsets;

/** Reads what matters of an answer's head, and makes no garbage. For one thread. */
final class HeadScan {
  private static final byte[] STATUS = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RANGE = "content-range: bytes ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RETRY = "retry-after:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSE = "connection: close".getBytes(StandardCharsets.US_ASCII);

  private byte[] head = new byte[0];
  private int at;
  private int status;
  private long length;
  private long first;
  private long last;
  private long whole;
  private boolean retryAfter;
  private boolean closes;

  /**
   * Takes a whole head.
   *
   * @param end behind its empty line
   * @return false when it is not one, or does not say how long its body is
   */
  boolean take(byte[] bytes, int end) {
    head = bytes;
    length = -1;
    first = -1;
    last = -1;
    whole = -1;
    retryAfter = false;
    closes = false;
    if (!startsWith(0, end, STATUS)) {
      return false;
    }
    at = STATUS.length;
    status = (int) number(end);
    for (int line = next(0, end); line < end; line = next(line, end)) {
      field(line, end);
    }
    return status >= 200 && (length >= 0 || status == 304 || status == 204);
  }

  private void field(int line, int end) {
    if (startsWith(line, end, LENGTH)) {
      at = line + LENGTH.length;
      length = number(end);
    } else if (startsWith(line, end, RANGE)) {
      at = line + RANGE.length;
      first = number(end);
      at++;
      last = number(end);
      at++;
      whole = number(end);
    } else if (startsWith(line, end, RETRY)) {
      retryAfter = true;
    } else if (startsWith(line, end, CLOSE)) {
      closes = true;
    }
  }

  int status() {
    return status;
  }

  /** Of the body in bytes. */
  long length() {
    return Math.max(0, length);
  }

  /** Whether it has Retry-After. */
  boolean retryAfter() {
    return retryAfter;
  }

  /** Whether the connection ends with the answer. */
  boolean closes() {
    return closes;
  }

  /** Whether it brings what was asked for. */
  boolean fits(Ask ask) {
    return ask.isRange()
        ? status == 206
            && length == ask.length()
            && first == ask.offset()
            && last == ask.offset() + ask.length() - 1
            && whole == ask.objectLength()
        : status == 200 && length == ask.length();
  }

  private long number(int end) {
    while (at < end && head[at] == ' ') {
      at++;
    }
    long number = 0;
    for (; at < end && head[at] >= '0' && head[at] <= '9'; at++) {
      number = number * 10 + head[at] - '0';
    }
    return number;
  }

  private int next(int line, int end) {
    int i = line;
    while (i < end && head[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  /** Upper-case letters count as lower-case ones where those are asked for. */
  private boolean startsWith(int from, int end, byte[] prefix) {
    if (end - from < prefix.length) {
      return false;
    }
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
