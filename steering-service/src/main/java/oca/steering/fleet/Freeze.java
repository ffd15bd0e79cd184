package oca.steering.fleet;

/**
 * Whether leases are let run out, or so many did at once that nobody is evicted for it.
 *
 * @param frozen an operator should look: either a large part of the fleet is gone, or we are cut
 *     off from it
 * @param sinceNanos when it began, on {@link ObservedClock}; 0 when not frozen
 * @param keptFromNanos leases that ran out after this are kept; 0 when not frozen
 * @param lost members that were silent at the last look, out of {@code of}
 * @param of members that were in answers, those lost included, at the last look
 */
public record Freeze(boolean frozen, long sinceNanos, long keptFromNanos, int lost, int of) {
  /** Leases run out as they should. */
  public static final Freeze NONE = new Freeze(false, 0, 0, 0, 0);

  /** Whether a lease that ran out at that time still counts. */
  boolean keeps(long leaseEndNanos) {
    return frozen && leaseEndNanos - keptFromNanos > 0;
  }
}
