package oca.bench.pull;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the origin has sent of one object: for each block how many of its bytes, and when the last
 * of them was first with the kernel. Safe on any thread.
 */
final class Ledger {
  /** Bytes in a block. */
  static final int BLOCK = 4096;

  private final long length;
  private final AtomicIntegerArray sent;
  private final AtomicLongArray stamps;
  private final AtomicLong begun = new AtomicLong(Long.MAX_VALUE);

  /**
   * @param length in bytes
   */
  Ledger(long length) {
    this.length = length;
    int blocks = Math.toIntExact((length + BLOCK - 1) / BLOCK);
    this.sent = new AtomicIntegerArray(blocks);
    this.stamps = new AtomicLongArray(blocks);
  }

  /** An answer begins now, by {@link System#nanoTime}. */
  void begins(long now) {
    begun.accumulateAndGet(now, Math::min);
  }

  /** Bytes up to there are with the kernel now. */
  void wrote(long from, long to, long now) {
    for (long at = from; at < to; ) {
      int block = (int) (at / BLOCK);
      long end = Math.min(length, (block + 1L) * BLOCK);
      long until = Math.min(end, to);
      sent.addAndGet(block, (int) (until - at));
      if (until == end) {
        stamps.compareAndSet(block, 0, now);
      }
      at = until;
    }
  }

  /** Writes it for {@link #read}. */
  void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeLong(length);
      out.writeLong(begun.get());
      for (int i = 0; i < sent.length(); i++) {
        out.writeInt(sent.get(i));
        out.writeLong(stamps.get(i));
      }
    }
  }

  /** As another process wrote it. */
  static Page read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      long length = in.readLong();
      long begun = in.readLong();
      int blocks = Math.toIntExact((length + BLOCK - 1) / BLOCK);
      int[] sent = new int[blocks];
      long[] stamps = new long[blocks];
      for (int i = 0; i < blocks; i++) {
        sent[i] = in.readInt();
        stamps[i] = in.readLong();
      }
      return new Page(length, begun, sent, stamps);
    }
  }

  /** One that changes no more. */
  static final class Page {
    private final long length;
    private final long begun;
    private final int[] sent;
    private final long[] stamps;

    Page(long length, long begun, int[] sent, long[] stamps) {
      this.length = length;
      this.begun = begun;
      this.sent = sent;
      this.stamps = stamps;
    }

    /** When its first answer began. */
    long begun() {
      return begun;
    }

    /** All bytes that were sent of it. */
    long bytes() {
      long sum = 0;
      for (int count : sent) {
        sum += count;
      }
      return sum;
    }

    /** Bytes beyond the first time that each was sent. */
    long twice() {
      long sum = 0;
      for (int i = 0; i < sent.length; i++) {
        sum += Math.max(0, sent[i] - (int) Math.min(BLOCK, length - (long) i * BLOCK));
      }
      return sum;
    }

    /** How often the block was sent that was sent most often, begun ones counting as whole. */
    int most() {
      int most = 0;
      for (int i = 0; i < sent.length; i++) {
        int whole = (int) Math.min(BLOCK, length - (long) i * BLOCK);
        most = Math.max(most, (sent[i] + whole - 1) / whole);
      }
      return most;
    }

    /** When the byte's whole block had been sent; 0 when it never was. */
    long sentAt(long offset) {
      return stamps[(int) (offset / BLOCK)];
    }

    /** When the last of some bytes had been sent; 0 when one never was. */
    long sentAt(long from, long to) {
      long latest = 0;
      for (int block = (int) (from / BLOCK); (long) block * BLOCK < to; block++) {
        if (stamps[block] == 0) {
          return 0;
        }
        latest = Math.max(latest, stamps[block]);
      }
      return latest;
    }
  }
}
