package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question under way: which upstreams are tried for it, one after the other or two at a time,
 * and whose answer is handed over. On one event loop.
 *
 * <p>Until a head is handed over, a try that failed is followed by one at the next upstream: at
 * once when nothing was sent, and else if the question may be asked twice and the budget allows.
 * The answer of an error status is set aside, unread, until a better one comes or none can.
 */
final class Ask implements Call {
  private static final int MAX_HELD = 1 << 20;
  private static final Duration LEAST_RETRY_AFTER = Duration.ofSeconds(1);

  private final Wiring wiring;
  private final List<Upstream> order;
  private final EventLoop loop;
  private final Question question;
  private final Receiver receiver;
  private final Alarm hedge;
  private final List<Attempt> running = new ArrayList<>(2);
  private final Deque<ByteBuf> held = new ArrayDeque<>(0);
  private @Nullable Attempt winner;
  private @Nullable Attempt aside;
  private @Nullable Attempt hedging;
  private int next;
  private int sent;
  private long reachNanos;
  private int heldBytes;
  private boolean isContentWhole;
  private boolean isContentSent;
  private boolean isPaused;
  private boolean isOver;

  Ask(Wiring wiring, List<Upstream> order, EventLoop loop, Question question, Receiver receiver) {
    this.wiring = wiring;
    this.order = order;
    this.loop = loop;
    this.question = question;
    this.receiver = receiver;
    this.hedge = new Alarm(loop, this::hedge);
    this.reachNanos = wiring.config().deadline().toNanos();
  }

  void start() {
    if (isOver) {
      return;
    }
    wiring.budget().asked();
    Upstream first = next();
    if (first == null) {
      fail(UpstreamFailure.NO_UPSTREAM, "none of " + order.size() + " is healthy", retryAfter());
    } else {
      launch(first);
    }
  }

  private @Nullable Upstream next() {
    while (next < order.size()) {
      Upstream upstream = order.get(next++);
      if (upstream.health().tryAcquire()) {
        return upstream;
      }
    }
    return null;
  }

  private @Nullable Upstream nextWithinBudget() {
    Upstream upstream = mayRepeat() && sent < wiring.config().retry().maxAttempts() ? next() : null;
    if (upstream != null && !wiring.budget().take()) {
      upstream.health().released();
      return null;
    }
    return upstream;
  }

  private Attempt launch(Upstream upstream) {
    Attempt attempt = new Attempt(this, wiring, upstream, loop, question);
    running.add(attempt);
    long others =
        order.subList(next, order.size()).stream()
            .filter(other -> other.health().whyNot() == null)
            .count();
    attempt.start(Math.max(0, reachNanos / (others + 1)));
    return attempt;
  }

  private Duration retryAfter() {
    long millis = order.stream().mapToLong(it -> it.health().millisToNextTry()).min().orElse(0);
    Duration wait = Duration.ofMillis(millis);
    return wait.compareTo(LEAST_RETRY_AFTER) < 0 ? LEAST_RETRY_AFTER : wait;
  }

  /** Whether it may be sent once more. */
  boolean mayRepeat() {
    return question.idempotent() && !isContentSent;
  }

  /** So much time went into getting a connection, or not getting one. */
  void reached(long nanos) {
    reachNanos -= nanos;
  }

  /** An upstream is sent the request now. */
  void sending() {
    sent++;
    if (sent == 1 && mayRepeat() && !question.hasContent()) {
      wiring.config().hedgeAfter().ifPresent(after -> hedge.set(after.toNanos()));
    }
  }

  private void hedge() {
    if (winner != null || running.size() != 1 || aside != null) {
      return;
    }
    Upstream other = nextWithinBudget();
    if (other != null) {
      other.tally().hedges.increment();
      hedging = launch(other);
    }
  }

  /** The request's head is sent there. */
  void connected(Connection to) {
    if (!question.hasContent()) {
      return;
    }
    for (ByteBuf bytes = held.poll(); bytes != null; bytes = held.poll()) {
      isContentSent = true;
      to.content(bytes);
    }
    heldBytes = 0;
    if (isContentWhole) {
      to.contentEnd();
    } else if (to.isWritable()) {
      writable();
    }
  }

  void writable() {
    if (!isOver) {
      receiver.writable();
    }
  }

  /** Handed on when it is sure to be of the answer that will be. */
  void interim(Attempt attempt, AnswerHead read) {
    // We asked for a 100 ourselves, if anybody did.
    boolean isOurs = read.status() == 100;
    if (!isOver && !isOurs && aside == null && running.size() == 1 && running.contains(attempt)) {
      receiver.interim(read.status(), read.fields());
    }
  }

