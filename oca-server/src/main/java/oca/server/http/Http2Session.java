package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import oca.server.range.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/2 (RFC 9113): opens an answer for each request and ends the connection
 * when that is due. On the connection's event loop only.
 *
 * <p>Netty's connection handler does the framing, and each stream is one object of ours; Netty's
 * channel for each stream would cost a pipeline for each request and would take bodies only as
 * buffers that are read already, while here file bytes are read when flow control asks for them.
 */
final class Http2Session extends Http2ConnectionHandler implements Drainable {
  private static final Logger log = LoggerFactory.getLogger(Http2Session.class);

  private final Serving serving;
  private final EventLoopState loop;
  private final Channel channel;
  private final Protocol protocol;
  private final boolean refusing;
  private final Asker asker;
  private final FrameBudget budget;
  private final Executor turns;
  private final Deadline deadline;
  private final Http2Connection.PropertyKey answerKey;

  /** Those that are not begun yet; no more than there may be streams, and those reset. */
  private final Deque<Http2Answer> arrived = new ArrayDeque<>();

  private @Nullable ChannelHandlerContext context;
  private int requests;
  private int requestsAtDeadline;
  private boolean ending;
  private boolean isLeaving;

  /**
   * @param asker who is at its other end
   * @param refusing whether this connection is one too many, to be told so
   */
  Http2Session(
      Serving serving,
      Channel channel,
      EventLoopState loop,
      Asker asker,
      boolean refusing,
      Protocol protocol,
      Http2Framing framing) {
    super(framing.decoder(), framing.encoder(), framing.settings());
    this.serving = serving;
    this.loop = loop;
    this.channel = channel;
    this.protocol = protocol;
    this.refusing = refusing;
    this.asker = asker;
    this.budget = framing.budget();
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    this.answerKey = connection().newKey();
    this.turns = loop.turns().on(channel.eventLoop());
    // Streams that stall are looked for, so one that goes on may take its time.
    gracefulShutdownTimeoutMillis(-1);
    decoder().frameListener(new Requests());
    connection().addListener(new Streams());
    int buffer = (int) serving.config().http2().buffer().bytes();
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(buffer / 2, buffer));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    deadline.set(serving.config().headTimeout(), System.nanoTime());
    super.handlerAdded(ctx);
  }

  /** Through which answers write. */
  ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  Serving serving() {
    return serving;
  }

  /** Runs a turn after others had theirs. */
  Executor turns() {
    return turns;
  }

  PieceReader pieces() {
    return loop.pieces();
  }

  // What comes in.

  private final class Requests extends Http2EventAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean isLast)
        throws Http2Exception {
      Http2Stream stream = connection().stream(streamId);
      Http2Answer answer = stream.getProperty(answerKey);
      if (answer != null) {
        received(answer, Unpooled.EMPTY_BUFFER, isLast); // trailers
        return;
      }
      Arrival arrival = loop.http2Requests().read(headers, isLast, System.nanoTime());
      if (arrival == null) {
        throw Http2Exception.streamError(
            streamId, Http2Error.PROTOCOL_ERROR, "malformed by RFC 9113, section 8");
      }
      answer(stream, arrival, isLast);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean isLast) {
      int bytes = data.readableBytes() + padding;
      Http2Answer answer = connection().stream(streamId).getProperty(answerKey);
      if (answer != null) {
        received(answer, data, isLast);
      }
      return bytes;
    }
  }

  private void received(Http2Answer answer, ByteBuf content, boolean isLast) {
    if (answer.content().take(content, isLast)) {
      arrived.add(answer);
    }
  }

  private void answer(Http2Stream stream, Arrival arrival, boolean isWhole) {
    requests++;
    if (requests == 1) {
      requestsAtDeadline = 0;
      deadline.set(serving.config().idleTimeout(), arrival.nanos());
    }
    Http2Answer answer =
        new Http2Answer(this, stream, new Exchange(serving, loop, asker, protocol), arrival);
    stream.setProperty(answerKey, answer);
    if (isWhole || refusing || !answer.content().begin()) {
      arrived.add(answer);
    }
  }

  /**
   * Begins answers only when all that was read is known: a request whose reset came along with it
   * costs hardly more than its frames then, or else resets in rapid succession would have us do all
   * the work (CVE-2023-44487).
   */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    for (Http2Answer next = arrived.poll(); next != null; next = arrived.poll()) {
      next.begin(refusing);
    }
    if (requests > 0 && (refusing || requests >= serving.config().maxRequestsPerConnection())) {
      leave();
    } else if (requests > 0 && serving.draining().get()) {
      drain();
    }
    super.channelReadComplete(ctx);
  }

  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Answer answer = stream.getProperty(answerKey);
      if (answer != null) {
        answer.streamClosed();
      }
    }
  }

  // How it ends.

  /**
   * Asks for no more requests, still takes those that are on their way to us, and ends the
   * connection after the last: both steps of RFC 9113, section 6.8.
   */
  @Override
  public void drain() {
    if (!ending) {
      ending = true;
      ChannelHandlerContext ctx = context();
      sayGoAway(ctx, Integer.MAX_VALUE);
      ctx.flush();
      var _ =
          channel
              .eventLoop()
              .schedule(
                  this::leave, serving.config().drainIdle().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Takes no more requests. */
  private void leave() {
    ChannelHandlerContext ctx = context();
    if (isLeaving || ctx.isRemoved() || !channel.isOpen()) {
      return;
    }
    ending = true;
    isLeaving = true;
    try {
      sayGoAway(ctx, connection().remote().lastStreamCreated());
      close(ctx, ctx.newPromise());
    } catch (Exception e) {
      log.warn("closing a connection after a fault of our own", e);
      var _ = ctx.close();
    }
  }

  private void sayGoAway(ChannelHandlerContext ctx, int lastStream) {
    var _ =
        goAway(
            ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
  }

  private void expired() {
    boolean isIdle = connection().numActiveStreams() == 0;
    if (isIdle && (ending || connection().goAwaySent())) {
      var _ = context().close(); // it takes not even our goodbye
      return;
    }
    if (isIdle && requests == requestsAtDeadline) {
      leave();
    } else if (!isIdle && !resetStalled()) {
      var _ = context().close();
      return;
    }
    requestsAtDeadline = requests;
    deadline.set(serving.config().idleTimeout(), System.nanoTime());
  }

  /** Resets streams that did not get on; false when none did and the socket takes nothing. */
  private boolean resetStalled() {
    boolean[] anyProgress = {false};
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                Http2Answer answer = stream.getProperty(answerKey);
                if (answer != null && answer.hasProgressed()) {
                  anyProgress[0] = true;
                } else {
                  serving.tally().http2Fault(Http2Fault.STALLED);
                  reset(stream.id(), Http2Error.CANCEL);
                }
                return true;
              });
    } catch (Http2Exception e) {
      onError(context(), false, e);
    }
    context().flush();
    return anyProgress[0] || channel.isWritable();
  }

  void reset(int streamId, Http2Error error) {
    ChannelHandlerContext ctx = context();
    var _ = resetStream(ctx, streamId, error.code(), ctx.newPromise());
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException fault) {
    if (fault instanceof Http2Exception.HeaderListSizeException size && size.duringDecode()) {
      tooLarge(ctx, fault);
      return;
    }
    serving.tally().http2Fault(Http2Fault.STREAM);
    log.debug("resetting a stream: {}", fault.toString());
    super.onStreamError(ctx, outbound, cause, fault);
    try {
      budget.spend(Http2Fault.RESETS_CAUSED, System.nanoTime());
    } catch (Http2Exception tooMany) {
      onError(ctx, outbound, tooMany);
    }
  }

  /** Answers a header section that was not kept, being too large. */
  private void tooLarge(ChannelHandlerContext ctx, Http2Exception.StreamException fault) {
    try {
      Http2Stream known = connection().stream(fault.streamId());
      if (known == null) {
        Http2Stream stream = connection().remote().createStream(fault.streamId(), true);
        answer(stream, Arrival.refused(Outcome.HEAD_TOO_LARGE, System.nanoTime()), true);
      } else {
        reset(known.id(), fault.error()); // trailers
      }
    } catch (Http2Exception e) {
      onError(ctx, false, e);
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception fault) {
    if (fault == null && !(cause instanceof IOException)) {
      log.warn("closing a connection after a fault of our own", cause);
    } else if (fault != null && !budget.isSpent() && !connection().goAwaySent()) {
      boolean isFlood = fault.error() == Http2Error.ENHANCE_YOUR_CALM;
      serving.tally().http2Fault(isFlood ? Http2Fault.FLOOD : Http2Fault.PROTOCOL);
    }
    log.debug("ending a connection: {}", cause.toString());
    super.onConnectionError(ctx, outbound, cause, fault);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    deadline.cancel();
    arrived.clear();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      log.debug("a connection broke: {}", cause.toString());
      var _ = ctx.close();
    } else {
      super.exceptionCaught(ctx, cause);
    }
  }
}
