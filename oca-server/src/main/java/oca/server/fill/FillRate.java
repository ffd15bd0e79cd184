package oca.server.fill;

import java.util.function.LongSupplier;

/**
 * One rate that all workers share: a token bucket kept as the time at which it will next be empty
 * of debt.
 *
 * <p>A worker spends what it has read and is told how long to wait before it reads on. Time left
 * unused is kept for {@value #BURST_NANOS} ns at most, so that a pause is not followed by a flood.
 * Keeps no thread and does not wait itself. Safe on any thread.
 */
final class FillRate {
  /** How much unused time may be caught up. */
  static final long BURST_NANOS = 50_000_000;

  private final LongSupplier nanoClock;
  private long limit = 1;
  private double share = 1;
  private long bytesPerSecond = 1;
  private long freeAt;

  FillRate(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.freeAt = nanoClock.getAsLong();
  }

  /** Sets the rate for what is spent from now on; more than 0. */
  synchronized void limit(long bytesPerSecond) {
    limit = bytesPerSecond;
    this.bytesPerSecond = shared();
  }

  /** Sets the part of the rate that may be used from now on; above 0 to 1. */
  synchronized void share(double part) {
    share = part;
    bytesPerSecond = shared();
  }

  /** The rate as it is shared now, in bytes per second. */
  synchronized long bytesPerSecond() {
    return bytesPerSecond;
  }

  private long shared() {
    return Math.max(1, Math.round(limit * share));
  }

  /** The most to read at once, so that one read never costs more than about 50 ms of waiting. */
  synchronized int chunk(int most) {
    return Math.clamp(bytesPerSecond / 20, 1, most);
  }

  /** Spends {@code bytes} and says how many nanoseconds to wait before spending more. */
  synchronized long spend(int bytes) {
    long now = nanoClock.getAsLong();
    long from = Math.max(freeAt, now - BURST_NANOS);
    freeAt = from + Math.round(bytes * 1e9 / bytesPerSecond);
    return Math.max(0, freeAt - now);
  }
}
