package oca.fill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import oca.config.Current;
import oca.config.Running;
import oca.fill.PlanMaker.Outcome;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogEndpoint;
import oca.fill.catalog.CatalogView;
import oca.fill.demand.DemandLedger;
import oca.fill.fleet.FleetRegistry;
import oca.fill.intake.FleetReader;
import oca.fill.intake.RecordIntake;
import oca.fill.intake.Sieve;
import oca.fill.jobs.FillLedger;
import oca.fill.plan.PlanBook;
import oca.fill.plan.PlanKey;
import oca.fill.plan.PlanRefusedException;
import oca.fill.publish.ManifestBook;
import oca.fill.publish.ManifestEndpoint;
import oca.fill.publish.PeerFaults;
import oca.fill.release.ReleaseBook;
import oca.fill.release.ReleaseEndpoint;
import oca.fill.state.PostgresPlace;
import oca.fill.state.StateStore;
import oca.fill.trigger.TriggerBook;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.CatalogEntry;
import oca.protocol.FillReport;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.ServeRecords;
import oca.protocol.flight.FlightEndpoint;
import oca.protocol.flight.FlightRing;
import oca.protocol.flight.Objective;
import oca.protocol.http.ConfigDesk;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.protocol.service.Supervised;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller process: wires the rooms and answers
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>POST /v1/heartbeats</td><td>Heartbeat to HeartbeatReply</td></tr>
 *   <tr><td>POST /v1/inventories</td><td>Inventory, 204</td></tr>
 *   <tr><td>POST /v1/inventory-deltas</td><td>InventoryDelta, 204</td></tr>
 *   <tr><td>POST /v1/serve-records</td><td>ServeRecords, 204 when durable</td></tr>
 *   <tr><td>POST /v1/fill-reports</td><td>FillReport, 204 when durable</td></tr>
 *   <tr><td>GET /v1/manifests/{appliance}</td><td>FillManifest, ManifestDelta (226), 304,
 *       404</td></tr>
 *   <tr><td>GET /v1/catalog</td><td>Catalog, CatalogDelta (226), 304, 503</td></tr>
 *   <tr><td>GET /v1/placement?title= or ?path=</td><td>{@link PlacementAnswer}, 404</td></tr>
 *   <tr><td>GET /v1/status</td><td>{@link FillStatus}</td></tr>
 *   <tr><td>POST /v1/plan</td><td>a new plan, in force at once; 409 when there is nothing to plan or
 *       it would take too much away</td></tr>
 *   <tr><td>GET /metrics</td><td>Prometheus text, see {@link FillMetrics}</td></tr>
 *   <tr><td>/v1/plans</td><td>see {@link PlanEndpoint}</td></tr>
 * </table>
 *
 * and those of {@link ReleaseEndpoint}, {@link ForecastDesk}, {@link OwnersDesk}, {@link JobDesk}
 * {@link ConsoleDesk}, {@link MissDesk}, {@link LedgerDesk}, {@link ViewersDesk}, {@link
 * TopologyDesk} and {@link FleetDesk}.
 */
public final class FillController implements Supervised {
  private static final Logger log = LoggerFactory.getLogger(FillController.class);

  private final Running<FillConfig> running;
  private final StateStore store;
  private final CatalogBook catalog;
  private final DemandLedger demand;
  private final FleetRegistry fleet;
  private final FillLedger fills;
  private final ManifestEndpoint manifests;
  private final CatalogEndpoint offered;
  private final PlanMaker maker;
  private final PlannerLoop planner;
  private final CatalogPoller poller;
  private final StatusReporter reporter;
  private final OwnersDesk owners;
  private final ReleaseEndpoint releases;
  private final ForecastDesk forecasts;
  private final ConsoleDesk console;
  private final MissDesk misses;
  private final ViewersDesk viewers;
  private final LedgerDesk ledger;
  private final TopologyDesk topology;
  private final JobRoom jobs;
  private final IntakeDesk counts;
  private Optional<RecordIntake> intake = Optional.empty();
  private Optional<FleetReader> events = Optional.empty();
  private final FlightRing flights;
  private final ControlListener listener;

