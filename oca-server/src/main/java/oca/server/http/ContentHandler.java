package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import oca.model.ByteRange;
import oca.model.ContentId;
import oca.model.ContentPath;
import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.server.range.ReplyPlanner;
import oca.server.range.Representation;
import oca.store.BlockMap;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.Lookup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes its requests in order, one at a time, and answers each once.
 *
 * <p>Its states are few: it reads, until a request is there; it answers, until the last byte is
 * handed over; after the last answer it lingers, until the other side ends too. Requests that come
 * in while it answers wait in a short queue, and the socket is not read meanwhile. On the
 * connection's event loop only.
 */
final class ContentHandler extends ChannelInboundHandlerAdapter implements BodySender.Listener {
  private static final Logger log = LoggerFactory.getLogger(ContentHandler.class);

  private enum State {
    READING,
    ANSWERING,
    LINGERING,
    CLOSED
  }

  private final Serving serving;
  private final Channel channel;
  private final RequestDecoder decoder;
  private final boolean refusing;
  private final String client;
  private final BodySender bodies;
  private final Deadline deadline;
  private final Deque<Arrival> waiting = new ArrayDeque<>(1);

  private State state = State.READING;
  private @Nullable Exchange exchange;
  private int answered;
  private boolean headBegun;
  private boolean deaf;
  private boolean ending;
  private boolean answering;
  private long handedOverAtDeadline;

  /**
   * @param refusing whether this connection is one too many, to be told so
   * @param senders makes the sender for bodies that reports to this handler
   */
  ContentHandler(
      Serving serving,
      Channel channel,
      RequestDecoder decoder,
      boolean refusing,
      java.util.function.Function<BodySender.Listener, BodySender> senders) {
    this.serving = serving;
    this.channel = channel;
    this.decoder = decoder;
    this.refusing = refusing;
    this.client = ClientNetwork.of(channel.remoteAddress());
    this.bodies = senders.apply(this);
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
  }

