package oca.server.fill;

import java.util.function.LongSupplier;

/**
 * How fast files come in: as the rate allows, or more slowly when sources did not give that much of
 * late. Looked at again and again by one thread at a time.
 *
 * <p>Only time in which all workers had a file says something of the sources: bytes that came
 * between two looks are weighed against those before, three to seven.
 */
final class Pace {
  private static final double NEWEST = 0.3;

  /** Less than this part of the rate is not believed: a source that fell silent is passed over. */
  private static final double LEAST = 0.01;

  /** Looks that follow each other sooner, in nanoseconds, are one. */
  private static final long SHORTEST = 500_000_000;

  private final LongSupplier nanoClock;
  private final LongSupplier fetched;
  private long lookedAt;
  private long fetchedThen;
  private boolean busyThen;
  private double seen = Double.POSITIVE_INFINITY;

  /**
   * Sees nothing yet.
   *
   * @param fetched bytes since the start
   */
  Pace(LongSupplier nanoClock, LongSupplier fetched) {
    this.nanoClock = nanoClock;
    this.fetched = fetched;
    this.lookedAt = nanoClock.getAsLong();
  }

  /**
   * Looks.
   *
   * @param allowed by the rate now, in bytes per second
   * @param busy whether all workers have a file
   * @return bytes per second, more than 0 and {@code allowed} at most
   */
  long look(long allowed, boolean busy) {
    long now = nanoClock.getAsLong();
    if (now - lookedAt >= SHORTEST) {
      look(busy, now);
    }
    return Math.max(1, Math.round(Math.clamp(seen, allowed * LEAST, (double) allowed)));
  }

  private void look(boolean busy, long now) {
    long bytes = fetched.getAsLong();
    if (busy && busyThen) {
      double fresh = (bytes - fetchedThen) * 1e9 / (now - lookedAt);
      seen = Double.isInfinite(seen) ? fresh : seen * (1 - NEWEST) + fresh * NEWEST;
    } else if (!busy) {
      seen = Double.POSITIVE_INFINITY;
    }
    busyThen = busy;
    lookedAt = now;
    fetchedThen = bytes;
  }
}
