package oca.server.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a connection. Moving the deadline later, which each answer does, costs two
 * stores; the timer finds out when it goes off and sets itself again. On one event loop only.
 *
 * <p>A loop that was held up, by a collection or by a slow disk, comes late to its timers, and
 * would look at them before it looks at its sockets. So once the time is up the loop has one turn
 * more, and whoever is heard then moves the deadline: nobody is cut off whose bytes are here.
 */
final class Deadline {
  /** Time for a turn of the loop, in which it reads what has come. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventExecutor loop;
  private final Runnable expired;
  private @Nullable Future<?> timer;
  private long at;
  private long timerAt;
  private boolean isLastTurn;

  Deadline(EventExecutor loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /** Goes off {@code after} from {@code nanos}, a reading of {@link System#nanoTime}. */
  void set(Duration after, long nanos) {
    at = nanos + after.toNanos();
    isLastTurn = false;
    Future<?> running = timer;
    if (running != null && timerAt - at <= 0) {
      return;
    }
    if (running != null) {
      running.cancel(false);
    }
    start(at, nanos);
  }

  void cancel() {
    Future<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void start(long when, long nanos) {
    timerAt = when;
    timer = loop.schedule(this::ring, when - nanos, TimeUnit.NANOSECONDS);
  }

  private void ring() {
    timer = null;
    long now = System.nanoTime();
    if (at - now > 0) {
      start(at, now);
    } else if (!isLastTurn) {
      isLastTurn = true;
      start(now + TURN_NANOS, now);
    } else {
      expired.run();
    }
  }
}
