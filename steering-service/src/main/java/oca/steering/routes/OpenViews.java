package oca.steering.routes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * The views that are open, and the numbers that stand for them in each path. The number of a closed
 * view is given to another only after a compilation has swept up its last path. Safe on any thread.
 */
final class OpenViews {
  private static final int MOST = 1 << 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final int limit;
  private final Map<String, View> byName = new HashMap<>();
  private final Deque<Character> freeNumbers = new ArrayDeque<>();
  private final List<View> closed = new ArrayList<>();
  private @Nullable View[] byNumber = {};

  /** None yet, and {@code limit} at a time. */
  OpenViews(int limit) {
    this.limit = limit;
  }

  /**
   * Opens one; null when there are too many.
   *
   * @throws IllegalArgumentException when one of that name is open
   */
  @Nullable View open(String name, SiteId site, boolean steers) {
    lock.lock();
    try {
      View other = byName.get(name);
      if (other != null) {
        throw new IllegalArgumentException(
            "a view \"%s\" is open already, for site %s; give this one another name"
                .formatted(name, other.site()));
      }
      if (byName.size() >= limit || (freeNumbers.isEmpty() && byNumber.length == MOST)) {
        return null;
      }
      Character free = freeNumbers.pollFirst();
      char number = free == null ? (char) byNumber.length : free;
      if (free == null) {
        byNumber = Arrays.copyOf(byNumber, byNumber.length + 1);
      }
      View view = new View(number, name, site, steers, new Epoch(), new Epoch(), new ViewNews());
      byNumber[number] = view;
      byName.put(name, view);
      return view;
    } finally {
      lock.unlock();
    }
  }

  /** Closes an open one, whose paths are all gone. */
  void close(View view) {
    lock.lock();
    try {
      byName.remove(view.name());
      closed.add(view);
    } finally {
      lock.unlock();
    }
  }

  /** Those closed and not yet swept up. */
  List<View> closed() {
    lock.lock();
    try {
      return List.copyOf(closed);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing of those is left: their numbers are free. */
  void sweptUp(List<View> views) {
    lock.lock();
    try {
      for (View view : views) {
        closed.remove(view);
        byNumber[view.number()] = null;
        freeNumbers.addLast(view.number());
      }
    } finally {
      lock.unlock();
    }
  }

  /** By number: those open, and those closed whose paths are not yet swept up. */
  @Nullable View[] byNumber() {
    lock.lock();
    try {
      return byNumber.clone();
    } finally {
      lock.unlock();
    }
  }

  /** Those open, by name. */
  List<View> byName() {
    lock.lock();
    try {
      return byName.values().stream().sorted(Comparator.comparing(View::name)).toList();
    } finally {
      lock.unlock();
    }
  }
}
