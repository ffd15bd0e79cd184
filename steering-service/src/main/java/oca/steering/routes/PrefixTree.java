package oca.steering.routes;

import java.util.Arrays;

/**
 * Longest-prefix match within one family. Immutable; safe on any thread; a search makes no garbage.
 *
 * <p>The first bits of an address, 24 in a large table, choose an entry of one flat array, as in
 * DIR-24-8 (Gupta, Lin and McKeown, "Routing Lookups in Hardware at Memory Access Speeds", 1998).
 * All that IPv4 routes of the Internet need is that one access. Where longer prefixes lie behind an
 * entry, it names a block of 128 bytes. If many lie there, that is a node of 256 slots, one for
 * each value of the next eight bits, packed as those of Poptrie are (Asai and Ohara, 2015), but
 * with eight bits at a time in place of six, so that the common lengths of IPv6 (32, 40, 48) end
 * where blocks do. For each 64 slots a node has four longs:
 *
 * <pre>
 *   bit s set: slot s leads to another block
 *   bit s set: and that is a cluster
 *   bit s set: slot s is a leaf, and not the same as the leaf before it
 *   upper half: the block of the first slot that leads to one; lower: the first leaf's place - 1
 * </pre>
 *
 * <p>Counting bits below the slot gives the place of its block or leaf. If few prefixes lie there,
 * as behind most allocations of IPv6, the block is a cluster: the up to ten addresses at which
 * another match begins, then the up to eleven matches, two in a long. Further blocks would cost a
 * read from memory each, a cluster costs one for all.
 *
 * <p>An entry or leaf is 0 for no match, or 1 + the prefix's place in sorted order; an entry below
 * 0 is the complement of twice a block's number, plus one if that is a cluster.
 */
final class PrefixTree {
  private static final int WORD = 4;
  private static final int BLOCK = 4 * WORD;
  private static final int CUTS = 10;

  private final PrefixColumns prefixes;
  private final int rootShift;
  private final int[] root;
  private final long[] blocks;
  private final int[] leaves;

  private PrefixTree(Builder builder) {
    prefixes = builder.prefixes;
    rootShift = 64 - builder.rootBits;
    root = builder.root;
    blocks = Arrays.copyOf(builder.blocks, BLOCK * builder.blockCount);
    leaves = Arrays.copyOf(builder.leaves, builder.leafCount);
  }

  /** Of prefixes that differ, in any order. */
  static PrefixTree of(PrefixColumns unsorted) {
    PrefixColumns sorted = unsorted.sorted();
    Builder builder = new Builder(sorted, rootBits(sorted.size()));
    builder.build();
    return new PrefixTree(builder);
  }

  /**
   * 1 + the place, in {@link #prefixes}, of the longest prefix that contains the address; 0 when
   * none does.
   *
   * @param low ignored by IPv4
   */
  int find(long high, long low) {
    int entry = root[(int) (high >>> rootShift)];
    return entry >= 0 ? entry : descend(~entry, high, low);
  }

  /** The prefixes, sorted. */
  PrefixColumns prefixes() {
    return prefixes;
  }

  /** What all arrays take. */
  long bytes() {
    return prefixes.bytes() + 4L * root.length + 8L * blocks.length + 4L * leaves.length;
  }

  private int descend(int first, long high, long low) {
    int block = first >>> 1;
    boolean isCluster = (first & 1) != 0;
    for (int depth = 64 - rootShift; !isCluster; depth += 8) {
      int slot = (int) (depth < 64 ? high >>> (56 - depth) : low >>> (120 - depth)) & 0xff;
      int word = block * BLOCK + (slot >>> 6) * WORD;
      long children = blocks[word];
      long starts = blocks[word + 3];
      if ((children >>> slot & 1) == 0) {
        long upToSlot = blocks[word + 2] & -1L >>> (63 - (slot & 63));
        return leaves[(int) starts + Long.bitCount(upToSlot)];
      }
      block = (int) (starts >>> 32) + Long.bitCount(children & ((1L << slot) - 1));
      isCluster = (blocks[word + 1] >>> slot & 1) != 0;
    }
    return inCluster(block * BLOCK, high ^ Long.MIN_VALUE);
  }

