package oca.server.pull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which byte of an object that is coming in. They are woken by its arrival, all that
 * wait on one executor by one task. Safe on any thread; the lock is held for the bookkeeping only.
 */
final class Arrivals {
  private final PulledObject object;
  private final long slice;

  // Guarded by this.
  private final Map<Integer, List<Waiter>> waiting = new HashMap<>();
  private final BitSet coming = new BitSet();
  private boolean isComingWhole;
  private volatile @Nullable String fault;

  /** Told why its byte will not come, or null when it has, before it is woken. */
  interface Sleeper {
    /** On any thread. */
    void told(@Nullable String why);
  }

  private record Waiter(long from, Executor loop, Sleeper sleeper, Runnable wake) {}

  Arrivals(PulledObject object) {
    this.object = object;
    this.slice = object.sliceBytes();
  }

  /** Why no more comes, or null. */
  @Nullable String fault() {
    return fault;
  }

  /**
   * Waits for a byte.
   *
   * @return false when it is there, or will never be
   */
  synchronized boolean await(long from, Executor loop, Sleeper sleeper, Runnable wake) {
    if (isOver(from)) {
      return false;
    }
    waiting
        .computeIfAbsent((int) (from / slice), _ -> new ArrayList<>())
        .add(new Waiter(from, loop, sleeper, wake));
    return true;
  }

  private boolean isOver(long from) {
    long length = object.length();
    return object.readable(from) > 0
        || fault != null
        || (length != PulledObject.UNKNOWN && from >= length);
  }

  /** The head of what brings these slices is there. */
  synchronized void coming(int first, int last) {
    coming.set(first, last + 1);
  }

  /** The head of what brings all of it is there. */
  synchronized void comingWhole() {
    isComingWhole = true;
  }

  /** Whether the head is there of what brings this byte. */
  synchronized boolean isComing(long from) {
    return isComingWhole || coming.get((int) (from / slice));
  }

  /**
   * Bytes have become readable, of one slice or of several.
   *
   * @param to behind the last
   */
  void arrived(long from, long to) {
    List<Waiter> ready = new ArrayList<>();
    synchronized (this) {
      for (int at = (int) (from / slice); at * slice < to; at++) {
        take(at, false, ready);
      }
    }
    wake(ready, null);
  }

  /** The whole is there, or its length is known now. */
  void ended() {
    List<Waiter> ready = new ArrayList<>();
    synchronized (this) {
      for (Integer key : List.copyOf(waiting.keySet())) {
        take(key, false, ready);
      }
    }
    wake(ready, fault);
  }

  /** No more comes of the whole. */
  void failed(String why) {
    synchronized (this) {
      if (fault == null) {
        fault = why;
      }
    }
    ended();
  }

  /** What was to bring these slices brings no more of them; another fetch may. */
  void failed(int first, int last, String why) {
    List<Waiter> all = new ArrayList<>();
    synchronized (this) {
      for (int at = first; at <= last; at++) {
        coming.clear(at);
        take(at, true, all);
      }
    }
    wake(all, why);
  }

  private void take(int key, boolean everyone, List<Waiter> into) {
    List<Waiter> all = waiting.get(key);
    if (all == null) {
      return;
    }
    for (Iterator<Waiter> each = all.iterator(); each.hasNext(); ) {
      Waiter waiter = each.next();
      if (everyone || isOver(waiter.from)) {
        into.add(waiter);
        each.remove();
      }
    }
    if (all.isEmpty()) {
      waiting.remove(key);
    }
  }

  private static void wake(List<Waiter> ready, @Nullable String why) {
    Map<Executor, List<Runnable>> byLoop = new HashMap<>();
    for (Waiter waiter : ready) {
      waiter.sleeper.told(why);
      byLoop.computeIfAbsent(waiter.loop, _ -> new ArrayList<>()).add(waiter.wake);
    }
    byLoop.forEach(
        (loop, all) -> {
          try {
            loop.execute(() -> all.forEach(Runnable::run));
          } catch (RejectedExecutionException e) {
            // The listener has closed, and its connections with it.
          }
        });
  }
}
