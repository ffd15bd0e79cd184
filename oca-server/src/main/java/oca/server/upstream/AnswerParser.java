package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import oca.server.caching.FieldLimits;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers out of a connection's bytes, one event at a time, so that whoever is handed an
 * event may stop right behind it.
 *
 * <p>Our own, since Netty's decoder is made to understand as much as it can: it takes folded lines,
 * blanks before colons and odd status lines of servers, and says where an answer ends only after
 * the bytes behind it. One answer follows another; {@link #begin} tells to which request the next
 * belongs.
 */
final class AnswerParser {
  /** What comes next. */
  enum Event {
    /** Nothing before more bytes are here. */
    MORE,
    /** An interim head (1xx), see {@link #head}. */
    INTERIM,
    /** A head, see {@link #head}; not an interim one. */
    HEAD,
    /** Bytes of the body, see {@link #body}. */
    BODY,
    /** The end of the answer. */
    END
  }

  private enum State {
    HEAD,
    COUNTED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILER,
    ENDING,
    OVER
  }

  /** The longest line of a chunk's size and extensions, with its end. */
  static final int MAX_CHUNK_LINE = 256;

  private static final int MAX_SIZE_DIGITS = 15;

  private final UpstreamsConfig config;
  private State state = State.OVER;
  private boolean toHead;
  private int interim;
  private int seen;
  private long left;
  private @Nullable AnswerHead head;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  AnswerParser(UpstreamsConfig config) {
    this.config = config;
  }

  /**
   * The next answer begins.
   *
   * @param answersHead whether the request was HEAD
   */
  void begin(boolean answersHead) {
    state = State.HEAD;
    toHead = answersHead;
    interim = 0;
    seen = 0;
    head = null;
  }

  /** The head that was read last. */
  AnswerHead head() {
    AnswerHead read = head;
    if (read == null) {
      throw new IllegalStateException("no head was read");
    }
    return read;
  }

  /** Bytes of the body, whose count of references is handed over. */
  ByteBuf body() {
    ByteBuf bytes = body;
    body = Unpooled.EMPTY_BUFFER;
    return bytes;
  }

  /** Whether the connection's end would be the answer's. */
  boolean endsWithClose() {
    return state == State.UNTIL_CLOSE;
  }

  /** Whether the head was read and the end was not. */
  boolean isInBody() {
    return state != State.HEAD && state != State.OVER;
  }

  /** Reads on; what is read is taken out of the bytes. */
  Event next(ByteBuf in) throws MalformedException {
    while (true) {
      switch (state) {
        case HEAD -> {
          if (!readHead(in)) {
            return Event.MORE;
          }
          if (!head().isInterim()) {
            return Event.HEAD;
          }
          if (++interim > config.maxInterim()) {
            throw new MalformedException(UpstreamFailure.TOO_MANY_INTERIM, interim + " came");
          }
          return Event.INTERIM;
        }
        case COUNTED, UNTIL_CLOSE, CHUNK_DATA -> {
          return take(in);
        }
        case CHUNK_SIZE -> {
          if (!readChunkSize(in)) {
            return Event.MORE;
          }
        }
        case CHUNK_END -> {
          if (!readChunkEnd(in)) {
            return Event.MORE;
          }
        }
        case TRAILER -> {
          if (!readTrailer(in)) {
            return Event.MORE;
          }
        }
        case ENDING -> {
          state = State.OVER;
          return Event.END;
        }
        case OVER -> {
          return Event.MORE;
        }
      }
    }
  }

  private Event take(ByteBuf in) {
    int here = in.readableBytes();
    if (here == 0) {
      return Event.MORE;
    }
    int count = state == State.UNTIL_CLOSE ? here : (int) Math.min(here, left);
    body = in.readRetainedSlice(count);
    if (state != State.UNTIL_CLOSE) {
      left -= count;
      if (left == 0) {
        state = state == State.COUNTED ? State.ENDING : State.CHUNK_END;
      }
    }
    return Event.BODY;
  }

  private boolean readHead(ByteBuf in) throws MalformedException {
    byte[] bytes = section(in, UpstreamFailure.HEAD_TOO_LARGE, false);
    if (bytes == null) {
      return false;
    }
    AnswerHead read = AnswerHead.read(bytes, limits(), toHead);
    head = read;
    if (!read.isInterim()) {
      left = read.length();
      state =
          switch (read.framing()) {
            case NONE -> State.ENDING;
            case LENGTH -> left == 0 ? State.ENDING : State.COUNTED;
            case CHUNKED -> State.CHUNK_SIZE;
            case CLOSE -> State.UNTIL_CLOSE;
          };
    }
    return true;
  }

  private boolean readTrailer(ByteBuf in) throws MalformedException {
    byte[] bytes = section(in, UpstreamFailure.BAD_TRAILER, true);
    if (bytes == null) {
      return false;
    }
    // Read for its form and dropped (RFC 9110, section 6.5.1).
    var _ = FieldBlock.read(bytes, 0, bytes.length, limits(), UpstreamFailure.BAD_TRAILER);
    state = State.ENDING;
    return true;
  }

  private FieldLimits limits() {
    return new FieldLimits(config.maxFields(), (int) config.maxHeadBytes().bytes());
  }

  /** All up to an empty line, or null while that is not here. */
  private byte @Nullable [] section(ByteBuf in, UpstreamFailure tooLarge, boolean mayBeEmpty)
      throws MalformedException {
    int most = (int) config.maxHeadBytes().bytes();
    int here = Math.min(in.readableBytes(), most);
    int from = in.readerIndex();
    for (int i = seen; i < here; i++) {
      if (in.getByte(from + i) == '\n' && endsSection(in, from, i, mayBeEmpty)) {
        byte[] bytes = new byte[i + 1];
        in.readBytes(bytes);
        seen = 0;
        return bytes;
      }
    }
    seen = here;
    if (here == most) {
      throw new MalformedException(tooLarge, "it has no end within " + most + " bytes");
    }
    return null;
  }

  /** Whether the line feed there ends an empty line, or one that is not ended as it should be. */
  private static boolean endsSection(ByteBuf in, int from, int i, boolean mayBeEmpty)
      throws MalformedException {
    if (i == 0 || in.getByte(from + i - 1) != '\r') {
      throw new MalformedException(
          mayBeEmpty ? UpstreamFailure.BAD_TRAILER : UpstreamFailure.BAD_FIELD,
          "a line ends with LF alone");
    }
    if (i == 1) {
      if (!mayBeEmpty) {
        throw new MalformedException(UpstreamFailure.BAD_STATUS_LINE, "it is empty");
      }
      return true;
    }
    return in.getByte(from + i - 2) == '\n';
  }

  private boolean readChunkSize(ByteBuf in) throws MalformedException {
    int from = in.readerIndex();
    int here = Math.min(in.readableBytes(), MAX_CHUNK_LINE);
    int i = 0;
    while (i < here && in.getByte(from + i) != '\n') {
      i++;
    }
    if (i == here) {
      if (here == MAX_CHUNK_LINE) {
        throw badChunk("its line is too long");
      }
      return false;
    }
    if (i == 0 || in.getByte(from + i - 1) != '\r') {
      throw badChunk("its line ends with LF alone");
    }
    left = chunkSize(in, from, from + i - 1);
    in.skipBytes(i + 1);
    state = left == 0 ? State.TRAILER : State.CHUNK_DATA;
    return true;
  }

  /** {@code chunk-size [ chunk-ext ]}; extensions are passed over (RFC 9112, section 7.1.1). */
  private static long chunkSize(ByteBuf in, int from, int to) throws MalformedException {
    long size = 0;
    int i = from;
    for (; i < to; i++) {
      int digit = Character.digit(in.getByte(i), 16);
      if (digit < 0) {
        break;
      }
      size = size << 4 | digit;
    }
    if (i == from || i - from > MAX_SIZE_DIGITS) {
      throw badChunk(i == from ? "it has no size" : "its size is too large");
    }
    int extension = i;
    while (extension < to && Octets.isBlank(in.getByte(extension))) {
      extension++;
    }
    if (i < to && (extension == to || in.getByte(extension) != ';')) {
      throw badChunk("0x" + Integer.toHexString(in.getByte(i) & 0xff) + " stands behind its size");
    }
    for (int j = extension; j < to; j++) {
      if (!Octets.isField(in.getByte(j))) {
        throw badChunk("its extension holds 0x" + Integer.toHexString(in.getByte(j) & 0xff));
      }
    }
    return size;
  }

  private boolean readChunkEnd(ByteBuf in) throws MalformedException {
    // Each byte is looked at when it comes: one that is wrong must not wait for another.
    if (in.isReadable() && in.getByte(in.readerIndex()) != '\r') {
      throw badChunk("it is longer than it says");
    }
    if (in.readableBytes() < 2) {
      return false;
    }
    if (in.getByte(in.readerIndex() + 1) != '\n') {
      throw badChunk("it does not end with CR LF");
    }
    in.skipBytes(2);
    state = State.CHUNK_SIZE;
    return true;
  }

  private static MalformedException badChunk(String detail) {
    return new MalformedException(UpstreamFailure.BAD_CHUNK, detail);
  }
}
