package oca.steering.fleet;

import java.time.Duration;

/**
 * When losses are taken for a fault of our own.
 *
 * @param share of the members in answers; more lost than this freezes; 0 to 1
 * @param least lost members that can freeze, 1 or more: in a fleet of three, one dead is a third
 * @param window losses within this time belong together; above zero
 * @param atMost a freeze ends by itself after this; longer than the window
 * @param ahead so long before the end of a lease it is decided whether it may end; more than the
 *     time between two looks
 */
public record LossRules(double share, int least, Duration window, Duration atMost, Duration ahead) {
  /** Over 15 % within ten seconds, for ten minutes at the most. */
  public static final LossRules DEFAULT =
      new LossRules(
          0.15, 2, Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofMillis(200));

  public LossRules {
    if (!(share >= 0 && share <= 1) || least < 1) {
      throw new IllegalArgumentException(
          "not a share of 0 to 1 and a least number of 1 or more: " + share + ", " + least);
    }
    if (ahead.isNegative()) {
      throw new IllegalArgumentException("not a time of 0 or more: " + ahead);
    }
    if (!window.isPositive() || atMost.compareTo(window) <= 0) {
      throw new IllegalArgumentException(
          "not a window above zero and a longer limit: " + window + ", " + atMost);
    }
  }
}
