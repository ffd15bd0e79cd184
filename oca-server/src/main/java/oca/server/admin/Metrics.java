package oca.server.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import oca.protocol.FillReport.OriginReason;

/**
 * The status as Prometheus text. Every scrape reads one status, so its figures fit each other.
 *
 * <p>Labels come from closed lists only (outcomes, volumes, kinds of source): no URL, no file and
 * no viewer ever becomes one.
 */
final class Metrics implements AutoCloseable {
  /** Why origins were asked, see {@link oca.protocol.FillReport.OriginReason}. */
  private static final List<String> ORIGIN_REASONS =
      Arrays.stream(OriginReason.values()).map(it -> it.name().toLowerCase(Locale.ROOT)).toList();

  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final List<String> STATES =
      List.of("recovering", "in-service", "draining", "out-of-service");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Supplier<ApplianceStatus> source;
  private final Set<String> outcomes = new HashSet<>();
  private final Set<String> volumes = new HashSet<>();
  private final Supplier<List<Operations.Scrub>> scrubs;
  private final Supplier<Operations.Recalled> recalls;
  private final Set<String> searched = new HashSet<>();
  private final Set<String> sinks = new HashSet<>();
  private final JvmGcMetrics pauses = new JvmGcMetrics();
  private final PullMetrics pulls = new PullMetrics(registry, this::latest);
  private volatile ApplianceStatus latest;
  private volatile List<Operations.Scrub> latestScrubs = List.of();

  Metrics(
      Supplier<ApplianceStatus> source,
      Supplier<List<Operations.Scrub>> scrubs,
      Supplier<Operations.Recalled> recalls) {
    this.source = source;
    this.scrubs = scrubs;
    this.recalls = recalls;
    this.latest = source.get();
    // Micrometer's name for it ends like the count of a histogram, which no gauge's may.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    // In nanoseconds, which is no base unit; engine() has it in seconds.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    times(
        "oca_answer_seconds",
        "From the last byte of a request to the last byte of its complete answer",
        it -> it.serving().times());
    times(
        "oca_first_byte_seconds",
        "From the last byte of a request to the first byte of content handed over",
        it -> it.serving().firstBytes());
    serving();
    edge();
    store();
    volumes();
    filling();
    telling();
    engine();
    flights();
    RecallMetrics.bind(registry, this.recalls);
    pulls.store();
    latest.pull().services().forEach(pulls::service);
    new JvmMemoryMetrics().bindTo(registry);
    pauses.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private ApplianceStatus latest() {
    return latest;
  }

  synchronized String scrape() {
    latest = source.get();
    latestScrubs = scrubs.get();
    latest.outcomes().keySet().stream().filter(outcomes::add).forEach(this::outcome);
    volumes();
    sinks();
    latest.pull().services().forEach(pulls::service);
    latestScrubs.stream().map(Operations.Scrub::path).filter(searched::add).forEach(this::scrub);
    return registry.scrape();
  }

  @Override
  public void close() {
    pauses.close();
    registry.close();
  }

  private void times(
      String name, String help, Function<ApplianceStatus, ApplianceStatus.Times> times) {
    registry
        .getPrometheusRegistry()
        .register(new AnswerSeconds(name, help, () -> times.apply(latest)));
  }

  private void flights() {
    gauge(
        "oca.flight.recording",
        "1 while the last minutes are recorded",
        it -> it.flights().recording() ? 1 : 0);
    for (String cause : latest.flights().kept().keySet()) {
      counter(
          "oca.flight.kept",
          "Flight recordings kept",
          Tags.of("cause", cause),
          it -> it.flights().kept().getOrDefault(cause, 0L));
    }
    counter("oca.flight.skipped", "Not kept so soon", it -> it.flights().skipped());
    counter("oca.flight.failures", "Could not be kept", it -> it.flights().failures());
    counter("oca.flight.deleted", "Deleted to keep limits", it -> it.flights().deleted());
  }

  private void serving() {
    latest.outcomes().keySet().stream().filter(outcomes::add).forEach(this::outcome);
    counter("oca.served.bytes", "Bytes sent to viewers and peers", it -> it.servedBytes());
    counter(
        "oca.answers.broken.off",
        "Answers that ended before their last byte",
        it -> it.serving().brokenOff());
    counter(
        "oca.answers.read.errors",
        "Answers broken off because the file could not be read",
        it -> it.serving().readErrors());
    counter("oca.connections.shed", "Connections closed unanswered", it -> it.serving().shed());
    counter(
        "oca.connections.crowded",
        "Connections refused because their network had its share",
        it -> it.serving().crowded());
    counter(
        "oca.bulk.refused", "Bulk requests told to come later", it -> it.serving().bulkRefused());
    counter(
        "oca.slow.readers",
        "Connections cut off because the client took too little",
        it -> it.serving().slowReaders());
    gauge("oca.connections", "Open viewer connections", it -> it.connections());
    gauge("oca.connections.limit", "Viewer connections allowed", it -> it.connectionLimit());
    gauge(
        "oca.draining",
        "1 while new viewers are unwelcome",
        it -> it.state().equals(ApplianceStatus.DRAINING) ? 1 : 0);
  }

