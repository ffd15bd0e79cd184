package oca.protocol.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One reader of events, over its connection. */
final class EventStream implements EventSink {
  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Channel channel;
  private final boolean chunked;
  private final int queue;
  private final ListenerCounts counts;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Future<?> heartbeat;
  private volatile boolean ended;

  /**
   * A stream whose head is written; on the connection's event loop.
   *
   * @param chunked whether each event is a chunk; else the connection's end is the stream's
   */
  EventStream(Channel channel, boolean chunked, ConnectionLimits limits, ListenerCounts counts) {
    this.channel = channel;
    this.chunked = chunked;
    this.queue = limits.eventQueue();
    this.counts = counts;
    long millis = limits.eventHeartbeat().toMillis();
    this.heartbeat =
        channel
            .eventLoop()
            .scheduleAtFixedRate(() -> send(HEARTBEAT), millis, millis, TimeUnit.MILLISECONDS);
    onClose(() -> heartbeat.cancel(false));
  }

  @Override
  public boolean send(String event, String id, String data) {
    return send(event, new StringBuilder("id: ").append(oneLine(id)).append('\n'), data);
  }

  @Override
  public boolean send(String event, String data) {
    return send(event, new StringBuilder(event.length() + data.length() + 16), data);
  }

  private boolean send(String event, StringBuilder text, String data) {
    text.append("event: ").append(oneLine(event)).append('\n');
    data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    if (data.isEmpty()) {
      text.append("data:\n");
    }
    return send(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }

  private boolean send(byte[] event) {
    if (closed()) {
      return false;
    }
    if (waiting.incrementAndGet() > queue) {
      drop();
      return false;
    }
    var _ = channel.writeAndFlush(framed(event)).addListener(_ -> waiting.decrementAndGet());
    return true;
  }

  @Override
  public boolean closed() {
    return ended || !channel.isActive();
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      ByteBuf last = chunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER;
      var _ = channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void onClose(Runnable action) {
    var _ = channel.closeFuture().addListener(_ -> action.run());
  }

  /** Closed without another word: what waits before it is what the reader does not take. */
  private void drop() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    counts.count(ListenerReason.SLOW_READER);
    var _ = channel.close();
  }

  private ByteBuf framed(byte[] event) {
    if (!chunked) {
      return Unpooled.wrappedBuffer(event);
    }
    String size = Integer.toHexString(event.length) + "\r\n";
    return Unpooled.wrappedBuffer(
        size.getBytes(StandardCharsets.US_ASCII), event, new byte[] {'\r', '\n'});
  }
}
