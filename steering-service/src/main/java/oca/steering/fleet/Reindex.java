package oca.steering.fleet;

import oca.protocol.InventoryDigest;
import org.jspecify.annotations.Nullable;

/**
 * Changes the files of one appliance in the index, giving a new one. For one thread at a time,
 * which keeps it: its pool is what lets files share their sets over many changes.
 */
final class Reindex {
  private static final int NO_SLOT = -1;

  private final SetPool pool = new SetPool();

  /** What one change adds up. */
  private static final class Change {
    final Holders before;
    final int number;
    final FileSegment[] segments;
    int files;
    long bytes;
    int count;
    long high;
    long low;

    Change(Holders before, int number) {
      this.before = before;
      this.number = number;
      this.segments = before.copyOfSegments();
      this.files = before.files();
      this.bytes = before.segmentBytes();
      InventoryDigest digest = before.indexed(number);
      this.count = digest.files();
      this.high = digest.high();
      this.low = digest.low();
    }

    void put(int segment, FileSegment changed) {
      files += changed.files() - segments[segment].files();
      bytes += changed.bytes() - segments[segment].bytes();
      segments[segment] = changed;
    }

    void count(int sign, long idHigh, long idLow) {
      count += sign;
      high += sign * InventoryDigest.high(idHigh, idLow);
      low += sign * InventoryDigest.low(idHigh, idLow);
    }

    Holders done() {
      InventoryDigest digest = new InventoryDigest(count, high, low);
      return before.with(number, segments, digest, files, bytes);
    }
  }

  /** The index when that appliance holds just those files. */
  Holders replace(Holders before, int number, FileBatch held) {
    int[] slots = new int[held.size()];
    long[][] marks = new long[FileBatch.SEGMENTS][];
    // If all that it had is among what it has, no segment needs to be searched for the rest.
    boolean loses = mark(before, number, held, slots, marks) < before.indexed(number).files();
    Change change = new Change(before, number);
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      long[] marked = marks[s];
      FileSegment segment = before.segment(s);
      if (marked != null || (loses && segment.files() > 0)) {
        FileSegment.Edit edit = new FileSegment.Edit(segment, before.seed());
        if (loses) {
          removeUnmarked(segment, edit, marked, change);
        }
        add(edit, held, s, slots, change);
        change.put(s, edit.done());
      }
    }
    return change.done();
  }

  /** The index when that appliance lost some files and then got others. */
  Holders change(Holders before, int number, FileBatch removed, FileBatch added) {
    Change change = new Change(before, number);
    int[] removedSlots = slots(before, removed);
    int[] addedSlots = slots(before, added);
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      if (!removed.isEmpty(s) || !added.isEmpty(s)) {
        FileSegment.Edit edit = new FileSegment.Edit(before.segment(s), before.seed());
        remove(edit, removed, s, removedSlots, change);
        add(edit, added, s, addedSlots, change);
        change.put(s, edit.done());
      }
    }
    return change.done();
  }

  /**
   * Finds the slot of each file and marks it.
   *
   * @return how many of the files the appliance had
   */
  private static int mark(Holders before, int number, FileBatch held, int[] slots, long[][] marks) {
    int had = 0;
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      int end = held.start(s + 1);
      if (held.start(s) == end) {
        continue;
      }
      FileSegment segment = before.segment(s);
      long[] marked = new long[(segment.capacity() + 63) >>> 6];
      marks[s] = marked;
      for (int place = held.start(s); place < end; place++) {
        long hash = FileBatch.hash(before.seed(), held.high(place), held.low(place));
        int slot = segment.slot(hash, held.high(place), held.low(place));
        slots[place] = slot;
        if (slot != NO_SLOT && !isMarked(marked, slot)) {
          marked[slot >>> 6] |= 1L << slot;
          had += segment.at(slot).has(number) ? 1 : 0;
        }
      }
    }
    return had;
  }

  private static int[] slots(Holders before, FileBatch files) {
    int[] slots = new int[files.size()];
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      for (int place = files.start(s); place < files.start(s + 1); place++) {
        long hash = FileBatch.hash(before.seed(), files.high(place), files.low(place));
        slots[place] = before.segment(s).slot(hash, files.high(place), files.low(place));
      }
    }
    return slots;
  }

  private void removeUnmarked(
      FileSegment segment, FileSegment.Edit edit, long @Nullable [] marked, Change change) {
    for (int slot = 0; slot < segment.capacity(); slot++) {
      HolderSet set = segment.at(slot);
      if ((marked == null || !isMarked(marked, slot)) && set.has(change.number)) {
        edit.put(slot, pool.without(set, change.number));
        change.count(-1, segment.high(slot), segment.low(slot));
      }
    }
  }

  private void remove(FileSegment.Edit edit, FileBatch files, int s, int[] slots, Change change) {
    for (int place = files.start(s); place < files.start(s + 1); place++) {
      int slot = slots[place];
      if (slot != NO_SLOT && edit.at(slot).has(change.number)) {
        edit.put(slot, pool.without(edit.at(slot), change.number));
        change.count(-1, files.high(place), files.low(place));
      }
    }
  }

  /** Adds the appliance to the files of one segment: first those with a slot, then new ones. */
  private void add(FileSegment.Edit edit, FileBatch files, int s, int[] slots, Change change) {
    int number = change.number;
    int fresh = 0;
    int end = files.start(s + 1);
    for (int place = files.start(s); place < end; place++) {
      int slot = slots[place];
      if (slot == NO_SLOT) {
        fresh++;
      } else if (!edit.at(slot).has(number)) {
        edit.put(slot, pool.with(edit.at(slot), number));
        change.count(1, files.high(place), files.low(place));
      }
    }
    edit.reserve(fresh);
    for (int place = files.start(s); fresh > 0 && place < end; place++) {
      if (slots[place] == NO_SLOT) {
        fresh--;
        long hash = FileBatch.hash(change.before.seed(), files.high(place), files.low(place));
        HolderSet alone = pool.with(HolderSet.NONE, number);
        if (edit.insert(hash, files.high(place), files.low(place), alone)) {
          change.count(1, files.high(place), files.low(place));
        }
      }
    }
  }

  private static boolean isMarked(long[] marked, int slot) {
    return ((marked[slot >>> 6] >>> slot) & 1) != 0;
  }
}
