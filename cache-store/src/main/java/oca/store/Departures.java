package oca.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Takes files off one volume, one after the other on a thread of its own and no faster than
 * allowed: a file system that frees many extents at once keeps its journal from everybody else.
 *
 * <p>A key is leaving from the moment it was taken out of the table until nothing of it is on the
 * disk any more; so long nobody may fill or find it again, or the wrong file would be unlinked. The
 * queue is bounded by the number of files the store holds.
 */
final class Departures {
  /** After a rest, departures of so long a time may follow each other at once. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ExecutorService thread;
  private final long pauseNanos;
  private final Set<ContentKey> leaving = ConcurrentHashMap.newKeySet();
  private final Set<ContentKey> claimed = ConcurrentHashMap.newKeySet();
  private final AtomicLong leavingBytes = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private long earliest;

  /** One departure: what is done on the disk, and to the file's descriptor and room. */
  interface Step {
    void run();
  }

  /**
   * With a thread of that name.
   *
   * @param perSecond so many files leave in a second at most
   */
  Departures(String name, int perSecond) {
    this.thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.earliest = System.nanoTime();
  }

  /**
   * Has a file leave. Never blocks.
   *
   * @param bytes that will be given back
   */
  void leave(ContentKey key, long bytes, Step step) {
    leaving.add(key);
    leavingBytes.addAndGet(bytes);
    run(
        () -> {
          try {
            pace();
            step.run();
          } finally {
            leaving.remove(key);
            leavingBytes.addAndGet(-bytes);
            signal();
          }
        });
  }

  /** Runs what follows a departure, unpaced: here and now when the store is closed. */
  void run(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // The store is closed, and with it the event loops that must not block: the last lease of a
      // file outlived them.
      task.run();
    }
  }

  /**
   * Whether something of a key is still to be taken off the disk, or is being moved there: so long
   * nobody may fill or find it.
   */
  boolean isLeaving(ContentKey key) {
    return leaving.contains(key) || claimed.contains(key);
  }

  /** Keeps a key for a copy that is being made on this disk. */
  void claim(ContentKey key) {
    claimed.add(key);
  }

  /** The copy is published and in the table, or nothing of it is left. */
  void unclaim(ContentKey key) {
    claimed.remove(key);
    signal();
  }

  /** So many bytes are about to be given back, as far as no reader holds them. */
  long leavingBytes() {
    return leavingBytes.get();
  }

  /** How many files are still to be taken off the disk. */
  int waiting() {
    return leaving.size();
  }

  /** Tells those who wait that room was given back. */
  void signal() {
    lock.lock();
    try {
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a condition holds that departures bring about.
   *
   * @return whether it holds
   */
  boolean await(BooleanSupplier condition, long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = progress.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return condition.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** Does what is queued and then ends. */
  void shutdown() {
    thread.shutdown();
  }

  /** Waits for the end; false when a disk keeps it from coming. */
  boolean awaitEnd(long nanos) {
    try {
      return thread.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void pace() {
    for (long now = System.nanoTime(); now < earliest && !thread.isShutdown(); ) {
      LockSupport.parkNanos(Math.min(earliest - now, TimeUnit.MILLISECONDS.toNanos(50)));
      now = System.nanoTime();
    }
    earliest = Math.max(earliest, System.nanoTime() - BURST_NANOS) + pauseNanos;
  }
}