  private FillController(
      Running<FillConfig> running,
      InstantSource wall,
      LongSupplier nanoTime,
      StateStore store,
      ControlListener listener)
      throws IOException {
    this.running = running;
    this.store = store;
    this.listener = listener;
    Current<FillConfig> settings = running.current();
    FillConfig config = settings.get();
    FillConfig.Limits limits = config.limits();
    catalog = new CatalogBook(store, limits.catalogFiles());
    demand =
        new DemandLedger(
            store,
            config.demandRegions(),
            file -> catalog.view().knows(file),
            config.scale(),
            wall,
            new DemandLedger.Limits(
                limits.historyDays(), limits.apartRows(), limits.sequencesPerBoot()));
    fleet = new FleetRegistry(config.lease(), limits.appliances(), nanoTime);
    fills = new FillLedger(store, limits.fillResults());
    ManifestBook book = new ManifestBook(store, config.fanOut().manifests());
    offered = new CatalogEndpoint(catalog::view, config.fanOut().catalogs());
    manifests = new ManifestEndpoint(book);
    ReleaseBook announced = new ReleaseBook(store, config.forecast().releases());
    releases = new ReleaseEndpoint(announced, catalog::view);
    ReleaseCalendar calendar =
        new ReleaseCalendar(announced, new ReleaseFile(config.forecast().calendar()));
    PeerFaults faults = new PeerFaults(config.flow().distrust(), nanoTime);
    PlanKey key = planKey(config);
    PlanBook plans = new PlanBook(store, key, config.plans().kept());
    Publisher publisher =
        new Publisher(
            settings, wall, nanoTime, fleet, book, faults, new ReleaseTimes(settings, calendar));
    forecasts = new ForecastDesk(settings, demand, calendar, fleet, publisher::window);
    TriggerBook triggers = new TriggerBook(store, config.triggers(), wall);
    maker =
        new PlanMaker(
            settings,
            wall,
            store,
            catalog,
            demand,
            fleet,
            book,
            plans,
            publisher,
            forecasts,
            triggers::wantedTitles);
    planner = new PlannerLoop(settings, wall, maker, fleet, book);
    poller = new CatalogPoller(config.origin(), catalog, demand, planner::nudge);
    owners = new OwnersDesk(config, wall, nanoTime, triggers, catalog, fleet, book, planner::nudge);
    jobs =
        new JobRoom(
            config,
            wall,
            nanoTime,
            fleet,
            book,
            maker::versionInForce,
            listener.endpoint().toString());
    reporter =
        new StatusReporter(
            settings, wall, catalog, poller, calendar, demand, fleet, book, fills, maker, planner,
            jobs);
    console = new ConsoleDesk(settings, wall, fleet, reporter);
    flights =
        FlightRing.start(
            config.diagnose(),
            System.getenv(),
            List.of(Objective.turning(listener::turns, config.diagnose().slo().stall())));
    topology = new TopologyDesk(config, wall, fleet, demand);
    viewers =
        new ViewersDesk(config.viewers(), wall, fleet, config.demandRegions(), reporter::status);
    ledger = new LedgerDesk(config, wall, store, key, fleet);
    misses =
        new MissDesk(
            config.causes(),
            wall,
            store,
            catalog::view,
            fleet,
            config.demandRegions(),
            ledger::take);
    counts = new IntakeDesk(demand, misses, viewers, ledger, fills, jobs, faults, new Sieve());
  }

  /**
   * Starts the controller on the clocks of this machine.
   *
   * @throws IOException when the address or the database cannot be had; the message names it
   */
  public static FillController start(FillConfig config) throws IOException {
    return start(Running.fixed(config));
  }

  /**
   * The same of a configuration that may be read again while it runs.
   *
   * @throws IOException when the address or the database cannot be had; the message names it
   */
  public static FillController start(Running<FillConfig> config) throws IOException {
    return start(config, InstantSource.system(), System::nanoTime);
  }

  /**
   * Starts the controller.
   *
   * @param wall the wall clock, from which plan time is derived
   * @param nanoTime a monotonic clock for leases
   */
  public static FillController start(FillConfig config, InstantSource wall, LongSupplier nanoTime)
      throws IOException {
    return start(Running.fixed(config), wall, nanoTime);
  }

