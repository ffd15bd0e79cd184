package oca.store;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps one thread's reading to a rate. After a rest, so much as {@link #BURST_NANOS} at the rate
 * comes to may follow at once; what was not used before is lost.
 *
 * <p>For one thread.
 */
final class Throttle {
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** At most so long at a time, so that an end is noticed. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final double nanosPerByte;
  private final LongSupplier nanoTime;
  private final Rest rest;
  private long due;

  /** How time is let go by. */
  interface Rest {
    /**
     * Blocks for so many nanoseconds.
     *
     * @return false when there is no sense in going on
     */
    boolean rest(long nanos);
  }

  /**
   * @param bytesPerSecond above 0
   */
  Throttle(long bytesPerSecond, LongSupplier nanoTime, Rest rest) {
    this.nanosPerByte = (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    this.nanoTime = nanoTime;
    this.rest = rest;
    this.due = nanoTime.getAsLong();
  }

  /**
   * Blocks until so many bytes may be read.
   *
   * @return false when there is no sense in going on
   */
  boolean take(long bytes) {
    long now = nanoTime.getAsLong();
    due = Math.max(due, now - BURST_NANOS) + (long) (bytes * nanosPerByte);
    do {
      if (!rest.rest(Math.clamp(due - now, 0, SLICE_NANOS))) {
        return false;
      }
      now = nanoTime.getAsLong();
    } while (now < due);
    return true;
  }
}
