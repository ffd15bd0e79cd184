package oca.steering;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import oca.protocol.flight.FlightRing;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.catalog.CatalogPoller;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Standing;
import oca.steering.geo.GeoDatabase;
import oca.steering.http.StatusReport;
import oca.steering.rank.Reason;
import oca.steering.records.DecisionLog;
import oca.steering.replica.SnapshotRefusal;
import oca.steering.routes.RouteRefusal;
import oca.steering.routes.RoutingTable.ViewState;
import oca.steering.routes.bgp.BgpReason;
import oca.steering.routes.bmp.BmpReason;

/**
 * {@code GET /metrics}: what the process counts, as Prometheus text. What each means stands in
 * METRICS.md, and a test holds the two together.
 *
 * <p>Whoever has figures of their own adds a {@code bind} method and calls it where {@link
 * Steering} calls the others. Labels come from closed lists and from the configuration: no viewer,
 * no URL and no title ever becomes one.
 */
final class SteeringMetrics implements AutoCloseable {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Views with a line of their own; a router that reports by BMP may have hundreds of peers. */
  static final int VIEWS = 1000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics pauses = new JvmGcMetrics();
  private final List<Runnable> beforeScrape = new ArrayList<>();

  SteeringMetrics() {
    // Micrometer's name for it ends like the count of a histogram, which no gauge's may.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    // In nanoseconds, which is no base unit; bindProcess has it in seconds.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
  }

  /** What was asked and answered, by players and appliances. */
  SteeringMetrics bindAnswers(Supplier<StatusReport> status) {
    for (String kind : List.of("steer", "redirects", "hls", "dash", "explain")) {
      answered(
          "oca.steering.answers",
          "Answers by what was asked for",
          Tags.of("kind", kind),
          status,
          kind);
    }
    answered(
        "oca.steering.answers.origin.only",
        "Answers that name no appliance",
        Tags.empty(),
        status,
        "originOnly");
    answered(
        "oca.steering.answers.last.resort",
        "Answers of silent appliances only, for want of others",
        Tags.empty(),
        status,
        "lastResort");
    answered(
        "oca.steering.players.moved",
        "Players told to leave the pathway they reported",
        Tags.empty(),
        status,
        "playersMoved");
    answered(
        "oca.steering.manifests.stressed",
        "Manifests with the short TTL of stress",
        Tags.empty(),
        status,
        "stressed");
    answered(
        "oca.steering.manifests.shed",
        "Manifests with the long TTL of overload",
        Tags.empty(),
        status,
        "shed");
    answered(
        "oca.steering.reports.taken",
        "Reports of players that were taken",
        Tags.empty(),
        status,
        "reports taken");
    byVerdict("heartbeats", status, StatusReport::heartbeats);
    byVerdict("inventories", status, StatusReport::inventories);
    byVerdict("inventory.deltas", status, StatusReport::deltas);
    counter(
        "oca.steering.requests.refused",
        "Requests refused because too many were under way",
        Tags.empty(),
        () -> status.get().requestsRefused());
    return this;
  }

  /** Why appliances are not in the answers. */
  SteeringMetrics bindPassedOver(PassedOver passedOver) {
    for (Reason reason : Reason.values()) {
      if (reason != Reason.CHOSEN) {
        counter(
            "oca.steering.passed.over",
            "Appliances that sampled decisions did not name, by reason",
            Tags.of("reason", reason.label()),
            () -> passedOver.count(reason));
      }
    }
    counter(
        "oca.steering.decisions.judged",
        "Decisions sampled for that, four a second at most",
        Tags.empty(),
        passedOver::judged);
    return this;
  }

  /** What was written down of decisions. */
  SteeringMetrics bindRecords(DecisionLog log) {
    counter(
        "oca.steering.records", "Answers that were noted for records", Tags.empty(), log::noted);
    counter(
        "oca.steering.records.dropped",
        "Records of answers that a sink will not see",
        Tags.empty(),
        log::dropped);
    return this;
  }

