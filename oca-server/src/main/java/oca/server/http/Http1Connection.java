package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import oca.model.ByteRange;
import oca.server.caching.FieldSection;
import oca.server.pull.PulledAnswer;
import oca.server.pull.PulledBody;
import oca.server.range.ContentRequest.Method;
import oca.server.range.MultipartLayout;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/1: takes its requests in order, one at a time, and answers each once.
 *
 * <p>Its states are few: it reads, until a request is there; it answers, until the last byte is
 * handed over; after the last answer it lingers, until the other side ends too. What comes in while
 * it answers is left unread, and the socket too, so that requests sent ahead are bounded by the
 * bytes of one read. On the connection's event loop only.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter
    implements BodySender.Listener, PulledSender.Told, Exchange.Later, Drainable {
  private static final Logger log = LoggerFactory.getLogger(Http1Connection.class);

  /** After so many answers in one turn the other connections have theirs. */
  private static final int ANSWERS_A_TURN = 32;

  /** Roomy for what stands between two parts. */
  private static final int SECTION_BYTES = 256;

  private enum State {
    READING,
    ANSWERING,
    LINGERING,
    CLOSED
  }

  private final Serving serving;
  private final Channel channel;
  private final boolean refusing;
  private final Exchange exchange;
  private final BodySender bodies;
  private final PulledSender pulls;
  private final Deadline deadline;
  private final HeadInput input;
  private final ContentReading receiving;
  private final Pacer pacer;
  private final Executor turns;
  private final Runnable nextTurn = this::continueAnswering;

  private State state = State.READING;
  private @Nullable Arrival current;
  private @Nullable MultipartLayout layout;
  private int section;
  private long bytesBefore;
  private int answered;
  private int answeredBefore;
  private @Nullable ChannelFuture interim;
  private boolean headBegun;
  private boolean deaf;
  private boolean ending;
  private boolean answering;
  private boolean isAwaitingUpstream;
  private long handedOverAtDeadline;
  private boolean waitedAtDeadline;

  /**
   * @param asker who is at its other end
   * @param refusing whether this connection is one too many, to be told so
   * @param senders makes the sender for bodies that reports to this handler
   */
  Http1Connection(
      Serving serving,
      Channel channel,
      EventLoopState loop,
      Asker asker,
      boolean refusing,
      Protocol protocol,
      java.util.function.Function<BodySender.Listener, BodySender> senders) {
    this.serving = serving;
    this.channel = channel;
    this.refusing = refusing;
    this.exchange = new Exchange(serving, loop, asker, protocol);
    this.bodies = senders.apply(this);
    this.pulls = new PulledSender(channel, bodies, this);
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    this.input = new HeadInput(loop.parser());
    this.receiving = new ContentReading(serving, channel, nextTurn);
    this.turns = loop.turns().on(channel.eventLoop());
    this.pacer = new Pacer(channel, () -> serving.config().pacing());
  }

  // What comes in.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline.set(serving.config().headTimeout(), System.nanoTime());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf bytes && !isDeaf()) {
        input.take(bytes);
        answerAll();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Whether nothing was answered since this was asked last. */
  boolean tookWithoutAnswer() {
    boolean isNone = answered == answeredBefore;
    answeredBefore = answered;
    return isNone;
  }

  /** It turned out to be a connection of another protocol, before anything was read here. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    deadline.cancel();
  }

  /** Whether what comes in is of no use any more. */
  private boolean isDeaf() {
    return deaf || state == State.LINGERING || state == State.CLOSED;
  }

  /** Answers until one has to be waited for; a loop, as answers may end within the call. */
  private void answerAll() {
    if (answering) {
      return;
    }
    answering = true;
    boolean yields = false;
    try {
      int left = ANSWERS_A_TURN;
      Arrival next;
      while (state == State.READING && left > 0 && (next = next()) != null) {
        left--;
        answer(next);
      }
      yields = left == 0 && state == State.READING && !input.isEmpty();
    } catch (RuntimeException e) {
      // The end of the connection ends the exchange, wherever this was called from.
      log.warn("closing a connection after a fault of our own", e);
      close();
    } finally {
      answering = false;
      if (isDeaf()) {
        input.drop();
      }
      input.keep();
    }
    if (yields) {
      turns.execute(nextTurn);
    }
    // Of an incomplete head more is read, of course; a whole one waits for its turn.
    boolean reads = input.isEmpty() || (state == State.READING && !yields);
    if (reads != channel.config().isAutoRead()) {
      channel.config().setAutoRead(reads);
    }
  }

  private void continueAnswering() {
    if (!isDeaf()) {
      answerAll();
    }
  }

  /** The next request, when all of it is here. */
  private @Nullable Arrival next() {
    if (receiving.isUnderWay()) {
      return receiving.goOn(input);
    }
    if (input.isEmpty()) {
      return null;
    }
    long nanos = System.nanoTime();
    if (!HeadParser.mayBegin(input.first())) {
      return Arrival.refused(Outcome.BAD_REQUEST, nanos);
    }
    int most = serving.maxHeadBytes();
    int head = input.headBytes();
    if (head > most || (head < 0 && input.size() > most)) {
      return Arrival.refused(
          input.hasLine(most) ? Outcome.HEAD_TOO_LARGE : Outcome.TARGET_TOO_LONG, nanos);
    }
    if (head >= 0) {
      headBegun = false;
      return withContent(input.read(head, nanos));
    }
    if (!headBegun) {
      // Set once: more bytes of the same head give no more time.
      headBegun = true;
      deadline.set(serving.config().headTimeout(), nanos);
    }
    return null;
  }

  private @Nullable Arrival withContent(Arrival arrival) {
    Arrival whole = refusing ? arrival : receiving.begin(arrival, input);
    if (whole == null) {
      deadline.set(serving.config().contentTimeout(), arrival.nanos());
    }
    return whole;
  }

  // What goes out.

  private void answer(Arrival arrival) {
    state = State.ANSWERING;
    current = arrival;
    handedOverAtDeadline = 0;
    waitedAtDeadline = false;
    layout = null;
    bytesBefore = 0;
    deaf = !arrival.keepAlive();
    deadline.set(serving.config().idleTimeout(), arrival.nanos());
    exchange.begin(arrival.nanos());
    Reply reply =
        refusing && arrival.fault() == null
            ? new Reply.Busy()
            : exchange.plan(arrival, channel.eventLoop(), this);
    if (reply != null) {
      answered(arrival, reply);
    } else {
      isAwaitingUpstream = true;
    }
  }

  @Override
  public void interim(Arrival arrival, int status, FieldSection fields) {
    PullHead head = arrival.head();
    if (head != null && !head.version().equals("1.0")) {
      interim =
          channel.writeAndFlush(serving.writer().writeInterim(channel.alloc(), status, fields));
    }
  }

  @Override
  public void answered(Arrival arrival, Reply reply) {
    ChannelFuture before = interim;
    interim = null;
    if (before != null && !before.isDone()) {
      // No answer may overtake it, and those go other ways to the socket.
      before.addListener(_ -> afterInterim(arrival, reply));
      return;
    }
    isAwaitingUpstream = false;
    PulledAnswer pulled = exchange.pulled();
    if (pulled != null) {
      answerPulled(arrival, reply, pulled);
      return;
    }
    ServedFile file = exchange.file();
    FileLease lease = exchange.lease();
    boolean headOnly = arrival.request().method() == Method.HEAD;
    boolean last = isLast(arrival, reply);
    ByteRange range =
        file == null || lease == null || headOnly
            ? null
            : reply.firstRun(file.representation().length());
    exchange.answers(reply.outcome(), last, range == null ? 0 : range.first());
    ByteBuf head = serving.writer().write(channel.alloc(), reply, exchange, headOnly, last);
    if (lease == null || range == null) {
      channel.writeAndFlush(head).addListener((ChannelFuture written) -> headWritten(written));
      return;
    }
    pacer.set(exchange.cmcd());
    layout = exchange.layout();
    if (layout == null) {
      send(head, lease, range);
    } else {
      section = 0;
      sendSection(head, lease, layout);
    }
  }

  private void afterInterim(Arrival arrival, Reply reply) {
    if (exchange.isUnderWay()) {
      answered(arrival, reply);
    }
  }

  private void answerPulled(Arrival arrival, Reply reply, PulledAnswer pulled) {
    PulledBody body = pulled.body();
    boolean isLater = arrival.head() != null && !arrival.head().version().equals("1.0");
    boolean headOnly = arrival.request().method() == Method.HEAD;
    BodyRuns runs =
        body == null || headOnly
            ? null
            : BodyRuns.of(reply, body, exchange.pulledLength(), exchange.layout(), isLater);
    // Before HTTP/1.1 a body of unknown length ends with its connection.
    boolean endsWithClose =
        runs != null && !isLater && exchange.pulledLength() == PulledBody.UNKNOWN;
    boolean last = isLast(arrival, reply) || endsWithClose;
    exchange.answers(
        reply.outcome(), last, reply instanceof Reply.Part(ByteRange range) ? range.first() : 0);
    ByteBuf head =
        serving
            .writer()
            .writePulled(
                channel.alloc(), reply, exchange, pulled, headOnly, last, runs != null && isLater);
    if (runs == null || body == null) {
      channel.writeAndFlush(head).addListener((ChannelFuture written) -> headWritten(written));
      return;
    }
    pacer.set(exchange.cmcd());
    pulls.send(head, body, runs);
  }

  private void send(ByteBuf head, FileLease lease, ByteRange range) {
    bodies.send(head, lease, lease.contentOffset() + range.first(), range.length());
  }

  private void sendSection(ByteBuf head, FileLease lease, MultipartLayout of) {
    MultipartLayout.Section next = of.sections().get(section++);
    send(head.writeBytes(next.preamble()), lease, next.range());
  }

  private boolean isLast(Arrival arrival, Reply reply) {
    answered++;
    return !arrival.keepAlive()
        || reply instanceof Reply.Refused
        || refusing
        || ending
        || serving.draining().get()
        || answered >= serving.config().maxRequestsPerConnection();
  }

  // How an answer ends.

  private void headWritten(ChannelFuture written) {
    Throwable cause = written.cause();
    ended(cause == null ? null : new IOException(cause));
  }

  @Override
  public void bodyProgressed() {
    if (exchange.isUnderWay()) {
      exchange.progressed(handedOver());
    }
  }

  /** Bytes of the file that were handed over for this answer. */
  private long handedOver() {
    return pulls.isUnderWay()
        ? pulls.done() + bodies.handedOver()
        : bytesBefore + bodies.handedOver();
  }

  @Override
  public void bodyEnded(@Nullable IOException cause) {
    if (pulls.isUnderWay()) {
      pulls.runEnded(cause);
      return;
    }
    MultipartLayout of = layout;
    FileLease lease = exchange.lease();
    if (cause != null || of == null || lease == null) {
      ended(cause);
      return;
    }
    if (section < of.sections().size()) {
      bytesBefore += bodies.handedOver();
      sendSection(channel.alloc().directBuffer(SECTION_BYTES), lease, of);
    } else {
      layout = null;
      channel
          .writeAndFlush(channel.alloc().directBuffer(SECTION_BYTES).writeBytes(of.closing()))
          .addListener((ChannelFuture written) -> headWritten(written));
    }
  }

  /** The head was not sent, so the client is told what is wrong. */
  @Override
  public void bodyRefused(@Nullable ContentReadException fault) {
    if (!exchange.isUnderWay()) {
      return;
    }
    Arrival arrival = current;
    boolean isUntouched = pulls.isUnderWay() ? pulls.isUntouched() : layout == null || section <= 1;
    if (fault != null && arrival != null && isUntouched && exchange.mayPlanAgain(fault)) {
      answerAgain(arrival, fault);
      return;
    }
    if (pulls.isUnderWay() || (layout != null && section > 1)) {
      // A later part: the answer's head is long gone.
      ended(fault != null ? fault : new IOException("too many wait for the disk"));
      return;
    }
    if (fault != null) {
      log.warn("a file is not served: {}", fault.getMessage());
      serving.tally().readFailed();
    }
    refuse(fault == null ? new Reply.Busy() : new Reply.Refused(Outcome.FAULT));
  }

  private void answerAgain(Arrival arrival, ContentReadException fault) {
    pulls.drop();
    layout = null;
    answered--; // it is still the same request
    Reply reply = exchange.planAgain(arrival, fault, channel.eventLoop(), this);
    if (reply != null) {
      answered(arrival, reply);
    } else {
      isAwaitingUpstream = true;
    }
  }

  @Override
  public void pulledEnded(@Nullable IOException cause) {
    ended(cause);
  }

  @Override
  public void pulledRefused() {
    refuse(new Reply.Failed(Outcome.UPSTREAM_FAULT));
  }

  private void refuse(Reply reply) {
    exchange.refuses(reply.outcome());
    ByteBuf head =
        serving.writer().write(channel.alloc(), reply, exchange, false, exchange.isLast());
    channel.writeAndFlush(head).addListener((ChannelFuture written) -> headWritten(written));
  }

  private void ended(@Nullable IOException cause) {
    if (!exchange.isUnderWay()) {
      return;
    }
    ContentReadException fault = cause instanceof ContentReadException of ? of : null;
    if (fault != null) {
      log.warn("closing a connection in the middle of an answer: {}", fault.getMessage());
    }
    long nanos = System.nanoTime();
    current = null;
    exchange.end(cause == null, fault, nanos);
    if (cause != null) {
      close();
    } else if (exchange.isLast()) {
      linger(nanos);
    } else {
      // An answer that did not say it is the last may be followed by a request, ending or not.
      state = State.READING;
      HttpConfig config = serving.config();
      deadline.set(ending ? config.drainIdle() : config.idleTimeout(), nanos);
      answerAll();
    }
  }

  /** Ends our side and reads on for a while, lest a reset overtake the answer. */
  private void linger(long nanos) {
    state = State.LINGERING;
    deadline.set(serving.config().lingerTimeout(), nanos);
    if (!answering) {
      input.drop();
    }
    channel.config().setAutoRead(true);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutdownOutput();
    } else {
      // Without its goodbye an end might be an attacker's (RFC 8446, section 6.1).
      tls.closeOutbound().addListener(_ -> shutdownOutput());
    }
  }

  private void shutdownOutput() {
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

  /**
   * Makes the next answer whose head is still to be written the last. Another request may be on its
   * way to us, so that is waited for a while.
   */
  @Override
  public void drain() {
    ending = true;
    if (state == State.READING && input.isEmpty()) {
      deadline.set(serving.config().drainIdle(), System.nanoTime());
    }
  }

  // What else may happen.

  private void expired() {
    switch (state) {
      case READING -> {
        if (headBegun) {
          headBegun = false;
          input.drop();
          answer(Arrival.refused(Outcome.HEAD_TIMEOUT, System.nanoTime()));
        } else if (receiving.isUnderWay()) {
          input.drop();
          answer(receiving.refused(Outcome.HEAD_TIMEOUT));
        } else {
          close();
        }
      }
      case ANSWERING -> {
        if (isAwaitingUpstream || pulls.isWaiting()) {
          // Whoever fetches has limits on time of its own.
          waitedAtDeadline = true;
          deadline.set(serving.config().idleTimeout(), System.nanoTime());
          return;
        }
        if (bodies.awaitsDisk()) {
          waitedAtDeadline = true;
          expiredAtDisk();
          return;
        }
        long handedOver = handedOver();
        long progress = handedOver - handedOverAtDeadline;
        // A wait that ended a moment ago left the client no time to take anything.
        boolean waited = waitedAtDeadline;
        waitedAtDeadline = false;
        if (waited || progress >= serving.leastProgress()) {
          handedOverAtDeadline = handedOver;
          deadline.set(serving.config().idleTimeout(), System.nanoTime());
        } else {
          serving.tally().cutOffSlowReader();
          close();
        }
      }
      case LINGERING, CLOSED -> close();
    }
  }

  /** Waiting for our disk is not the client's idleness, but has an end too. */
  private void expiredAtDisk() {
    long now = System.nanoTime();
    Duration most = serving.config().reading().timeout();
    Duration left = most.minusNanos(now - bodies.awaitsDiskSince());
    if (left.isPositive()) {
      deadline.set(left, now);
    } else {
      deadline.set(serving.config().idleTimeout(), now);
      bodies.giveUpDisk();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.CLOSED;
    deadline.cancel();
    input.drop();
    receiving.drop();
    boolean isUnderWay = exchange.isUnderWay();
    try {
      if (isUnderWay) {
        exchange.progressed(handedOver());
      }
      pulls.drop();
      bodies.abandon();
    } finally {
      exchange.end(false, null, System.nanoTime());
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