  /** One counter for each reason of closed lists, all of which have an entry from the start. */
  private void edge() {
    latest.edge().protocols().keySet().forEach(this::protocol);
    latest.edge().denials().keySet().forEach(this::denial);
    latest.edge().http2Faults().keySet().forEach(this::http2Fault);
    counter("oca.cold.reads", "Pieces read from disks on demand", it -> it.edge().coldReads());
    counter("oca.cold.bytes", "Bytes in those pieces", it -> it.edge().coldBytes());
    counter("oca.cold.waits", "Answers that stood still for a disk", it -> it.edge().coldWaits());
    counter(
        "oca.cold.wait.seconds",
        "How long answers stood still for disks",
        it -> it.edge().coldWaitMicros() / 1e6);
    counter(
        "oca.cold.refused",
        "Requests refused because too many wait for their disk",
        it -> it.edge().coldRefusals());
    counter(
        "oca.cold.check.seconds",
        "How long blocks were compared with their checksums",
        it -> it.edge().coldCheckMicros() / 1e6);
    counter(
        "oca.cold.damaged",
        "Pieces not sent because a block did not match its checksum",
        it -> it.edge().coldDamages());
    gauge("oca.cold.queued", "Pieces that wait for a disk", it -> it.edge().coldQueued());
    gauge(
        "oca.certificate.expiry.seconds",
        "Until the certificate expires; 0 without TLS",
        it -> it.edge().certificateSecondsLeft());
    counter(
        "oca.certificate.failures",
        "Certificate files that were not fit to be taken",
        it -> it.edge().certificateFailures());
    counter(
        "oca.tls.handshake.failures",
        "TLS handshakes that failed",
        it -> it.edge().handshakeFailures());
  }

  private void protocol(String protocol) {
    counter(
        "oca.protocol.requests",
        "Requests by protocol",
        Tags.of("protocol", protocol),
        it -> it.edge().protocols().getOrDefault(protocol, 0L));
  }

  private void denial(String reason) {
    counter(
        "oca.token.denials",
        "Requests refused for want of a good token",
        Tags.of("reason", reason),
        it -> it.edge().denials().getOrDefault(reason, 0L));
  }

  private void http2Fault(String reason) {
    counter(
        "oca.http2.faults",
        "HTTP/2 connections and streams broken off",
        Tags.of("reason", reason),
        it -> it.edge().http2Faults().getOrDefault(reason, 0L));
  }

  private void outcome(String outcome) {
    counter(
        "oca.requests",
        "Requests by outcome",
        Tags.of("outcome", outcome),
        it -> it.outcomes().getOrDefault(outcome, 0L));
  }

  private void store() {
    gauge("oca.store.files", "Whole files held", it -> it.store().files());
    gauge("oca.store.open.files", "Descriptors of files open", it -> it.store().openFiles());
    gauge(
        "oca.store.recovering",
        "1 while files are looked for after the start",
        it -> it.store().recovering() ? 1 : 0);
    counter("oca.store.evicted", "Files evicted", it -> it.store().evicted());
  }

  /** A volume may be added at any time; one that was taken out stays on the list. */
  private void volumes() {
    latest.store().volumes().stream()
        .map(ApplianceStatus.Volume::path)
        .filter(volumes::add)
        .forEach(this::volume);
  }

  private void volume(String path) {
    Tags tags = Tags.of("volume", path);
    gauge("oca.store.bytes", "Bytes held", tags, of(path, it -> it.usedBytes()));
    gauge(
        "oca.store.capacity.bytes",
        "Bytes that may be held",
        tags,
        of(path, it -> it.capacityBytes()));
    gauge("oca.store.free.bytes", "Bytes that may be added", tags, of(path, it -> it.freeBytes()));
    gauge(
        "oca.store.volume.up",
        "1 while the volume is in service",
        tags,
        of(path, it -> it.inService() ? 1 : 0));
    for (String state : STATES) {
      gauge(
          "oca.store.volume.state",
          "1 for the state that the volume is in",
          tags.and("state", state),
          of(path, it -> it.state().equals(state) ? 1 : 0));
    }
    gauge("oca.store.leaving", "Files still to be taken off", tags, of(path, it -> it.leaving()));
    counter("oca.store.errors", "I/O errors", tags, of(path, it -> it.errors()));
    counter(
        "oca.store.quarantined",
        "Files moved out of the way",
        tags,
        of(path, it -> it.quarantined()));
  }

