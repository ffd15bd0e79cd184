package oca.steering.records;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.rank.Rules;

/**
 * What is to be otherwise than it was.
 *
 * @param dropped sites of which every appliance is gone
 * @param capacity by which the bandwidth and connections of a site's appliances are multiplied
 * @param cutoff the free share below which an appliance gets no new viewers; 0 to 1
 * @param window for how long a heartbeat counts
 */
public record Change(
    Set<SiteId> dropped,
    Map<SiteId, Double> capacity,
    OptionalDouble cutoff,
    Optional<Duration> window) {
  /** Everything as it was. */
  public static final Change NONE =
      new Change(Set.of(), Map.of(), OptionalDouble.empty(), Optional.empty());

  /** Beyond the time for which anybody is remembered. */
  private static final Duration LONG_SINCE = Duration.ofHours(1);

  public Change {
    dropped = Set.copyOf(dropped);
    capacity = Map.copyOf(capacity);
    capacity.forEach(
        (site, factor) -> {
          if (!(factor > 0 && factor <= 1000)) {
            throw new IllegalArgumentException(
                "the capacity of " + site + " cannot be " + factor + " times what it was");
          }
        });
    if (window.isPresent() && !window.get().isPositive()) {
      throw new IllegalArgumentException("a heartbeat must count for more than 0");
    }
  }

  /** Whether anything is. */
  public boolean isNone() {
    return equals(NONE);
  }

  Setup of(Setup setup) {
    if (cutoff.isEmpty() && window.isEmpty()) {
      return setup;
    }
    Rules was = setup.rules();
    Rules rules =
        new Rules(
            cutoff.orElse(was.headroomFloor()),
            was.most(),
            was.spread(),
            was.bound(),
            was.stay(),
            was.slowStart());
    return setup.with(rules, window.orElse(setup.out()));
  }

  /**
   * A member as it would be. Who is gone was heard longer ago than anybody is remembered, so that
   * what speaks against it is what will speak against it when its site is lost: the lease.
   */
  Member of(Member member, Liveness liveness) {
    Health said = member.heartbeat().health();
    if (dropped.contains(member.site())) {
      return silent(member, liveness.forget().plus(LONG_SINCE).toNanos());
    }
    Double factor = capacity.get(member.site());
    return factor == null
        ? member
        : with(
            member,
            new Health(
                said.draining(),
                said.connections(),
                (int) Math.min(Integer.MAX_VALUE, Math.round(said.connectionLimit() * factor)),
                said.bitsPerSecond(),
                Math.round(said.bitsPerSecondLimit() * factor),
                said.fault()));
  }

  private static Member silent(Member member, long nanos) {
    return new Member(
        member.heartbeat(),
        member.heardNanos() - nanos,
        member.pathway(),
        member.number(),
        member.leaseFromNanos() - nanos,
        member.restored(),
        member.risenNanos(),
        member.order());
  }

  private static Member with(Member member, Health health) {
    Heartbeat told = member.heartbeat();
    return new Member(
        new Heartbeat(
            told.appliance(),
            told.site(),
            told.endpoint(),
            told.bootId(),
            told.sequence(),
            told.sent(),
            health,
            told.capacityBytes(),
            told.usedBytes(),
            told.inventoryVersion(),
            told.inventoryDigest(),
            told.filling(),
            told.upMillis()),
        member.heardNanos(),
        member.pathway(),
        member.number(),
        member.leaseFromNanos(),
        member.restored(),
        member.risenNanos(),
        member.order());
  }
}