  /** Who is there. */
  SteeringMetrics bindFleet(Supplier<FleetSnapshot> fleet, FleetWatch watch) {
    for (Standing standing : Standing.values()) {
      gauge(
          "oca.steering.appliances",
          "Appliances ever heard of, by how they stand with their lease",
          Tags.of("standing", standing.name().toLowerCase(Locale.ROOT)),
          () -> standing(fleet.get(), standing, watch.clock().getAsLong()));
    }
    gauge(
        "oca.steering.frozen",
        "1 while nobody is evicted, for so many fell silent at once",
        Tags.empty(),
        () -> fleet.get().freeze().frozen() ? 1 : 0);
    counter("oca.steering.freezes", "Freezes so far", Tags.empty(), () -> watch.intake().freezes());
    counter(
        "oca.steering.inventory.divergences",
        "Heartbeats whose digest was not that of the inventory at hand",
        Tags.empty(),
        () -> watch.intake().divergences());
    gauge(
        "oca.steering.files.held",
        "Different files that some appliance holds",
        Tags.empty(),
        () -> fleet.get().holders().files());
    gauge(
        "oca.steering.holders.bytes",
        "Memory for who holds what, at the most",
        Tags.empty(),
        () -> fleet.get().holders().bytes());
    gauge(
        "oca.steering.ready",
        "1 once enough appliances were heard since the start",
        Tags.empty(),
        () -> watch.isReady() ? 1 : 0);
    counter(
        "oca.steering.pauses",
        "Pauses of this process, held against nobody",
        Tags.empty(),
        () -> watch.clock().pauses());
    counter(
        "oca.steering.missed.seconds",
        "How long leases stood still for them",
        Tags.empty(),
        () -> watch.clock().missed().toMillis() / 1e3);
    counter(
        "oca.steering.save.failures",
        "Saves of the fleet that failed",
        Tags.empty(),
        watch::saveFailures);
    return this;
  }

  /** What the database of places tells. */
  SteeringMetrics bindPlaces(GeoDatabase places, InstantSource clock) {
    Map<String, Function<GeoDatabase.Status, Long>> outcomes =
        Map.of(
            "located", GeoDatabase.Status::located,
            "unknown", GeoDatabase.Status::unknown,
            "damaged", GeoDatabase.Status::faults);
    outcomes.forEach(
        (outcome, count) ->
            counter(
                "oca.steering.places",
                "Questions to the database of places",
                Tags.of("outcome", outcome),
                () -> count.apply(places.status())));
    Map<String, Function<GeoDatabase.Status, Long>> reloads =
        Map.of(
            "taken", GeoDatabase.Status::reloads,
            "refused", GeoDatabase.Status::reloadFailures);
    reloads.forEach(
        (outcome, count) ->
            counter(
                "oca.steering.places.reloads",
                "New files of the database of places",
                Tags.of("outcome", outcome),
                () -> count.apply(places.status())));
    gauge(
        "oca.steering.places.age.seconds",
        "Since the database of places in use was made",
        Tags.empty(),
        () -> Duration.between(places.status().built(), clock.instant()).toSeconds());
    return this;
  }

  /** What is known of networks. */
  SteeringMetrics bindRoutes(RouteRoom routes) {
    MultiGauge paths =
        MultiGauge.builder("oca.steering.view.paths")
            .description("Paths that a view tells")
            .register(registry);
    beforeScrape.add(() -> paths.register(rows(routes.views()), true));
    gauge("oca.steering.views", "Views that are open", Tags.empty(), () -> routes.views().size());
    Arrays.stream(RouteRefusal.values())
        .map(RouteRefusal::label)
        .forEach(reason -> refusal(routes, "routes", reason));
    if (routes.bgp().isPresent()) {
      Arrays.stream(BgpReason.values())
          .map(BgpReason::label)
          .forEach(reason -> refusal(routes, "bgp", reason));
    }
    if (routes.bmp().isPresent()) {
      Arrays.stream(BmpReason.values())
          .map(BmpReason::label)
          .forEach(reason -> refusal(routes, "bmp", reason));
    }
    gauge(
        "oca.steering.table.prefixes",
        "Prefixes in the table of routes",
        Tags.empty(),
        () -> routes.table().size());
    gauge(
        "oca.steering.table.bytes",
        "Memory that the table takes",
        Tags.empty(),
        () -> routes.table().bytes());
    gauge(
        "oca.steering.routes.bytes",
        "Memory that the routes behind it take",
        Tags.empty(),
        routes::bytes);
    counter(
        "oca.steering.compilations",
        "Tables compiled",
        Tags.empty(),
        () -> routes.counts().compilations());
    gauge(
        "oca.steering.compile.seconds",
        "How long the last one took",
        Tags.empty(),
        () -> routes.counts().lastNanos() / 1e9);
    gauge(
        "oca.steering.compile.longest.seconds",
        "How long the longest took",
        Tags.empty(),
        () -> routes.counts().longestNanos() / 1e9);
    return this;
  }

  /** What a node that starts cold begins with. */
  SteeringMetrics bindReplica(ReplicaDesk replica) {
    gauge(
        "oca.steering.replica.age.seconds",
        "Since the snapshot on disk was written",
        Tags.empty(),
        () -> replica.age().map(Duration::toMillis).map(it -> it / 1e3).orElse(Double.NaN));
    gauge("oca.steering.replica.bytes", "Of the snapshot on disk", Tags.empty(), replica::bytes);
    counter(
        "oca.steering.replica.begun",
        "Starts with a snapshot, by whose it was",
        Tags.of("from", "node"),
        replica::begunFromNodes);
    counter(
        "oca.steering.replica.begun",
        "Starts with a snapshot, by whose it was",
        Tags.of("from", "file"),
        replica::begunFromFiles);
    for (SnapshotRefusal refusal : SnapshotRefusal.values()) {
      counter(
          "oca.steering.replica.refused",
          "Snapshots that were not used, by reason",
          Tags.of("reason", refusal.label()),
          () -> replica.refusals(refusal));
    }
    counter(
        "oca.steering.replica.served",
        "Snapshots given to other nodes",
        Tags.empty(),
        replica::served);
    counter(
        "oca.steering.replica.save.failures",
        "Snapshots that could not be written",
        Tags.empty(),
        replica::saveFailures);
    return this;
  }