  private static ToDoubleFunction<ApplianceStatus> of(
      String path, ToDoubleFunction<ApplianceStatus.Volume> value) {
    return status ->
        status.store().volumes().stream()
            .filter(it -> it.path().equals(path))
            .mapToDouble(value)
            .findFirst()
            .orElse(Double.NaN);
  }

  private void filling() {
    String bytes = "oca.fill.bytes";
    String fetched = "Bytes fetched, good or bad";
    counter(bytes, fetched, Tags.of("source", "peer"), it -> it.fill().bytesFromPeers());
    counter(bytes, fetched, Tags.of("source", "origin"), it -> it.fill().bytesFromOrigins());
    for (String reason : ORIGIN_REASONS) {
      counter(
          "oca.fill.origin.bytes",
          "Bytes fetched from origins",
          Tags.of("reason", reason),
          it -> it.fill().flow().originBytes().getOrDefault(reason, 0L));
    }
    counter("oca.fill.preempted", "Files that made way", it -> it.fill().flow().preempted());
    counter("oca.fill.waits", "Files that had to wait for peers", it -> it.fill().flow().waits());
    counter("oca.fill.bad.peers", "Peers that sent wrong bytes", it -> it.fill().flow().badPeers());
    counter("oca.fill.busy.origins", "Origins without time", it -> it.fill().flow().busyOrigins());
    gauge("oca.fill.late", "Files that will miss their release", it -> it.fill().flow().late());
    counter("oca.fill.missed", "Files after their release", it -> it.fill().flow().missed());
    counter("oca.fill.yields", "Times that viewers came first", it -> it.fill().flow().yields());
    counter("oca.fill.disk.yields", "Of those, for disks", it -> it.fill().flow().diskYields());
    gauge("oca.fill.share", "Share of the rate left by viewers", it -> it.fill().flow().share());
    gauge(
        "oca.fill.granting",
        "1 while files are begun only when granted",
        it -> it.fill().flow().granting() ? 1 : 0);
    gauge("oca.fill.grants", "Grants in hand", it -> it.fill().flow().grants());
    counter("oca.fill.asks.failed", "Asks no one took", it -> it.fill().flow().asksFailed());
    counter("oca.fill.files", "Files", Tags.of("result", "filled"), it -> it.fill().filled());
    counter("oca.fill.files", "Files", Tags.of("result", "given_up"), it -> it.fill().givenUp());
    counter("oca.fill.source.failures", "Sources passed over", it -> it.fill().sourceFailures());
    counter("oca.fill.lists.unread", "Files without their list", it -> it.fill().listsUnread());
    gauge("oca.fill.repairs", "Damaged files being repaired", it -> it.fill().repairs());
    counter("oca.fill.repaired", "Damaged files repaired", it -> it.fill().repaired());
    counter(
        "oca.fill.repairs.refused",
        "Damaged files not repaired at once",
        it -> it.fill().repairsRefused());
    gauge("oca.fill.queue", "Files waiting or being fetched", it -> it.fillQueue());
    gauge(
        "oca.fill.window.open", "1 while filling is allowed", it -> it.fill().windowOpen() ? 1 : 0);
    gauge("oca.manifest.version", "The newest manifest", it -> it.manifestVersion());
    counter("oca.manifest.failures", "Failed looks at it", it -> it.fill().manifestFailures());
    counter("oca.fill.reports.dropped", "Results not told", it -> it.fill().reportsDropped());
  }

  private void telling() {
    counter("oca.records.accepted", "Serve records offered", it -> it.records().accepted());
    counter(
        "oca.records.files.rotated",
        "Files of records closed in good order",
        it -> it.records().filesRotated());
    counter(
        "oca.records.files.torn",
        "Files of records cut back to whole lines",
        it -> it.records().filesTorn());
    counter(
        "oca.records.files.deleted",
        "Files of records deleted to keep the limits",
        it -> it.records().filesDeleted());
    counter(
        "oca.records.compress.failures",
        "Files of records that could not be compressed",
        it -> it.records().compressFailures());
    sinks();
    spool();
    counter("oca.heartbeat.failures", "Failed posts of heartbeats", it -> it.heartbeatFailures());
  }

  private void sinks() {
    latest.records().sinks().stream()
        .map(ApplianceStatus.Sink::name)
        .filter(sinks::add)
        .forEach(this::sink);
  }

