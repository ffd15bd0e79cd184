package oca.steering.play;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * Lets so many through in a second, a second's worth at once (the generic cell rate algorithm, as
 * in ITU-T I.371). One word of state; safe on any thread.
 */
final class RateGate {
  private static final long SECOND = 1_000_000_000;

  private final IntSupplier perSecond;
  private final AtomicLong due;

  /**
   * A gate that is open.
   *
   * @param perSecond 1 or more
   * @param nowNanos monotonic
   */
  RateGate(int perSecond, long nowNanos) {
    this(() -> perSecond, nowNanos);
  }

  /**
   * @param perSecond asked each time, 1 or more
   */
  RateGate(IntSupplier perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.due = new AtomicLong(nowNanos - SECOND);
  }

  /** Whether one more may pass now. */
  boolean pass(long nowNanos) {
    long gap = Math.max(1, SECOND / perSecond.getAsInt());
    while (true) {
      long before = due.get();
      long next = (before - (nowNanos - SECOND) > 0 ? before : nowNanos - SECOND) + gap;
      if (next - nowNanos > 0) {
        return false;
      }
      if (due.compareAndSet(before, next)) {
        return true;
      }
    }
  }
}
