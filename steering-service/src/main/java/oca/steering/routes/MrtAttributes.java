package oca.steering.routes;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the path attributes of one entry of a TABLE_DUMP_V2 (RFC 6396, section 4.3.4), where ASes
 * always have four octets. Of all attributes it looks at AS_PATH and MULTI_EXIT_DISC.
 */
final class MrtAttributes {
  private static final int EXTENDED_LENGTH = 0x10;
  private static final int AS_PATH = 2;
  private static final int MULTI_EXIT_DISC = 4;
  private static final int AS_SET = 1;
  private static final int AS_SEQUENCE = 2;
  private static final int AS_CONFED_SEQUENCE = 3;
  private static final int AS_CONFED_SET = 4;

  private MrtAttributes() {}

  /**
   * What the buffer holds, from its position to its limit; null when that cannot be, or has no
   * AS_PATH. An attribute that comes twice counts as it came first (RFC 7606, section 3g).
   */
  static @Nullable PathAttributes read(ByteBuffer in) {
    ByteBuffer path = null;
    ByteBuffer med = null;
    try {
      while (in.hasRemaining()) {
        int flags = in.get();
        int type = in.get() & 0xff;
        int length =
            (flags & EXTENDED_LENGTH) == 0 ? in.get() & 0xff : Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
          return null;
        }
        ByteBuffer value = in.slice(in.position(), length);
        in.position(in.position() + length);
        if (type == AS_PATH && path == null) {
          path = value;
        } else if (type == MULTI_EXIT_DISC && med == null) {
          med = value;
        }
      }
      if (path == null || (med != null && med.remaining() != 4)) {
        return null;
      }
      return of(path, med == null ? 0 : Integer.toUnsignedLong(med.getInt()));
    } catch (BufferUnderflowException e) {
      // It ends within an attribute or a segment: the caller counts it as malformed.
      return null;
    }
  }

  private static @Nullable PathAttributes of(ByteBuffer path, long med) {
    int hops = 0;
    long origin = 0;
    while (path.hasRemaining()) {
      int type = path.get();
      int count = path.get() & 0xff;
      if (count == 0 || 4 * count > path.remaining()) {
        return null;
      }
      long last = Integer.toUnsignedLong(path.getInt(path.position() + 4 * (count - 1)));
      path.position(path.position() + 4 * count);
      switch (type) {
        case AS_SEQUENCE -> {
          hops += count;
          origin = last;
        }
        case AS_SET -> {
          hops++;
          origin = 0;
        }
        case AS_CONFED_SEQUENCE, AS_CONFED_SET -> {
          // Inside our neighbour: no AS on the way, and nobody's origin (RFC 5065, section 5.3).
        }
        default -> {
          return null;
        }
      }
    }
    return new PathAttributes(hops, med, origin);
  }
}
