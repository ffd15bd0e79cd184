package oca.protocol.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: its requests one after the other, in order, each answered before the next is
 * looked at. What a client sends ahead waits here, and no more is read meanwhile. On its event loop
 * only.
 */
final class ControlConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ControlConnection.class);
  private static final long LINGER_MILLIS = 1000;
  private static final long TICKS_OF_A_LIMIT = 4;

  /** What is done at present. */
  private enum Phase {
    /** Nothing is asked. */
    IDLE,
    /** A head, or a body, is not there in full. */
    READING,
    /** A handler is at it. */
    ANSWERING,
    /** The last answer was a stream of events. */
    EVENTS,
    /** The last answer was given: what comes is thrown away. */
    ENDING
  }

  private final ListenerState state;
  private final ControlDecoder decoder;
  private final Outbox outbox;
  private Phase phase = Phase.IDLE;

  /** When the phase began, or the client last took something of an answer that it takes slowly. */
  private long since;

  private boolean inRead;
  private boolean clogged;
  private long leftClogged;
  private boolean halfClosed;
  private InetAddress client = InetAddress.getLoopbackAddress();
  private List<X509Certificate> proved = List.of();
  private @Nullable Inquiry inquiry;
  private @Nullable Deque<HttpObject> ahead;

  ControlConnection(ListenerState state, ControlDecoder decoder) {
    this.state = state;
    this.decoder = decoder;
    this.outbox = new Outbox(new AnswerEncoder(state.date()));
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ctx.channel().remoteAddress() instanceof InetSocketAddress address) {
      client = address.getAddress();
    }
    since = now(ctx);
    watch(ctx);
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.ENDING;
    forget();
    outbox.clear();
    if (ahead != null) {
      ahead.forEach(ReferenceCountUtil::release);
      ahead = null;
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    inRead = true;
    if (!(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
    } else if (phase == Phase.ANSWERING || clogged) {
      if (ahead == null) {
        ahead = new ArrayDeque<>();
      }
      ahead.add(part);
      ctx.channel().config().setAutoRead(false);
    } else {
      take(ctx, part);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (decoder.heard() && !inRead && phase == Phase.IDLE) {
      // The time of a request begins with its first byte.
      begin(Phase.READING, ctx);
    }
    inRead = false;
    flush(ctx);
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (clogged && ctx.channel().isWritable()) {
      clogged = false;
      since = now(ctx);
      resume(ctx);
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent shaken) {
      if (shaken.isSuccess()) {
        proved = TlsPeer.certificates(ctx);
        begin(Phase.IDLE, ctx);
      } else {
        state.counts().count(ListenerReason.HANDSHAKE);
        phase = Phase.ENDING;
        var _ = ctx.close();
      }
    } else if (event instanceof ChannelInputShutdownEvent) {
      halfClosed = true;
      closeIfDone(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("a connection of {} broke: {}", client, cause.toString());
    phase = Phase.ENDING;
    var _ = ctx.close();
  }

  /** Takes up what came ahead. */
  private void resume(ChannelHandlerContext ctx) {
    while (ahead != null && phase != Phase.ANSWERING && !clogged) {
      HttpObject part = ahead.poll();
      if (part == null) {
        ahead = null;
        readOn(ctx);
      } else {
        take(ctx, part);
      }
    }
    if (!inRead) {
      flush(ctx);
    }
    if (halfClosed) {
      closeIfDone(ctx);
    }
  }

  /** A client that will ask no more still gets the answers to what it has asked. */
  private void closeIfDone(ChannelHandlerContext ctx) {
    if (phase != Phase.ANSWERING && !clogged && ahead == null) {
      phase = Phase.ENDING;
      outbox.write(ctx);
      var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void take(ChannelHandlerContext ctx, HttpObject part) {
    try {
      if (phase == Phase.EVENTS) {
        // A stream has no end that another answer could follow.
        phase = Phase.ENDING;
        var _ = ctx.close();
        return;
      }
      if (part instanceof HttpRequest head && phase != Phase.ENDING) {
        take(ctx, head);
      }
      if (part instanceof HttpContent content && phase != Phase.ENDING) {
        take(ctx, content);
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private void take(ChannelHandlerContext ctx, HttpRequest head) {
    if (phase == Phase.IDLE) {
      begin(Phase.READING, ctx);
    }
    RequestReader.Fault fault = RequestReader.fault(head);
    if (fault != null) {
      refuse(ctx, fault);
      return;
    }
    Inquiry now = Inquiry.of(state, head, client, proved);
    inquiry = now;
    Response early = now.early();
    if (now.bodyComes() && early != null) {
      end(ctx, early);
    } else if (now.bodyComes() && HttpUtil.is100ContinueExpected(head)) {
      outbox.goOn(ctx);
    }
  }

  private void take(ChannelHandlerContext ctx, HttpContent part) {
    Inquiry now = inquiry;
    if (part.decoderResult().isFailure()) {
      refuse(ctx, RequestReader.fault(part.decoderResult().cause()));
    } else if (now != null) {
      Response tooMuch = now.add(part.content());
      if (tooMuch != null) {
        end(ctx, tooMuch);
      } else if (part instanceof LastHttpContent) {
        dispatch(ctx, now);
      }
    }
  }

  private void dispatch(ChannelHandlerContext ctx, Inquiry whole) {
    Routes.Target target = whole.target();
    Request request = whole.request();
    Response early = whole.early();
    if (early != null) {
      answer(ctx, whole, early);
    } else if (target != null && request != null) {
      if (target.inline()) {
        answer(ctx, whole, ListenerState.answer(target.handler(), request));
      } else {
        begin(Phase.ANSWERING, ctx);
        try {
          state.threads().execute(() -> answerApart(ctx, whole, target.handler(), request));
          whole.handOver();
        } catch (RejectedExecutionException e) {
          log.debug("{} came while the listener was closing", request.path(), e);
          end(ctx, Response.problem(503, "the listener is closing"));
        }
      }
    }
  }

  /** On a thread where a handler may block. */
  private void answerApart(
      ChannelHandlerContext ctx, Inquiry whole, ControlListener.Handler handler, Request request) {
    Response response;
    try {
      response = ListenerState.answer(handler, request);
    } finally {
      state.places().release();
    }
    ctx.executor().execute(() -> answered(ctx, whole, response));
  }

  private void answered(ChannelHandlerContext ctx, Inquiry whole, Response response) {
    if (phase == Phase.ANSWERING) {
      answer(ctx, whole, response);
      resume(ctx);
    }
  }

  private void answer(ChannelHandlerContext ctx, Inquiry whole, Response response) {
    inquiry = null;
    Consumer<EventSink> subscriber = response.events();
    if (subscriber != null && !whole.headOnly()) {
      if (state.streams().tryAcquire()) {
        stream(ctx, whole, response, subscriber);
        return;
      }
      state.counts().count(ListenerReason.EVENT_STREAMS);
      response = Response.problem(503, "too many event streams").with("Retry-After", "5");
    }
    outbox.put(ctx, response, whole.headOnly(), !whole.keepAlive());
    if (!whole.keepAlive()) {
      finish(ctx, false);
      return;
    }
    begin(Phase.IDLE, ctx);
    if (outbox.isFull()) {
      flush(ctx);
    }
  }

  private void stream(
      ChannelHandlerContext ctx, Inquiry whole, Response response, Consumer<EventSink> subscriber) {
    var _ = ctx.channel().closeFuture().addListener(_ -> state.streams().release());
    phase = Phase.EVENTS;
    boolean chunked = !whole.http10();
    outbox.putHead(
        ctx, response, chunked ? AnswerEncoder.Framing.CHUNKED : AnswerEncoder.Framing.CLOSE);
    outbox.flush(ctx);
    EventStream stream =
        new EventStream(ctx.channel(), chunked, state.connections(), state.counts());
    try {
      subscriber.accept(stream);
    } catch (RuntimeException e) {
      log.error("a subscriber of events failed", e);
      stream.close();
    }
  }

  private void refuse(ChannelHandlerContext ctx, RequestReader.Fault fault) {
    state.counts().count(fault.reason());
    end(ctx, fault.response());
  }

  /** The last answer of the connection, before the request was there in full. */
  private void end(ChannelHandlerContext ctx, Response response) {
    boolean headOnly = inquiry != null && inquiry.headOnly();
    forget();
    outbox.put(ctx, response, headOnly, true);
    finish(ctx, true);
  }

  /**
   * Writes what there is and closes. A client that is still sending would take a close at once for
   * a broken connection and lose the answer: it is given a moment to read it.
   */
  private void finish(ChannelHandlerContext ctx, boolean stillSending) {
    begin(Phase.ENDING, ctx);
    leftClogged = Long.MAX_VALUE;
    outbox.write(ctx);
    var sent = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (!stillSending || ctx.pipeline().get(SslHandler.class) != null) {
      var _ = sent.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    var _ =
        sent.addListener(
            _ -> {
              if (ctx.channel() instanceof DuplexChannel duplex && duplex.isActive()) {
                var _ = duplex.shutdownOutput();
              }
            });
    Runnable close =
        () -> {
          var _ = ctx.close();
        };
    var _ = ctx.executor().schedule(close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    readOn(ctx);
  }

  /**
   * Not after the client's end: on epoll, Netty 4.2 has then let go of the socket, and fails to
   * look at it again. For the same reason an answer that the socket does not take at once is lost
   * to a client that has shut down its own side.
   */
  private void readOn(ChannelHandlerContext ctx) {
    if (!halfClosed) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void flush(ChannelHandlerContext ctx) {
    outbox.flush(ctx);
    if (!clogged && !ctx.channel().isWritable() && phase != Phase.ENDING && phase != Phase.EVENTS) {
      clogged = true;
      since = now(ctx);
      leftClogged = Long.MAX_VALUE;
    }
  }

  private void forget() {
    if (inquiry != null) {
      inquiry.close();
      inquiry = null;
    }
  }

  private void begin(Phase next, ChannelHandlerContext ctx) {
    phase = next;
    since = now(ctx);
  }

  /** Looks again and again whether a limit of time is reached. */
  private void watch(ChannelHandlerContext ctx) {
    long idle = state.connections().idle().toMillis();
    long request = state.connections().requestTime().toMillis();
    long period = Math.max(1, Math.min(idle, request) / TICKS_OF_A_LIMIT);
    var ticking =
        ctx.executor().scheduleAtFixedRate(() -> look(ctx), period, period, TimeUnit.MILLISECONDS);
    var _ = ctx.channel().closeFuture().addListener(_ -> ticking.cancel(false));
  }

  private void look(ChannelHandlerContext ctx) {
    long passed = now(ctx) - since;
    boolean idle = passed >= state.connections().idle().toNanos();
    if (clogged || phase == Phase.ENDING) {
      long left = ctx.channel().bytesBeforeWritable();
      if (left < leftClogged) {
        leftClogged = left;
        since = now(ctx);
      } else if (idle) {
        close(ctx, ListenerReason.STALLED);
      }
    } else if (phase == Phase.IDLE && idle) {
      close(ctx, ListenerReason.IDLE);
    } else if (phase == Phase.READING && passed >= state.connections().requestTime().toNanos()) {
      Response response = Response.problem(408, "the request took too long to arrive");
      refuse(ctx, new RequestReader.Fault(ListenerReason.REQUEST_TIME, response));
    }
  }

  private void close(ChannelHandlerContext ctx, ListenerReason reason) {
    state.counts().count(reason);
    phase = Phase.ENDING;
    var _ = ctx.close();
  }

  private static long now(ChannelHandlerContext ctx) {
    return ctx.executor().ticker().nanoTime();
  }
}
