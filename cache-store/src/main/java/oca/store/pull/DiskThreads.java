package oca.store.pull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A store's disk threads, and the one that looks after them. Each object has one of them. */
final class DiskThreads {
  private final long hangNanos;
  private final List<DiskThread> threads;
  private final AtomicLong hangs;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pull-watchdog").factory());

  /**
   * @param hangs counts calls that took longer than {@code hangAfter}
   */
  DiskThreads(int count, Duration hangAfter, AtomicLong hangs) {
    this.hangNanos = hangAfter.toNanos();
    this.hangs = hangs;
    this.threads =
        IntStream.range(0, count)
            .mapToObj(i -> new DiskThread("pull-disk-" + i, hangNanos))
            .toList();
  }

  void begin() {
    threads.forEach(DiskThread::begin);
    long period = Math.max(1, hangNanos / 4);
    var _ = ticks.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    for (DiskThread thread : threads) {
      if (thread.lookAfter()) {
        hangs.incrementAndGet();
      }
    }
  }

  /** The thread of the object with this id. */
  DiskThread of(long id) {
    return threads.get((int) Long.remainderUnsigned(id, threads.size()));
  }

  /** Has all end that waits; false when a disk keeps them from it. */
  boolean stop() {
    threads.forEach(DiskThread::stop);
    long end = System.nanoTime() + hangNanos;
    boolean ended = true;
    for (DiskThread thread : threads) {
      ended &= thread.awaitEnd(end - System.nanoTime());
    }
    ticks.shutdownNow();
    return ended;
  }
}