  /** All cuts are looked at, whatever comes out: that is cheaper than to guess wrong. */
  private int inCluster(int at, long signed) {
    int passed = 0;
    for (int cut = 0; cut < CUTS; cut++) {
      passed += blocks[at + cut] <= signed ? 1 : 0;
    }
    return (int) (blocks[at + CUTS + (passed >>> 1)] >>> (passed << 5));
  }

  /** A few routes do not deserve an array of 64 MB. */
  private static int rootBits(int prefixes) {
    return prefixes < 256 ? 8 : prefixes < 16_384 ? 16 : 24;
  }

  /** Cuts the sorted prefixes into blocks, from the root down. */
  private static final class Builder {
    /** A slot that leads to a node, until that has a number. */
    private static final int NODE = -1;

    /** The same with a cluster. */
    private static final int CLUSTER = -2;

    /** What one level of the tree is built with; the next node of that level uses it again. */
    private static final class Level {
      final int[] slots = new int[256];
      final int[] from = new int[256];
      final int[] to = new int[256];
      final int[] inherited = new int[256];
    }

    final PrefixColumns prefixes;
    final int rootBits;
    final int[] root;
    private final Cluster cluster = new Cluster();
    private final Level[] levels = new Level[16];
    long[] blocks = new long[16 * BLOCK];
    int blockCount;
    int[] leaves = new int[64];
    int leafCount;

    Builder(PrefixColumns sorted, int rootBits) {
      this.prefixes = sorted;
      this.rootBits = rootBits;
      this.root = new int[1 << rootBits];
      Arrays.setAll(levels, _ -> new Level());
    }

    void build() {
      int at = 0;
      while (at < prefixes.size()) {
        int length = prefixes.length(at);
        int slot = (int) (prefixes.high(at) >>> (64 - rootBits));
        if (length <= rootBits) {
          // Those inside it come later and write over it.
          Arrays.fill(root, slot, slot + (1 << (rootBits - length)), at + 1);
          at++;
        } else {
          int end = at + 1;
          while (end < prefixes.size() && (int) (prefixes.high(end) >>> (64 - rootBits)) == slot) {
            end++;
          }
          int inherited = root[slot];
          int block = take(1);
          boolean isCluster = cluster.cut(prefixes, at, end, rootBits, inherited);
          root[slot] = ~(2 * block + (isCluster ? 1 : 0));
          build(block, at, end, rootBits, inherited);
          at = end;
        }
      }
    }

    /**
     * Builds one block, a cluster if it can be.
     *
     * @param depth bits that its prefixes, from {@code from} to before {@code to}, share; all are
     *     longer
     * @param inherited what matches where none of them does
     */
    private void build(int block, int from, int to, int depth, int inherited) {
      if (cluster.cut(prefixes, from, to, depth, inherited)) {
        cluster.write(blocks, block * BLOCK);
        return;
      }
      Level level = levels[depth / 8];
      Arrays.fill(level.slots, inherited);
      int children = 0;
      int at = from;
      while (at < to) {
        int slot = prefixes.octet(at, depth);
        int spare = depth + 8 - prefixes.length(at);
        if (spare >= 0) {
          Arrays.fill(level.slots, slot, slot + (1 << spare), at + 1);
          at++;
        } else {
          int end = at + 1;
          while (end < to && prefixes.octet(end, depth) == slot) {
            end++;
          }
          level.from[children] = at;
          level.to[children] = end;
          level.inherited[children++] = level.slots[slot];
          boolean isCluster = cluster.cut(prefixes, at, end, depth + 8, level.slots[slot]);
          level.slots[slot] = isCluster ? CLUSTER : NODE;
          at = end;
        }
      }
      int first = take(children);
      pack(block, level.slots, first);
      for (int child = 0; child < children; child++) {
        build(first + child, level.from[child], level.to[child], depth + 8, level.inherited[child]);
      }
    }

