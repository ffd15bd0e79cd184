package oca.fill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import oca.fill.PlanMaker.Outcome;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogView;
import oca.fill.demand.DemandLedger;
import oca.fill.fleet.FleetRegistry;
import oca.fill.jobs.FillLedger;
import oca.fill.plan.PlanBook;
import oca.fill.plan.PlanKey;
import oca.fill.plan.PlanRefusedException;
import oca.fill.publish.ManifestBook;
import oca.fill.publish.ManifestEndpoint;
import oca.fill.publish.PeerFaults;
import oca.fill.release.ReleaseBook;
import oca.fill.release.ReleaseEndpoint;
import oca.fill.state.StateStore;
import oca.fill.trigger.TriggerBook;
import oca.model.Endpoint;
import oca.protocol.CatalogEntry;
import oca.protocol.FillReport;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.ServeRecords;
import oca.protocol.http.ConnectionLimits;
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
 *   <tr><td>POST /v1/serve-records</td><td>ServeRecords, 204 when durable</td></tr>
 *   <tr><td>POST /v1/fill-reports</td><td>FillReport, 204 when durable</td></tr>
 *   <tr><td>GET /v1/manifests/{appliance}</td><td>FillManifest, 304, 404</td></tr>
 *   <tr><td>GET /v1/placement?title= or ?path=</td><td>{@link PlacementAnswer}, 404</td></tr>
 *   <tr><td>GET /v1/status</td><td>{@link FillStatus}</td></tr>
 *   <tr><td>POST /v1/plan</td><td>a new plan, in force at once; 409 when there is nothing to plan or
 *       it would take too much away</td></tr>
 *   <tr><td>GET /metrics</td><td>Prometheus text, see {@link FillMetrics}</td></tr>
 *   <tr><td>/v1/plans</td><td>see {@link PlanEndpoint}</td></tr>
 * </table>
 *
 * and those of {@link ReleaseEndpoint}, {@link ForecastDesk}, {@link OwnersDesk}, {@link JobDesk}
 * and {@link ConsoleDesk}.
 */
public final class FillController implements Supervised {
  private static final Logger log = LoggerFactory.getLogger(FillController.class);

  private final StateStore store;
  private final CatalogBook catalog;
  private final DemandLedger demand;
  private final FleetRegistry fleet;
  private final FillLedger fills;
  private final ManifestEndpoint manifests;
  private final PeerFaults faults;
  private final PlanMaker maker;
  private final PlannerLoop planner;
  private final CatalogPoller poller;
  private final StatusReporter reporter;
  private final OwnersDesk owners;
  private final ReleaseEndpoint releases;
  private final ForecastDesk forecasts;
  private final ConsoleDesk console;
  private final JobRoom jobs;
  private final ControlListener listener;

  private FillController(
      FillConfig config,
      InstantSource wall,
      LongSupplier nanoTime,
      StateStore store,
      ControlListener listener)
      throws IOException {
    this.store = store;
    this.listener = listener;
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
    ManifestBook book = new ManifestBook(store);
    manifests = new ManifestEndpoint(book);
    ReleaseBook announced = new ReleaseBook(store, config.forecast().releases());
    releases = new ReleaseEndpoint(announced, catalog::view);
    ReleaseCalendar calendar =
        new ReleaseCalendar(announced, new ReleaseFile(config.forecast().calendar()));
    faults = new PeerFaults(config.flow().distrust(), nanoTime);
    PlanBook plans = new PlanBook(store, planKey(config), config.plans().kept());
    Publisher publisher =
        new Publisher(
            config, wall, nanoTime, fleet, book, faults, new ReleaseTimes(config, calendar));
    forecasts = new ForecastDesk(config, demand, calendar, fleet, publisher::window);
    TriggerBook triggers = new TriggerBook(store, config.triggers(), wall);
    maker =
        new PlanMaker(
            config,
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
    planner = new PlannerLoop(config, wall, maker, fleet, book);
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
            config, wall, catalog, poller, calendar, demand, fleet, book, fills, maker, planner);
    console = new ConsoleDesk(config, wall, fleet, reporter);
  }

  /**
   * Starts the controller on the clocks of this machine.
   *
   * @throws IOException when the address or the database cannot be had; the message names it
   */
  public static FillController start(FillConfig config) throws IOException {
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
    ControlListener listener =
        ControlListener.bind(
            config.listen(),
            ControlListener.Limits.DEFAULT,
            ConnectionLimits.DEFAULT,
            config.tls());
    try {
      StateStore store = StateStore.open(config.database());
      try {
        FillController controller = new FillController(config, wall, nanoTime, store, listener);
        controller.run();
        log.info(
            "fill controller listens on {}, a day lasts {}, state in {}",
            controller.endpoint(),
            config.day(),
            config.database());
        return controller;
      } catch (IOException | RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
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
        : Optional.of("the database " + store.file());
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
    console.close();
    listener.close();
    poller.close();
    planner.close();
    jobs.close();
    store.close();
  }

  private void run() {
    listener
        .route("POST", "/v1/heartbeats", request -> heartbeat(request.message(Heartbeat.class)))
        .route("POST", "/v1/inventories", request -> inventory(request.message(Inventory.class)))
        .route("POST", "/v1/serve-records", this::serveRecords)
        .route("POST", "/v1/fill-reports", this::fillReport)
        .route("GET", "/v1/manifests/", manifests::answer)
        .route("GET", "/v1/placement", this::placement)
        .route("GET", "/v1/status", _ -> Response.message(reporter.status()))
        .route("POST", "/v1/plan", _ -> plan());
    owners.routes(listener);
    console.routes(listener);
    new PlanEndpoint(maker, catalog).addTo(listener);
    releases.routes(listener);
    forecasts.routes(listener);
    jobs.start(listener);
    FillMetrics metrics = new FillMetrics();
    metrics.bind(maker);
    metrics.bind(jobs);
    metrics.addTo(listener);
    listener.start();
    poller.start();
    planner.start();
    console.start();
  }

  private Response heartbeat(Heartbeat heartbeat) {
    HeartbeatReply reply = fleet.take(heartbeat);
    planner.nudge();
    owners.look();
    return Response.message(owners.with(heartbeat.appliance(), reply));
  }

  private Response inventory(Inventory inventory) {
    fleet.take(inventory);
    owners.review();
    jobs.inventory(inventory);
    return Response.empty(204);
  }

  private Response serveRecords(Request request) throws IOException {
    demand.take(request.message(ServeRecords.class));
    return Response.empty(204);
  }

  private Response fillReport(Request request) throws IOException {
    FillReport report = request.message(FillReport.class);
    report.results().forEach(result -> faults.note(result.badPeers()));
    if (fills.take(report) > 0) {
      jobs.reported(report);
    }
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
