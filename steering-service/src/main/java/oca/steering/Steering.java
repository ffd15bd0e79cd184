package oca.steering;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import oca.config.Current;
import oca.config.Running;
import oca.model.Endpoint;
import oca.protocol.flight.FlightEndpoint;
import oca.protocol.flight.FlightRing;
import oca.protocol.flight.Objective;
import oca.protocol.http.ConfigDesk;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.ListenerReason;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.protocol.service.Supervised;
import oca.steering.catalog.CatalogPoller;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Verdict;
import oca.steering.geo.GeoConfig;
import oca.steering.geo.GeoDatabase;
import oca.steering.http.ApplianceEndpoint;
import oca.steering.http.ApplianceGate;
import oca.steering.http.RoutesEndpoint;
import oca.steering.http.StatusReport;
import oca.steering.http.SteeringEndpoint;
import oca.steering.play.PlaybackKeys;
import oca.steering.rank.Ranker;
import oca.steering.rank.Shares;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steering process: wires the rooms, owns the listener and the catalogue's poller.
 *
 * <p>It keeps nothing on disk but, where that is configured, whom it knew and what operators
 * decided. After a start without a snapshot it offers the origin only until the appliances have
 * said what they hold, asked for it in the reply to a heartbeat: one or two of their intervals.
 * {@code GET /readyz} is 503 until then; players are answered all the same. With a snapshot it
 * begins with what that says.
 */
public final class Steering implements Supervised {
  private static final Logger log = LoggerFactory.getLogger(Steering.class);

  private final Running<SteeringConfig> running;
  private final Instant started;
  private final RouteRoom routes;
  private final @Nullable GeoDatabase geo;
  private final ReplicaDesk replica;
  private final FleetWatch watch;
  private final HeartbeatIntake intake;
  private final CatalogPoller catalog;
  private final DecisionsDesk decisions;
  private final PlayersDesk players;
  private final SteeringEndpoint explaining;
  private final OperatorsDesk desk;
  private final ControlListener listener;
  private final SteeringMetrics metrics;
  private final ApplianceGate gate;
  private final ControlClient publisher;
  private final FlightRing flights;

  private Steering(
      Running<SteeringConfig> running, InstantSource clock, LongSupplier nanoClock, long seed)
      throws IOException {
    this.running = running;
    Current<SteeringConfig> settings = running.current();
    SteeringConfig config = settings.get();
    this.started = clock.instant();
    PlaybackKeys keys = PlayersDesk.keys(config);
    this.gate = ApplianceGate.open(config.access().appliances());
    this.publisher = new ControlClient(config.limits().catalogTimeout(), config.access().catalog());
    this.listener =
        ControlListener.bind(
            config.listen(), limits(config), config.access().connections(), config.access().tls());
    this.routes = new RouteRoom(config, clock, nanoClock);
    this.geo = config.geo().isEmpty() ? null : GeoDatabase.open(config.geo().get());
    this.replica = new ReplicaDesk(config, clock, nanoClock, seed);
    this.watch = new FleetWatch(settings, clock, nanoClock, seed, replica.begun());
    this.intake = watch.intake();
    this.desk = new OperatorsDesk(config, watch, clock);
    this.catalog = poller(config, publisher, nanoClock);
    replica.begun().ifPresent(it -> catalog.beginWith(it.catalog()));
    Supplier<Ranker> ranker = settings.map(Steering::ranker);
    this.decisions = new DecisionsDesk(settings, routes::table, clock);
    this.players =
        new PlayersDesk(
            settings,
            keys,
            intake::snapshot,
            catalog::titles,
            shares ->
                new LiveDecider(
                    ranker,
                    routes::table,
                    geo == null ? _ -> null : geo::locate,
                    shares,
                    watch.clock()),
            decisions::noting,
            clock,
            watch.clock(),
            seed);
    this.explaining =
        new SteeringEndpoint(
            new SteeringEndpoint.Sources(
                intake::snapshot, catalog::titles, watch.clock(), new Draws(seed)),
            players.decider(),
            new SteeringEndpoint.Settings(config.trustClientParameter()));
    this.flights =
        FlightRing.start(
            config.diagnose(),
            System.getenv(),
            List.of(Objective.turning(listener::turns, config.diagnose().slo().stall())));
    this.metrics = metrics(clock);
  }

