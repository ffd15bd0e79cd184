package oca.steering.fleet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes holder sets for the index and gives out an equal one made before where it remembers one, so
 * that files with the same holders share it. Forgetful and of fixed size: what it has forgotten is
 * made anew and costs memory, nothing else. At the most 16,384 sets that nobody else uses are kept,
 * 4.5 MB with 2,000 appliances. For one thread at a time.
 *
 * <p>An inventory changes thousands of files in the same way, so the last results for one number
 * are remembered by the set that they were made from; that costs no copy and no comparison.
 */
final class SetPool {
  private static final int STEPS = 1 << 13;
  private static final int SETS = 1 << 14;

  private final @Nullable HolderSet[] from = new HolderSet[STEPS];
  private final @Nullable HolderSet[] to = new HolderSet[STEPS];
  private final @Nullable HolderSet[] known = new HolderSet[SETS];
  private int number = -1;
  private boolean adding;

  HolderSet with(HolderSet set, int added) {
    return step(set, added, true);
  }

  HolderSet without(HolderSet set, int removed) {
    return step(set, removed, false);
  }

  @SuppressWarnings("ReferenceEquality") // the same object, which costs nothing to find out
  private HolderSet step(HolderSet set, int changed, boolean add) {
    if (changed != number || add != adding) {
      Arrays.fill(from, null);
      number = changed;
      adding = add;
    }
    int at = spread(set.hashCode()) & (STEPS - 1);
    HolderSet result = to[at];
    if (result == null || from[at] != set) {
      result = shared(add ? set.with(changed) : set.without(changed));
      from[at] = set;
      to[at] = result;
    }
    return result;
  }

  private HolderSet shared(HolderSet made) {
    if (made.isEmpty()) {
      return made;
    }
    int at = spread(made.hashCode()) & (SETS - 1);
    HolderSet before = known[at];
    if (before != null && before.equals(made)) {
      return before;
    }
    known[at] = made;
    return made;
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9e3779b9;
    return mixed ^ (mixed >>> 15);
  }
}
