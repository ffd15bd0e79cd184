package oca.fill.evaluate;

import java.util.Arrays;
import java.util.BitSet;

/**
 * One region's disk in an evaluation: what it holds, and how it is changed by a forecast within a
 * fill budget. All methods use this code, so that the forecast alone differs.
 *
 * <p>Each period the best files that are not held are set against the worst that are. One is
 * fetched when it is expected to serve more than what has to leave for it, by {@code hysteresis};
 * the best gains per byte come first and the fetching ends with the budget, for what is fetched
 * later can be fetched tomorrow. A file larger than a whole budget is begun, and goes on before all
 * others while it is still worth it; it serves when it is whole. What is fetched counts, what is
 * evicted costs nothing.
 */
final class Store {
  /** Candidates that may be passed over for their size before the rest is left for tomorrow. */
  private static final int PATIENCE = 1_000;

  private final long capacity;
  private final double hysteresis;
  private final BitSet held = new BitSet();
  private long used;

  /** Bytes that held files have grown by, not yet paid from a budget. */
  private long owed;

  /** The file that one budget did not suffice for, -1 for none. */
  private int begun = -1;

  /** What is there of it; takes room, and serves nobody. */
  private long there;

  Store(long capacity, double hysteresis) {
    this.capacity = capacity;
    this.hysteresis = hysteresis;
  }

  boolean holds(int file) {
    return held.get(file);
  }

  long used() {
    return used;
  }

  BitSet held() {
    return (BitSet) held.clone();
  }

  /** A file turned out to have another size; a held one is completed, which is paid for. */
  void resize(int file, long before, long now) {
    if (held.get(file)) {
      used += now - before;
      owed += Math.max(0, now - before);
    }
  }

  /**
   * Changes what is held.
   *
   * @param density bytes expected per byte stored, by file; 0 or more
   * @param sizes by file
   * @param budget bytes that may be fetched
   * @return bytes fetched
   */
  long fill(float[] density, long[] sizes, long budget) {
    long paid = Math.min(owed, budget);
    owed -= paid;
    long[] worst = heldByDensity(density);
    int evicted = 0;
    while (used + there > capacity && evicted < worst.length) {
      int file = (int) worst[evicted++];
      held.clear(file);
      used -= sizes[file];
    }
    float least =
        capacity - used - there > capacity / 100 || evicted == worst.length
            ? 0
            : density[(int) worst[evicted]];
    long[] best = candidates(density, least);
    Fill fill = new Fill(density, sizes, worst, evicted, budget, budget - paid);
    fill.goOn();
    int passed = 0;
    for (int at = best.length - 1; at >= 0 && passed < PATIENCE && fill.left > 0; at--) {
      int file = ~(int) best[at];
      if (!held.get(file) && !fill.take(file)) {
        if (fill.isBelowAll(file)) {
          break;
        }
        passed++;
      }
    }
    return budget - fill.left;
  }

  /** One period's changes. */
  private final class Fill {
    private final float[] density;
    private final long[] sizes;
    private final long[] worst;
    private final long budget;
    private int evicted;
    private long left;

    Fill(float[] density, long[] sizes, long[] worst, int evicted, long budget, long left) {
      this.density = density;
      this.sizes = sizes;
      this.worst = worst;
      this.evicted = evicted;
      this.budget = budget;
      this.left = left;
    }

    /** Goes on with what was begun, or drops it. */
    void goOn() {
      if (begun >= 0) {
        int file = begun;
        there = Math.min(there, sizes[file]);
        if (held.get(file) || !take(file)) {
          begun = -1;
          there = 0;
        }
      }
    }

    /** Fetches a file as far as the budget goes; false when it is not worth what it displaces. */
    boolean take(int file) {
      long size = sizes[file];
      long before = file == begun ? there : 0;
      boolean mayBegin = file == begun || (begun < 0 && size > budget);
      if (size > capacity || (size - before > left && !mayBegin)) {
        return false;
      }
      int until = evicted;
      long room = capacity - used - (file == begun ? 0 : there);
      double loss = 0;
      while (room < size && until < worst.length) {
        int victim = (int) worst[until++];
        room += sizes[victim];
        loss += (double) density[victim] * sizes[victim];
      }
      if (room < size || (double) density[file] * size <= hysteresis * loss) {
        return false;
      }
      long fetched = Math.min(left, size - before);
      left -= fetched;
      boolean whole = before + fetched == size;
      if (!whole) {
        begun = file;
        there = before + fetched;
      } else if (file == begun) {
        begun = -1;
        there = 0;
      }
      if (whole) {
        held.set(file);
        used += size;
      }
      while (used + there > capacity) {
        evict();
      }
      return true;
    }

    /** Whether not even the worst that is held would leave for it, nor for any after it. */
    boolean isBelowAll(int file) {
      return evicted < worst.length && density[file] <= hysteresis * density[(int) worst[evicted]];
    }

    private void evict() {
      int victim = (int) worst[evicted++];
      held.clear(victim);
      used -= sizes[victim];
    }
  }

  /** Held files, the worst first; of equals the first. */
  private long[] heldByDensity(float[] density) {
    long[] keys = new long[held.cardinality()];
    int count = 0;
    for (int file = held.nextSetBit(0); file >= 0; file = held.nextSetBit(file + 1)) {
      keys[count++] = ((long) Float.floatToRawIntBits(density[file]) << 32) | file;
    }
    Arrays.sort(keys);
    return keys;
  }

  /** Files not held that exceed {@code least}, the best last; of equals the first file. */
  private long[] candidates(float[] density, float least) {
    long[] keys = new long[1024];
    int count = 0;
    for (int file = 0; file < density.length; file++) {
      if (density[file] > least && !held.get(file)) {
        if (count == keys.length) {
          keys = Arrays.copyOf(keys, 2 * count);
        }
        keys[count++] =
            ((long) Float.floatToRawIntBits(density[file]) << 32) | (~file & 0xffffffffL);
      }
    }
    keys = Arrays.copyOf(keys, count);
    Arrays.sort(keys);
    return keys;
  }
}
