package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream: one request at a time, and its answer. On its event loop only, but
 * for {@link #closeOnLoop}.
 *
 * <p>Nothing is read that nobody takes: each read is asked for, and none while the answer is
 * paused. Between answers one read is under way, to hear of the connection's end; whatever comes
 * then belongs to no request, and ends it.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  /** Whose request it is that is under way. */
  interface User {
    /** An interim answer. */
    default void interim(AnswerHead head) {}

    void head(AnswerHead head);

    void body(ByteBuf bytes);

    void end();

    /** No more comes of the answer; the connection is closed. */
    void failed(UpstreamFailure failure, String detail);

    /** More of the content can be sent. */
    void writable();
  }

  private final Wiring wiring;
  private final Upstream upstream;
  private final InetSocketAddress address;
  private final EventLoop loop;
  private final AnswerParser parser;
  private final Alarm alarm;
  private @Nullable ChannelHandlerContext context;
  private @Nullable User user;
  private @Nullable ByteBuf input;
  private @Nullable Throwable fault;
  private Question.@Nullable Content content;
  private long contentLeft;
  private int unwritten;
  private boolean stands;
  private boolean isPumping;
  private boolean isPaused;
  private boolean isEnded;
  private boolean saidGoodbye;
  private boolean hasAnswered;
  private boolean headSeen;
  private int answers;
  private long idleSince;

  Connection(Wiring wiring, Upstream upstream, InetSocketAddress address, EventLoop loop) {
    this.wiring = wiring;
    this.upstream = upstream;
    this.address = address;
    this.loop = loop;
    this.parser = new AnswerParser(wiring.config());
    this.alarm = new Alarm(loop, this::expired);
  }

  EventLoop loop() {
    return loop;
  }

  /** Since when nobody uses it, a reading of {@link System#nanoTime}. */
  long idleSince() {
    return idleSince;
  }

  /** Whether it served an answer before. */
  boolean isReused() {
    return answers > 0;
  }

  /** Whether any byte has come since the request was sent. */
  boolean hasAnswered() {
    return hasAnswered;
  }

  /** Whether it can still be used: it is open, and the name still leads there. */
  boolean isFit() {
    return !isEnded
        && context().channel().isActive()
        && upstream.addresses().known().contains(address);
  }

  /** It is made, and counts as one of the pool's until it ends. */
  void stands() {
    stands = true;
    if (isEnded) {
      upstream.pool().gone(this);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    wiring.open().add(ctx.channel());
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext known = context;
    if (known == null) {
      throw new IllegalStateException("the connection is not made");
    }
    return known;
  }

  /** Sends a request; its content follows by {@link #content}. */
  void ask(User asker, Question question) {
    user = asker;
    parser.begin(question.isHead());
    hasAnswered = false;
    headSeen = false;
    isPaused = false;
    content = question.hasContent() ? question.content() : null;
    contentLeft = content instanceof Question.Content.Length(long bytes) ? bytes : 0;
    write(RequestHead.write(context().alloc(), question, upstream.hostField()));
    context().flush();
    context().read();
    if (isEnded) {
      // It ended before it was asked; what it is told then does not come again.
      pump();
    }
  }

  /** Sends more of the content. */
  void content(ByteBuf bytes) {
    int count = bytes.readableBytes();
    if (content == null || count == 0 || isEnded) {
      bytes.release();
    } else if (content instanceof Question.Content.Length && count > contentLeft) {
      bytes.release();
      fail(UpstreamFailure.CONTENT, "more content than was told");
    } else {
      if (content instanceof Question.Content.Chunked) {
        write(ByteBufUtil.writeAscii(context().alloc(), Integer.toHexString(count) + "\r\n"));
        write(bytes);
        write(ByteBufUtil.writeAscii(context().alloc(), "\r\n"));
      } else {
        contentLeft -= count;
        write(bytes);
      }
      context().flush();
    }
  }

  /** The content is whole. */
  void contentEnd() {
    if (content == null) {
      return;
    }
    if (content instanceof Question.Content.Length && contentLeft > 0) {
      fail(UpstreamFailure.CONTENT, "less content than was told");
      return;
    }
    boolean chunked = content instanceof Question.Content.Chunked;
    content = null;
    if (chunked && !isEnded) {
      write(ByteBufUtil.writeAscii(context().alloc(), "0\r\n\r\n"));
      context().flush();
    } else {
      await();
    }
  }

  boolean isWritable() {
    return !isEnded && context().channel().isWritable();
  }

  private void write(ByteBuf bytes) {
    unwritten++;
    context()
        .write(bytes)
        .addListener(
            (ChannelFuture _) -> {
              unwritten--;
              await();
            });
    await();
  }

  /** Sets the alarm for what is awaited now. */
  private void await() {
    if (user == null || headSeen) {
      return;
    }
    if (unwritten > 0) {
      alarm.set(wiring.config().idle().toNanos());
    } else if (content == null) {
      alarm.set(wiring.config().firstByte().toNanos());
    } else {
      alarm.unset();
    }
  }

  private void expired() {
    if (user == null) {
      close();
    } else if (headSeen || unwritten > 0) {
      fail(UpstreamFailure.IDLE_TIMEOUT, "nothing moved for " + wiring.config().idle());
    } else {
      fail(UpstreamFailure.FIRST_BYTE_TIMEOUT, "no head for " + wiring.config().firstByte());
    }
  }

  /** Hands nothing over, and reads nothing, until {@link #resume}. */
  void pause() {
    isPaused = true;
    alarm.unset();
  }

  void resume() {
    if (!isPaused) {
      return;
    }
    isPaused = false;
    alarm.set(wiring.config().idle().toNanos());
    pump();
    if (!isPaused) {
      context().read();
    }
  }

  /** Its user wants no more of it. */
  void abandon() {
    user = null;
    close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (user == null) {
      boolean any = bytes.isReadable();
      bytes.release();
      if (any && !isEnded) {
        upstream.tally().failed(UpstreamFailure.SURPLUS);
        close();
      }
      return;
    }
    hasAnswered |= bytes.isReadable();
    ByteBuf held = input;
    input =
        held == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
    pump();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!isPaused) {
      ctx.read();
    }
  }

  /** Hands over what is here, as long as somebody takes it. */
  private void pump() {
    if (isPumping) {
      return;
    }
    isPumping = true;
    try {
      boolean more = true;
      while (more && user != null && !isPaused) {
        more = step(user);
      }
    } catch (MalformedException e) {
      fail(e.failure(), e.detail());
    } finally {
      isPumping = false;
      ByteBuf rest = input;
      if (rest != null && !rest.isReadable()) {
        input = null;
        rest.release();
      }
    }
  }

  private boolean step(User asker) throws MalformedException {
    ByteBuf bytes = input;
    switch (parser.next(bytes == null ? Unpooled.EMPTY_BUFFER : bytes)) {
      case MORE -> {
        if (isEnded) {
          endOfInput();
        }
        return false;
      }
      case INTERIM -> asker.interim(parser.head());
      case HEAD -> {
        headSeen = true;
        alarm.set(wiring.config().idle().toNanos());
        asker.head(parser.head());
      }
      case BODY -> {
        alarm.set(wiring.config().idle().toNanos());
        asker.body(parser.body());
      }
      case END -> finished(asker);
    }
    return true;
  }

  /** The connection has ended, and all that came before was read. */
  private void endOfInput() {
    Throwable cause = fault;
    User asker = user;
    if (cause != null) {
      fail(UpstreamFailure.RESET, cause.toString());
    } else if (parser.endsWithClose() && asker != null) {
      if (upstream.tls() != null && !saidGoodbye) {
        // Over TLS an end without close_notify may be anybody's doing (RFC 9112, section 9.8).
        fail(UpstreamFailure.TRUNCATED, "the connection ended without close_notify");
      } else {
        finished(asker);
      }
    } else if (parser.isInBody()) {
      fail(UpstreamFailure.TRUNCATED, "the connection ended within the body");
    } else {
      fail(UpstreamFailure.CLOSED, "the connection ended before a head was whole");
    }
  }

  private void finished(User asker) {
    user = null;
    answers++;
    ByteBuf rest = input;
    boolean surplus = rest != null && rest.isReadable();
    if (surplus) {
      upstream.tally().failed(UpstreamFailure.SURPLUS);
    }
    boolean reusable =
        parser.head().keepAlive() && content == null && unwritten == 0 && !surplus && !isEnded;
    if (reusable) {
      idleSince = System.nanoTime();
      alarm.set(wiring.config().pool().idleTimeout().toNanos());
      upstream.pool().released(this);
    } else {
      close();
    }
    asker.end();
  }

  private void fail(UpstreamFailure failure, String detail) {
    User asker = user;
    user = null;
    close();
    if (asker != null) {
      asker.failed(failure, detail);
    }
  }

  /** Ends it. */
  void close() {
    alarm.end();
    var _ = context().close();
    ByteBuf rest = input;
    if (rest != null && !isPumping) {
      input = null;
      rest.release();
    } else if (rest != null) {
      rest.skipBytes(rest.readableBytes());
    }
  }

  /** Ends it, from any thread. */
  void closeOnLoop() {
    loop.execute(this::close);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    User asker = user;
    if (asker != null && content != null && ctx.channel().isWritable()) {
      asker.writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
      saidGoodbye = true;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fault = cause;
    if (cause instanceof IOException) {
      // What came before it is still handed over.
      var _ = ctx.close();
    } else {
      fail(UpstreamFailure.RESET, cause.toString());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    isEnded = true;
    if (stands) {
      upstream.pool().gone(this);
    }
    if (user == null) {
      alarm.end();
    } else if (!isPaused) {
      pump();
    }
  }
}
