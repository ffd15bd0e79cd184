package oca.steering.fleet;

import org.jspecify.annotations.Nullable;

/**
 * A part of the index: some files and the holders of each. Immutable; safe on any thread.
 *
 * <p>Open addressing with linear probing. A slot is two longs of id in one array and a reference in
 * another: a change of holders copies the references only, and shares the ids with the segment
 * before, until a new file comes. A slot without a set is free; a file that nobody holds any more
 * keeps its slot with the set of nobody until the segment is laid out anew.
 */
final class FileSegment {
  static final FileSegment EMPTY = new FileSegment(new long[2], new HolderSet[1], 0, 0, 0);

  private final long[] ids;
  private final @Nullable HolderSet[] sets;
  private final int used;
  private final int files;
  private final long setBytes;

  private FileSegment(long[] ids, @Nullable HolderSet[] sets, int used, int files, long setBytes) {
    this.ids = ids;
    this.sets = sets;
    this.used = used;
    this.files = files;
    this.setBytes = setBytes;
  }

  /** The holders of that file; nobody when it is not here. */
  HolderSet get(long hash, long high, long low) {
    HolderSet set = sets[find(ids, sets, hash, high, low)];
    return set == null ? HolderSet.NONE : set;
  }

  /** Its slot; -1 when it has none. */
  int slot(long hash, long high, long low) {
    int slot = find(ids, sets, hash, high, low);
    return sets[slot] == null ? -1 : slot;
  }

  /** The holders at a slot; nobody when the slot is free. */
  HolderSet at(int slot) {
    HolderSet set = sets[slot];
    return set == null ? HolderSet.NONE : set;
  }

  /** Of the id at a slot that is not free. */
  long high(int slot) {
    return ids[2 * slot];
  }

  /** Of the id at a slot that is not free. */
  long low(int slot) {
    return ids[2 * slot + 1];
  }

  /** Slots, free ones included. */
  int capacity() {
    return sets.length;
  }

  /** Files that somebody holds. */
  int files() {
    return files;
  }

  /** Heap bytes, each set counted as though nobody else shared it. */
  long bytes() {
    return sets.length == 1 ? 0 : 40 + 32 + 16L * sets.length + 4L * sets.length + setBytes;
  }

  /** The slot of the file, or the free one where it would go; there always is a free one. */
  private static int find(long[] ids, @Nullable HolderSet[] sets, long hash, long high, long low) {
    int slot = (int) Math.unsignedMultiplyHigh(hash << FileBatch.SEGMENT_BITS, sets.length);
    while (sets[slot] != null && (ids[2 * slot] != high || ids[2 * slot + 1] != low)) {
      slot = slot + 1 == sets.length ? 0 : slot + 1;
    }
    return slot;
  }

  /** A segment being changed. For one thread; copies what it changes before it does. */
  static final class Edit {
    private final FileSegment from;
    private final long seed;
    private boolean ownsIds;
    private boolean ownsSets;
    private long[] ids;
    private @Nullable HolderSet[] sets;
    private int used;
    private int files;
    private long setBytes;

    /**
     * Begins with what the segment has.
     *
     * @param seed of the index
     */
    Edit(FileSegment from, long seed) {
      this.from = from;
      this.seed = seed;
      this.ids = from.ids;
      this.sets = from.sets;
      this.used = from.used;
      this.files = from.files;
      this.setBytes = from.setBytes;
    }

    /** The holders at a slot as they are by now. */
    HolderSet at(int slot) {
      HolderSet set = sets[slot];
      return set == null ? HolderSet.NONE : set;
    }

    /** Puts other holders at a slot that is not free, before any insert. */
    void put(int slot, HolderSet set) {
      ownSets();
      account(at(slot), set);
      sets[slot] = set;
    }

    /** Makes room for so many new files; slots known from before mean nothing from then on. */
    void reserve(int more) {
      if (more == 0) {
        return;
      }
      if ((used + more) * 5L > sets.length * 4L) {
        layOut(Math.max(8, (files + more) * 8 / 5));
      } else {
        ownSets();
        if (!ownsIds) {
          ids = ids.clone();
          ownsIds = true;
        }
      }
    }

    private void ownSets() {
      if (!ownsSets) {
        sets = sets.clone();
        ownsSets = true;
      }
    }

    /**
     * Gives a file without a slot its first holder, if it has not got one by now.
     *
     * @return false when it had a slot: it was inserted before
     */
    boolean insert(long hash, long high, long low, HolderSet set) {
      int slot = find(ids, sets, hash, high, low);
      if (sets[slot] != null) {
        return false;
      }
      ids[2 * slot] = high;
      ids[2 * slot + 1] = low;
      sets[slot] = set;
      used++;
      account(HolderSet.NONE, set);
      return true;
    }

    FileSegment done() {
      return !ownsSets ? from : new FileSegment(ids, sets, used, files, setBytes);
    }

    private void account(HolderSet before, HolderSet after) {
      files += (after.isEmpty() ? 0 : 1) - (before.isEmpty() ? 0 : 1);
      setBytes += after.bytes() - before.bytes();
    }

    /** Copies all files that have a holder into tables of that many slots. */
    private void layOut(int capacity) {
      long[] nextIds = new long[2 * capacity];
      @Nullable HolderSet[] nextSets = new HolderSet[capacity];
      used = 0;
      for (int i = 0; i < sets.length; i++) {
        HolderSet set = sets[i];
        if (set != null && !set.isEmpty()) {
          long hash = FileBatch.hash(seed, ids[2 * i], ids[2 * i + 1]);
          int slot = find(nextIds, nextSets, hash, ids[2 * i], ids[2 * i + 1]);
          nextIds[2 * slot] = ids[2 * i];
          nextIds[2 * slot + 1] = ids[2 * i + 1];
          nextSets[slot] = set;
          used++;
        }
      }
      ids = nextIds;
      sets = nextSets;
      ownsIds = true;
      ownsSets = true;
    }
  }
}
