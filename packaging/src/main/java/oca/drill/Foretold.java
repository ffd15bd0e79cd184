package oca.drill;

/**
 * A figure as it was foretold from what was recorded before a fault, and as it was found during it.
 *
 * @param what is told
 * @param foretold in percent
 * @param measured in percent
 */
public record Foretold(String what, double foretold, double measured) {
  /** So many points a figure may be off. */
  static final double MOST_POINTS = 2;

  /** By how many points it was off. */
  public double points() {
    return Math.abs(foretold - measured);
  }

  /** Whether it was off by more than may be. */
  boolean isOff() {
    return points() > MOST_POINTS;
  }
}
