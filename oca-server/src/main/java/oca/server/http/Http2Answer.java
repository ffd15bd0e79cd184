package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.UncheckedIOException;
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
 * The answer on one stream of HTTP/2. On the connection's event loop only.
 *
 * <p>A body stands in the queue of flow control as a span of the file, not as bytes: when the
 * windows of stream and connection and the socket's buffer have room, flow control asks the span to
 * write so much, and only then it is read, right into its DATA frames. So a stream whose reader
 * stalls holds no byte of memory, and a connection what its socket's buffer may hold.
 */
final class Http2Answer implements Http2RemoteFlowController.FlowControlled, Exchange.Later {
  private static final Logger log = LoggerFactory.getLogger(Http2Answer.class);

  private final Http2Session session;
  private final Http2Stream stream;
  private final Exchange exchange;
  private final Http2Content content;
  private Arrival arrival;
  private @Nullable FileLease lease;
  private @Nullable Http2Headers head;
  private @Nullable MultipartLayout layout;
  private int section;
  private @Nullable PulledBody pulledBody;
  private @Nullable BodyRuns runs;
  private boolean isRefusing;
  private boolean awaitsUpstream;
  private boolean asking;
  private boolean awaitsDisk;
  private boolean waitedBefore;
  private long diskSince;
  private int asked;
  private @Nullable ContentReadException fault;
  private @Nullable ChannelFuture lastWrite;
  private long position;
  private long remaining;
  private long unwritten;
  private long handedOver;
  private long handedOverBefore = -1;
  private int span;

  /**
   * @param exchange of this request alone
   * @param arrival the request
   */
  Http2Answer(Http2Session session, Http2Stream stream, Exchange exchange, Arrival arrival) {
    this.session = session;
    this.stream = stream;
    this.exchange = exchange;
    this.arrival = arrival;
    this.content = new Http2Content(session, stream, arrival);
  }

  /** What the request carries. */
  Http2Content content() {
    return content;
  }

  /**
   * Answers, if the client still wants it.
   *
   * @param refusing whether the connection is one too many
   */
  void begin(boolean refusing) {
    if (stream.state() == Http2Stream.State.CLOSED) {
      content.dropAll();
      return;
    }
    arrival = content.arrival();
    exchange.begin(arrival.nanos());
    isRefusing = refusing;
    Reply reply =
        refusing && arrival.fault() == null
            ? new Reply.Busy()
            : exchange.plan(arrival, session.context().executor(), this);
    if (reply == null) {
      awaitsUpstream = true;
    } else {
      answered(arrival, reply);
    }
  }

  @Override
  public void interim(Arrival request, int status, FieldSection fields) {
    ChannelHandlerContext ctx = session.context();
    Http2Headers head = session.serving().http2Heads().ofInterim(status, fields);
    // When it cannot be written, neither can the answer, which tells.
    var _ = session.encoder().writeHeaders(ctx, stream.id(), head, 0, false, ctx.newPromise());
    session.flush(ctx);
  }

  @Override
  public void answered(Arrival request, Reply reply) {
    awaitsUpstream = false;
    PulledAnswer pulled = exchange.pulled();
    if (pulled != null) {
      answerPulled(reply, pulled);
      return;
    }
    ServedFile file = exchange.file();
    FileLease of = exchange.lease();
    boolean headOnly = arrival.request().method() == Method.HEAD;
    ByteRange range =
        file == null || of == null || headOnly
            ? null
            : reply.firstRun(file.representation().length());
    exchange.answers(reply.outcome(), isRefusing, range == null ? 0 : range.first());
    Http2Headers fields = session.serving().http2Heads().of(reply, exchange);
    if (of != null && range != null) {
      lease = of;
      head = fields;
      layout = exchange.layout();
      unwritten = layout == null ? range.length() : bytesOf(layout);
      open(of, range);
    } else {
      withoutFile(reply.outcome(), fields, headOnly, isCutShort());
    }
  }

  /** Whether more of the request may come, which nobody wants. */
  private boolean isCutShort() {
    return arrival.fault() == Outcome.BODY_REFUSED || arrival.fault() == Outcome.BUSY;
  }

