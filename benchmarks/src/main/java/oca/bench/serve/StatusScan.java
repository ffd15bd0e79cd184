package oca.bench.serve;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * Finds the status lines in a stream of HTTP/1 answers, however it is cut into pieces, without
 * following lengths: bodies of noise and of short errors have nothing that looks like one.
 */
final class StatusScan {
  private static final byte[] BEFORE = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 3;

  private int matched;
  private int status;

  /** Takes what is left in the buffer; told of each status that it completes. */
  void take(ByteBuffer bytes, IntConsumer statuses) {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (matched >= BEFORE.length && b >= '0' && b <= '9') {
        status = status * 10 + b - '0';
        if (++matched == BEFORE.length + DIGITS) {
          statuses.accept(status);
          reset();
        }
      } else if (matched < BEFORE.length && b == BEFORE[matched]) {
        matched++;
      } else {
        reset();
        matched = b == BEFORE[0] ? 1 : 0;
      }
    }
  }

  private void reset() {
    matched = 0;
    status = 0;
  }
}