  private static FillController start(
      Running<FillConfig> running, InstantSource wall, LongSupplier nanoTime) throws IOException {
    FillConfig config = running.current().get();
    // First, for it may wait while another controller writes it, and who stands by must not answer.
    StateStore store = open(config);
    try {
      ControlListener listener =
          ControlListener.bind(
              config.listen(), ControlListener.Limits.DEFAULT, config.connections(), config.tls());
      try {
        FillController controller = new FillController(running, wall, nanoTime, store, listener);
        controller.run();
        log.info(
            "fill controller listens on {}, a day lasts {}, state in {}",
            controller.endpoint(),
            config.day(),
            store.place());
        return controller;
      } catch (IOException | RuntimeException e) {
        listener.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static StateStore open(FillConfig config) throws IOException {
    Optional<PostgresPlace> place = config.state().place();
    return place.isPresent() ? StateStore.open(place.get()) : StateStore.open(config.database());
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  /** Its event loops turn, and its database answers. */
  @Override
  public Optional<String> standstill(Duration patience) throws InterruptedException {
    if (!listener.turns(patience.dividedBy(2))) {
      return Optional.of("an event loop that answers appliances");
    }
    return store.answers(patience.dividedBy(2))
        ? Optional.empty()
        : Optional.of("the database " + store.place());
  }

  /** When its database went on without it. */
  @Override
  public CompletionStage<IOException> end() {
    return store.lost();
  }

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT,
        "planning: %,d appliances alive, %,d files in the catalogue",
        fleet.snapshot().alive().size(),
        catalog.view().files());
  }

  /** Certificates and their key; owners' tokens are those of the start. */
  @Override
  public void reload() throws IOException {
    listener.reload();
  }

  /** Stops answering, ends the threads, closes the database. */
  @Override
  public void close() {
    flights.close();
    console.close();
    listener.close();
    intake.ifPresent(RecordIntake::close);
    events.ifPresent(FleetReader::close);
    poller.close();
    planner.close();
    jobs.close();
    misses.close();
    ledger.close();
    store.close();
  }

  private void run() {
    listener
        // From memory, whatever waits for the database: who is refused here seems dead.
        .routeInline(
            "POST", "/v1/heartbeats", request -> heartbeat(request.message(Heartbeat.class)))
        .route("POST", "/v1/inventories", request -> inventory(request.message(Inventory.class)))
        .route(
            "POST", "/v1/inventory-deltas", request -> delta(request.message(InventoryDelta.class)))
        .route("POST", "/v1/serve-records", this::serveRecords)
        .route("POST", "/v1/fill-reports", this::fillReport)
        .routeInline("GET", "/v1/manifests/", manifests::answer)
        .route("GET", "/v1/catalog", offered::answer)
        .route("GET", "/v1/placement", this::placement)
        .route("GET", "/v1/status", _ -> Response.message(reporter.status()))
        .route("POST", "/v1/plan", _ -> plan());
    ConfigDesk.addForThisMachineTo(listener, running);
    owners.routes(listener);
    console.routes(listener);
    misses.routes(listener);
    ledger.routes(listener);
    topology.routes(listener);
    viewers.routes(listener);
    new PlanEndpoint(maker, catalog).addTo(listener);
    releases.routes(listener);
    forecasts.routes(listener);
    jobs.start(listener);
    new FlightEndpoint(flights).addTo(listener);
    FillMetrics metrics = new FillMetrics();
    metrics.bind(maker);
    metrics.bind(jobs);
    metrics.bind(flights);
    metrics.bind(misses);
    metrics.bind(viewers);
    metrics.bind(ledger);
    metrics.bind(counts.sieve());
    metrics.bindFanOut("manifest", manifests::answers, manifests::bytes);
    metrics.bindFanOut("catalog", offered::answers, offered::bytes);
    metrics.bind(store);
    FillConfig config = running.current().get();
    intake = RecordIntake.start(config.records(), counts);
    intake.ifPresent(metrics::bind);
    events = FleetReader.start(config.records(), config.limits().appliances());
    events
        .map(reader -> new FleetDesk(reader, fleet::snapshot))
        .ifPresent(
            desk -> {
              desk.routes(listener);
              metrics.bind(desk);
            });
    metrics.addTo(listener);
    listener.start();
    poller.start();
    planner.start();
    console.start();
    misses.start();
    ledger.start();
  }

  private Response heartbeat(Heartbeat heartbeat) {
    HeartbeatReply reply = fleet.take(heartbeat);
    planner.nudge();
    owners.look();
    ApplianceId sender = heartbeat.appliance();
    return Response.message(manifests.with(sender, owners.with(sender, reply)));
  }

  private Response inventory(Inventory inventory) throws IOException {
    fleet.take(inventory);
    owners.review();
    jobs.inventory(inventory.appliance());
    ledger.look(inventory.appliance());
    return Response.empty(204);
  }

  private Response delta(InventoryDelta delta) throws IOException {
    if (fleet.take(delta)) {
      owners.review();
      jobs.inventory(delta.appliance());
      ledger.look(delta.appliance());
    }
    return Response.empty(204);
  }

  private Response serveRecords(Request request) throws IOException {
    counts.serve(List.of(request.message(ServeRecords.class)));
    return Response.empty(204);
  }

  private Response fillReport(Request request) throws IOException {
    counts.fill(request.message(FillReport.class));
    return Response.empty(204);
  }

  private Response plan() throws IOException {
    try {
      return forced();
    } catch (PlanRefusedException e) {
      return Response.problem(e.status(), String.valueOf(e.getMessage()));
    }
  }

  private Response forced() throws IOException {
    return switch (maker.make()) {
      case Outcome.Made made -> Response.message(made);
      case Outcome.Held held -> Response.problem(409, held.why());
      case Outcome.NotReady notReady -> Response.problem(409, notReady.why());
    };
  }

  private static PlanKey planKey(FillConfig config) throws IOException {
    Optional<Path> given = config.plans().key();
    Path database = config.database().toAbsolutePath();
    return given.isPresent()
        ? PlanKey.open(given.get())
        : PlanKey.openOrMake(database.resolveSibling(database.getFileName() + ".plan-key"));
  }

  private Response placement(Request request) throws IOException {
    CatalogView view = catalog.view();
    Optional<String> path = request.parameter("path");
    Optional<String> title = request.parameter("title").or(() -> path.flatMap(view::titleOf));
    if (title.isEmpty() && path.isEmpty()) {
      throw new IllegalArgumentException("name a title or a path: ?title=T or ?path=P");
    }
    List<CatalogEntry> files =
        title.map(name -> view.titles().getOrDefault(name, List.of())).orElse(List.of());
    if (title.isEmpty() || files.isEmpty()) {
      return Response.problem(
          404, "not in the catalogue in force: " + title.or(() -> path).orElse(""));
    }
    return Response.message(PlacementAnswer.of(title.get(), files, maker.placement()));
  }
}