  private void answerPulled(Reply reply, PulledAnswer pulled) {
    PulledBody body = pulled.body();
    boolean headOnly = arrival.request().method() == Method.HEAD;
    BodyRuns its =
        body == null || headOnly
            ? null
            : BodyRuns.of(reply, body, exchange.pulledLength(), exchange.layout(), false);
    exchange.answers(
        reply.outcome(),
        isRefusing,
        reply instanceof Reply.Part(ByteRange range) ? range.first() : 0);
    Http2Headers fields = session.serving().http2Heads().ofPulled(reply, exchange, pulled);
    if (its == null || body == null) {
      withoutFile(reply.outcome(), fields, headOnly, false);
      session.flush(session.context());
      return;
    }
    lease = body.lease();
    head = fields;
    pulledBody = body;
    runs = its;
    nextRun();
    session.flush(session.context());
  }

  /** What has come of a body that may be coming in yet. */
  private void nextRun() {
    BodyRuns its = runs;
    PulledBody body = pulledBody;
    if (its == null || body == null || !exchange.isUnderWay()) {
      return;
    }
    while (true) {
      switch (its.next()) {
        case RUN -> {
          if (head == null) {
            preamble();
          }
          open(body.lease(), new ByteRange(its.first(), its.first() + its.length() - 1));
          return;
        }
        case WAIT -> {
          if (body.isComing(its.position())) {
            sendHead();
          }
          awaitsUpstream = true;
          if (body.await(its.position(), its.wanted(), session.context().executor(), this::woken)) {
            return;
          }
          awaitsUpstream = false;
        }
        case END -> {
          sendHead();
          constant(its.before(), true).addListener(future -> end(future.isSuccess()));
          return;
        }
        case BROKEN -> {
          if (head != null) {
            answerInstead(new Reply.Failed(Outcome.UPSTREAM_FAULT));
            return;
          }
          log.debug("no more is coming: {}", body.fault());
          resetLater();
          end(false);
          return;
        }
      }
    }
  }

  private void woken() {
    awaitsUpstream = false;
    nextRun();
    session.flush(session.context());
  }

  private void sendHead() {
    Http2Headers first = head;
    if (first != null) {
      head = null;
      ChannelHandlerContext ctx = session.context();
      // When the head fails, so does the body behind it, which tells.
      var _ = session.encoder().writeHeaders(ctx, stream.id(), first, 0, false, ctx.newPromise());
    }
  }

  private static long bytesOf(MultipartLayout layout) {
    return layout.sections().stream().mapToLong(section -> section.range().length()).sum();
  }

  /** Goes on with another run of the file's bytes. */
  private void open(FileLease of, ByteRange range) {
    position = of.contentOffset() + range.first();
    remaining = range.length();
    nextSpan();
  }

  private void withoutFile(Outcome outcome, Http2Headers head, boolean headOnly, boolean hasBody) {
    byte[] body = headOnly ? new byte[0] : session.serving().http2Heads().problemOf(outcome);
    boolean isEmpty = body.length == 0;
    ChannelHandlerContext ctx = session.context();
    Http2ConnectionEncoder encoder = session.encoder();
    ChannelFuture written =
        encoder.writeHeaders(ctx, stream.id(), head, 0, isEmpty, ctx.newPromise());
    if (!isEmpty) {
      ByteBuf bytes = Unpooled.wrappedBuffer(body);
      written = encoder.writeData(ctx, stream.id(), bytes, 0, true, ctx.newPromise());
    }
    written.addListener(
        future -> {
          end(future.isSuccess());
          if (hasBody && future.isSuccess()) {
            // The answer does not depend on the rest of the request (section 8.1).
            session.reset(stream.id(), Http2Error.NO_ERROR);
            session.context().flush();
          }
        });
  }

  // The body.

  private void nextSpan() {
    FileLease of = lease;
    if (of == null) {
      return;
    }
    int length = (int) Math.min(remaining, session.serving().config().piece().bytes());
    asking = true;
    awaitsDisk = true;
    diskSince = System.nanoTime();
    int question = ++asked;
    boolean taken =
        session
            .pieces()
            .whenReady(
                of,
                position,
                length,
                head == null,
                session.context().executor(),
                found -> {
                  if (question == asked) {
                    awaitsDisk = false;
                    spanReady(length, found);
                  }
                });
    asking = false;
    if (!taken) {
      awaitsDisk = false;
      refuse(null);
    }
  }

