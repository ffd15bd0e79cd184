package oca.server.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps an answer, and fails when it comes out of order or on another thread than it should. */
class TestReceiver implements Receiver {
  /** How it ended, without a head when none came. */
  record Outcome(
      UpstreamHead head, String body, UpstreamFailure failure, String detail, Duration retryAfter) {
    boolean isWhole() {
      return failure == null;
    }
  }

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private UpstreamHead head;
  private Thread thread;
  final CompletableFuture<UpstreamHead> headCame = new CompletableFuture<>();
  final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  final AtomicInteger writables = new AtomicInteger();
  final AtomicInteger bytes = new AtomicInteger();

  private void check(boolean inOrder) {
    if (thread == null) {
      thread = Thread.currentThread();
    }
    if (!inOrder || !thread.equals(Thread.currentThread()) || outcome.isDone()) {
      outcome.obtrudeException(new AssertionError("out of order, or on " + Thread.currentThread()));
    }
  }

  @Override
  public void head(UpstreamHead came) {
    check(head == null);
    head = came;
    headCame.complete(came);
  }

  @Override
  public void body(ByteBuf part) {
    check(head != null && part.isReadable());
    byte[] copy = new byte[part.readableBytes()];
    part.readBytes(copy);
    part.release();
    synchronized (body) {
      body.writeBytes(copy);
    }
    bytes.addAndGet(copy.length);
  }

  @Override
  public void end() {
    check(head != null);
    outcome.complete(new Outcome(head, text(), null, "", Duration.ZERO));
  }

  @Override
  public void failed(UpstreamFailure failure, String detail, Duration retryAfter) {
    check(true);
    outcome.complete(new Outcome(head, text(), failure, detail, retryAfter));
  }

  @Override
  public void writable() {
    writables.incrementAndGet();
  }

  private String text() {
    synchronized (body) {
      return body.toString(StandardCharsets.ISO_8859_1);
    }
  }

  Outcome await() throws Exception {
    return outcome.get(20, SECONDS);
  }
}
