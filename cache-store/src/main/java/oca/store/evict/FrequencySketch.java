package oca.store.evict;

/**
 * How often ids were asked for lately, in four bits each: a count-min sketch of four rows with
 * conservative update whose counts are halved after ten times as many requests as files are held
 * (Einziger, Friedman and Manes: "TinyLFU: A Highly Efficient Cache Admission Policy", TOS 2017).
 */
final class FrequencySketch {
  private static final int ROWS = 4;
  private static final int MOST = 15;
  private static final long HALF = 0x7777777777777777L;

  private long[] counters = new long[64];
  private long added;

  /** Makes room for so many held files; what was counted stays an upper bound. */
  void widen(int files) {
    while (counters.length < files && counters.length < 1 << 28) {
      long[] wider = new long[counters.length * 2];
      System.arraycopy(counters, 0, wider, 0, counters.length);
      System.arraycopy(counters, 0, wider, counters.length, counters.length);
      counters = wider;
    }
  }

  /** Counts one request. On any thread; a count may be lost, or a neighbour's undone. */
  void add(long id) {
    long[] now = counters;
    long mixed = Mix.of(id);
    int least = least(now, mixed);
    if (least < MOST) {
      for (int row = 0; row < ROWS; row++) {
        int slot = slot(now, mixed, row);
        int shift = shift(mixed, row);
        if ((now[slot] >>> shift & MOST) == least) {
          now[slot] += 1L << shift;
        }
      }
    }
    added++;
  }

  /** Halves all counts when it is time to. Under the policy's lock. */
  void age() {
    if (added > 10L * counters.length) {
      for (int i = 0; i < counters.length; i++) {
        counters[i] = counters[i] >>> 1 & HALF;
      }
      added /= 2;
    }
  }

  int estimate(long id) {
    return least(counters, Mix.of(id));
  }

  private static int least(long[] counters, long mixed) {
    int least = MOST;
    for (int row = 0; row < ROWS; row++) {
      long word = counters[slot(counters, mixed, row)];
      least = (int) Math.min(least, word >>> shift(mixed, row) & MOST);
    }
    return least;
  }

  private static int slot(long[] counters, long mixed, int row) {
    return (int) (Mix.of(mixed + row) & counters.length - 1);
  }

  private static int shift(long mixed, int row) {
    return ((int) (mixed >>> (60 - 2 * row)) & 3) * 16 + row * 4;
  }
}
