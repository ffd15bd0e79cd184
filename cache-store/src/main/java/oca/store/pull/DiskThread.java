package oca.store.pull;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does what objects ask of the disk, one after the other. Its queue is bounded by the
 * store: by the bytes that may wait, and by the number of objects.
 *
 * <p>A disk that hangs raises no error: its calls just do not return. So the thread says since when
 * it is busy, and {@link #lookAfter} gives up what waits behind a call that takes too long.
 */
final class DiskThread {
  private static final Logger log = LoggerFactory.getLogger(DiskThread.class);

  private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
  private final long hangNanos;
  private final Thread thread;
  private volatile @Nullable Busy busy;
  private boolean stopped;

  /** One thing to be done on the disk. */
  interface Job {
    /** Does it. Blocks. */
    void run();

    /** This very job hangs; its {@link #run} may still end. */
    default void hangs(IOException why) {}

    /**
     * Gives the job up, unless it was begun meanwhile.
     *
     * @return false when it was, or has to be done all the same
     */
    default boolean abandon(IOException why) {
      return false;
    }
  }

  private static final class Busy {
    private final Job job;
    private final long since = System.nanoTime();
    private boolean told;

    Busy(Job job) {
      this.job = job;
    }
  }

  private enum Last implements Job {
    JOB;

    @Override
    public void run() {
      // Only ends the loop.
    }
  }

  DiskThread(String name, long hangNanos) {
    this.hangNanos = hangNanos;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::work);
  }

  void begin() {
    thread.start();
  }

  /**
   * Has a job done. Never blocks.
   *
   * @return false when the thread was stopped
   */
  synchronized boolean offer(Job job) {
    return !stopped && queue.add(job);
  }

  /** Whether a call to the disk takes too long just now. */
  boolean hangs() {
    @Nullable Busy now = busy;
    return now != null && System.nanoTime() - now.since > hangNanos;
  }

  /**
   * If the thread hangs, gives up what waits. For one thread at a time.
   *
   * @return whether that is news
   */
  boolean lookAfter() {
    @Nullable Busy now = busy;
    if (now == null || System.nanoTime() - now.since <= hangNanos) {
      return false;
    }
    IOException why =
        new IOException(
            "the disk did not answer for %d ms"
                .formatted(TimeUnit.NANOSECONDS.toMillis(hangNanos)));
    boolean news = !now.told;
    now.told = true;
    if (news) {
      now.job.hangs(why);
    }
    queue.removeIf(job -> job.abandon(why));
    return news;
  }

  /** Has the thread end once it has done what waits. */
  synchronized void stop() {
    if (!stopped) {
      stopped = true;
      queue.add(Last.JOB);
    }
  }

  /** Waits for the end; false when a disk keeps it from coming. */
  boolean awaitEnd(long nanos) {
    try {
      return thread.join(Duration.ofNanos(Math.max(1, nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void work() {
    while (true) {
      Job job = next();
      if (job == Last.JOB) {
        return;
      }
      busy = new Busy(job);
      try {
        job.run();
      } catch (RuntimeException e) {
        log.error("a job of {} failed", thread.getName(), e);
      } finally {
        busy = null;
      }
    }
  }

  private Job next() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        log.debug("{} is not ended by interrupts", thread.getName());
      }
    }
  }
}
