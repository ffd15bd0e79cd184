package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import oca.fill.demand.DemandLedger;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.topology.Loss;
import oca.fill.topology.Topology;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/topology/loss?site=S}: a {@link Loss}, from what the fleet holds now and what was
 * asked for in the last 24 hours. The graph is made when it is asked for and kept for a minute.
 */
final class TopologyDesk {
  private static final Duration KEPT = Duration.ofMinutes(1);

  /** Of video traffic over a day, peak to mean is 1.9 to 2.0. */
  private static final double PEAK = 2;

  private final FillConfig config;
  private final InstantSource wall;
  private final FleetRegistry fleet;
  private final DemandLedger demand;
  private @Nullable Topology topology;
  private Instant made = Instant.MIN;

  TopologyDesk(FillConfig config, InstantSource wall, FleetRegistry fleet, DemandLedger demand) {
    this.config = config;
    this.wall = wall;
    this.fleet = fleet;
    this.demand = demand;
  }

  void routes(ControlListener listener) {
    listener.route("GET", "/v1/topology/loss", this::loss);
  }

  private Response loss(Request request) throws IOException {
    SiteId site =
        new SiteId(
            request
                .parameter("site")
                .orElseThrow(
                    () -> new IllegalArgumentException("which site is lost? Give ?site=")));
    return Response.message(topology().lose(site));
  }

  private synchronized Topology topology() throws IOException {
    Instant now = wall.instant();
    Topology known = topology;
    if (known != null && now.isBefore(made.plus(KEPT)) && !now.isBefore(made)) {
      return known;
    }
    Topology.Maker maker = new Topology.Maker();
    config.regions().forEach(region -> maker.region(region.id(), region.sites()));
    for (FleetSnapshot.Member member : fleet.snapshot().alive()) {
      Health health = member.health();
      long spare = Math.max(0, health.bitsPerSecondLimit() - health.bitsPerSecond());
      maker.appliance(member.site(), spare, member.held());
    }
    for (DemandLedger.DayDemand day : demand.history(config.scale().plan(now))) {
      if (day.daysAgo() == 0) {
        maker.demand(day.region(), day.file(), day.bytes());
      }
    }
    Topology fresh = maker.make(PEAK);
    topology = fresh;
    made = now;
    return fresh;
  }
}