  void head(Attempt attempt, boolean isFailure) {
    if (isFailure && running.size() > 1) {
      setAside(attempt);
      return;
    }
    Upstream other = isFailure ? nextWithinBudget() : null;
    if (other == null) {
      win(attempt);
    } else {
      setAside(attempt);
      other.tally().retries.increment();
      launch(other);
    }
  }

  private void setAside(Attempt attempt) {
    attempt.pause();
    running.remove(attempt);
    if (aside != null) {
      aside.cancel();
    }
    aside = attempt;
  }

  private void win(Attempt attempt) {
    hedge.end();
    winner = attempt;
    boolean wasAside = aside == attempt;
    if (aside != null && !wasAside) {
      aside.cancel();
    }
    aside = null;
    for (Attempt other : running) {
      if (other != attempt) {
        other.cancel();
      }
    }
    running.clear();
    if (attempt == hedging) {
      attempt.upstream().tally().hedgesWon.increment();
    }
    if (isPaused) {
      attempt.pause();
    }
    receiver.head(attempt.head());
    if (wasAside && !isPaused && !isOver) {
      attempt.resume();
    }
  }

  void body(Attempt attempt, ByteBuf bytes) {
    if (isOver || attempt != winner) {
      bytes.release();
    } else {
      receiver.body(bytes);
    }
  }

  void ended(Attempt attempt) {
    if (!isOver && attempt == winner) {
      over();
      receiver.end();
    }
  }

  void failed(Attempt attempt, UpstreamFailure failure, String detail) {
    if (isOver) {
      return;
    }
    String where = attempt.upstream().url() + ": " + detail;
    if (attempt == winner) {
      fail(failure, where, Duration.ZERO);
      return;
    }
    running.remove(attempt);
    if (!running.isEmpty()) {
      return;
    }
    boolean mayGoOn = failure.isUnsent() && reachNanos > 0;
    Upstream other = mayGoOn ? next() : failure.isUnsent() ? null : nextWithinBudget();
    if (other != null) {
      other.tally().retries.increment();
      launch(other);
    } else if (aside != null) {
      win(aside);
    } else {
      fail(failure, where, Duration.ZERO);
    }
  }

  private void fail(UpstreamFailure failure, String detail, Duration retryAfter) {
    over();
    receiver.failed(failure, detail, retryAfter);
  }

  private void over() {
    isOver = true;
    hedge.end();
    for (ByteBuf bytes = held.poll(); bytes != null; bytes = held.poll()) {
      bytes.release();
    }
  }

  @Override
  public void pause() {
    isPaused = true;
    if (winner != null && !isOver) {
      winner.pause();
    }
  }

  @Override
  public void resume() {
    if (isPaused) {
      isPaused = false;
      if (winner != null && !isOver) {
        winner.resume();
      }
    }
  }

  @Override
  public void cancel() {
    if (isOver) {
      return;
    }
    over();
    giveUp();
  }

  private void giveUp() {
    List<Attempt> all = new ArrayList<>(running);
    running.clear();
    if (winner != null) {
      all.add(winner);
    }
    if (aside != null) {
      all.add(aside);
    }
    all.forEach(Attempt::cancel);
  }

  /** Where content goes; null while no connection stands. */
  private @Nullable Connection sink() {
    if (winner != null) {
      return winner.connection();
    }
    return running.isEmpty() ? null : running.getFirst().connection();
  }

  @Override
  public void content(ByteBuf bytes) {
    Connection to = sink();
    if (isOver || !question.hasContent() || isContentWhole) {
      bytes.release();
    } else if (to != null) {
      isContentSent = true;
      to.content(bytes);
    } else {
      held.add(bytes);
      heldBytes += bytes.readableBytes();
      if (heldBytes > MAX_HELD) {
        giveUp();
        fail(
            UpstreamFailure.CONTENT,
            "more than " + MAX_HELD + " bytes came before a connection",
            Duration.ZERO);
      }
    }
  }

  @Override
  public void contentEnd() {
    if (isOver || isContentWhole) {
      return;
    }
    isContentWhole = true;
    Connection to = sink();
    if (to != null) {
      to.contentEnd();
    }
  }

  @Override
  public boolean isWritable() {
    Connection to = sink();
    return !isOver && to != null && to.isWritable();
  }
}