  private void spanReady(int length, @Nullable ContentReadException found) {
    if (!exchange.isUnderWay()) {
      return;
    }
    if (found != null && head != null) {
      refuse(found);
      return;
    }
    if (found != null) {
      fault = found;
      giveUp(found);
      return;
    }
    ChannelHandlerContext ctx = session.context();
    if (head != null) {
      sendHead();
      preamble();
    }
    span = length;
    session.encoder().flowController().addFlowControlled(stream, this);
    if (!asking) {
      // Else whoever has us ask flushes, with what else there is.
      session.flush(ctx);
    }
  }

  /** Nothing was sent, so the client can still be told something else. */
  private void refuse(@Nullable ContentReadException found) {
    lease = null;
    head = null;
    if (found != null && exchange.mayPlanAgain(found)) {
      answerAgain(found);
      return;
    }
    if (found != null) {
      log.warn("a file is not served: {}", found.getMessage());
      session.serving().tally().readFailed();
    }
    answerInstead(found == null ? new Reply.Busy() : new Reply.Refused(Outcome.FAULT));
  }

  private void answerAgain(ContentReadException found) {
    layout = null;
    runs = null;
    pulledBody = null;
    remaining = 0;
    section = 0;
    Reply reply = exchange.planAgain(arrival, found, session.context().executor(), this);
    if (reply == null) {
      awaitsUpstream = true;
    } else {
      answered(arrival, reply);
      session.flush(session.context());
    }
  }

  private void answerInstead(Reply reply) {
    lease = null;
    head = null;
    runs = null;
    exchange.refuses(reply.outcome());
    Http2Headers fields = session.serving().http2Heads().of(reply, exchange);
    withoutFile(reply.outcome(), fields, false, false);
    session.flush(session.context());
  }

  /** Of an answer in parts, what stands before the present one. */
  private void preamble() {
    MultipartLayout of = layout;
    BodyRuns its = runs;
    byte[] before =
        its != null
            ? its.before()
            : of != null ? of.sections().get(section++).preamble() : new byte[0];
    if (before.length > 0) {
      // When it fails, so does what follows it, which tells.
      var _ = constant(before, false);
    }
  }

  private ChannelFuture constant(byte[] bytes, boolean isLast) {
    ChannelHandlerContext ctx = session.context();
    ByteBuf data = Unpooled.wrappedBuffer(bytes);
    return session.encoder().writeData(ctx, stream.id(), data, 0, isLast, ctx.newPromise());
  }

  /** The present run of bytes is written; what follows it of an answer in parts. */
  private void nextSection(MultipartLayout of, FileLease from) {
    if (section < of.sections().size()) {
      ByteRange range = of.sections().get(section).range();
      preamble();
      open(from, range);
    } else {
      constant(of.closing(), true).addListener(future -> end(future.isSuccess()));
    }
    session.flush(session.context());
  }

  private void continueRuns() {
    nextRun();
    session.flush(session.context());
  }

  private void continueBody() {
    if (exchange.isUnderWay()) {
      nextSpan();
      session.flush(session.context());
    }
  }

  @Override
  public int size() {
    return span;
  }

  /** Reads and frames as many bytes as may go now. */
  @Override
  public void write(ChannelHandlerContext ctx, int allowed) {
    FileLease of = lease;
    int count = Math.min(allowed, span);
    if (of == null || count == 0) {
      return;
    }
    int frame = session.encoder().configuration().frameSizePolicy().maxFrameSize();
    int frames = (count + frame - 1) / frame;
    ByteBuf out = ctx.alloc().directBuffer(count + frames * Http2CodecUtil.FRAME_HEADER_LENGTH);
    int framed = 0;
    try {
      while (framed < count) {
        framed += frame(of, out, Math.min(frame, count - framed));
      }
    } catch (ContentReadException e) {
      fault = e;
    }
    written(ctx, out, framed);
    ContentReadException cause = fault;
    if (cause != null) {
      throw new UncheckedIOException(cause); // flow control gives the stream up, and tells us
    }
  }

