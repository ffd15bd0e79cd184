package oca.server.fill;

import java.time.Duration;
import oca.config.Default;

/**
 * How long the appliance waits for those who do not have a file yet, or have shown that they cannot
 * be relied on. All of it is counted on a clock that cannot be set.
 *
 * @param poll the first pause before somebody who had not the next block is asked again; it doubles
 *     up to twenty times that
 * @param linger how long a file keeps its worker while nothing of it comes and another file could
 *     be fetched
 * @param unreachable how long somebody who could not be reached or broke off is not asked for the
 *     file, while others may still have it
 * @param distrust how long somebody who sent wrong bytes is asked for nothing at all
 */
public record Patience(
    @Default("50ms") Duration poll,
    @Default("3s") Duration linger,
    @Default("2s") Duration unreachable,
    @Default("10min") Duration distrust) {
  /** The pause between two polls grows to so many times the first. */
  static final int MOST_POLLS = 20;

  public Patience {
    requirePositive("poll", poll);
    requirePositive("linger", linger);
    requirePositive("unreachable", unreachable);
    requirePositive("distrust", distrust);
  }

  private static void requirePositive(String key, Duration value) {
    if (!value.isPositive() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("patience." + key + " must be above zero, 1d at most");
    }
  }
}
