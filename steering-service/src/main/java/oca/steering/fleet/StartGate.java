package oca.steering.fleet;

import java.time.Duration;

/**
 * Whether a service that was just started has heard enough to be asked. Once open it stays open.
 * Safe on any thread.
 *
 * <p>It opens when a share of those who were in answers before the start have been heard and have
 * said what they hold, or when the waiting time is over: so long nobody is helped by more waiting.
 * Without a saved fleet nobody knows how many to expect, and only time opens it.
 */
public final class StartGate {
  private final int expected;
  private final double share;
  private final long endNanos;
  private volatile boolean open;

  /**
   * A closed gate.
   *
   * @param expected members of the saved fleet that were in answers; 0 without one
   * @param share of them; 0 to 1
   * @param wait the longest that it stays closed
   * @param nowNanos on the clock of the heartbeats
   */
  public StartGate(int expected, double share, Duration wait, long nowNanos) {
    if (!(share >= 0 && share <= 1) || wait.isNegative()) {
      throw new IllegalArgumentException(
          "not a share of 0 to 1 and a time of 0 or more: " + share + ", " + wait);
    }
    this.expected = expected;
    this.share = share;
    this.endNanos = nowNanos + wait.toNanos();
  }

  /** Whether it is open by now. */
  public boolean isOpen(FleetSnapshot fleet, long nowNanos) {
    if (!open) {
      open =
          nowNanos - endNanos >= 0 || (expected > 0 && known(fleet) >= Math.ceil(share * expected));
    }
    return open;
  }

  private static int known(FleetSnapshot fleet) {
    int known = 0;
    for (Member member : fleet.members()) {
      boolean heard = !member.restored() && fleet.holders().of(member.number()) != null;
      known += heard ? 1 : 0;
    }
    return known;
  }
}
