package oca.bench.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The content of the file that all servers serve: noise that follows from the place in the file, so
 * that no answer can be compressed, and bytes from a wrong place are seen to be wrong.
 */
public final class MadeBytes {
  /** The file's path, without a leading slash. */
  public static final String PATH = "file.bin";

  private MadeBytes() {}

  /** Fills a buffer with the content from an offset on; both in whole words of 8 bytes. */
  public static void fill(ByteBuffer into, long offset) {
    into.order(ByteOrder.LITTLE_ENDIAN);
    for (long index = offset >> 3; into.hasRemaining(); index++) {
      into.putLong(word(index));
    }
  }

  /**
   * Where bytes differ from the content at an offset.
   *
   * @return the first wrong byte, counted from the offset, or -1 when all are right
   */
  public static long mismatch(MemorySegment bytes, long length, long offset) {
    for (long i = 0; i < length; i++) {
      long at = offset + i;
      if ((byte) (word(at >> 3) >>> ((at & 7) << 3)) != bytes.get(ValueLayout.JAVA_BYTE, i)) {
        return i;
      }
    }
    return -1;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable generators, 2014). */
  private static long word(long index) {
    long z = (index + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
