package oca.bench.pull;

import java.util.concurrent.locks.LockSupport;

/** Lets so many bytes a second go by, of all who ask together. Safe on any thread. */
final class Throttle {
  private static final long BURST_NANOS = 2_000_000;

  private final double nanosPerByte;
  private long freeAt;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  Throttle(long bytesPerSecond) {
    this.nanosPerByte = bytesPerSecond == 0 ? 0 : 1e9 / bytesPerSecond;
    this.freeAt = System.nanoTime();
  }

  /** Waits until they may go. */
  void take(int bytes) {
    if (nanosPerByte == 0) {
      return;
    }
    long until = reserve(bytes, System.nanoTime());
    for (long wait = until - System.nanoTime(); wait > 0; wait = until - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  /** Until when they have to wait, by {@link System#nanoTime}. */
  synchronized long reserve(int bytes, long now) {
    long from = Math.max(freeAt, now - BURST_NANOS);
    freeAt = from + (long) (bytes * nanosPerByte);
    return from;
  }
}