  /** Appends one frame, or nothing when its bytes cannot be read. */
  private int frame(FileLease of, ByteBuf out, int count) throws ContentReadException {
    int start = out.writerIndex();
    boolean isLast = remaining == count && layout == null && runs == null;
    out.writeMedium(count);
    out.writeByte(Http2FrameTypes.DATA);
    out.writeByte(isLast ? new Http2Flags().endOfStream(true).value() : 0);
    out.writeInt(stream.id());
    try {
      session.pieces().read(of, position, out, count);
    } catch (ContentReadException e) {
      out.writerIndex(start);
      throw e;
    }
    position += count;
    remaining -= count;
    span -= count;
    return count;
  }

  private void written(ChannelHandlerContext ctx, ByteBuf out, int count) {
    ChannelFuture write = ctx.write(out);
    lastWrite = write;
    write.addListener(
        future -> {
          if (!future.isSuccess()) {
            end(false);
          } else if (exchange.isUnderWay()) {
            handedOver += count;
            unwritten -= count;
            exchange.progressed(handedOver);
            if (unwritten == 0 && layout == null && runs == null) {
              end(true);
            }
          }
        });
  }

  @Override
  public void writeComplete() {
    ChannelFuture write = lastWrite;
    MultipartLayout of = layout;
    FileLease from = lease;
    if (remaining > 0) {
      session.turns().execute(this::continueBody);
    } else if (runs != null) {
      session.turns().execute(this::continueRuns);
    } else if (of != null && from != null) {
      session.turns().execute(() -> nextSection(of, from));
    } else if (write != null) {
      session.closeStreamLocal(stream, write);
    }
  }

  @Override
  public boolean merge(ChannelHandlerContext ctx, Http2RemoteFlowController.FlowControlled next) {
    return false;
  }

  @Override
  public void error(@Nullable ChannelHandlerContext ctx, Throwable cause) {
    ContentReadException unread = fault;
    if (unread != null && exchange.isUnderWay()) {
      giveUp(unread);
    } else {
      end(false);
    }
  }

  /** The file fails in the middle of the answer. */
  private void giveUp(ContentReadException unread) {
    log.warn("resetting a stream in the middle of an answer: {}", unread.getMessage());
    resetLater();
    end(false);
  }

  private void resetLater() {
    ChannelHandlerContext now = session.context();
    now.executor()
        .execute(
            () -> {
              session.reset(stream.id(), Http2Error.INTERNAL_ERROR);
              now.flush();
            });
  }

  // How it ends.

  /**
   * Whether the client took anything since this was asked last, or could not for all of that time,
   * since the answer waits for our disk or an upstream, or did when this was asked. A disk that has
   * had its time is given up here.
   */
  boolean hasProgressed() {
    boolean hasCome = content.hasProgressed();
    boolean waits = awaitsDisk || awaitsUpstream;
    boolean progressed = handedOver > handedOverBefore || waits || waitedBefore || hasCome;
    handedOverBefore = handedOver;
    waitedBefore = waits;
    long most = session.serving().config().reading().timeout().toNanos();
    if (awaitsDisk && System.nanoTime() - diskSince >= most) {
      giveUpDisk();
    }
    return progressed;
  }

  private void giveUpDisk() {
    awaitsDisk = false;
    asked++;
    session.pieces().gaveUp();
    if (head != null) {
      refuse(null);
    } else {
      // Whether the disk hangs or too much is asked of it is not known here.
      fault = new ContentReadException("the disk took too long", true);
      giveUp(fault);
    }
  }

  /** What is with the socket already goes on its way; anything else does not any more. */
  void streamClosed() {
    content.drop();
    if (lease == null || remaining > 0 || layout != null || runs != null) {
      end(false);
    }
  }

  private void end(boolean complete) {
    if (exchange.isUnderWay()) {
      lease = null;
      runs = null;
      exchange.end(complete, fault, System.nanoTime());
    }
  }
}
