package oca.server.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a connection. Moving the deadline later, which each answer does, costs one
 * store; the timer finds out when it goes off and sets itself again. On one event loop only.
 */
final class Deadline {
  private final EventExecutor loop;
  private final Runnable expired;
  private @Nullable Future<?> timer;
  private long at;
  private long timerAt;

  Deadline(EventExecutor loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /** Goes off {@code after} from {@code nanos}, a reading of {@link System#nanoTime}. */
  void set(Duration after, long nanos) {
    at = nanos + after.toNanos();
    Future<?> running = timer;
    if (running != null && timerAt - at <= 0) {
      return;
    }
    if (running != null) {
      running.cancel(false);
    }
    start(nanos);
  }

  void cancel() {
    Future<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void start(long nanos) {
    timerAt = at;
    timer = loop.schedule(this::ring, at - nanos, TimeUnit.NANOSECONDS);
  }

  private void ring() {
    timer = null;
    long now = System.nanoTime();
    if (at - now > 0) {
      start(now);
    } else {
      expired.run();
    }
  }
}
