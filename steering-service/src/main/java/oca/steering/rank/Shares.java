package oca.steering.rank;

/**
 * How well each appliance does by its players, as far as they tell: an immutable snapshot, safe on
 * any thread. It comes from outside the appliance, so one that hurts its viewers without knowing it
 * gets fewer of them.
 */
@FunctionalInterface
public interface Shares {
  /** Nothing is known against anybody. */
  Shares ALL = _ -> 1;

  /**
   * What is left to an appliance of the viewers that it would get.
   *
   * @param memberNumber as of {@link oca.steering.fleet.Member#number}; any number is answered
   * @return 0 (only when nobody else can) to 1 (nothing is known against it)
   */
  double of(int memberNumber);
}
