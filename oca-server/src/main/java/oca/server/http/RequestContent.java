package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects the content of one request that an upstream is to get (RFC 9112, sections 6 and 7). All
 * of it is here before anything is sent on, so that a request that breaks off is nobody's; what it
 * may take is bounded for one and for all. Chunk extensions and trailers are read and forgotten
 * (sections 7.1.1 and 7.1.2). On the connection's event loop only.
 */
final class RequestContent {
  /** The length of content in chunks. */
  static final long CHUNKED = -1;

  /** Of a chunk's first line, and of all trailers together. */
  private static final int MAX_LINES = 4096;

  private static final int MAX_SIZE_DIGITS = 8;
  private static final int FIRST_ROOM = 4096;

  /** How far it has come. */
  enum Progress {
    MORE,
    WHOLE,
    TOO_LARGE,
    /** The room for all is taken. */
    NO_ROOM,
    /** The chunks are not as they must be. */
    MALFORMED
  }

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_END,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_BEGIN,
    TRAILER,
    TRAILER_LF,
    LAST_LF,
    DONE
  }

  private final long length;
  private final int most;
  private final ContentRoom room;
  private byte[] bytes = {};
  private int size;
  private State state;
  private long chunkLeft;
  private int digits;
  private int lineBytes;

  /**
   * @param length in bytes, or {@link #CHUNKED}
   * @param most that it may have, in bytes
   */
  RequestContent(long length, int most, ContentRoom room) {
    this.length = length;
    this.most = most;
    this.room = room;
    this.state = length == CHUNKED ? State.SIZE : State.DATA;
    this.chunkLeft = length;
  }

  /** Takes what there is of it. */
  Progress take(HeadInput input) {
    return length == CHUNKED ? takeChunks(input) : takeData(input);
  }

  /** Takes a frame of it (RFC 9113, section 6.1), whose end the stream's is. */
  Progress take(ByteBuf data, boolean isLast) {
    int count = data.readableBytes();
    Progress fits = fit(count);
    if (fits != Progress.MORE) {
      return fits;
    }
    data.readBytes(bytes, size, count);
    size += count;
    return isLast ? Progress.WHOLE : Progress.MORE;
  }

  /** What came, when it is whole. */
  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes, 0, size).asReadOnlyBuffer();
  }

  /** How much of it has come, in bytes. */
  int size() {
    return size;
  }

  /** Gives back what it took of the room for all; may be called twice. */
  void release() {
    room.give(bytes.length);
    bytes = new byte[0];
    size = 0;
  }

  private Progress takeData(HeadInput input) {
    int count = (int) Math.min(chunkLeft, input.size());
    Progress fits = fit(count);
    if (fits != Progress.MORE) {
      return fits;
    }
    size += input.read(bytes, size, count);
    chunkLeft -= count;
    return chunkLeft == 0 ? Progress.WHOLE : Progress.MORE;
  }

  private Progress fit(int more) {
    if (size + (long) more > most) {
      return Progress.TOO_LARGE;
    }
    int needed = size + more;
    if (needed > bytes.length) {
      int roomier = Math.min(most, Math.max(FIRST_ROOM, Math.max(needed, 2 * bytes.length)));
      if (!room.take(roomier - bytes.length)) {
        return Progress.NO_ROOM;
      }
      bytes = Arrays.copyOf(bytes, roomier);
    }
    return Progress.MORE;
  }

  private Progress takeChunks(HeadInput input) {
    while (!input.isEmpty()) {
      if (state == State.DATA) {
        Progress taken = takeData(input);
        if (taken == Progress.WHOLE) {
          state = State.DATA_CR;
        } else if (taken != Progress.MORE) {
          return taken;
        }
      } else if (!step(input.next())) {
        return Progress.MALFORMED;
      } else if (state == State.DONE) {
        return Progress.WHOLE;
      }
    }
    return Progress.MORE;
  }

  /** One byte of what is around the data; false when it may not stand there. */
  private boolean step(byte b) {
    return switch (state) {
      case SIZE -> size(b);
      case EXTENSION -> b == '\r' ? to(State.SIZE_END) : isText(b);
      case SIZE_END -> {
        lineBytes = 0;
        yield b == '\n' && to(chunkLeft == 0 ? State.TRAILER_BEGIN : State.DATA);
      }
      case DATA_CR -> b == '\r' && to(State.DATA_LF);
      case DATA_LF -> b == '\n' && to(State.SIZE);
      case TRAILER_BEGIN -> b == '\r' ? to(State.LAST_LF) : isText(b) && to(State.TRAILER);
      case TRAILER -> b == '\r' ? to(State.TRAILER_LF) : isText(b);
      case TRAILER_LF -> b == '\n' && to(State.TRAILER_BEGIN);
      case LAST_LF -> b == '\n' && to(State.DONE);
      case DATA, DONE -> throw new IllegalStateException("not read byte by byte");
    };
  }

  private boolean size(byte b) {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      chunkLeft = (digits == 0 ? 0 : chunkLeft) << 4 | digit;
      return ++digits <= MAX_SIZE_DIGITS;
    }
    if (digits == 0) {
      return false;
    }
    digits = 0;
    lineBytes = 0;
    return b == '\r'
        ? to(State.SIZE_END)
        : (b == ';' || b == ' ' || b == '\t') && to(State.EXTENSION);
  }

  private boolean to(State next) {
    state = next;
    return true;
  }

  private boolean isText(byte b) {
    return ++lineBytes <= MAX_LINES && (b == '\t' || (b >= ' ' && b != 0x7f) || b < 0);
  }
}
