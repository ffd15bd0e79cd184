package oca.server.upstream;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One timer that is set again and again. Setting it later, which each byte does, costs two stores;
 * the timer finds out when it goes off. On one event loop only.
 *
 * <p>A loop that was held up, by a collection or by a receiver, comes late to its timers, and would
 * look at them before it looks at its sockets. So once the time is up the loop has one turn more,
 * and whoever is heard then sets the alarm anew: nobody is given up whose bytes are here.
 */
final class Alarm {
  /** Time for a turn of the loop, in which it reads what has come. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventExecutor loop;
  private final Runnable expired;
  private @Nullable Future<?> timer;
  private boolean isSet;
  private boolean isLastTurn;
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
    isLastTurn = false;
    Future<?> running = timer;
    if (running != null) {
      if (timerAt - at <= 0) {
        return;
      }
      running.cancel(false);
    }
    start(at, now);
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

  private void start(long when, long now) {
    timerAt = when;
    timer = loop.schedule(this::ring, when - now, TimeUnit.NANOSECONDS);
  }

  private void ring() {
    timer = null;
    if (!isSet) {
      return;
    }
    long now = System.nanoTime();
    if (at - now > 0) {
      start(at, now);
    } else if (!isLastTurn) {
      isLastTurn = true;
      start(now + TURN_NANOS, now);
    } else {
      isSet = false;
      expired.run();
    }
  }
}
