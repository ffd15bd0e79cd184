package oca.fill.causes;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is asked of the ledger.
 *
 * @param by the rows' dimensions, in the order of their columns; none for the sum alone
 * @param from the hour in which this lies is the first
 * @param to the last hour begins before this
 * @param only what dimensions are to be
 * @param limit rows at most
 */
public record MissQuery(
    List<Dimension> by, Instant from, Instant to, Map<Dimension, String> only, int limit) {
  public MissQuery {
    by = List.copyOf(by);
    only = Map.copyOf(only);
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("it ends before it begins: " + from + " to " + to);
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be 1 or more, not " + limit);
    }
  }
}
