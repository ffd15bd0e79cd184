package oca.steering.fleet;

import java.time.Duration;

/**
 * Who is alive: whoever was heard within the lease. Derived each time from the age of the newest
 * heartbeat, so that nothing has to notice a death.
 *
 * @param lease how long one heartbeat keeps an appliance alive; above zero
 */
public record Liveness(Duration lease) {
  public Liveness {
    if (lease.isNegative() || lease.isZero()) {
      throw new IllegalArgumentException("a lease must be above zero: " + lease);
    }
  }

  /** Nanoseconds since the member was heard, 0 or more, on the clock that noted its heartbeat. */
  public static long ageNanos(Member member, long nowNanos) {
    return Math.max(0, nowNanos - member.heardNanos());
  }

  /** Whether the member was heard less than a lease ago. */
  public boolean alive(Member member, long nowNanos) {
    return ageNanos(member, nowNanos) < lease.toNanos();
  }
}
