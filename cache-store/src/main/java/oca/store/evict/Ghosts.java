package oca.store.evict;

/**
 * The last so many ids that left, oldest forgotten first. Two arrays of a fixed size; an id may be
 * taken for another with a chance of about one in a million.
 */
final class Ghosts {
  private static final int WAYS = 4;

  // Sets of WAYS fingerprints each, in the order they came; 0 is an empty way.
  private int[] prints;

  Ghosts(int ids) {
    prints = new int[sets(ids) * WAYS];
  }

  /** How many ids fit. */
  int room() {
    return prints.length;
  }

  /** Makes room for more; what was remembered is forgotten. */
  void widen(int ids) {
    if (sets(ids) * WAYS > prints.length) {
      prints = new int[sets(ids) * WAYS];
    }
  }

  private static int sets(int ids) {
    return Integer.highestOneBit(Math.max(16, ids) - 1) * 2 / WAYS;
  }

  void add(long id) {
    long mixed = Mix.of(id);
    int first = first(mixed);
    System.arraycopy(prints, first, prints, first + 1, WAYS - 1);
    prints[first] = print(mixed);
  }

  /** Whether it was there; it is not any more. */
  boolean remove(long id) {
    long mixed = Mix.of(id);
    int first = first(mixed);
    for (int way = 0; way < WAYS; way++) {
      if (prints[first + way] == print(mixed)) {
        prints[first + way] = 0;
        return true;
      }
    }
    return false;
  }

  private int first(long mixed) {
    return ((int) mixed & (prints.length / WAYS - 1)) * WAYS;
  }

  private static int print(long mixed) {
    return (int) (mixed >>> 32) | 1;
  }
}
