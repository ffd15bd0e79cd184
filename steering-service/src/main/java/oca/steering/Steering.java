package oca.steering;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.catalog.CatalogPoller;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Verdict;
import oca.steering.http.ApplianceEndpoint;
import oca.steering.http.StatusReport;
import oca.steering.http.SteeringEndpoint;
import oca.steering.rank.Ranker;
import oca.steering.routes.RoutingTable;
import oca.steering.routes.StaticRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steering process: wires the rooms, owns the listener and the catalogue's poller.
 *
 * <p>It keeps nothing on disk but, where that is configured, whom it knew. After a start it offers
 * the origin only until the appliances have said what they hold, asked for it in the reply to a
 * heartbeat: one or two of their intervals. {@code GET /v1/ready} is 503 until then; players are
 * answered all the same.
 */
public final class Steering implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Steering.class);

  /** A full table of the Internet as each of a dozen routers sees it. */
  private static final RoutingTable.Limits ROUTES =
      new RoutingTable.Limits(10_000, 16_000_000, 4_000_000, 64);

  /** Long enough that compiling is a small part of the time, short enough for who watches. */
  private static final Duration COMPILE_INTERVAL = Duration.ofSeconds(2);

  private final Instant started;
  private final RoutingTable routes;
  private final StaticRoutes networks;
  private final FleetWatch watch;
  private final HeartbeatIntake intake;
  private final CatalogPoller catalog;
  private final SteeringEndpoint players;
  private final ControlListener listener;

  private Steering(SteeringConfig config, InstantSource clock, LongSupplier nanoClock, long seed)
      throws IOException {
    this.started = clock.instant();
    this.listener = ControlListener.bind(config.listen(), limits(config));
    this.routes = new RoutingTable(ROUTES, COMPILE_INTERVAL, nanoClock);
    this.networks =
        new StaticRoutes(
            config.networks().stream().map(SteeringConfig.Network::route).toList(), routes);
    this.watch = new FleetWatch(config, clock, nanoClock, seed);
    this.intake = watch.intake();
    this.catalog = poller(config);
    this.players =
        new SteeringEndpoint(
            new SteeringEndpoint.Sources(
                routes::table, intake::snapshot, catalog::titles, watch.clock()),
            ranker(config),
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
    return start(config, InstantSource.system(), System::nanoTime, new SecureRandom().nextLong());
  }

  /**
   * Starts.
   *
   * @param clock for what people read
   * @param nanoClock monotonic; leases are measured with it
   * @param seed of what appliances must not be able to guess
   * @throws IOException when the address cannot be had; the message names it
   */
  public static Steering start(
      SteeringConfig config, InstantSource clock, LongSupplier nanoClock, long seed)
      throws IOException {
    Steering steering = new Steering(config, clock, nanoClock, seed);
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

  /**
   * Ends a freeze by an operator's word: whoever is silent is evicted.
   *
   * @return false when nothing was frozen
   */
  public boolean thaw() {
    return intake.thaw();
  }

  /** A look at the leases besides those of the watchdog, for tests with a clock of their own. */
  void tick() {
    watch.tick();
  }

  /** Stops listening and polling, and saves the fleet. */
  @Override
  public void close() {
    listener.close();
    catalog.close();
    watch.close();
    networks.close();
    routes.close();
  }

  private void open() {
    networks.start();
    // The first answer is to know what the configuration says.
    routes.compile();
    routes.start();
    new ApplianceEndpoint(intake::heartbeat, intake::inventory, intake::delta).addTo(listener);
    players.addTo(listener);
    listener.route("GET", "/v1/status", _ -> Response.message(status()));
    listener.route("GET", "/v1/ready", _ -> ready());
    catalog.start();
    watch.start();
    listener.start();
  }

  private Response ready() {
    return watch.isReady()
        ? Response.empty(204)
        : Response.problem(503, "too few appliances were heard since the start")
            .with("Retry-After", "1");
  }

  private StatusReport status() {
    FleetSnapshot fleet = intake.snapshot();
    return new StatusReport(
        started,
        watch.isReady(),
        players.counts(),
        byVerdict(intake::heartbeats),
        byVerdict(intake::inventories),
        byVerdict(intake::deltas),
        fleet.members().size(),
        fleet.holders().pairs(),
        new StatusReport.Fleet(
            fleet.freeze(),
            intake.freezes(),
            intake.divergences(),
            fleet.holders().files(),
            fleet.holders().bytes(),
            watch.clock().pauses(),
            watch.clock().missed().toMillis(),
            watch.saveFailures()),
        routes.table().size(),
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

  private static CatalogPoller poller(SteeringConfig config) {
    return new CatalogPoller(
        config.catalog(),
        config.catalogInterval(),
        config.limits().catalogTimeout(),
        config.limits().catalogFiles());
  }

  private static Ranker ranker(SteeringConfig config) {
    return new Ranker(
        config.sites(),
        new Ranker.Rules(config.headroomFloor(), config.limits().appliancesPerAnswer()),
        config.origin());
  }

  private static ControlListener.Limits limits(SteeringConfig config) {
    return new ControlListener.Limits(
        (int) config.limits().requestBody().bytes(), config.limits().requestsAtOnce());
  }
}
