package oca.server.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The status as Prometheus text. Every scrape reads one status, so its figures fit each other.
 *
 * <p>Labels come from closed lists only (outcomes, volumes, kinds of source): no URL, no file and
 * no viewer ever becomes one.
 */
final class Metrics implements AutoCloseable {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final List<String> STATES =
      List.of("recovering", "in-service", "draining", "out-of-service");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Supplier<ApplianceStatus> source;
  private final Set<String> outcomes = new HashSet<>();
  private final Set<String> volumes = new HashSet<>();
  private volatile ApplianceStatus latest;

  Metrics(Supplier<ApplianceStatus> source) {
    this.source = source;
    this.latest = source.get();
    serving();
    store();
    volumes();
    filling();
    telling();
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  synchronized String scrape() {
    latest = source.get();
    latest.outcomes().keySet().stream().filter(outcomes::add).forEach(this::outcome);
    volumes();
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }

  private void serving() {
    latest.outcomes().keySet().stream().filter(outcomes::add).forEach(this::outcome);
    counter("oca.served.bytes", "Bytes sent to viewers and peers", it -> it.servedBytes());
    gauge("oca.connections", "Open viewer connections", it -> it.connections());
    gauge("oca.connections.limit", "Viewer connections allowed", it -> it.connectionLimit());
    gauge(
        "oca.draining",
        "1 while new viewers are unwelcome",
        it -> it.state().equals(ApplianceStatus.DRAINING) ? 1 : 0);
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
    counter("oca.records.dropped", "Serve records dropped", it -> it.recordsDropped());
    counter("oca.records.failures", "Failed posts of them", it -> it.recordFailures());
    counter("oca.heartbeat.failures", "Failed posts of heartbeats", it -> it.heartbeatFailures());
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