    private void pack(int block, int[] slots, int firstChild) {
      int child = firstChild;
      for (int word = 0; word < 4; word++) {
        long starts = (long) child << 32 | ((leafCount - 1) & 0xffff_ffffL);
        long childBits = 0;
        long clusterBits = 0;
        long leafBits = 0;
        int before = 0;
        for (int slot = 0; slot < 64; slot++) {
          int value = slots[64 * word + slot];
          if (value < 0) {
            childBits |= 1L << slot;
            clusterBits |= value == CLUSTER ? 1L << slot : 0;
            child++;
          } else if (leafBits == 0 || value != before) {
            leafBits |= 1L << slot;
            leaf(value);
            before = value;
          }
        }
        int at = block * BLOCK + word * WORD;
        blocks[at] = childBits;
        blocks[at + 1] = clusterBits;
        blocks[at + 2] = leafBits;
        blocks[at + 3] = starts;
      }
    }

    private int take(int count) {
      int first = blockCount;
      blockCount += count;
      if (blockCount * BLOCK > blocks.length) {
        blocks = Arrays.copyOf(blocks, Math.max(blockCount * BLOCK, blocks.length * 2));
      }
      return first;
    }

    private void leaf(int value) {
      if (leafCount == leaves.length) {
        leaves = Arrays.copyOf(leaves, leafCount * 2);
      }
      leaves[leafCount++] = value;
    }
  }

  /** Cuts what lies behind a few prefixes into the stretches that have one match each. */
  private static final class Cluster {
    private final long[] cuts = new long[2 * CUTS];
    private final int[] matches = new int[2 * CUTS + 1];
    private int count;

    /**
     * Cuts, if there are few enough stretches and no prefix goes beyond the first 64 bits.
     *
     * @param depth bits that the prefixes, from {@code from} to before {@code to}, share
     * @param inherited what matches where none of them does
     */
    boolean cut(PrefixColumns prefixes, int from, int to, int depth, int inherited) {
      if (to - from > CUTS) {
        return false;
      }
      count = 0;
      for (int at = from; at < to; at++) {
        if (prefixes.length(at) > 64) {
          return false;
        }
        cuts[count++] = prefixes.high(at) ^ Long.MIN_VALUE;
        cuts[count++] = end(prefixes, at) ^ Long.MIN_VALUE;
      }
      Arrays.sort(cuts, 0, count);
      long start = prefixes.high(from) & -1L << (64 - depth);
      int kept = 0;
      matches[0] = match(prefixes, from, to, start, inherited);
      for (int i = 0; i < count; i++) {
        long address = cuts[i] ^ Long.MIN_VALUE;
        // A cut where the block begins or ends, or beyond the last address of all, cuts nothing.
        if ((address ^ start) >>> (64 - depth) == 0 && address != start) {
          int match = match(prefixes, from, to, address, inherited);
          if (match != matches[kept]) {
            cuts[kept] = cuts[i];
            matches[++kept] = match;
          }
        }
      }
      count = kept;
      return kept <= CUTS;
    }

    /** Writes what was cut last. */
    void write(long[] blocks, int at) {
      for (int cut = 0; cut < CUTS; cut++) {
        blocks[at + cut] = cut < count ? cuts[cut] : Long.MAX_VALUE;
      }
      for (int i = 0; i < BLOCK - CUTS; i++) {
        // The last address passes the cuts that are none, too: there stands the last match again.
        long even = matches[Math.min(count, 2 * i)];
        long odd = matches[Math.min(count, 2 * i + 1)];
        blocks[at + CUTS + i] = odd << 32 | even;
      }
    }

    /** The last that contains an address is the longest. */
    private static int match(
        PrefixColumns prefixes, int from, int to, long address, int inherited) {
      for (int at = to - 1; at >= from; at--) {
        if ((address ^ prefixes.high(at)) >>> (64 - prefixes.length(at)) == 0) {
          return at + 1;
        }
      }
      return inherited;
    }

    /** The first address behind the prefix; 0 when there is none. */
    private static long end(PrefixColumns prefixes, int at) {
      return prefixes.high(at) + (1L << (64 - prefixes.length(at)));
    }
  }
}
