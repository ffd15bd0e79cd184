package oca.steering.routes;

import java.util.Arrays;

/**
 * Longest-prefix match within IPv6. Immutable; safe on any thread; a search makes no garbage.
 *
 * <p>Nearly all routes of IPv6 lie in 2000::/3 and have at most 64 bits. Nested prefixes cut those
 * addresses into stretches that have one match each, at most twice as many as there are prefixes.
 * The stretches stand in one sorted array, and a flat index over the next bits of the address, 24
 * in a large table, says where those begin that lie behind an entry. There are few behind each, so
 * that a search reads one entry of the index and one or two lines of the array. It guesses nothing:
 * each step of the bisection moves by a mask and not by a jump, and all searches take as many, so
 * that the processor can begin the next one while this one waits for memory. A tree over the same
 * prefixes reads a block for each eight bits, one after the other.
 *
 * <pre>
 *   address   001 | bits of the index | rest of the first 64 | the other 64
 *   stretch     0 | rest where it begins | 1 + the match's place, or 0 | deep 1
 *   index     for each value of the bits: the first stretch that begins there or behind
 * </pre>
 *
 * <p>A stretch that is deep is one /64 with longer prefixes inside. These, and those outside
 * 2000::/3, stand in a {@link PrefixTree} of their own: they are few, as a rule none.
 */
final class StretchTable {
  private static final int GLOBAL_BITS = 3;
  private static final int GLOBAL = 1;
  private static final long GLOBAL_START = 0x2000_0000_0000_0000L;
  private static final long GLOBAL_END = 0x4000_0000_0000_0000L;

  private final PrefixColumns prefixes;
  private final int bits;
  private final int shift;
  private final int[] index;
  private final long[] stretches;
  private final long low;

  /** Enough for the entry with most stretches behind it. */
  private final int steps;

  /** Prefixes that are not stretches, with those around them. */
  private final PrefixTree others;

  /** By the place among the others: 1 + the place among all. */
  private final int[] placesOfOthers;

  private StretchTable(PrefixColumns sorted) {
    prefixes = sorted;
    bits = Math.max(indexBits(sorted.size()), Integer.SIZE - 1 - leadingZeros(sorted.size()));
    shift = 64 - GLOBAL_BITS - bits;
    low = (1L << (bits + 2)) - 1;
    Cutting cutting = new Cutting(sorted);
    stretches = new long[cutting.count];
    index = new int[(1 << bits) + 1];
    lay(cutting);
    steps = steps();
    placesOfOthers = Arrays.copyOf(cutting.others, cutting.otherCount);
    PrefixColumns rest = new PrefixColumns(false, placesOfOthers.length);
    for (int place : placesOfOthers) {
      int at = place - 1;
      rest.add(sorted.high(at), sorted.low(at), sorted.length(at), sorted.ranking(at));
    }
    others = PrefixTree.of(rest);
  }

  /** Of prefixes that differ, in any order. */
  static StretchTable of(PrefixColumns unsorted) {
    return new StretchTable(unsorted.sorted());
  }

  /**
   * 1 + the place, in {@link #prefixes}, of the longest prefix that contains the address; 0 when
   * none does.
   */
  int find(long high, long lowHalf) {
    if (high >>> (64 - GLOBAL_BITS) != GLOBAL) {
      int found = others.find(high, lowHalf);
      return found == 0 ? 0 : placesOfOthers[found - 1];
    }
    int entry = (int) (high >>> shift) & ((1 << bits) - 1);
    int at = index[entry];
    int left = index[entry + 1] - at;
    long behind = (high << (GLOBAL_BITS + bits) >>> 1 | low) + 1;
    // Once nothing is left, a step stays where it is.
    for (int step = 0; step < steps; step++) {
      int half = (left + 1) >>> 1;
      at += half & (int) ((stretches[at + half - 1] - behind) >> 63);
      left -= half;
    }
    int value = (int) (stretches[at - 1] & low);
    return (value & 1) == 0 ? value >>> 1 : deep(value >>> 1, high, lowHalf);
  }

  /** The prefixes, sorted. */
  PrefixColumns prefixes() {
    return prefixes;
  }

