package oca.steering.fleet;

import java.util.List;
import oca.model.ContentId;
import oca.protocol.InventoryDigest;

/**
 * Files of one message, in the order of the index's segments, so that each segment is gone through
 * once. Made outside of any lock. Immutable.
 */
final class FileBatch {
  static final int SEGMENT_BITS = 12;
  static final int SEGMENTS = 1 << SEGMENT_BITS;
  static final FileBatch EMPTY = new FileBatch(List.of(), 0);

  private final int[] starts = new int[SEGMENTS + 1];
  private final long[] ids;
  private final InventoryDigest digest;

  /**
   * Those files, one named twice still twice.
   *
   * @param seed of the index that they are for
   */
  FileBatch(List<ContentId> files, long seed) {
    ids = new long[Math.multiplyExact(files.size(), 2)];
    digest = InventoryDigest.of(files);
    for (ContentId file : files) {
      starts[segment(hash(seed, file.high(), file.low())) + 1]++;
    }
    for (int i = 0; i < SEGMENTS; i++) {
      starts[i + 1] += starts[i];
    }
    int[] next = starts.clone();
    for (ContentId file : files) {
      int place = next[segment(hash(seed, file.high(), file.low()))]++;
      ids[2 * place] = file.high();
      ids[2 * place + 1] = file.low();
    }
  }

  /** The number of files, one named twice counting twice. */
  int size() {
    return ids.length / 2;
  }

  /** Of the files as they were given. */
  InventoryDigest digest() {
    return digest;
  }

  /** The first place of that segment; the one of the next segment is behind its last. */
  int start(int segment) {
    return starts[segment];
  }

  boolean isEmpty(int segment) {
    return starts[segment] == starts[segment + 1];
  }

  long high(int place) {
    return ids[2 * place];
  }

  long low(int place) {
    return ids[2 * place + 1];
  }

  /**
   * Where a file goes. Seeded, because ids come from outside: somebody who could choose ids that
   * fall onto one place would make each look-up there go through all of them.
   */
  static long hash(long seed, long high, long low) {
    return mix(mix(high ^ seed) + low);
  }

  static int segment(long hash) {
    return (int) (hash >>> (64 - SEGMENT_BITS));
  }

  /** The finalizer of MurmurHash3. */
  private static long mix(long bits) {
    long k = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    k = (k ^ (k >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return k ^ (k >>> 33);
  }
}
