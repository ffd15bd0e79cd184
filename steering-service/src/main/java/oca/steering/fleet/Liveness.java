package oca.steering.fleet;

import java.time.Duration;

/**
 * Who is alive, by the age of its newest heartbeat. Derived each time, so that nothing has to
 * notice a death. Ages are of {@link ObservedClock}: time in which we could not have heard anybody
 * is in none of them.
 *
 * @param suspect from this age a member is late; above zero
 * @param out from this age its lease has run out; not below {@code suspect}
 * @param forget from this age it is in no answer, whatever the need; not below {@code out}
 */
public record Liveness(Duration suspect, Duration out, Duration forget) {
  /** With a heartbeat each second: one lost is nothing, two are noticed, three are the end. */
  public static final Liveness DEFAULT =
      new Liveness(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofHours(24));

  public Liveness {
    if (!suspect.isPositive() || out.compareTo(suspect) < 0 || forget.compareTo(out) < 0) {
      throw new IllegalArgumentException(
          "not ages in ascending order, above zero: " + suspect + ", " + out + ", " + forget);
    }
  }

  /** Nanoseconds since the member was heard, 0 or more, on the clock that noted its heartbeat. */
  public static long ageNanos(Member member, long nowNanos) {
    return Math.max(0, nowNanos - member.heardNanos());
  }

  /** When the lease of that member runs out. */
  long leaseEndNanos(Member member) {
    return member.leaseFromNanos() + out.toNanos();
  }

  /** Whether the member is late, or worse. */
  boolean isSilent(Member member, long nowNanos) {
    return nowNanos - member.leaseFromNanos() >= suspect.toNanos();
  }

  /** Whether the lease of the member has run out. */
  boolean isOut(Member member, long nowNanos) {
    return nowNanos - leaseEndNanos(member) >= 0;
  }

  /**
   * Whether all that is known of the member is from before the start, and it was late by then: when
   * its lease of the start was granted.
   */
  private boolean isDoubtful(Member member) {
    return member.restored() && member.leaseFromNanos() - member.heardNanos() >= suspect.toNanos();
  }

  /** How the member stands. */
  Standing standing(Member member, Freeze freeze, long nowNanos) {
    if (!isOut(member, nowNanos)) {
      boolean late = isDoubtful(member) || isSilent(member, nowNanos);
      return late ? Standing.SUSPECT : Standing.ALIVE;
    }
    if (freeze.keeps(leaseEndNanos(member))) {
      return Standing.KEPT;
    }
    return ageNanos(member, nowNanos) < forget.toNanos() ? Standing.KNOWN : Standing.GONE;
  }
}
