package oca.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import oca.config.Current;
import oca.config.Running;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.FillReport;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.ServeRecord;
import oca.protocol.flight.FlightEndpoint;
import oca.protocol.flight.FlightRing;
import oca.protocol.flight.Objective;
import oca.protocol.http.ConfigDesk;
import oca.protocol.http.ControlClient;
import oca.protocol.kafka.NewestWord;
import oca.protocol.records.RecordLog;
import oca.protocol.service.Probe;
import oca.protocol.service.Supervised;
import oca.server.admin.AdminListener;
import oca.server.admin.ApplianceStatus;
import oca.server.cmcd.CmsdDynamic;
import oca.server.cmcd.ServerLoad;
import oca.server.fill.Filler;
import oca.server.fill.OrderTaker;
import oca.server.fill.ViewerLoad;
import oca.server.http.HttpListener;
import oca.server.http.InheritedSockets;
import oca.server.http.ReadingTotals;
import oca.server.pull.PullConfig;
import oca.server.pull.PullServices;
import oca.server.pull.PullSource;
import oca.server.records.AnswerTimes;
import oca.server.records.FillLog;
import oca.server.records.ServeLog;
import oca.server.vitals.FleetNews;
import oca.server.vitals.HeartbeatSender;
import oca.server.vitals.HeldJournal;
import oca.server.vitals.VitalsSampler;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FillSession;
import oca.store.RecoveryReport;
import oca.store.StoreStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One appliance, from {@link #start} to {@link #close}. Safe on any thread. */
public final class Appliance implements Supervised {
  private static final Logger log = LoggerFactory.getLogger(Appliance.class);

  /** So often the state is told to Kafka when it does not change. */
  private static final Duration FLEET_NEWS = Duration.ofMinutes(1);

  /** A key like any other, by which nothing is held. */
  private static final ContentKey NOWHERE = new ContentKey(0, 0);

  private final ApplianceConfig config;
  private final Current<ApplianceConfig> settings;
  private final InstantSource clock;
  private final String bootId = UUID.randomUUID().toString();
  private final long startedNanos = System.nanoTime();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final DiskStore store;
  private final ControlClient client;
  private final ControlClient control;
  private final RecordLog<ServeRecord> records;
  private final AnswerTimes times = new AnswerTimes();
  private final Optional<PullServices> pulls;
  private final HttpListener http;
  private final Optional<RecordLog<FillReport.Result>> fills;
  private final Optional<Filler> filler;
  private final VitalsSampler vitals;
  private final HeldJournal journal;
  private final Optional<NewestWord> word;
  private final FleetNews news;
  private final HeartbeatSender heartbeats;
  private final FlightRing flights;
  private final AdminListener admin;

  private Appliance(
      Running<ApplianceConfig> given, InstantSource clock, Deque<AutoCloseable> opened)
      throws IOException {
    this.settings = bounded(given.current());
    this.config = settings.get();
    this.clock = clock;
    store = opened(opened, DiskStore.open(config.store().config()));
    var _ = store.recovery().whenComplete(Appliance::tell);
    awaitRecovery(config.store().startPatience());
    client = opened(opened, new ControlClient(config.controlTimeout()));
    control = opened(opened, new ControlClient(config.controlTimeout(), config.credentials()));
    records = opened(opened, ServeLog.start(config.id(), bootId, config.records(), client));
    pulls =
        config.pull().isEmpty()
            ? Optional.empty()
            : Optional.of(opened(opened, openPulls(settings.map(it -> it.pull().orElseThrow()))));
    http =
        opened(
            opened,
            HttpListener.open(
                settings.map(ApplianceConfig::http),
                store,
                pulls.isPresent() ? pulls.get() : PullSource.NONE,
                times.andThen(records),
                clock,
                inheritedSockets()));
    fills =
        config.records().kafka().isPresent() && config.controller().isPresent()
            ? Optional.of(
                opened(opened, FillLog.start(config.id(), bootId, config.records(), client)))
            : Optional.empty();
    filler = config.controller().map(uri -> opened(opened, startFiller(uri)));
    filler.ifPresent(it -> store.repairs((meta, missing) -> repair(it, meta, missing)));
    vitals =
        new VitalsSampler(
            http::connections,
            () -> settings.get().http().maxConnections(),
            http::bytesSent,
            () -> settings.get().bitsPerSecond(),
            draining::get,
            config.heartbeat().interval().dividedBy(2),
            System::nanoTime);
    journal =
        new HeldJournal(
            config.id(),
            bootId,
            () -> store.status().version(),
            this::held,
            config.heartbeat().journal(),
            System::nanoTime);
    word =
        config
            .records()
            .kafka()
            .map(
                it -> opened(opened, NewestWord.start(it.cluster(), "fleet", config.id().value())));
    news =
        new FleetNews(FLEET_NEWS, value -> word.ifPresent(it -> it.say(value)), System::nanoTime);
    heartbeats = opened(opened, startHeartbeats());
    settings.whenReplaced(heartbeats::beatNow);
    flights =
        opened(
            opened,
            FlightRing.start(
                config.diagnose(),
                System.getenv(),
                List.of(
                    Objective.turning(http::turns, config.diagnose().slo().stall()),
                    new AnswersObjective(
                        config.diagnose().slo(),
                        http::firstBytes,
                        http::outcomes,
                        System::nanoTime))));
    admin =
        opened(
            opened,
            AdminListener.open(
                config.admin(),
                config.adminSocket(),
                this::status,
                new Orders(this, store),
                it -> {
                  ConfigDesk.addTo(it, given);
                  new FlightEndpoint(flights).addTo(it);
                  new LineageDesk(store, () -> settings.get().lineage(), clock).addTo(it);
                }));
  }

  /**
   * Starts an appliance: it serves what its disks hold, and fills when its controller says so.
   *
   * @throws IOException when a disk or an address cannot be had; nothing is left running then
   */
  public static Appliance start(ApplianceConfig config) throws IOException {
    return start(config, Clock.systemUTC());
  }

  /**
   * The same of a configuration that may be read again while it serves.
   *
   * @throws IOException when a disk or an address cannot be had; nothing is left running then
   */
  public static Appliance start(Running<ApplianceConfig> config) throws IOException {
    return start(config, Clock.systemUTC());
  }

  static Appliance start(ApplianceConfig config, InstantSource clock) throws IOException {
    return start(Running.fixed(config), clock);
  }

  private static Appliance start(Running<ApplianceConfig> config, InstantSource clock)
      throws IOException {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      Appliance appliance = new Appliance(config, clock, opened);
      log.info(
          "appliance {} serves on {}, admin on {}",
          appliance.config.id(),
          appliance.endpoint(),
          appliance.adminEndpoint());
      return appliance;
    } catch (IOException | RuntimeException e) {
      opened.forEach(Appliance::closeQuietly);
      throw e;
    }
  }

  /** Where it listens for viewers, with the port that was taken. */
  public Endpoint endpoint() {
    return http.endpoint();
  }

  /** Where it listens for its operator, with the port that was taken. */
  public Endpoint adminEndpoint() {
    return admin.endpoint();
  }

  /** Drawn at this start. */
  public String bootId() {
    return bootId;
  }

  /** Asks steering for no more viewers, or takes them again. Those here are served on. */
  public void drain(boolean on) {
    if (draining.getAndSet(on) != on) {
      log.info(on ? "draining" : "serving again");
      http.drain(on);
      heartbeats.beatNow();
    }
  }

  /** Its event loops turn, and its store answers. */
  @Override
  public Optional<String> standstill(Duration patience) throws InterruptedException {
    if (!http.turns(patience.dividedBy(2))) {
      return Optional.of("an event loop that serves viewers");
    }
    return Probe.answers(this::look, patience.dividedBy(2))
        ? Optional.empty()
        : Optional.of("the store");
  }

  private void look() {
    var _ = store.describe(NOWHERE);
    var _ = store.status();
  }

  @Override
  public String summary() {
    StoreStatus held = store.status();
    return String.format(
        Locale.ROOT,
        "%s: %,d files on %d of %d volumes, %,d connections, %,d requests",
        draining.get() ? "draining" : held.recovering() ? "serving, looking for files" : "serving",
        held.files(),
        held.volumes().stream().filter(StoreStatus.VolumeStatus::inService).count(),
        held.volumes().size(),
        http.connections(),
        http.requests());
  }

  /**
   * Reads certificate, keys and the credentials for the control plane again.
   *
   * @throws IOException when one of them is not fit; what was before stays in use
   */
  @Override
  public void reload() throws IOException {
    control.reload();
    if (config.http().authorize().keyFile().isPresent()) {
      http.reloadKeys();
    }
    if (config.http().tls().isPresent()) {
      http.reloadCertificate();
    }
  }

  /** Services whose content is fetched when it is wanted, if there are any. */
  Optional<PullServices> pulls() {
    return pulls;
  }

  /** Where its files are, for tests that damage them. */
  DiskStore store() {
    return store;
  }

  /** How it is. Does not block on a disk or the network. */
  public ApplianceStatus status() {
    return new StatusPage(settings.get(), bootId, draining.get(), advertised())
        .of(
            http,
            store.status(),
            filler.map(Filler::status).orElse(StatusPage.NOT_FILLING),
            records,
            times,
            heartbeats.failures(),
            pulls,
            flights.status());
  }

  /**
   * Says goodbye to the control plane, lets answers under way end, stops fetching, sends the last
   * records and marks the store as cleanly closed, in this order. Further calls do nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    draining.set(true);
    closeQuietly(heartbeats);
    word.ifPresent(Appliance::closeQuietly);
    closeQuietly(http);
    pulls.ifPresent(Appliance::closeQuietly);
    filler.ifPresent(Appliance::closeQuietly);
    fills.ifPresent(Appliance::closeQuietly);
    closeQuietly(records);
    closeQuietly(flights);
    closeQuietly(admin);
    closeQuietly(client);
    closeQuietly(control);
    closeQuietly(store);
    log.info("appliance {} is closed", config.id());
  }

  /** With as many connections as there may be open files, whatever is configured. */
  private static Current<ApplianceConfig> bounded(Current<ApplianceConfig> given)
      throws IOException {
    try {
      return given.map(Appliance::bounded);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static ApplianceConfig bounded(ApplianceConfig given) {
    try {
      return given.withHttp(
          OpenFiles.bound(given.http(), given.store().maxOpenFiles(), OpenFiles.limit()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PullServices openPulls(Current<PullConfig> pull) throws IOException {
    return PullServices.open(pull, clock, config.http().cacheName(), config.id().toString());
  }

  private static InheritedSockets inheritedSockets() throws IOException {
    return InheritedSockets.of(System.getenv(), ProcessHandle.current().pid());
  }

  private Filler startFiller(URI controller) {
    return Filler.start(
        config.id(),
        bootId,
        controller,
        settings.map(ApplianceConfig::fill),
        store,
        config.store().config().blockBytes(),
        control,
        clock,
        System::nanoTime,
        this::viewersLoad,
        fills);
  }

  /** The scarcer of line and connections, and waits for disks; also before all is wired. */
  private ViewerLoad viewersLoad() {
    VitalsSampler sampler = vitals;
    if (sampler == null) {
      return ViewerLoad.NONE;
    }
    ReadingTotals cold = http.reading();
    return new ViewerLoad(
        1 - sampler.sample().headroom(), cold.waits(), cold.waitNanos(), cold.queued());
  }

  /**
   * As a rule the index says in no time what is held. Who asked before that for a file that is held
   * would be sent away; connections wait better, in the queue of the socket.
   */
  private void awaitRecovery(Duration patience) throws IOException {
    try {
      var _ = store.recovery().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.info("what the volumes hold is still looked for; serving what is found");
    } catch (ExecutionException e) {
      // It was told, and what is there is served.
      log.debug("the recovery failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it started");
    }
  }

  private static void tell(@Nullable RecoveryReport report, @Nullable Throwable failure) {
    if (report == null) {
      log.error("what the volumes hold could not be found out in full", failure);
      return;
    }
    log.info(
        "{} files and {} partial ones found in {} ms{}; {} moved to quarantine",
        report.files(),
        report.partials(),
        report.duration().toMillis(),
        report.indexTrusted() ? "" : ", the index rebuilt",
        report.quarantined());
  }

  private static void repair(Filler filler, ContentMeta meta, List<FillSession.Gap> missing) {
    long bytes = missing.stream().mapToLong(gap -> gap.to() - gap.from()).sum();
    log.warn(
        "{} lost {} bytes and {}",
        meta.key(),
        bytes,
        filler.repair(meta.key()) ? "is repaired" : "waits for a manifest that wants it");
  }

  private HeartbeatSender startHeartbeats() {
    List<URI> targets = new ArrayList<>(config.heartbeat().steering());
    config.controller().filter(it -> !targets.contains(it)).ifPresent(targets::add);
    Optional<OrderTaker> taker =
        config
            .controller()
            .map(uri -> new OrderTaker(config.id(), uri, control, new Forgetting(store, pulls)));
    return HeartbeatSender.start(
        targets,
        settings.map(ApplianceConfig::heartbeat),
        this::heartbeat,
        journal,
        control,
        Math::random,
        from ->
            taker
                .filter(_ -> config.controller().equals(Optional.of(from)))
                .ifPresent(OrderTaker::wake),
        version -> filler.ifPresent(it -> it.manifestIs(version)));
  }

  private Heartbeat heartbeat(long sequence, boolean leaving) {
    StoreStatus held = store.status();
    HeldJournal.Mark mark = journal.look();
    Health health = vitals.sample().with(fault(held));
    http.tellPlayers(CmsdDynamic.of(config.id().toString(), load(health), settings.get().cmsd()));
    return news.look(
        new Heartbeat(
            config.id(),
            config.site(),
            advertised(),
            bootId,
            sequence,
            clock.instant(),
            leaving ? draining(health) : health,
            held.capacityBytes(),
            held.usedBytes(),
            mark.version(),
            mark.digest(),
            filler.map(it -> it.filling(Heartbeat.MAX_FILLING)).orElse(List.of()),
            (System.nanoTime() - startedNanos) / 1_000_000));
  }

  /** The scarcer of line and connections. */
  private static ServerLoad load(Health health) {
    double line = (double) health.bitsPerSecond() / health.bitsPerSecondLimit();
    double places = (double) health.connections() / health.connectionLimit();
    return new ServerLoad(
        Math.max(line, places),
        health.bitsPerSecond(),
        Math.max(0, health.bitsPerSecondLimit() - health.bitsPerSecond()),
        health.connections());
  }

  /**
   * What is held, or was found up to now: while the store recovers after a start, what it has found
   * is announced and served, and the version changes when it has found all. A file that is not
   * announced meanwhile costs its viewers a longer way for some seconds; one announced on trust
   * could cost them a failed request.
   */
  private List<ContentId> held() {
    return store.held().stream().map(key -> new ContentId(key.high(), key.low())).toList();
  }

  private Endpoint advertised() {
    Endpoint advertise = config.advertise();
    return advertise.port() == 0
        ? new Endpoint(advertise.host(), http.endpoint().port())
        : advertise;
  }

  private static Health draining(Health health) {
    return new Health(
        true,
        health.connections(),
        health.connectionLimit(),
        health.bitsPerSecond(),
        health.bitsPerSecondLimit(),
        health.fault());
  }

  /** One disk less is told by the inventory; without any there is nothing to serve from. */
  private static @Nullable String fault(StoreStatus held) {
    boolean serves = held.volumes().stream().anyMatch(StoreStatus.VolumeStatus::inService);
    return serves ? null : "none of its " + held.volumes().size() + " volumes is in service";
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> opened, T part) {
    opened.push(part);
    return part;
  }

  /** One part that fails to close must not keep the next from closing. */
  private static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.error("closing {} failed", part.getClass().getSimpleName(), e);
    }
  }
}
