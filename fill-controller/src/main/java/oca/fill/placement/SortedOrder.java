package oca.fill.placement;

/**
 * Sorts places by 64-bit keys, by counting digits from the lowest: stable, and a million take less
 * than a tenth of a second, where a comparison per step would miss the cache twenty million times.
 */
final class SortedOrder {
  /** From so many on, fewer passes with a larger table are quicker. */
  private static final int MANY = 20_000;

  private SortedOrder() {}

  /** The places of {@code keys} in ascending order of their values, 0 or more; ties by place. */
  static int[] ascending(long[] keys) {
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return ascending(order, keys, keys.length);
  }

  /** The first {@code count} places of {@code order} by their keys; ties as they stand in it. */
  static int[] ascending(int[] order, long[] keys, int count) {
    int digit = count < MANY ? 8 : 16;
    int[] from = java.util.Arrays.copyOf(order, count);
    int[] to = new int[count];
    int[] starts = new int[(1 << digit) + 1];
    for (int shift = 0; shift < Long.SIZE; shift += digit) {
      int mask = (1 << digit) - 1;
      java.util.Arrays.fill(starts, 0);
      for (int place : from) {
        starts[(int) (keys[place] >>> shift & mask) + 1]++;
      }
      for (int i = 0; i < mask; i++) {
        starts[i + 1] += starts[i];
      }
      for (int place : from) {
        to[starts[(int) (keys[place] >>> shift & mask)]++] = place;
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  /** A key that is the smaller the larger {@code value} is, which is 0 or more. */
  static long descending(double value) {
    return Long.MAX_VALUE - Double.doubleToRawLongBits(value + 0.0);
  }
}
