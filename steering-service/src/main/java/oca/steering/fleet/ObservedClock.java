package oca.steering.fleet;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A monotonic clock that stands still while this process does: leases are measured with it, so that
 * a pause of ours (a stopped process, a collector, a suspended machine, a starved scheduler) is
 * held against nobody.
 *
 * <p>A watchdog calls {@link #tick} at a fixed interval. As long as it comes in time, this clock
 * goes like the one below. When it stays away, the clock goes on for the tolerance and then stops,
 * also for a reader that wakes before the watchdog does. After a pause it stands still a little
 * longer, for as long as the pause but no longer than the settling time: heartbeats that waited for
 * us need that to arrive. So even with one pause after the other it goes on, at half speed or so.
 *
 * <p>Read on any thread without a lock; ticked by one thread at a time.
 */
public final class ObservedClock implements LongSupplier {
  /**
   * One moment at which both clocks were known.
   *
   * @param below of the clock below, when the watchdog came
   * @param observed of this clock then
   * @param goesOn of the clock below: until then this clock stands still
   * @param pauses noticed so far
   * @param missed nanoseconds that this clock stood still so far
   */
  private record Mark(long below, long observed, long goesOn, long pauses, long missed) {}

  private final LongSupplier below;
  private final long toleranceNanos;
  private final long settleNanos;
  private volatile Mark mark;

  /**
   * A clock that starts with the reading of the one below.
   *
   * @param below monotonic, as {@link System#nanoTime}
   * @param tolerance a watchdog later than this means a pause; some ticks
   * @param settle the longest that the clock stands still after a pause; a heartbeat interval
   */
  public ObservedClock(LongSupplier below, Duration tolerance, Duration settle) {
    this.below = below;
    this.toleranceNanos = tolerance.toNanos();
    this.settleNanos = settle.toNanos();
    long now = below.getAsLong();
    this.mark = new Mark(now, now, now, 0, 0);
  }

  /** Nanoseconds, on a scale of its own; differences count. Never goes back. */
  @Override
  public long getAsLong() {
    Mark last = mark;
    return at(last, below.getAsLong());
  }

  /** The watchdog is here. */
  public void tick() {
    Mark last = mark;
    long now = below.getAsLong();
    long gap = now - last.below();
    long observed = at(last, now);
    boolean paused = gap > toleranceNanos;
    long goesOn = last.goesOn() - now > 0 ? last.goesOn() : now;
    mark =
        new Mark(
            now,
            observed,
            paused ? now + Math.min(gap, settleNanos) : goesOn,
            last.pauses() + (paused ? 1 : 0),
            last.missed() + gap - (observed - last.observed()));
  }

  /** Pauses noticed since the start. */
  public long pauses() {
    return mark.pauses();
  }

  /** For how long this clock stood still in all. */
  public Duration missed() {
    return Duration.ofNanos(mark.missed());
  }

  private long at(Mark last, long now) {
    long standing = Math.max(0, last.goesOn() - last.below());
    long gone = Math.min(now - last.below(), toleranceNanos) - standing;
    return last.observed() + Math.max(0, gone);
  }
}
