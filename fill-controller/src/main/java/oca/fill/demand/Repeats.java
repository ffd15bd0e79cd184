package oca.fill.demand;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which batches of one boot of one server were counted, by the rule that {@link DemandLedger} keeps
 * in its database: of two with one sequence the first counts, and none that is too far behind. For
 * one thread.
 */
public final class Repeats {
  private final int back;
  private final NavigableSet<Long> taken = new TreeSet<>();

  /**
   * Goes on from sequences that were taken.
   *
   * @param back how far behind the newest a sequence is still told from a repeated one, 1 or more
   */
  public Repeats(int back, Collection<Long> taken) {
    this.back = back;
    this.taken.addAll(taken);
  }

  /** Whether it is the first of that sequence; then it counts as taken. */
  public boolean take(long sequence) {
    if (taken.contains(sequence)
        || taken.ceiling(Math.min(sequence, Long.MAX_VALUE - back) + back) != null) {
      return false;
    }
    taken.add(sequence);
    taken.headSet(sequence - back, true).clear();
    return true;
  }

  /** What has to be kept to go on later, the oldest first. */
  public List<Long> taken() {
    return List.copyOf(taken);
  }
}
