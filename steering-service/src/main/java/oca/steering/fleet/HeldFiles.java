package oca.steering.fleet;

import java.util.List;
import oca.model.ContentId;

/**
 * The files that one appliance holds, as a hash set of bare 128-bit ids: 24 to 32 bytes a file and
 * one or two probes a look-up. Immutable; safe on any thread.
 *
 * <p>Open addressing with linear probing over two longs a slot. The id of two zeros marks an empty
 * slot and is kept beside the table.
 */
public final class HeldFiles {
  /** Nothing held. */
  public static final HeldFiles NONE = new HeldFiles(List.of());

  private final long[] slots;
  private final boolean holdsZero;
  private final int size;

  /** Those files; one named twice counts once. */
  public HeldFiles(List<ContentId> files) {
    int capacity = Math.addExact(files.size(), files.size() / 2) + 1;
    slots = new long[Math.multiplyExact(capacity, 2)];
    boolean zero = false;
    int stored = 0;
    for (ContentId file : files) {
      if (isZero(file)) {
        stored += zero ? 0 : 1;
        zero = true;
      } else {
        int slot = find(file);
        if (isEmpty(slot)) {
          slots[slot] = file.high();
          slots[slot + 1] = file.low();
          stored++;
        }
      }
    }
    holdsZero = zero;
    size = stored;
  }

  /** Whether that file is held. */
  public boolean holds(ContentId file) {
    return isZero(file) ? holdsZero : !isEmpty(find(file));
  }

  /** Whether every one of those files is held; true of none at all. */
  public boolean holdsAll(List<ContentId> files) {
    for (ContentId file : files) {
      if (!holds(file)) {
        return false;
      }
    }
    return true;
  }

  /** The number of files. */
  public int size() {
    return size;
  }

  /** The slot of the file, or the empty slot where it would go; there always is an empty one. */
  private int find(ContentId file) {
    long mixed = (file.high() ^ Long.rotateLeft(file.low(), 32)) * 0x9e3779b97f4a7c15L;
    int slot = 2 * (int) Math.unsignedMultiplyHigh(mixed, slots.length / 2);
    while (!isEmpty(slot) && (slots[slot] != file.high() || slots[slot + 1] != file.low())) {
      slot = slot + 2 == slots.length ? 0 : slot + 2;
    }
    return slot;
  }

  private boolean isEmpty(int slot) {
    return slots[slot] == 0 && slots[slot + 1] == 0;
  }

  private static boolean isZero(ContentId file) {
    return file.high() == 0 && file.low() == 0;
  }
}
