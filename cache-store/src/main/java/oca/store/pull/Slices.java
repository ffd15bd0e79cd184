package oca.store.pull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import oca.store.BlockMap;

/**
 * Which bytes of an object are in its file: of each slice the bytes from its start up to a front.
 *
 * <p>One number for each slice, written whole, so that a reader needs no lock:
 *
 * <pre>
 *   63            32 31             0
 *   +---------------+---------------+
 *   |   checksum    |     front     |
 *   +---------------+---------------+
 * </pre>
 *
 * The checksum is 0 until the slice is whole, and never 0 from then on. Fronts only rise. Changed
 * by one thread at a time (the object's disk thread), read by any; one who reads while the array
 * grows may see it as it was a moment before.
 */
final class Slices implements BlockMap {
  /** So many slices one answer of {@link #readable} runs over at most. */
  static final int LONGEST_RUN = 64;

  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

  private final int sliceBytes;
  private volatile long[] entries = new long[1];
  private volatile int whole;

  Slices(int sliceBytes) {
    this.sliceBytes = sliceBytes;
  }

  @Override
  public long readable(long from) {
    long[] now = entries;
    if (from < 0 || from / sliceBytes >= now.length) {
      return 0;
    }
    int slice = (int) (from / sliceBytes);
    int front = front(now, slice);
    long readable = front - from % sliceBytes;
    if (readable <= 0) {
      return 0;
    }
    for (int run = 1; front == sliceBytes && run < LONGEST_RUN && ++slice < now.length; run++) {
      front = front(now, slice);
      readable += front;
    }
    return readable;
  }

  /** How many bytes of a slice are here, from its start on. */
  int front(int slice) {
    long[] now = entries;
    return slice < now.length ? front(now, slice) : 0;
  }

  /** The checksum of a slice; 0 unless it is whole. */
  int checksum(int slice) {
    long[] now = entries;
    return slice < now.length ? (int) ((long) ENTRY.getAcquire(now, slice) >>> 32) : 0;
  }

  /** How many slices are whole. */
  int whole() {
    return whole;
  }

  /** The numbers of those that are whole. */
  BitSet wholeOnes() {
    BitSet found = new BitSet();
    long[] now = entries;
    for (int slice = 0; slice < now.length; slice++) {
      if ((long) ENTRY.getAcquire(now, slice) >>> 32 != 0) {
        found.set(slice);
      }
    }
    return found;
  }

  /** Where the last byte that is here ends, in the object. */
  long end() {
    long[] now = entries;
    for (int slice = now.length - 1; slice >= 0; slice--) {
      if (front(now, slice) > 0) {
        return (long) slice * sliceBytes + front(now, slice);
      }
    }
    return 0;
  }

  /**
   * Moves a slice's front on. The bytes up to there are in the file.
   *
   * @param checksum of the slice when it is whole by that, else 0
   */
  void advance(int slice, int front, int checksum) {
    long[] now = entries;
    if (slice >= now.length) {
      now = Arrays.copyOf(now, Math.max(slice + 1, now.length + (now.length >> 1)));
      entries = now;
    }
    long entry = (long) checksum << 32 | front;
    boolean completes = checksum != 0 && (long) ENTRY.getAcquire(now, slice) >>> 32 == 0;
    ENTRY.setRelease(now, slice, entry);
    if (completes) {
      count(1);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
  private void count(int more) {
    whole += more;
  }

  private static int front(long[] in, int slice) {
    return (int) (long) ENTRY.getAcquire(in, slice);
  }
}
