package oca.steering.routes;

import java.util.Arrays;
import oca.model.Address;
import oca.model.Prefix;

/**
 * Prefixes of one family, each with the number of its ranking, in columns: 13 bytes each of IPv4,
 * 21 of IPv6. For one thread; safe on any once nobody adds.
 */
final class PrefixColumns {
  private static final long[] ZEROS = {};

  private final boolean v4;
  private long[] highs;

  /** Empty for IPv4, which has none. */
  private long[] lows;

  private byte[] lengths;
  private int[] rankings;
  private int size;

  /** None yet, and room for as many. */
  PrefixColumns(boolean v4, int room) {
    this.v4 = v4;
    highs = new long[room];
    lows = v4 ? ZEROS : new long[room];
    lengths = new byte[room];
    rankings = new int[room];
  }

  /** Puts one behind the others. */
  void add(long high, long low, int length, int ranking) {
    if (size == highs.length) {
      resize(Math.max(16, size + (size >> 1)));
    }
    highs[size] = high;
    if (!v4) {
      lows[size] = low;
    }
    lengths[size] = (byte) length;
    rankings[size++] = ranking;
  }

  int size() {
    return size;
  }

  long high(int at) {
    return highs[at];
  }

  /** 0 of IPv4. */
  long low(int at) {
    return v4 ? 0 : lows[at];
  }

  /** The eight bits behind the first {@code depth}, a multiple of 8. */
  int octet(int at, int depth) {
    return (int) (depth < 64 ? highs[at] >>> (56 - depth) : lows[at] >>> (120 - depth)) & 0xff;
  }

  int length(int at) {
    return lengths[at] & 0xff;
  }

  int ranking(int at) {
    return rankings[at];
  }

  Prefix prefix(int at) {
    return new Prefix(new Address(v4, highs[at], v4 ? 0 : lows[at]), length(at));
  }

  /** Of sorted ones: the place of the first that is not before that one; may be the size. */
  int place(Address network, int length) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (isBefore(middle, network, length)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private boolean isBefore(int at, Address network, int length) {
    int order = Long.compareUnsigned(highs[at], network.high());
    if (order == 0 && !v4) {
      order = Long.compareUnsigned(lows[at], network.low());
    }
    return order < 0 || (order == 0 && length(at) < length);
  }

  /** What the columns take. */
  long bytes() {
    return 8L * highs.length + 8L * lows.length + lengths.length + 4L * rankings.length;
  }

  /**
   * The same, by address and among equal addresses the shorter first, so that each prefix stands
   * before those inside it.
   *
   * <p>A radix sort from the last octet to the first: 5 rounds over a million prefixes of IPv4. An
   * octet that is the same in all, as the last ones of IPv6 prefixes are, costs no round.
   */
  PrefixColumns sorted() {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    int[] spare = new int[size];
    for (int digit = 0; digit <= (v4 ? 4 : 16); digit++) {
      int[] next = bucketStarts(digit);
      if (next.length > 0) {
        for (int at : order) {
          spare[next[digit(at, digit)]++] = at;
        }
        int[] swap = order;
        order = spare;
        spare = swap;
      }
    }
    PrefixColumns sorted = new PrefixColumns(v4, size);
    for (int at : order) {
      sorted.add(highs[at], v4 ? 0 : lows[at], length(at), rankings[at]);
    }
    return sorted;
  }

  /** Where each value of a digit begins in sorted order; empty when all have the same value. */
  private int[] bucketStarts(int digit) {
    int[] counts = new int[256];
    for (int at = 0; at < size; at++) {
      counts[digit(at, digit)]++;
    }
    int before = 0;
    for (int value = 0; value < counts.length; value++) {
      int count = counts[value];
      if (count == size) {
        return new int[0];
      }
      counts[value] = before;
      before += count;
    }
    return counts;
  }

  /** Digit 0 is the length, then the octets from the last to the first. */
  private int digit(int at, int digit) {
    return digit == 0 ? length(at) : octet(at, (v4 ? 32 : 128) - 8 * digit);
  }

  private void resize(int room) {
    highs = Arrays.copyOf(highs, room);
    lows = v4 ? lows : Arrays.copyOf(lows, room);
    lengths = Arrays.copyOf(lengths, room);
    rankings = Arrays.copyOf(rankings, room);
  }
}
