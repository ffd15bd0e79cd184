package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bit for each block of one open file: it was compared with its checksum, and has not left memory
 * since, as far as anybody saw. Bits are set by threads that read, cleared by whoever sees that a
 * block left memory, and all of them end after {@link #KEPT_NANOS}.
 *
 * <p>A bit can be wrong. The kernel tells whether a page is in memory, not whether it always was:
 * when a page leaves memory and somebody else brings it back before one of us has looked, nobody
 * knows. Who can bring it back is bounded: of files that a store opens the kernel reads nothing
 * ahead ({@link oca.store.disk.Disk#open}), our own threads forget before they read, and the scrub
 * compares what it reads. What is left are
 *
 * <ul>
 *   <li>the send itself, of a page that left memory between the question and the send: at most what
 *       is sent on one question, a chunk or a piece, within a second, or with the transports epoll
 *       and NIO within the time that the client takes for one chunk;
 *   <li>programs that read the files of a volume beside us, a backup for instance, and a scrub
 *       between its reading of a block and its verdict, some milliseconds.
 * </ul>
 *
 * Both need memory pressure on that very page and a disk that has changed it meanwhile. A page that
 * came in so stays trusted for ten minutes at the most: then its block is compared again, from
 * memory, which costs one core a thousandth of what it serves in that time.
 */
public final class CheckedBlocks implements BlockChecks {
  /** A comparison is good for so long: ten minutes. */
  static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final Logger log = LoggerFactory.getLogger(CheckedBlocks.class);

  private final Blocks blocks;
  private final LongSupplier nanoTime;

  /** Rises when a bit is taken back, so that one who compares meanwhile does not set it. */
  private final AtomicInteger forgotten = new AtomicInteger();

  private volatile @Nullable Bits bits;

  /** The blocks of one file. Safe on any thread. */
  public interface Blocks {
    /** Where the content begins in the file. */
    long contentOffset();

    int blockBytes();

    /** Where a block ends in the content, in bytes. */
    long endOf(long block);

    /** Whether there is a checksum to compare with. Never blocks. */
    boolean hasChecksum(long block);

    /** Reads a block and compares it. Blocks on the disk. */
    boolean matches(long block, ByteBuffer scratch) throws IOException;

    /** Has a block read from the disk the next time, as far as nobody uses what is in memory. */
    void leaveMemory(long block);

    /**
     * A block is not what was written, on the disk too: nobody is to be served it. Must not block.
     *
     * @return what to tell of it
     */
    DamagedBlockException damaged(long block);
  }

  private record Bits(AtomicLongArray words, long since) {
    boolean get(long block) {
      int word = (int) (block >> 6);
      return word < words.length() && (words.get(word) & 1L << block) != 0;
    }

    void set(long block) {
      words.accumulateAndGet((int) (block >> 6), 1L << block, (word, bit) -> word | bit);
    }

    /** Whether it was set. */
    boolean clear(long block) {
      int word = (int) (block >> 6);
      long bit = 1L << block;
      return word < words.length()
          && (words.get(word) & bit) != 0
          && (words.getAndAccumulate(word, ~bit, (old, mask) -> old & mask) & bit) != 0;
    }
  }

  /** Of one open file. */
  public CheckedBlocks(Blocks blocks) {
    this(blocks, System::nanoTime);
  }

  CheckedBlocks(Blocks blocks, LongSupplier nanoTime) {
    this.blocks = blocks;
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean covers(long position, long length) {
    Bits now = fresh();
    long last = block(position + length - 1);
    for (long block = block(position); block <= last; block++) {
      if ((now == null || !now.get(block)) && blocks.hasChecksum(block)) {
        return false;
      }
    }
    return true;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another place is another object
  public void forget(long position, long length) {
    Bits now;
    do {
      now = bits;
      if (now != null) {
        forget(now, position, length);
      }
      // They may have moved to a larger place meanwhile, with what was cleared here too late.
    } while (now != bits);
  }

  private void forget(Bits from, long position, long length) {
    long last = block(position + length - 1);
    for (long block = block(position); block <= last; block++) {
      if (from.clear(block)) {
        forgotten.incrementAndGet();
      }
    }
  }

  @Override
  public void forgetEvicted(long position, long length, InMemory asked) {
    Bits now = bits;
    if (now == null) {
      return;
    }
    long last = block(position + length - 1);
    for (long block = block(position); block <= last; block++) {
      if (now.get(block)) {
        long start = blocks.contentOffset() + block * blocks.blockBytes();
        long bytes = blocks.contentOffset() + blocks.endOf(block) - start;
        if (!asked.holds(start, bytes)) {
          forget(start, bytes);
        }
      }
    }
  }

  @Override
  public long begin(long position) {
    long block = block(position);
    return blocks.hasChecksum(block)
        ? blocks.contentOffset() + block * blocks.blockBytes()
        : position;
  }

  @Override
  public long end(long position) {
    long block = block(position);
    return blocks.hasChecksum(block) ? blocks.contentOffset() + blocks.endOf(block) : position + 1;
  }

  @Override
  public void check(long position, long length, ByteBuffer scratch) throws IOException {
    long last = block(position + length - 1);
    for (long block = block(position); block <= last; block++) {
      Bits now = fresh();
      if ((now == null || !now.get(block)) && blocks.hasChecksum(block)) {
        check(block, scratch);
      }
    }
  }

  private void check(long block, ByteBuffer scratch) throws IOException {
    int before = forgotten.get();
    if (!blocks.matches(block, scratch)) {
      // Memory may have changed it, or the way to it: the disk has the last word.
      blocks.leaveMemory(block);
      if (!blocks.matches(block, scratch)) {
        throw blocks.damaged(block);
      }
      log.warn("a block was wrong in memory and right on the disk: check the machine's memory");
    }
    set(block);
    if (forgotten.get() != before) {
      forget(blocks.contentOffset() + block * blocks.blockBytes(), 1);
    }
  }

  private synchronized void set(long block) {
    int word = (int) (block >> 6);
    Bits now = fresh();
    if (now == null) {
      now = new Bits(new AtomicLongArray(word + 1), nanoTime.getAsLong());
      bits = now;
    } else if (word >= now.words.length()) {
      AtomicLongArray more = new AtomicLongArray(Math.max(word + 1, 2 * now.words.length()));
      for (int i = 0; i < now.words.length(); i++) {
        more.set(i, now.words.get(i));
      }
      now = new Bits(more, now.since);
      bits = now;
    }
    now.set(block);
  }

  private @Nullable Bits fresh() {
    Bits now = bits;
    return now == null || nanoTime.getAsLong() - now.since > KEPT_NANOS ? null : now;
  }

  private long block(long position) {
    return (position - blocks.contentOffset()) / blocks.blockBytes();
  }
}
