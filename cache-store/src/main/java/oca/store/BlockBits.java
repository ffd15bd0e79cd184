package oca.store;

import java.util.concurrent.atomic.AtomicLongArray;

/** A bit for each block, set by one thread at a time and read by any. */
final class BlockBits implements BlockMap {
  private final long length;
  private final int blockBytes;
  private final long blocks;
  private final AtomicLongArray words;

  BlockBits(long length, int blockBytes, long blocks) {
    this.length = length;
    this.blockBytes = blockBytes;
    this.blocks = blocks;
    this.words = new AtomicLongArray(Math.toIntExact((blocks + 63) / 64));
  }

  void set(long block) {
    words.accumulateAndGet((int) (block >> 6), 1L << block, (word, bit) -> word | bit);
  }

  boolean get(long block) {
    return (words.get((int) (block >> 6)) & 1L << block) != 0;
  }

  /** The first block from that number on which is set (or is not); the number of blocks if none. */
  long next(long from, boolean set) {
    for (long at = from; at < blocks; at = (at | 63) + 1) {
      long word = words.get((int) (at >> 6));
      long left = (set ? word : ~word) >>> at;
      if (left != 0) {
        return Math.min(at + Long.numberOfTrailingZeros(left), blocks);
      }
    }
    return blocks;
  }

  @Override
  public long readable(long from) {
    if (from < 0 || from >= length) {
      return 0;
    }
    long block = from / blockBytes;
    long end = next(block, false);
    return Math.max(0, Math.min(end * blockBytes, length) - from);
  }
}
