package oca.server.vitals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import oca.model.ContentId;

/**
 * A set of files as bare 128-bit ids: 24 to 32 bytes a file. Immutable; safe on any thread.
 *
 * <p>Open addressing with linear probing over two longs a slot. The id of two zeros marks an empty
 * slot and is kept beside the table.
 */
final class FileSet {
  static final FileSet EMPTY = new FileSet(List.of());

  private final long[] slots;
  private final boolean hasZero;
  private final int size;

  /** Those files; one named twice counts once. */
  FileSet(Collection<ContentId> files) {
    slots = new long[Math.multiplyExact(Math.addExact(files.size(), files.size() / 2) + 1, 2)];
    boolean zero = false;
    int stored = 0;
    for (ContentId file : files) {
      if (isZero(file)) {
        stored += zero ? 0 : 1;
        zero = true;
      } else {
        int slot = find(file.high(), file.low());
        if (isEmpty(slot)) {
          slots[slot] = file.high();
          slots[slot + 1] = file.low();
          stored++;
        }
      }
    }
    hasZero = zero;
    size = stored;
  }

  int size() {
    return size;
  }

  /** All of them, in no order. */
  List<ContentId> files() {
    return without(EMPTY);
  }

  /** Those that are not in the other set. */
  List<ContentId> without(FileSet other) {
    List<ContentId> files = new ArrayList<>(other.size == 0 ? size : 0);
    if (hasZero && !other.hasZero) {
      files.add(new ContentId(0, 0));
    }
    for (int slot = 0; slot < slots.length; slot += 2) {
      if (!isEmpty(slot) && other.isEmpty(other.find(slots[slot], slots[slot + 1]))) {
        files.add(new ContentId(slots[slot], slots[slot + 1]));
      }
    }
    return files;
  }

  /** The slot of the file, or the empty one where it would go; there always is an empty one. */
  private int find(long high, long low) {
    long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9e3779b97f4a7c15L;
    int slot = 2 * (int) Math.unsignedMultiplyHigh(mixed, slots.length / 2);
    while (!isEmpty(slot) && (slots[slot] != high || slots[slot + 1] != low)) {
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
