package oca.fill.causes;

import java.time.Duration;

/**
 * How the join is made.
 *
 * @param window an answer older than this at the start of a response has nothing to do with it
 * @param hold a response waits so long, from its end, for what comes later and tells of it; within
 *     it, records may come in any order
 * @param grace a player may use an answer for so long beyond its time
 * @param skew by so much the clocks of senders may differ
 * @param answers kept at most; more are refused
 * @param waiting responses that wait at most; beyond, the oldest are labelled early. As many more
 *     are remembered for what they tell of others
 * @param senders whose sequences are remembered, by boot
 */
public record Rules(
    Duration window,
    Duration hold,
    Duration grace,
    Duration skew,
    int answers,
    int waiting,
    int senders) {
  /** What a controller does unless told otherwise. */
  public static final Rules DEFAULT =
      new Rules(
          Duration.ofHours(1),
          Duration.ofSeconds(90),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          200_000,
          200_000,
          20_000);

  public Rules {
    if (!window.isPositive() || hold.isNegative() || grace.isNegative() || skew.isNegative()) {
      throw new IllegalArgumentException("window must be above 0, hold, grace and skew 0 or more");
    }
    if (answers < 1 || waiting < 1 || senders < 1) {
      throw new IllegalArgumentException("answers, waiting and senders must be 1 or more");
    }
  }
}
