package oca.steering.http;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Heartbeat;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Holders.Holding;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Member;
import org.jspecify.annotations.Nullable;

/**
 * The fleet for an operator.
 *
 * @param appliances everybody ever heard of, by name
 */
record FleetReport(List<Line> appliances) {

  /**
   * One appliance.
   *
   * @param state {@code serving}, {@code draining}, or {@code silent} when its lease has expired
   * @param pathway the id that players know it by
   * @param inventoryVersion as announced
   * @param knownInventoryVersion of the inventory at hand; -1 when none came since its start
   * @param heldFiles in the inventory at hand
   */
  record Line(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      String state,
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
      int heldFiles) {}

  static FleetReport of(FleetSnapshot fleet, Liveness liveness, long nowNanos) {
    return new FleetReport(
        fleet.members().stream()
            .map(member -> line(member, fleet.holders().of(member.id()), liveness, nowNanos))
            .toList());
  }

  private static Line line(
      Member member, @Nullable Holding holding, Liveness liveness, long nowNanos) {
    Heartbeat newest = member.heartbeat();
    boolean alive = liveness.alive(member, nowNanos);
    return new Line(
        member.id(),
        member.site(),
        member.endpoint(),
        !alive ? "silent" : member.health().draining() ? "draining" : "serving",
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
        holding == null ? 0 : holding.files().size());
  }
}