  /** What titles are made of. */
  SteeringMetrics bindCatalog(CatalogPoller catalog) {
    gauge(
        "oca.steering.catalog.age.seconds",
        "Since the catalogue was last seen to be the newest",
        Tags.empty(),
        () -> catalog.age().map(age -> age.toMillis() / 1e3).orElse(Double.NaN));
    gauge(
        "oca.steering.catalog.titles",
        "Titles in the catalogue",
        Tags.empty(),
        () -> catalog.titles().count());
    counter(
        "oca.steering.catalog.failures",
        "Looks at the catalogue that failed",
        Tags.empty(),
        catalog::failures);
    Map<String, DoubleSupplier> taken =
        Map.of("whole", catalog::wholes, "delta", catalog::deltas, "misfit", catalog::misfits);
    taken.forEach(
        (how, count) ->
            counter(
                "oca.steering.catalog.taken",
                "Catalogues that came into force, and deltas that did not fit",
                Tags.of("how", how),
                count));
    return this;
  }

  /** The flight recording, with the names that all processes have for it. */
  SteeringMetrics bindFlights(FlightRing flights) {
    gauge(
        "oca.flight.recording",
        "1 while the last minutes are recorded",
        Tags.empty(),
        () -> flights.status().recording() ? 1 : 0);
    for (String cause : flights.status().kept().keySet()) {
      counter(
          "oca.flight.kept",
          "Flight recordings kept",
          Tags.of("cause", cause),
          () -> flights.status().kept().getOrDefault(cause, 0L));
    }
    Tags none = Tags.empty();
    counter("oca.flight.skipped", "Not kept so soon", none, () -> flights.status().skipped());
    counter("oca.flight.failures", "Could not be kept", none, () -> flights.status().failures());
    counter("oca.flight.deleted", "Deleted to keep limits", none, () -> flights.status().deleted());
    return this;
  }

  /** The JVM and the process, as the appliance tells them. */
  SteeringMetrics bindProcess() {
    counter(
        "process.cpu.seconds",
        "Processor time that this process has used",
        Tags.empty(),
        () ->
            ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toMillis() / 1e3)
                .orElse(Double.NaN));
    new JvmMemoryMetrics().bindTo(registry);
    pauses.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    return this;
  }

  /** Adds the route. */
  void addTo(ControlListener listener) {
    listener.route("GET", "/metrics", _ -> Response.text(MEDIA_TYPE, scrape()));
  }

  synchronized String scrape() {
    beforeScrape.forEach(Runnable::run);
    return registry.scrape();
  }

  @Override
  public void close() {
    pauses.close();
    registry.close();
  }

  private void answered(
      String name, String description, Tags tags, Supplier<StatusReport> status, String answer) {
    counter(name, description, tags, () -> status.get().answers().getOrDefault(answer, 0L));
  }

  private void byVerdict(
      String messages,
      Supplier<StatusReport> status,
      Function<StatusReport, Map<String, Long>> counts) {
    for (String verdict : counts.apply(status.get()).keySet()) {
      counter(
          "oca.steering." + messages,
          "Messages of appliances, by what became of them",
          Tags.of("verdict", verdict),
          () -> counts.apply(status.get()).getOrDefault(verdict, 0L));
    }
  }

  private void refusal(RouteRoom routes, String source, String reason) {
    counter(
        "oca.steering.routes.reasons",
        "Routes, messages and sessions refused, by source and reason",
        Tags.of("source", source, "reason", reason),
        () -> routes.reasons().getOrDefault(source, Map.of()).getOrDefault(reason, 0L));
  }

  private static double standing(FleetSnapshot fleet, Standing standing, long now) {
    return fleet.members().stream()
        .filter(member -> fleet.standing(member, now) == standing)
        .count();
  }

  private static List<MultiGauge.Row<?>> rows(List<ViewState> views) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    views.stream()
        .limit(VIEWS)
        .forEach(
            view ->
                rows.add(
                    MultiGauge.Row.of(
                        Tags.of("view", view.name(), "site", view.site().value()), view.paths())));
    return rows;
  }

  private void gauge(String name, String help, Tags tags, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).description(help).tags(tags).register(registry);
  }

  private void counter(String name, String help, Tags tags, DoubleSupplier value) {
    // It holds its object weakly, and would forget a supplier.
    FunctionCounter.builder(name, this, _ -> value.getAsDouble())
        .description(help)
        .tags(tags)
        .register(registry);
  }
}
