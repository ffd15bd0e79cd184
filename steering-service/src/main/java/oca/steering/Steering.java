package oca.steering;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.catalog.CatalogPoller;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.Verdict;
import oca.steering.http.ApplianceEndpoint;
import oca.steering.http.StatusReport;
import oca.steering.http.SteeringEndpoint;
import oca.steering.rank.Ranker;
import oca.steering.rank.Site;
import oca.steering.routes.ForwardingTable;
import oca.steering.routes.StaticRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steering process: wires the rooms, owns the listener and the catalogue's poller.
 *
 * <p>It keeps nothing on disk. After a start it offers the origin only until the appliances have
 * sent a heartbeat and, asked for it in the reply, an inventory: one or two of their intervals.
 */
public final class Steering implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Steering.class);

  private final Instant started;
  private final ForwardingTable routes;
  private final HeartbeatIntake intake;
  private final CatalogPoller catalog;
  private final SteeringEndpoint players;
  private final ControlListener listener;

  private Steering(SteeringConfig config, Instant started, LongSupplier nanoClock)
      throws IOException {
    this.started = started;
    this.listener = ControlListener.bind(config.listen(), limits(config));
    this.routes = routes(config);
    this.intake = intake(config, nanoClock);
    this.catalog = poller(config);
    Liveness liveness = new Liveness(config.lease());
    this.players =
        new SteeringEndpoint(
            new SteeringEndpoint.Sources(
                () -> routes, intake::snapshot, catalog::titles, nanoClock),
            ranker(config, liveness),
            liveness,
            new SteeringEndpoint.Settings(
                config.publicUri(),
                config.originPathway(),
                config.ttl(),
                config.trustClientParameter()));
  }

  /**
   * Starts on the clocks of this machine.
   *
   * @throws IOException when the address cannot be had; the message names it. A catalogue that
   *     cannot be reached is no failure.
   */
  public static Steering start(SteeringConfig config) throws IOException {
    return start(config, InstantSource.system(), System::nanoTime);
  }

  /**
   * Starts.
   *
   * @param clock for what people read
   * @param nanoClock monotonic; leases are measured with it
   * @throws IOException when the address cannot be had; the message names it
   */
  public static Steering start(SteeringConfig config, InstantSource clock, LongSupplier nanoClock)
      throws IOException {
    Steering steering = new Steering(config, clock.instant(), nanoClock);
    steering.open();
    log.info("steering listens on {}", steering.endpoint());
    return steering;
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  /** The fleet as now known. */
  public FleetSnapshot fleet() {
    return intake.snapshot();
  }

  /** Stops listening and polling. */
  @Override
  public void close() {
    listener.close();
    catalog.close();
  }

  private void open() {
    new ApplianceEndpoint(intake::heartbeat, intake::inventory).addTo(listener);
    players.addTo(listener);
    listener.route("GET", "/v1/status", _ -> Response.message(status()));
    catalog.start();
    listener.start();
  }

  private StatusReport status() {
    FleetSnapshot fleet = intake.snapshot();
    return new StatusReport(
        started,
        players.counts(),
        byVerdict(intake::heartbeats),
        byVerdict(intake::inventories),
        fleet.members().size(),
        fleet.holders().files(),
        routes.size(),
        new StatusReport.CatalogState(
            catalog.titles().version(),
            catalog.reachable(),
            catalog.titles().count(),
            catalog.failures()),
        listener.refused());
  }

  private static Map<String, Long> byVerdict(ToLongFunction<Verdict> count) {
    Map<String, Long> counts = new TreeMap<>();
    for (Verdict verdict : Verdict.values()) {
      String name = verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      counts.put(name, count.applyAsLong(verdict));
    }
    return counts;
  }

  private static ForwardingTable routes(SteeringConfig config) {
    return new StaticRoutes(
            config.networks().stream().map(SteeringConfig.Network::route).toList(),
            config.sites().stream().map(Site::id).collect(Collectors.toSet()))
        .table();
  }

  private static HeartbeatIntake intake(SteeringConfig config, LongSupplier nanoClock) {
    SteeringConfig.Limits limits = config.limits();
    return new HeartbeatIntake(
        nanoClock,
        new HeartbeatIntake.Limits(
            limits.appliances(), limits.filesPerAppliance(), limits.filesInAll()),
        config.originPathway());
  }

  private static CatalogPoller poller(SteeringConfig config) {
    return new CatalogPoller(
        config.catalog(),
        config.catalogInterval(),
        config.limits().catalogTimeout(),
        config.limits().catalogFiles());
  }

  private static Ranker ranker(SteeringConfig config, Liveness liveness) {
    return new Ranker(
        config.sites(),
        new Ranker.Rules(liveness, config.headroomFloor(), config.limits().appliancesPerAnswer()),
        config.origin());
  }

  private static ControlListener.Limits limits(SteeringConfig config) {
    return new ControlListener.Limits(
        (int) config.limits().requestBody().bytes(), config.limits().requestsAtOnce());
  }
}