  /**
   * Starts on the clocks of this machine.
   *
   * @throws IOException when the address cannot be had; the message names it. A catalogue that
   *     cannot be reached is no failure.
   */
  public static Steering start(SteeringConfig config) throws IOException {
    return start(Running.fixed(config));
  }

  /**
   * The same of a configuration that may be read again while it answers.
   *
   * @throws IOException when the address cannot be had; the message names it
   */
  public static Steering start(Running<SteeringConfig> config) throws IOException {
    return start(config, InstantSource.system(), System::nanoTime, new SecureRandom().nextLong());
  }

  /**
   * Starts.
   *
   * @param clock for what people read
   * @param nanoClock monotonic; leases are measured with it
   * @param seed of what appliances must not be able to guess
   * @throws IOException when an address cannot be had, its own or that of a source of routes, or a
   *     file of keys or places cannot be used; the message names it
   */
  public static Steering start(
      SteeringConfig config, InstantSource clock, LongSupplier nanoClock, long seed)
      throws IOException {
    return start(Running.fixed(config), clock, nanoClock, seed);
  }

  static Steering start(
      Running<SteeringConfig> config, InstantSource clock, LongSupplier nanoClock, long seed)
      throws IOException {
    Steering steering = new Steering(config, clock, nanoClock, seed);
    try {
      steering.open();
    } catch (IOException e) {
      // Nothing was heard: what was saved of the fleet stays as it is.
      steering.listener.close();
      steering.catalog.close();
      steering.flights.close();
      steering.metrics.close();
      steering.decisions.close();
      throw e;
    }
    log.info("steering listens on {}", steering.endpoint());
    return steering;
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  /** Where operators ask, with the port that was taken; empty when that is not configured. */
  public Optional<Endpoint> operatorsEndpoint() {
    return desk.endpoint();
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

  /** What the players' and appliances' listener answers, for tests. */
  Set<String> routes() {
    return listener.routes();
  }

  /** What the operators' listener answers, for tests; empty when there is none. */
  Set<String> operatorsRoutes() {
    return desk.routes();
  }

  /** How the appliances do by their players, as steering takes it into account. */
  Shares shares() {
    return players.shares();
  }

  /** Brings the shares up to date besides the schedule, for tests with a clock of their own. */
  void weigh() {
    players.weigh();
  }

  /** A look at the leases besides those of the watchdog, for tests with a clock of their own. */
  void tick() {
    watch.tick();
  }

  /** Its event loops turn; what they answer from is memory that is replaced, never locked. */
  @Override
  public Optional<String> standstill(Duration patience) throws InterruptedException {
    return listener.turns(patience)
        ? Optional.empty()
        : Optional.of("an event loop that answers players");
  }

  @Override
  public String summary() {
    FleetSnapshot fleet = intake.snapshot();
    return String.format(
        Locale.ROOT,
        "%s: %,d appliances, %,d titles, %,d networks",
        watch.isReady() ? "steering" : "waiting for the fleet's heartbeats",
        fleet.members().size(),
        catalog.titles().count(),
        routes.table().size());
  }

  /**
   * Reads certificates, keys and tokens again. Connections that are open go on.
   *
   * @throws IOException when one of them is not fit; the message names it, and what it was before
   *     stays in use
   */
  @Override
  public void reload() throws IOException {
    listener.reload();
    gate.reload();
    publisher.reload();
    log.info("certificates, keys and tokens were read again");
  }

  /** Stops listening and polling, and saves the fleet. */
  @Override
  public void close() {
    listener.close();
    catalog.close();
    desk.close();
    players.close();
    decisions.close();
    replica.close();
    watch.close();
    flights.close();
    metrics.close();
    if (geo != null) {
      geo.close();
    }
    routes.close();
  }

  private void open() throws IOException {
    routes.start();
    new ApplianceEndpoint(gate, intake::heartbeat, intake::inventory, intake::delta)
        .addTo(listener);
    players.addTo(listener);
    explaining.addTo(listener);
    new RoutesEndpoint(routes).addTo(listener);
    metrics.addTo(listener);
    new OpenApi().addTo(listener);
    desk.addForAppliancesTo(listener, gate);
    replica.addTo(listener, gate);
    listener.route("GET", "/v1/status", _ -> Response.message(status()));
    listener.routeInline("GET", "/v1/ready", _ -> ready());
    listener.routeInline("GET", "/readyz", _ -> ready());
    listener.routeInline("GET", "/livez", _ -> Response.text("text/plain", "alive\n"));
    listener.route("POST", "/v1/reload", _ -> reloaded()).guard("/v1/reload", Steering::fromHere);
    ConfigDesk.addForThisMachineTo(listener, running);
    catalog.start();
    watch.start();
    replica.start(watch, catalog);
    players.start();
    desk.start(this::addForOperatorsTo);
    listener.start();
  }

  private void addForOperatorsTo(ControlListener operators) {
    explaining.addForOperatorsTo(operators);
    new RoutesEndpoint(routes).addTo(operators);
    metrics.addTo(operators);
    new OpenApi().addTo(operators);
    ConfigDesk.addTo(operators, running);
    new FlightEndpoint(flights).addTo(operators);
    operators.route("GET", "/v1/status", _ -> Response.message(status()));
    operators.route("GET", "/v1/ready", _ -> ready());
  }

  private Response reloaded() {
    try {
      reload();
      return Response.empty(204);
    } catch (IOException e) {
      log.error("not all could be read again: {}", e.getMessage());
      return Response.problem(409, String.valueOf(e.getMessage()));
    }
  }

  /** An operator's order comes from the machine itself. */
  private static @Nullable Response fromHere(Request head) {
    return head.client().isLoopbackAddress()
        ? null
        : Response.problem(403, "this is for callers on the machine itself");
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
        answers(),
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
        listener.refused(),
        listener.connections(),
        byReason(listener.reasons()),
        gate.refusals());
  }

  /** Others bind what is theirs here. */
  private SteeringMetrics metrics(InstantSource clock) {
    SteeringMetrics all = new SteeringMetrics();
    if (geo != null) {
      all.bindPlaces(geo, clock);
    }
    return all.bindAnswers(this::status)
        .bindPassedOver(players.passedOver())
        .bindRecords(decisions.log())
        .bindFleet(intake::snapshot, watch)
        .bindRoutes(routes)
        .bindCatalog(catalog)
        .bindReplica(replica)
        .bindFlights(flights)
        .bindProcess();
  }

  private Map<String, Long> answers() {
    Map<String, Long> answers = new TreeMap<>(players.counts());
    answers.put("explain", explaining.explained());
    return answers;
  }

  private static Map<String, Long> byVerdict(ToLongFunction<Verdict> count) {
    Map<String, Long> counts = new TreeMap<>();
    for (Verdict verdict : Verdict.values()) {
      String name = verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      counts.put(name, count.applyAsLong(verdict));
    }
    return counts;
  }

  private static Map<String, Long> byReason(Map<ListenerReason, Long> counted) {
    Map<String, Long> counts = new TreeMap<>();
    counted.forEach((reason, count) -> counts.put(reason.label(), count));
    return counts;
  }

  private static CatalogPoller poller(
      SteeringConfig config, ControlClient publisher, LongSupplier nanoClock) {
    return new CatalogPoller(
        config.catalog(),
        config.catalogInterval(),
        publisher,
        config.limits().catalogFiles(),
        nanoClock);
  }

  private static Ranker ranker(SteeringConfig config) {
    return new Ranker(
        config.sites(),
        config.ranking().rules(config.headroomFloor(), config.limits().appliancesPerAnswer()),
        config.origin(),
        config.geo().map(GeoConfig::reach).orElse(0));
  }

  private static ControlListener.Limits limits(SteeringConfig config) {
    return new ControlListener.Limits(
        (int) config.limits().requestBody().bytes(), config.limits().requestsAtOnce());
  }
}
