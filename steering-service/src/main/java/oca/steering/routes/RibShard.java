package oca.steering.routes;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import oca.model.Prefix;
import oca.steering.routes.Epoch.State;

/**
 * The paths of all views to a share of one family's prefixes. Safe on any thread; its lock is held
 * for one path, or for a compilation's walk through this shard (a few milliseconds).
 *
 * <p>Prefixes stand in an open-addressing table of columns, 13 bytes a slot of IPv4 and 21 of IPv6,
 * each with a chain of its paths in a pool of columns, 24 bytes a path:
 *
 * <pre>
 *   view  2 | AS path length 2 | path id 4 | epoch 4 | MED 4, origin AS 4 | next 4
 * </pre>
 *
 * <p>Paths are numbered from 1. A prefix that lost its last path keeps its slot until the table is
 * laid out anew.
 */
final class RibShard {
  /** What became of an announcement. */
  enum Written {
    /** It was known, exactly so. */
    NOTHING,
    /** Something is different now. */
    CHANGE,
    /** Refused: the view has too many paths. */
    VIEW_FULL,
    /** Refused: the view has too many paths to this prefix. */
    PREFIX_FULL,
    /** Refused: all views together have too many. */
    TABLE_FULL
  }

  private static final int FREE = 0;
  private static final int VACANT = -1;
  private static final int LEAST = 16;
  private static final int MOST_AS_PATH = 0xffff;

  private final ReentrantLock lock = new ReentrantLock();
  private final boolean v4;
  private final RoutingTable.Limits limits;

  /** Paths of all shards. */
  private final AtomicLong total;

  private long[] highs = {};
  private long[] lows = {};
  private byte[] lengths = {};
  private int[] heads = {};
  private int used;
  private int vacant;

  private char[] views = {};
  private char[] asPathLengths = {};
  private int[] pathIds = {};
  private int[] epochs = {};
  private long[] medAndOrigins = {};
  private int[] nexts = {};
  private int paths;
  private int highest;
  private int freePaths;

  RibShard(boolean v4, RoutingTable.Limits limits, AtomicLong total) {
    this.v4 = v4;
    this.limits = limits;
    this.total = total;
    empty();
  }

  /** Where a prefix hashes to: the upper bits choose the shard, the lower the slot. */
  static long hash(long high, long low, int length) {
    long hash = (high ^ Long.rotateLeft(low, 29) ^ length) * 0x9e37_79b9_7f4a_7c15L;
    hash = (hash ^ hash >>> 32) * 0xd6e8_feb8_6659_fd93L;
    return hash ^ hash >>> 32;
  }

