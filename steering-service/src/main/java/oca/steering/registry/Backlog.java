package oca.steering.registry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Changes in force that wait to be written, oldest first. The registry's lock guards it; the writer
 * looks at the oldest, writes them, and only then takes them off.
 */
final class Backlog {
  /** So many changes are one transaction at most. */
  private static final int BATCH = 100;

  /** A change with the command that it came from, for the case that it has to be applied anew. */
  record Waiting(Command command, RegistryDatabase.Line line, CompletableFuture<Void> stored) {}

  private final ReentrantLock lock;
  private final Condition something;
  private final int most;
  private Deque<Waiting> queue = new ArrayDeque<>();
  private boolean closed;

  Backlog(ReentrantLock lock, int most) {
    this.lock = lock;
    this.something = lock.newCondition();
    this.most = most;
  }

  /** False when it is full or closed. With the lock held. */
  boolean add(Waiting waiting) {
    if (closed || queue.size() >= most) {
      return false;
    }
    queue.addLast(waiting);
    something.signalAll();
    return true;
  }

  /** Puts back what waited before. With the lock held. */
  void again(Waiting waiting) {
    queue.addLast(waiting);
  }

  /** Done when all that waits now is written. With the lock held. */
  CompletableFuture<Void> newest() {
    return queue.isEmpty() ? CompletableFuture.completedFuture(null) : queue.getLast().stored();
  }

  /** How many wait. With the lock held. */
  int size() {
    return queue.size();
  }

  /** Empties it; what was in it. With the lock held. */
  List<Waiting> restart() {
    List<Waiting> all = List.copyOf(queue);
    queue = new ArrayDeque<>();
    return all;
  }

  /** The oldest, which stay; waits for one, not longer than given, nor after the end. */
  List<Waiting> oldest(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (queue.isEmpty() && !closed && left > 0) {
        left = something.awaitNanos(left);
      }
      return new ArrayList<>(queue.stream().limit(BATCH).toList());
    } finally {
      lock.unlock();
    }
  }

  /** They are written. */
  void done(List<Waiting> written) {
    lock.lock();
    try {
      written.forEach(
          one -> {
            queue.remove(one);
            one.stored().complete(null);
          });
    } finally {
      lock.unlock();
    }
  }

  /** Waits that long, or until the end. */
  void pause(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    lock.lock();
    try {
      for (long left = nanos; left > 0 && !closed; left = end - System.nanoTime()) {
        var _ = something.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
