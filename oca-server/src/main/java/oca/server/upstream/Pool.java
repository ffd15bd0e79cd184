package oca.server.upstream;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one upstream: how many there may be over all event loops, which of them wait
 * for a use on their loop, and who waits for one. Safe on any thread; the lock is held for look-ups
 * in memory only, and nobody is called under it.
 */
final class Pool {
  /** What comes of asking for a connection. */
  enum Admission {
    /** One may be made. */
    GRANTED,
    /** The asker is told when. */
    QUEUED,
    /** Too many wait already. */
    FULL
  }

  /** So often a waiter of the same loop is preferred to the first; a hand-over saves a connect. */
  private static final int MAX_PASSED_OVER = 8;

  private final UpstreamsConfig.Pool config;
  private final Map<EventLoop, Deque<Connection>> idle = new HashMap<>();
  private final Set<Acquisition> waiting = new LinkedHashSet<>();
  private int open;
  private int passedOver;
  private boolean isClosed;

  Pool(UpstreamsConfig.Pool config) {
    this.config = config;
  }

  /** The connection of that loop that was used last, or null when none is kept. */
  synchronized @Nullable Connection takeIdle(EventLoop loop) {
    Deque<Connection> kept = idle.get(loop);
    return kept == null ? null : kept.pollLast();
  }

  /** Asks for one more connection; each that was granted ends in {@link #gone}. */
  Admission admit(Acquisition asker) {
    Connection evicted;
    synchronized (this) {
      if (open < config.maxConnections()) {
        open++;
        return Admission.GRANTED;
      }
      if (waiting.size() >= config.maxWaiting()) {
        return Admission.FULL;
      }
      waiting.add(asker);
      evicted = oldestIdle();
    }
    if (evicted != null) {
      // Another loop's; its end makes room for the one that has waited longest.
      evicted.closeOnLoop();
    }
    return Admission.QUEUED;
  }

  private @Nullable Connection oldestIdle() {
    Deque<Connection> oldest = null;
    for (Deque<Connection> kept : idle.values()) {
      Connection first = kept.peekFirst();
      if (first != null
          && (oldest == null || first.idleSince() - oldest.getFirst().idleSince() < 0)) {
        oldest = kept;
      }
    }
    return oldest == null ? null : oldest.pollFirst();
  }

  /** Waits no more. */
  synchronized void withdraw(Acquisition asker) {
    waiting.remove(asker);
  }

  /** An answer was read and the connection can be used again. On its loop. */
  void released(Connection connection) {
    Acquisition next;
    synchronized (this) {
      next = waiterOn(connection.loop());
      if (next == null && waiting.isEmpty() && !isClosed) {
        Deque<Connection> kept = idle.computeIfAbsent(connection.loop(), _ -> new ArrayDeque<>());
        if (kept.size() < config.maxIdle()) {
          kept.addLast(connection);
          return;
        }
      }
    }
    if (next == null) {
      connection.close();
    } else {
      next.handed(connection);
    }
  }

  /** The waiter that may have this loop's connection, taken from the queue; null for none. */
  private @Nullable Acquisition waiterOn(EventLoop loop) {
    Acquisition chosen = null;
    for (Acquisition waiter : waiting) {
      if (waiter.loop().equals(loop)) {
        chosen = waiter;
        break;
      }
      if (passedOver >= MAX_PASSED_OVER) {
        break;
      }
    }
    if (chosen != null) {
      boolean wasFirst = waiting.iterator().next() == chosen;
      passedOver = wasFirst ? 0 : passedOver + 1;
      waiting.remove(chosen);
    } else {
      passedOver = 0;
    }
    return chosen;
  }

  /** A connection has ended, or was granted and not made. */
  void gone(@Nullable Connection connection) {
    Acquisition next = null;
    synchronized (this) {
      if (connection != null) {
        Deque<Connection> kept = idle.get(connection.loop());
        if (kept != null) {
          kept.remove(connection);
        }
      }
      if (waiting.isEmpty()) {
        open--;
      } else {
        next = waiting.iterator().next();
        waiting.remove(next);
      }
    }
    if (next != null) {
      next.granted();
    }
  }

  synchronized int open() {
    return open;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /** Keeps none any more. */
  synchronized void close() {
    isClosed = true;
  }
}
