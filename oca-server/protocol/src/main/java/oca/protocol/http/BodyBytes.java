package oca.protocol.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A body as it comes: memory grows with what has come, not with what was announced. */
final class BodyBytes {
  private static final byte[] NONE = new byte[0];
  private static final int FIRST = 4 << 10;

  private final int limit;
  private byte[] bytes = NONE;
  private int length;

  BodyBytes(int limit) {
    this.limit = limit;
  }

  /** False when it would be longer than the limit; nothing is taken then. */
  boolean add(ByteBuf part) {
    int more = part.readableBytes();
    if (more > limit - length) {
      return false;
    }
    if (length + more > bytes.length) {
      long wanted = Math.max(length + more, Math.max(FIRST, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Math.max(limit, length + more)));
    }
    part.getBytes(part.readerIndex(), bytes, length, more);
    length += more;
    return true;
  }

  byte[] toArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