  private void spool() {
    gauge(
        "oca.records.spool.bytes",
        "Bytes on disk on their way to Kafka",
        it -> it.records().spool().bytes());
    gauge(
        "oca.records.spool.limit.bytes",
        "Bytes that may be there",
        it -> it.records().spool().limit());
    counter(
        "oca.records.spool.delivered",
        "Records that Kafka has",
        it -> it.records().spool().delivered());
    counter(
        "oca.records.spool.lost",
        "Records that were on disk and Kafka will never have",
        it -> it.records().spool().lost());
    counter(
        "oca.records.spool.damaged",
        "Files of which a part could not be read",
        it -> it.records().spool().damaged());
    counter(
        "oca.records.spool.failures",
        "Tries to send that failed",
        it -> it.records().spool().failures());
    gauge(
        "oca.records.spool.failing",
        "1 while Kafka takes no records",
        it -> it.records().spool().failing() ? 1 : 0);
  }

  private void sink(String name) {
    Tags tags = Tags.of("sink", name);
    counter("oca.records.written", "Records taken over", tags, ofSink(name, it -> it.written()));
    counter(
        "oca.records.dropped", "Records never taken over", tags, ofSink(name, it -> it.dropped()));
    counter("oca.records.failures", "Tries that failed", tags, ofSink(name, it -> it.failures()));
    gauge(
        "oca.records.failing",
        "1 while the last try failed",
        tags,
        ofSink(name, it -> it.failing() ? 1 : 0));
    gauge("oca.records.waiting", "Records in the ring", tags, ofSink(name, it -> it.waiting()));
    gauge("oca.records.ring", "Records the ring holds", tags, ofSink(name, it -> it.ring()));
  }

  private static ToDoubleFunction<ApplianceStatus> ofSink(
      String name, ToDoubleFunction<ApplianceStatus.Sink> value) {
    return status ->
        status.records().sinks().stream()
            .filter(it -> it.name().equals(name))
            .mapToDouble(value)
            .findFirst()
            .orElse(Double.NaN);
  }

  private void engine() {
    counter(
        "process.cpu.seconds",
        "Processor time that this process has used",
        _ ->
            ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toMillis() / 1e3)
                .orElse(Double.NaN));
    gauge("oca.event.loops", "Event loops", it -> it.engine().eventLoops());
    counter(
        "oca.event.loops.cpu.seconds",
        "Processor time that all event loops have used",
        it -> it.engine().loopCpuMicros().stream().mapToLong(Long::longValue).sum() / 1e6);
    counter(
        "oca.event.loops.busiest.cpu.seconds",
        "Processor time of the event loop that has used most",
        it ->
            it.engine().loopCpuMicros().stream().mapToLong(Long::longValue).max().orElse(0) / 1e6);
    gauge(
        "oca.direct.memory.bytes",
        "Memory that the event loops took outside the heap",
        it -> it.engine().directBytes() < 0 ? Double.NaN : it.engine().directBytes());
    gauge(
        "oca.direct.memory.limit.bytes",
        "Memory that they may take there",
        it -> it.engine().directLimit());
    gauge(
        "oca.request.content.bytes",
        "Content of requests that are passed on to upstreams, in memory",
        it -> it.engine().contentBytes());
  }

  private void scrub(String path) {
    Tags tags = Tags.of("volume", path);
    scrub("oca.scrub.running", "1 while it reads", tags, path, it -> it.running() ? 1 : 0);
    scrub("oca.scrub.pass", "Passes ended", tags, path, it -> it.passes());
    scrub("oca.scrub.done.ratio", "Share of this pass that is done", tags, path, it -> it.done());
    scrub("oca.scrub.bytes", "Bytes checked in this pass", tags, path, it -> it.bytes());
    scrub("oca.scrub.files", "Files checked in this pass", tags, path, it -> it.files());
    scrub(
        "oca.scrub.damaged.blocks",
        "Damaged blocks found in this pass",
        tags,
        path,
        it -> it.damagedBlocks());
    scrub(
        "oca.scrub.flawed.files",
        "Flawed files found in this pass",
        tags,
        path,
        it -> it.flawed().values().stream().mapToLong(Long::longValue).sum());
  }

  private void scrub(
      String name, String help, Tags tags, String path, ToDoubleFunction<Operations.Scrub> value) {
    gauge(
        name,
        help,
        tags,
        _ ->
            latestScrubs.stream()
                .filter(it -> it.path().equals(path))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN));
  }

  private void gauge(String name, String help, ToDoubleFunction<ApplianceStatus> value) {
    gauge(name, help, Tags.empty(), value);
  }

  private void gauge(String name, String help, Tags tags, ToDoubleFunction<ApplianceStatus> value) {
    Gauge.builder(name, this, it -> value.applyAsDouble(it.latest))
        .description(help)
        .tags(tags)
        .register(registry);
  }

  private void counter(String name, String help, ToDoubleFunction<ApplianceStatus> value) {
    counter(name, help, Tags.empty(), value);
  }

  private void counter(
      String name, String help, Tags tags, ToDoubleFunction<ApplianceStatus> value) {
    FunctionCounter.builder(name, this, it -> value.applyAsDouble(it.latest))
        .description(help)
        .tags(tags)
        .register(registry);
  }
}
