package oca.bench.pull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import oca.bench.pull.Sample.Mark;
import org.jspecify.annotations.Nullable;

/** One connection of the client and the answer that it awaits. For one thread. */
final class PullLine {
  private static final int CONNECT_MILLIS = 2000;
  private static final int HEAD_BYTES = 4096;

  private final int number;
  private final int port;
  private final Selector selector;
  private final Noise noise;
  private final HeadScan scan;
  private final byte[] head = new byte[HEAD_BYTES];
  private @Nullable SocketChannel channel;
  private @Nullable Ask ask;
  private long askedAt;
  private long firstAt;
  private int headBytes;
  private boolean isInBody;
  private boolean isExpected;
  private boolean closes;
  private int status;
  private Mark mark = Mark.PLAIN;
  private long received;
  private long length;

  /**
   * @param scan and {@code noise} may be shared by lines of one thread
   */
  PullLine(int number, int port, Selector selector, Noise noise, HeadScan scan) {
    this.number = number;
    this.port = port;
    this.selector = selector;
    this.noise = noise;
    this.scan = scan;
  }

  int number() {
    return number;
  }

  /** When the request that is under way was sent. */
  long askedAt() {
    return askedAt;
  }

  boolean isUnderWay() {
    return ask != null;
  }

  /** Connects, if it is not connected; by a call that blocks, on the same machine. */
  void open() throws IOException {
    if (channel != null) {
      return;
    }
    SocketChannel opened = SocketChannel.open();
    try {
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      opened
          .socket()
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      opened.configureBlocking(false);
      opened.register(selector, SelectionKey.OP_READ, this);
      channel = opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Sends a request.
   *
   * @return what came of it when that is known at once, which is when it cannot be sent
   */
  @Nullable Sample send(Ask wanted) {
    ask = wanted;
    askedAt = System.nanoTime();
    firstAt = 0;
    headBytes = 0;
    isInBody = false;
    status = 0;
    mark = Mark.PLAIN;
    received = 0;
    length = 0;
    try {
      open();
      SocketChannel to = channel;
      ByteBuffer bytes = ByteBuffer.wrap(wanted.bytes());
      if (to == null || to.write(bytes) < 0 || bytes.hasRemaining()) {
        return over(Mark.BROKEN); // so short a request always fits into an idle connection
      }
      return null;
    } catch (IOException e) {
      return over(Mark.BROKEN);
    }
  }

  /**
   * Takes what has arrived.
   *
   * @param in room to read into; may be shared
   * @return what came of the request, or null when that is not known yet
   */
  @Nullable Sample read(ByteBuffer in) {
    SocketChannel from = channel;
    if (from == null) {
      return null;
    }
    try {
      while (true) {
        in.clear();
        int got = from.read(in);
        if (got == 0) {
          return null;
        }
        if (got < 0) {
          return ended();
        }
        long now = System.nanoTime();
        Sample done = take(in.flip(), now);
        if (done != null || in.limit() < in.capacity()) {
          return done;
        }
      }
    } catch (IOException e) {
      return ended();
    }
  }

  /** The server has closed: that is all right while nothing is asked. */
  private @Nullable Sample ended() {
    if (ask != null) {
      return over(Mark.BROKEN);
    }
    close();
    return null;
  }

  private @Nullable Sample take(ByteBuffer in, long now) {
    Ask wanted = ask;
    if (wanted == null) {
      close(); // nobody asked for this
      return null;
    }
    if (!isInBody && !head(wanted, in, now)) {
      return mark == Mark.OTHER ? over(mark) : null;
    }
    if (in.hasRemaining()) {
      if (received == 0) {
        firstAt = now;
      }
      body(wanted, in);
    }
    return received < length ? null : over(received > length ? Mark.OTHER : mark);
  }

  /** Whether the head is whole, and understood. */
  private boolean head(Ask wanted, ByteBuffer in, long now) {
    while (in.hasRemaining()) {
      if (headBytes == HEAD_BYTES) {
        mark = Mark.OTHER;
        return false;
      }
      byte b = in.get();
      head[headBytes++] = b;
      if (b == '\n' && headBytes >= 4 && head[headBytes - 3] == '\n') {
        isInBody = true;
        break;
      }
    }
    if (!isInBody) {
      return false;
    }
    firstAt = now;
    if (!scan.take(head, headBytes)) {
      mark = Mark.OTHER;
      return false;
    }
    status = scan.status();
    length = scan.length();
    closes = scan.closes();
    isExpected = scan.fits(wanted);
    if (status < 400 && !isExpected) {
      mark = Mark.OTHER;
      return false;
    }
    mark = scan.retryAfter() ? Mark.RETRY_AFTER : Mark.PLAIN;
    return true;
  }

  private void body(Ask wanted, ByteBuffer in) {
    int count = in.remaining();
    if (isExpected && !noise.matches(in, wanted.object(), wanted.offset() + received)) {
      mark = Mark.WRONG;
    }
    received += count;
  }

  /** Gives the request up that is under way. */
  Sample late() {
    return over(Mark.LATE);
  }

  private Sample over(Mark how) {
    Ask wanted = ask;
    if (wanted == null) {
      throw new IllegalStateException("nothing was asked on connection " + number);
    }
    boolean isWhole = how == Mark.PLAIN || how == Mark.RETRY_AFTER || how == Mark.WRONG;
    if (!isWhole || closes) {
      close();
    }
    closes = false;
    ask = null;
    long now = System.nanoTime();
    return new Sample(
        number,
        wanted.object(),
        wanted.offset(),
        wanted.length(),
        askedAt,
        firstAt == 0 ? now : firstAt,
        now,
        status,
        how);
  }

  /** Ends the connection, if there is one. */
  void close() {
    SocketChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is closed as well as it can be.
      }
    }
  }
}
