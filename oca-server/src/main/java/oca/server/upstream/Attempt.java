package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One try of a question at one upstream, and what it shows of that upstream's health. When a kept
 * connection turns out to have ended before any byte of an answer, it is sent once more on a fresh
 * one. On one event loop.
 */
final class Attempt implements Acquisition.Taker, Connection.User {
  private final Ask ask;
  private final Wiring wiring;
  private final Upstream upstream;
  private final EventLoop loop;
  private final Question question;
  private @Nullable Acquisition acquisition;
  private @Nullable Connection connection;
  private @Nullable UpstreamHead head;
  private long startedNanos;
  private long reachNanos;
  private long requestedMillis;
  private boolean isOver;
  private boolean isSettled;
  private boolean isAgain;

  Attempt(Ask ask, Wiring wiring, Upstream upstream, EventLoop loop, Question question) {
    this.ask = ask;
    this.wiring = wiring;
    this.upstream = upstream;
    this.loop = loop;
    this.question = question;
  }

  Upstream upstream() {
    return upstream;
  }

  /**
   * Begins; the upstream's health has let it through.
   *
   * @param nanos for a connection to stand
   */
  void start(long nanos) {
    reachNanos = nanos;
    upstream.tally().requests.increment();
    upstream.tally().inFlight.incrementAndGet();
    acquire(false);
  }

  private void acquire(boolean fresh) {
    startedNanos = System.nanoTime();
    Acquisition begun = new Acquisition(wiring, upstream, loop, this);
    acquisition = begun;
    begun.start(fresh, reachNanos);
  }

  @Override
  public void connected(Connection to) {
    acquisition = null;
    connection = to;
    ask.reached(System.nanoTime() - startedNanos);
    requestedMillis = wiring.clock().millis();
    if (!isAgain) {
      ask.sending();
    }
    to.ask(this, question);
    if (connection == to) {
      ask.connected(to);
    }
  }

  @Override
  public void notConnected(UpstreamFailure failure, String detail) {
    acquisition = null;
    ask.reached(System.nanoTime() - startedNanos);
    fail(failure, detail);
  }

  @Override
  public void interim(AnswerHead read) {
    ask.interim(this, read);
  }

  @Override
  public void head(AnswerHead read) {
    long now = wiring.clock().millis();
    head =
        new UpstreamHead(
            read.status(),
            read.fields(),
            read.version(),
            read.length(),
            read.framing() == AnswerHead.Framing.CLOSE,
            requestedMillis,
            now,
            upstream.url());
    if (read.status() == 503 || read.status() == 429) {
      Duration wait = RetryAfter.of(read.fields(), now, wiring.config().maxRetryAfter());
      if (wait.isPositive()) {
        upstream.health().leaveAlone(wait);
      }
    }
    boolean isFailure = wiring.config().retry().statuses().contains(read.status());
    if (isFailure) {
      isSettled = true;
      upstream.tally().failed(UpstreamFailure.ERROR_STATUS);
      upstream.health().failed(UpstreamFailure.ERROR_STATUS);
    } else if (upstream.health().isProbed()) {
      // A long body must not keep the verdict, and all others, waiting.
      succeeded();
    }
    ask.head(this, isFailure);
  }

  /** The head that came. */
  UpstreamHead head() {
    UpstreamHead came = head;
    if (came == null) {
      throw new IllegalStateException("no head came");
    }
    return came;
  }

  @Override
  public void body(ByteBuf bytes) {
    upstream.tally().bytes.add(bytes.readableBytes());
    ask.body(this, bytes);
  }

  @Override
  public void end() {
    over();
    succeeded();
    connection = null;
    ask.ended(this);
  }

  @Override
  public void writable() {
    ask.writable();
  }

  @Override
  public void failed(UpstreamFailure failure, String detail) {
    Connection ended = connection;
    connection = null;
    boolean wasStale =
        (failure == UpstreamFailure.CLOSED || failure == UpstreamFailure.RESET)
            && ended != null
            && ended.isReused()
            && !ended.hasAnswered();
    if (wasStale && !isAgain && ask.mayRepeat()) {
      isAgain = true;
      upstream.tally().retries.increment();
      acquire(true);
      return;
    }
    fail(failure, detail);
  }

  private void fail(UpstreamFailure failure, String detail) {
    over();
    upstream.tally().failed(failure);
    if (failure.isItsOwn()) {
      // Also when it was probed and its head a good one: then it counts a second time.
      isSettled = true;
      upstream.health().failed(failure);
    } else {
      release();
    }
    ask.failed(this, failure, detail);
  }

  /** Gives it up; nobody is told. */
  void cancel() {
    if (isOver) {
      return;
    }
    over();
    if (head == null) {
      release();
    } else {
      succeeded();
    }
    Acquisition under = acquisition;
    if (under != null) {
      acquisition = null;
      under.cancel();
    }
    Connection used = connection;
    if (used != null) {
      connection = null;
      used.abandon();
    }
  }

  void pause() {
    if (connection != null) {
      connection.pause();
    }
  }

  void resume() {
    if (connection != null) {
      connection.resume();
    }
  }

  /** The connection for the request's content, null while there is none. */
  @Nullable Connection connection() {
    return connection;
  }

  private void succeeded() {
    if (!isSettled) {
      isSettled = true;
      upstream.health().succeeded();
    }
  }

  private void release() {
    if (!isSettled) {
      isSettled = true;
      upstream.health().released();
    }
  }

  private void over() {
    isOver = true;
    upstream.tally().inFlight.decrementAndGet();
  }
}
