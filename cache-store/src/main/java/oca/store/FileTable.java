package oca.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries by key: read by any thread without a lock and without garbage, changed by one at a time.
 *
 * <p>An open table with linear probing, in which the entries themselves hold their keys. That takes
 * six to twelve bytes for each where a {@code ConcurrentHashMap}, with its node and the key's
 * object, takes 56 (with compact headers), and there are millions. An entry that was removed leaves
 * a mark, so that no chain is cut in front of a reader; marks are reused, and go when the table is
 * made anew. A reader in the old table of the two may miss what is changed meanwhile, as if it had
 * come a moment sooner.
 */
final class FileTable {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final int LEAST = 64;

  /** Stands where an entry was. */
  private static final Object REMOVED = new Object();

  private volatile @Nullable Object[] slots = new Object[LEAST];
  // Entries and marks: what a probe has to pass.
  private int taken;
  private int size;

  /** How many entries there are. Like all changes for one thread at a time. */
  int size() {
    return size;
  }

  @Nullable Entry get(ContentKey key) {
    return get(key.high(), key.low());
  }

  @Nullable Entry get(long high, long low) {
    @Nullable Object[] now = slots;
    // Between the search and this look it may have been removed.
    return SLOT.getAcquire(now, find(now, high, low)) instanceof Entry entry
            && entry.low() == low
            && entry.high() == high
        ? entry
        : null;
  }

  /** Puts an entry in place of one with the same key. */
  void put(Entry entry) {
    if (2 * (taken + 1) > slots.length + slots.length / 4) {
      renew();
    }
    @Nullable Object[] now = slots;
    int at = find(now, entry.high(), entry.low());
    if (now[at] == null) {
      int mark = mark(now, entry);
      at = mark < 0 ? at : mark;
      taken += mark < 0 ? 1 : 0;
      size++;
    }
    SLOT.setRelease(now, at, entry);
  }

  /** Takes out this very entry; false when it is not here. */
  boolean remove(Entry entry) {
    @Nullable Object[] now = slots;
    int at = find(now, entry.high(), entry.low());
    if (now[at] != entry) {
      return false;
    }
    SLOT.setRelease(now, at, REMOVED);
    size--;
    return true;
  }

  void clear() {
    slots = new Object[LEAST];
    taken = 0;
    size = 0;
  }

  /** Shows all entries, in no order, with changes meanwhile or without. */
  void forEach(Consumer<Entry> taker) {
    @Nullable Object[] now = slots;
    for (int at = 0; at < now.length; at++) {
      if (SLOT.getAcquire(now, at) instanceof Entry entry) {
        taker.accept(entry);
      }
    }
  }

  /** Where an entry with that key is, or the empty slot at the end of its chain. */
  private static int find(@Nullable Object[] in, long high, long low) {
    int at = home(in, high, low);
    while (true) {
      Object found = SLOT.getAcquire(in, at);
      if (found == null
          || (found instanceof Entry entry && entry.low() == low && entry.high() == high)) {
        return at;
      }
      at = at + 1 & in.length - 1;
    }
  }

  /** The first mark in an entry's chain, or below 0. */
  private static int mark(@Nullable Object[] in, Entry entry) {
    int at = home(in, entry.high(), entry.low());
    while (in[at] != null) {
      if (!(in[at] instanceof Entry)) {
        return at;
      }
      at = at + 1 & in.length - 1;
    }
    return -1;
  }

  private static int home(@Nullable Object[] in, long high, long low) {
    return (int) ContentKey.hash(high, low) & in.length - 1;
  }

  /** Makes a table without marks, twice as large if the entries need it. */
  private void renew() {
    @Nullable Object[] old = slots;
    int length = size + 1 > old.length / 2 ? 2 * old.length : old.length;
    @Nullable Object[] next = new Object[length];
    for (Object found : old) {
      if (found instanceof Entry entry) {
        next[find(next, entry.high(), entry.low())] = entry;
      }
    }
    taken = size;
    slots = next;
  }
}