  /** Puts a path in the place of the view's one with the same prefix and path id. */
  Written announce(View view, Prefix prefix, int pathId, PathAttributes attributes) {
    lock.lock();
    try {
      int slot = slot(prefix);
      int same = 0;
      for (int path = Math.max(0, heads[slot]); path != 0; path = nexts[path]) {
        if (views[path] == view.number()) {
          if (pathIds[path] == pathId) {
            return replace(view, path, attributes);
          }
          same += view.epoch(v4).state(epochs[path]) == State.GONE ? 0 : 1;
        }
      }
      if (same >= limits.pathsToPrefix()) {
        return Written.PREFIX_FULL;
      }
      if (view.size() >= limits.pathsPerView()) {
        return Written.VIEW_FULL;
      }
      if (total.get() >= limits.paths()) {
        return Written.TABLE_FULL;
      }
      add(view, taken(slot, prefix), pathId, attributes);
      return Written.CHANGE;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the view's path away: whether there was one. */
  boolean withdraw(View view, Prefix prefix, int pathId) {
    lock.lock();
    try {
      int slot = slot(prefix);
      int before = 0;
      for (int path = Math.max(0, heads[slot]); path != 0; path = nexts[path]) {
        if (views[path] == view.number() && pathIds[path] == pathId) {
          State state = view.epoch(v4).state(epochs[path]);
          view.epoch(v4).forget(state);
          unlink(slot, before, path);
          return state != State.GONE;
        }
        before = path;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Offers each path that counts, prefix by prefix, and sweeps up those that are gone. */
  void compileInto(Compilation compilation) {
    lock.lock();
    try {
      for (int slot = 0; slot < heads.length; slot++) {
        if (heads[slot] > 0) {
          offer(slot, compilation);
          compilation.end(v4, highs[slot], v4 ? 0 : lows[slot], lengths[slot] & 0xff);
        }
      }
      if (paths == 0) {
        empty();
      } else if (vacant > heads.length / 4) {
        layOut();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Shows each path to one prefix. */
  void look(Prefix prefix, Looker looker) {
    lock.lock();
    try {
      int slot = slot(prefix);
      for (int path = Math.max(0, heads[slot]); path != 0; path = nexts[path]) {
        looker.path(views[path], pathIds[path], epochs[path], attributes(path));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Is shown paths. */
  interface Looker {
    /**
     * One path.
     *
     * @param epoch of its announcement
     */
    void path(int view, int pathId, int epoch, PathAttributes attributes);
  }

  /** What the columns take. */
  long bytes() {
    lock.lock();
    try {
      return heads.length * (v4 ? 13L : 21L) + views.length * 24L;
    } finally {
      lock.unlock();
    }
  }

  private void offer(int slot, Compilation compilation) {
    int before = 0;
    int path = heads[slot];
    while (path != 0) {
      int next = nexts[path];
      View view = compilation.view(views[path]);
      if (view != null && view.epoch(v4).state(epochs[path]) == State.GONE) {
        unlink(slot, before, path);
      } else {
        // Null is a view opened since the compilation began: the next one is for that.
        if (view != null) {
          compilation.offer(views[path], pathIds[path], asPathLengths[path], medAndOrigins[path]);
        }
        before = path;
      }
      path = next;
    }
  }

  private Written replace(View view, int path, PathAttributes attributes) {
    Epoch epoch = view.epoch(v4);
    State before = epoch.state(epochs[path]);
    if (before == State.GONE && view.size() >= limits.pathsPerView()) {
      return Written.VIEW_FULL;
    }
    char asPathLength = asPathLength(attributes);
    long medAndOrigin = medAndOrigin(attributes);
    boolean same =
        before != State.GONE
            && asPathLengths[path] == asPathLength
            && medAndOrigins[path] == medAndOrigin;
    epoch.announced(before);
    epochs[path] = epoch.current();
    asPathLengths[path] = asPathLength;
    medAndOrigins[path] = medAndOrigin;
    return same ? Written.NOTHING : Written.CHANGE;
  }

  private void add(View view, int slot, int pathId, PathAttributes attributes) {
    int path = freePaths;
    if (path == 0) {
      path = ++highest;
      if (path == views.length) {
        growPaths();
      }
    } else {
      freePaths = nexts[path];
    }
    Epoch epoch = view.epoch(v4);
    epoch.announced(State.GONE);
    views[path] = view.number();
    pathIds[path] = pathId;
    epochs[path] = epoch.current();
    asPathLengths[path] = asPathLength(attributes);
    medAndOrigins[path] = medAndOrigin(attributes);
    vacant -= heads[slot] == VACANT ? 1 : 0;
    nexts[path] = Math.max(0, heads[slot]);
    heads[slot] = path;
    paths++;
    total.incrementAndGet();
  }

  private void unlink(int slot, int before, int path) {
    if (before != 0) {
      nexts[before] = nexts[path];
    } else if (nexts[path] != 0) {
      heads[slot] = nexts[path];
    } else {
      heads[slot] = VACANT;
      vacant++;
    }
    nexts[path] = freePaths;
    freePaths = path;
    paths--;
    total.decrementAndGet();
  }

  /** The prefix's slot, or the free one where it would be. */
  private int slot(long high, long low, int length) {
    int mask = heads.length - 1;
    int at = (int) hash(high, low, length) & mask;
    while (heads[at] != FREE
        && !(highs[at] == high && lengths[at] == (byte) length && (v4 || lows[at] == low))) {
      at = at + 1 & mask;
    }
    return at;
  }

  private int slot(Prefix prefix) {
    return slot(prefix.network().high(), prefix.network().low(), prefix.length());
  }

  /** The prefix's slot, now its own: the one found for it, unless the table has to grow first. */
  private int taken(int found, Prefix prefix) {
    if (heads[found] != FREE) {
      return found;
    }
    int slot = found;
    if (4 * (used + 1) > 3 * heads.length) {
      layOut();
      slot = slot(prefix);
    }
    used++;
    vacant++;
    put(slot, VACANT, prefix.network().high(), prefix.network().low(), (byte) prefix.length());
    return slot;
  }

  /** Moves the prefixes that have paths to a table of the right size. */
  private void layOut() {
    long[] oldHighs = highs;
    long[] oldLows = lows;
    byte[] oldLengths = lengths;
    int[] oldHeads = heads;
    int kept = used - vacant;
    int room = LEAST;
    while (room < 2 * kept) {
      room *= 2;
    }
    slots(room);
    for (int from = 0; from < oldHeads.length; from++) {
      if (oldHeads[from] > 0) {
        long low = v4 ? 0 : oldLows[from];
        int to = slot(oldHighs[from], low, oldLengths[from] & 0xff);
        put(to, oldHeads[from], oldHighs[from], low, oldLengths[from]);
      }
    }
    used = kept;
    vacant = 0;
  }

  private void put(int slot, int head, long high, long low, byte length) {
    heads[slot] = head;
    highs[slot] = high;
    lengths[slot] = length;
    if (!v4) {
      lows[slot] = low;
    }
  }

  private void empty() {
    slots(LEAST);
    used = 0;
    vacant = 0;
    views = new char[LEAST];
    asPathLengths = new char[LEAST];
    pathIds = new int[LEAST];
    epochs = new int[LEAST];
    medAndOrigins = new long[LEAST];
    nexts = new int[LEAST];
    paths = 0;
    highest = 0;
    freePaths = 0;
  }

  private void slots(int room) {
    highs = new long[room];
    lows = v4 ? lows : new long[room];
    lengths = new byte[room];
    heads = new int[room];
  }

  private void growPaths() {
    int room = views.length + (views.length >> 2);
    views = Arrays.copyOf(views, room);
    asPathLengths = Arrays.copyOf(asPathLengths, room);
    pathIds = Arrays.copyOf(pathIds, room);
    epochs = Arrays.copyOf(epochs, room);
    medAndOrigins = Arrays.copyOf(medAndOrigins, room);
    nexts = Arrays.copyOf(nexts, room);
  }

  private PathAttributes attributes(int path) {
    return new PathAttributes(
        asPathLengths[path], medAndOrigins[path] >>> 32, medAndOrigins[path] & 0xffff_ffffL);
  }

  /** Longer ones than an UPDATE can hold are all equally bad. */
  private static char asPathLength(PathAttributes attributes) {
    return (char) Math.min(attributes.asPathLength(), MOST_AS_PATH);
  }

  private static long medAndOrigin(PathAttributes attributes) {
    return attributes.med() << 32 | (attributes.originAs() & 0xffff_ffffL);
  }
}
