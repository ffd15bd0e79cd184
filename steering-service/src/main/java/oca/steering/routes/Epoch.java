package oca.steering.routes;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which of one view's paths of one family still hold. Each path notes the epoch it was announced
 * in, so that a million of them become stale, or go, by writing two numbers; the paths themselves
 * are swept up by the next compilation.
 *
 * <p>One thread at a time writes; any may read, and sees a change late at worst.
 */
final class Epoch {
  /** What is known of a path by the epoch of its announcement. */
  enum State {
    /** Announced since the peer's last restart. */
    FRESH,
    /** Announced before it, and still in use. */
    STALE,
    /** No longer there. */
    GONE
  }

  private final AtomicInteger current = new AtomicInteger();
  private final AtomicInteger fresh = new AtomicInteger();
  private final AtomicInteger stale = new AtomicInteger();
  private volatile int oldest;

  /** The epoch of what is announced now. */
  int current() {
    return current.get();
  }

  /** What has become of a path announced in that epoch. Numbers may wrap around. */
  State state(int epoch) {
    if (epoch == current.get()) {
      return State.FRESH;
    }
    return epoch - oldest >= 0 ? State.STALE : State.GONE;
  }

  /** Counts an announcement, in place of a path in that state; GONE when there was none. */
  void announced(State before) {
    forget(before);
    fresh.incrementAndGet();
  }

  /** Counts a path in that state as withdrawn. */
  void forget(State before) {
    switch (before) {
      case FRESH -> fresh.decrementAndGet();
      case STALE -> stale.decrementAndGet();
      case GONE -> {
        // It was counted out when its epoch ended.
      }
    }
  }

  /** What is fresh becomes stale, and what was stale is gone: whether there was any of that. */
  boolean makeStale() {
    boolean dropped = stale.get() > 0;
    oldest = current.get();
    stale.set(fresh.getAndSet(0));
    current.incrementAndGet();
    return dropped;
  }

  /** What is stale is gone: whether there was any. */
  boolean dropStale() {
    boolean dropped = stale.get() > 0;
    oldest = current.get();
    stale.set(0);
    return dropped;
  }

  /** All is gone: whether there was any. */
  boolean clear() {
    boolean dropped = size() > 0;
    oldest = current.incrementAndGet();
    fresh.set(0);
    stale.set(0);
    return dropped;
  }

  /** Paths that are fresh or stale. */
  int size() {
    return fresh.get() + stale.get();
  }

  /** Paths that are stale. */
  int stale() {
    return stale.get();
  }
}