  /** What all arrays take. */
  long bytes() {
    return prefixes.bytes()
        + 4L * index.length
        + 8L * stretches.length
        + others.bytes()
        + 4L * placesOfOthers.length;
  }

  private int deep(int around, long high, long lowHalf) {
    int found = others.find(high, lowHalf);
    int place = found == 0 ? 0 : placesOfOthers[found - 1];
    return place != 0 && prefixes.length(place - 1) > 64 ? place : around;
  }

  private void lay(Cutting cutting) {
    // The first stretch begins with all addresses: it is before what any entry looks through.
    stretches[0] = cutting.values[0];
    int entry = 0;
    for (int at = 1; at < cutting.count; at++) {
      long start = cutting.starts[at];
      stretches[at] = start << (GLOBAL_BITS + bits) >>> 1 | cutting.values[at];
      int begins = (int) (start >>> shift) & ((1 << bits) - 1);
      while (entry <= begins) {
        index[entry++] = at;
      }
    }
    Arrays.fill(index, entry, index.length, cutting.count);
  }

  private int steps() {
    int most = 0;
    for (int entry = 1; entry < index.length; entry++) {
      most = Math.max(most, index[entry] - index[entry - 1]);
    }
    return Integer.SIZE - Integer.numberOfLeadingZeros(most);
  }

  /** A few routes do not deserve an index of 64 MB. */
  private static int indexBits(int prefixes) {
    return prefixes < 256 ? 8 : prefixes < 16_384 ? 16 : 24;
  }

  private static int leadingZeros(int size) {
    return Math.min(Integer.numberOfLeadingZeros(size), Integer.SIZE - 1);
  }

  /** Walks the sorted prefixes, those around the present one on a stack. */
  private static final class Cutting {
    final PrefixColumns prefixes;
    long[] starts;
    int[] values;
    int count;
    int[] others = new int[16];
    int otherCount;

    /** Those around it: at most one of each length up to 64, and what is longer as one. */
    private final long[] ends = new long[66];

    private final int[] matches = new int[66];
    private int around;

    Cutting(PrefixColumns prefixes) {
      this.prefixes = prefixes;
      starts = new long[2 * prefixes.size() + 1];
      values = new int[starts.length];
      cut(GLOBAL_START, 0);
      for (int at = 0; at < prefixes.size(); at++) {
        take(at);
      }
      leave(GLOBAL_END);
    }

    private void take(int at) {
      int length = prefixes.length(at);
      long high = prefixes.high(at);
      boolean inside = length >= GLOBAL_BITS && high >>> (64 - GLOBAL_BITS) == GLOBAL;
      boolean covers =
          length < GLOBAL_BITS && (length == 0 || (high ^ GLOBAL_START) >>> (64 - length) == 0);
      if (!inside || length > 64) {
        other(at);
      }
      if (inside && length > 64) {
        leave(high);
        int value = around == 0 ? 0 : matches[around - 1];
        if ((value & 1) == 0) {
          enter(high, high + 1, value | 1);
        }
      } else if (inside || covers) {
        long start = covers ? GLOBAL_START : high;
        leave(start);
        enter(start, covers ? GLOBAL_END : high + (1L << (64 - length)), (at + 1) << 1);
      }
    }

    /** Goes into a prefix. */
    private void enter(long start, long end, int value) {
      ends[around] = end;
      matches[around++] = value;
      cut(start, value);
    }

    /** Goes out of those prefixes that end before an address, or at it. */
    private void leave(long address) {
      while (around > 0 && ends[around - 1] <= address) {
        long end = ends[--around];
        if (end < GLOBAL_END) {
          cut(end, around == 0 ? 0 : matches[around - 1]);
        }
      }
    }

    private void cut(long start, int value) {
      if (count > 0 && starts[count - 1] == start) {
        // What ended here, or began here and is shorter, has no address of its own.
        count--;
      }
      if (count == 0 || values[count - 1] != value) {
        starts[count] = start;
        values[count++] = value;
      }
    }

    private void other(int at) {
      if (otherCount == others.length) {
        others = Arrays.copyOf(others, 2 * otherCount);
      }
      others[otherCount++] = at + 1;
    }
  }
}
