package oca.server.vitals;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import oca.protocol.Health;

/**
 * Turns counters into {@link Health}. Safe on any thread.
 *
 * <p>The rate is that of the last whole window: asking more often than the window, as the senders
 * of several targets do, gives the same rate again instead of one over a sliver of time.
 */
public final class VitalsSampler {
  private final IntSupplier connections;
  private final IntSupplier connectionLimit;
  private final LongSupplier bytesSent;
  private final LongSupplier bitsPerSecondLimit;
  private final BooleanSupplier draining;
  private final LongSupplier nanoClock;
  private final long windowNanos;
  private long windowStart;
  private long bytesAtStart;
  private long bitsPerSecond;

  /**
   * Creates a sampler; the first window starts now.
   *
   * @param connections open now
   * @param connectionLimit more are refused
   * @param bytesSent since the start of the process; only grows
   * @param bitsPerSecondLimit what the appliance may send
   * @param draining whether new viewers are unwelcome
   * @param window the shortest time over which a rate is taken, more than zero
   * @param nanoClock monotonic, as {@link System#nanoTime}
   */
  public VitalsSampler(
      IntSupplier connections,
      IntSupplier connectionLimit,
      LongSupplier bytesSent,
      LongSupplier bitsPerSecondLimit,
      BooleanSupplier draining,
      Duration window,
      LongSupplier nanoClock) {
    this.connections = connections;
    this.connectionLimit = connectionLimit;
    this.bytesSent = bytesSent;
    this.bitsPerSecondLimit = bitsPerSecondLimit;
    this.draining = draining;
    this.nanoClock = nanoClock;
    this.windowNanos = Math.max(1, window.toNanos());
    this.windowStart = nanoClock.getAsLong();
    this.bytesAtStart = bytesSent.getAsLong();
  }

  /** The load now, with the rate of the last whole window; 0 before there was one. */
  public Health sample() {
    return new Health(
        draining.getAsBoolean(),
        connections.getAsInt(),
        connectionLimit.getAsInt(),
        rate(),
        bitsPerSecondLimit.getAsLong());
  }

  private synchronized long rate() {
    long now = nanoClock.getAsLong();
    long elapsed = now - windowStart;
    if (elapsed >= windowNanos) {
      long bytes = bytesSent.getAsLong();
      bitsPerSecond = Math.round((bytes - bytesAtStart) * 8e9 / elapsed);
      windowStart = now;
      bytesAtStart = bytes;
    }
    return bitsPerSecond;
  }
}
