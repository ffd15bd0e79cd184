package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The bytes that came in over one connection and are not read yet.
 *
 * <p>Nearly always a read brings one head and nothing else; then the bytes stand in the event
 * loop's own array and the connection keeps none. What is left over when the turn ends is kept in
 * an array of the connection's own. On the connection's event loop only.
 */
final class HeadInput {
  private static final byte[] NONE = new byte[0];

  private final HeadParser parser;
  private byte[] bytes = NONE;
  private int from;
  private int seen;
  private int to;
  private byte[] kept = NONE;
  private boolean inRoom;

  HeadInput(HeadParser parser) {
    this.parser = parser;
  }

  /** Takes what was read; it stands until {@link #keep}, which must end the turn. */
  void take(ByteBuf read) {
    int count = read.readableBytes();
    if (from == to) {
      bytes = parser.room(count);
      inRoom = true;
      from = 0;
      seen = 0;
      to = 0;
    } else if (to + count > kept.length) {
      int held = to - from;
      byte[] roomier = new byte[Math.max(256, Integer.highestOneBit(held + count) << 1)];
      System.arraycopy(kept, from, roomier, 0, held);
      kept = roomier;
      bytes = roomier;
      seen -= from;
      from = 0;
      to = held;
    }
    read.readBytes(bytes, to, count);
    to += count;
  }

  /** Keeps what is left for the next turn. */
  void keep() {
    if (from == to) {
      from = 0;
      seen = 0;
      to = 0;
      kept = NONE;
      bytes = NONE;
      inRoom = false;
    } else if (inRoom) {
      kept = Arrays.copyOfRange(bytes, from, to);
      bytes = kept;
      inRoom = false;
      seen -= from;
      to -= from;
      from = 0;
    }
  }

  /** Drops what is left. */
  void drop() {
    from = to;
    keep();
  }

  boolean isEmpty() {
    return from == to;
  }

  /** How many bytes are not read yet. */
  int size() {
    return to - from;
  }

  /** The next byte, of which there must be one. */
  byte first() {
    return bytes[from];
  }

  /** Takes the next byte, of which there must be one. */
  byte next() {
    byte next = bytes[from++];
    seen = Math.max(seen, from);
    return next;
  }

  /** Takes so many of the next bytes, which must be there. */
  int read(byte[] into, int at, int count) {
    System.arraycopy(bytes, from, into, at, count);
    from += count;
    seen = Math.max(seen, from);
    return count;
  }

  /** How many bytes the next head has, or -1 when its end is not here. */
  int headBytes() {
    int end = HeadParser.end(bytes, from, seen, to);
    if (end < 0) {
      seen = to;
      return -1;
    }
    return end - from;
  }

  /** Reads the next head, which has so many bytes. */
  Arrival read(int headBytes, long nanos) {
    int start = from;
    from += headBytes;
    seen = from;
    return parser.parse(bytes, start, from, nanos);
  }

  /** Whether a line ends within the first bytes. */
  boolean hasLine(int within) {
    int end = Math.min(to, from + within);
    for (int i = from; i < end; i++) {
      if (bytes[i] == '\n') {
        return true;
      }
    }
    return false;
  }
}
