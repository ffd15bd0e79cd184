package oca.server.upstream;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One timer that is set again and again. Setting it later, which each byte does, costs one store;
 * the timer finds out when it goes off. On one event loop only.
 */
final class Alarm {
  private final EventExecutor loop;
  private final Runnable expired;
  private @Nullable Future<?> timer;
  private boolean isSet;
  private long at;
  private long timerAt;

  Alarm(EventExecutor loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /** Goes off after so many nanoseconds, unless it is set again or put off before. */
  void set(long afterNanos) {
    long now = System.nanoTime();
    at = now + afterNanos;
    isSet = true;
    Future<?> running = timer;
    if (running != null) {
      if (timerAt - at <= 0) {
        return;
      }
      running.cancel(false);
    }
    start(now);
  }

  /** Does not go off; its timer may stay for the next time it is set. */
  void unset() {
    isSet = false;
  }

  /** Does not go off any more. */
  void end() {
    isSet = false;
    Future<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void start(long now) {
    timerAt = at;
    timer = loop.schedule(this::ring, at - now, TimeUnit.NANOSECONDS);
  }

  private void ring() {
    timer = null;
    if (!isSet) {
      return;
    }
    long now = System.nanoTime();
    if (at - now > 0) {
      start(now);
    } else {
      isSet = false;
      expired.run();
    }
  }
}
