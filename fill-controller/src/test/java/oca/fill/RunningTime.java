package oca.fill;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Time in which this machine ran: a stretch in which nothing of it did, for another had its
 * processors, counts no more than {@link #MOST}. It stops every process alike, so that who measures
 * how fast one does the work of another does not measure the neighbours.
 */
final class RunningTime implements AutoCloseable {
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long MOST = TimeUnit.MILLISECONDS.toNanos(50);

  private final AtomicLong nanos = new AtomicLong();
  private volatile boolean closed;

  RunningTime() {
    var _ = Thread.ofPlatform().daemon().name("running-time").start(this::run);
  }

  /** Of any moment on; only differences mean something. Exact to some tens of milliseconds. */
  long nanos() {
    return nanos.get();
  }

  private void run() {
    long before = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(STEP);
      long now = System.nanoTime();
      nanos.addAndGet(Math.min(now - before, MOST));
      before = now;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