  // What comes in.

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline.set(serving.config().headTimeout(), System.nanoTime());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        decoder.taken();
        arrived(Arrival.of(request, System.nanoTime()));
      }
      // All else is the body of a request that was refused for it.
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (state == State.READING && decoder.hasBegun()) {
      // Counted once: more bytes of the same head give no more time.
      decoder.taken();
      if (!headBegun) {
        headBegun = true;
        deadline.set(serving.config().headTimeout(), System.nanoTime());
      }
    }
  }

  private void arrived(Arrival arrival) {
    if (deaf || state == State.LINGERING || state == State.CLOSED) {
      return;
    }
    headBegun = false;
    if (waiting.size() >= serving.config().maxPipelined()) {
      deaf = true;
      serving.tally().pipelineOverran();
      return;
    }
    deaf = !arrival.keepAlive();
    waiting.add(arrival);
    answerWaiting();
    if (state == State.ANSWERING && !waiting.isEmpty()) {
      channel.config().setAutoRead(false);
    }
  }

  /** Answers until one has to be waited for; a loop, as answers may end within the call. */
  private void answerWaiting() {
    if (answering) {
      return;
    }
    answering = true;
    try {
      Arrival next;
      while (state == State.READING && (next = waiting.poll()) != null) {
        state = State.ANSWERING;
        answer(next);
      }
    } catch (RuntimeException e) {
      // The end of the connection ends the exchange, wherever this was called from.
      log.warn("closing a connection after a fault of our own", e);
      close();
    } finally {
      answering = false;
    }
    if (state == State.READING && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  // What goes out.

  private void answer(Arrival arrival) {
    handedOverAtDeadline = 0;
    deadline.set(serving.config().idleTimeout(), System.nanoTime());
    Exchange now = new Exchange(serving, client, arrival.nanos());
    exchange = now;
    ContentRequest request = arrival.request();
    Outcome fault = arrival.fault();
    if (fault != null) {
      reply(now, arrival, new Reply.Refused(fault), null);
    } else if (refusing) {
      reply(now, arrival, new Reply.Busy(), null);
    } else if (ContentPath.fault(request.path()) != null) {
      reply(now, arrival, ReplyPlanner.plan(request, null), null);
    } else {
      now.names(ContentId.ofPath(request.path()));
      lookUp(now, arrival, request);
    }
  }

  private void lookUp(Exchange now, Arrival arrival, ContentRequest request) {
    boolean reads = request.method() == Method.GET || request.method() == Method.HEAD;
    Representation file = null;
    Reply reply;
    try {
      switch (reads ? now.lookUp() : Lookup.Miss.MISS) {
        case Lookup.Hit(ContentLease lease) -> {
          file = representation(lease.meta());
          reply = ReplyPlanner.plan(request, file);
        }
        case Lookup.Filling(ContentLease lease, BlockMap blocks) -> {
          file = representation(lease.meta());
          reply = ReplyPlanner.plan(request, file, blocks::readable);
        }
        case Lookup.Miss _ -> reply = ReplyPlanner.plan(request, null);
      }
    } catch (RuntimeException e) {
      log.warn("the lookup of {} failed", request.path(), e);
      file = null;
      reply = new Reply.Refused(Outcome.FAULT);
    }
    reply(now, arrival, reply, file);
  }

  private static Representation representation(ContentMeta meta) {
    return Representation.of(meta.sha256(), meta.length(), meta.modifiedSecond(), meta.mediaType());
  }

  private void reply(
      Exchange now, Arrival arrival, Reply reply, @Nullable Representation representation) {
    boolean headOnly = arrival.request().method() == Method.HEAD;
    boolean last = isLast(arrival, reply);
    ContentLease lease = now.lease();
    ByteRange range =
        representation == null || lease == null || headOnly ? null : bytes(reply, representation);
    now.answers(reply.outcome(), last, range == null ? 0 : range.first());
    ByteBuf head = serving.writer().write(channel.alloc(), reply, representation, headOnly, last);
    if (lease != null && range != null) {
      bodies.send(head, lease, lease.contentOffset() + range.first(), range.length());
    } else {
      channel.writeAndFlush(head).addListener((ChannelFuture written) -> headWritten(now, written));
    }
  }

  /** The bytes of the file that the reply carries, or null when it carries none. */
  private static @Nullable ByteRange bytes(Reply reply, Representation file) {
    return switch (reply) {
      case Reply.Whole() -> file.length() == 0 ? null : new ByteRange(0, file.length() - 1);
      case Reply.Part(ByteRange range) -> range;
      case Reply.NotModified(),
          Reply.PreconditionFailed(),
          Reply.Unsatisfiable(),
          Reply.NotHere(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy() ->
          null;
      case Reply.Refused(Outcome _) -> null;
    };
  }

  private boolean isLast(Arrival arrival, Reply reply) {
    answered++;
    return !arrival.keepAlive()
        || reply instanceof Reply.Refused
        || refusing
        || ending
        || serving.draining().get()
        || answered >= serving.config().maxRequestsPerConnection()
        || (deaf && waiting.isEmpty());
  }

  // How an answer ends.

  private void headWritten(Exchange of, ChannelFuture written) {
    if (of == exchange) {
      Throwable cause = written.cause();
      ended(cause == null ? null : new IOException(cause));
    }
  }

  @Override
  public void bodyProgressed() {
    Exchange now = exchange;
    if (now != null) {
      now.progressed(bodies.handedOver());
    }
  }

  @Override
  public void bodyEnded(@Nullable IOException cause) {
    ended(cause);
  }

  private void ended(@Nullable IOException cause) {
    Exchange now = exchange;
    if (now == null) {
      return;
    }
    exchange = null;
    ContentReadException fault = cause instanceof ContentReadException of ? of : null;
    if (fault != null) {
      log.warn("closing a connection in the middle of an answer: {}", fault.getMessage());
    }
    long nanos = System.nanoTime();
    now.end(cause == null, fault, nanos);
    if (cause != null) {
      close();
    } else if (now.isLast() || ending) {
      linger(nanos);
    } else {
      state = State.READING;
      deadline.set(serving.config().idleTimeout(), nanos);
      answerWaiting();
    }
  }

  /** Ends our side and reads on for a while, lest a reset overtake the answer. */
  private void linger(long nanos) {
    state = State.LINGERING;
    waiting.clear();
    deadline.set(serving.config().lingerTimeout(), nanos);
    channel.config().setAutoRead(true);
    ((DuplexChannel) channel)
        .shutdownOutput()
        .addListener(
            ended -> {
              if (!ended.isSuccess()) {
                close();
              }
            });
  }

  private void close() {
    state = State.CLOSED;
    channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  /** Ends the connection now if it is between requests, else after the present answer. */
  void drain() {
    ending = true;
    if (state == State.READING && waiting.isEmpty()) {
      close();
    }
  }

  // What else may happen.

  private void expired() {
    switch (state) {
      case READING -> {
        if (headBegun) {
          arrived(Arrival.timedOut(System.nanoTime()));
        } else {
          close();
        }
      }
      case ANSWERING -> {
        long handedOver = bodies.handedOver();
        if (handedOver > handedOverAtDeadline) {
          handedOverAtDeadline = handedOver;
          deadline.set(serving.config().idleTimeout(), System.nanoTime());
        } else {
          close();
        }
      }
      case LINGERING, CLOSED -> close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.CLOSED;
    deadline.cancel();
    waiting.clear();
    Exchange now = exchange;
    exchange = null;
    try {
      if (now != null) {
        now.progressed(bodies.handedOver());
      }
      bodies.abandon();
    } finally {
      if (now != null) {
        now.end(false, null, System.nanoTime());
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      log.debug("a connection broke: {}", cause.toString());
    } else {
      log.warn("closing a connection after a fault of our own", cause);
    }
    close();
  }
}
