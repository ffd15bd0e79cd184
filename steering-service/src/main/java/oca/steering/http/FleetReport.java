package oca.steering.http;

import java.util.List;
import java.util.Locale;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Heartbeat;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Holding;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import oca.steering.fleet.Standing;

/**
 * The fleet for an operator.
 *
 * @param appliances everybody ever heard of, by name
 */
record FleetReport(List<Line> appliances) {

  /**
   * One appliance.
   *
   * @param state {@code serving}, {@code draining}, {@code unhealthy} when it reports a fault, or
   *     {@code silent} when its lease ran out
   * @param standing with its lease: {@code alive}, {@code suspect}, {@code kept} although its lease
   *     ran out, {@code known} or {@code gone}
   * @param pathway the id that players know it by
   * @param inventoryVersion as announced
   * @param knownInventoryVersion of the inventory at hand; -1 when none came since its start
   * @param heldFiles in the inventory at hand
   * @param restored not heard since the start of this node
   */
  record Line(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      String state,
      String standing,
      String pathway,
      long leaseAgeMillis,
      double headroom,
      int connections,
      long bitsPerSecond,
      long capacityBytes,
      long usedBytes,
      String bootId,
      long sequence,
      long inventoryVersion,
      long knownInventoryVersion,
      int heldFiles,
      boolean restored) {}

  static FleetReport of(FleetSnapshot fleet, long nowNanos) {
    return new FleetReport(
        fleet.members().stream().map(member -> line(member, fleet, nowNanos)).toList());
  }

  private static Line line(Member member, FleetSnapshot fleet, long nowNanos) {
    Heartbeat newest = member.heartbeat();
    Holding holding = fleet.holders().of(member.number());
    Standing standing = fleet.standing(member, nowNanos);
    return new Line(
        member.id(),
        member.site(),
        member.endpoint(),
        state(member, standing),
        standing.name().toLowerCase(Locale.ROOT),
        member.pathway(),
        Liveness.ageNanos(member, nowNanos) / 1_000_000,
        member.health().headroom(),
        member.health().connections(),
        member.health().bitsPerSecond(),
        newest.capacityBytes(),
        newest.usedBytes(),
        newest.bootId(),
        newest.sequence(),
        newest.inventoryVersion(),
        holding == null ? -1 : holding.version(),
        holding == null ? 0 : holding.files(),
        member.restored());
  }

  private static String state(Member member, Standing standing) {
    if (!standing.inAnswers()) {
      return "silent";
    }
    if (member.health().fault() != null) {
      return "unhealthy";
    }
    return member.health().draining() ? "draining" : "serving";
  }
}
