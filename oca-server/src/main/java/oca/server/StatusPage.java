package oca.server;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.protocol.flight.FlightStatus;
import oca.protocol.records.FilesStatus;
import oca.protocol.records.RecordLog;
import oca.protocol.records.SinkStatus;
import oca.protocol.token.Reason;
import oca.server.admin.ApplianceStatus;
import oca.server.fill.FillStatus;
import oca.server.http.Http2Fault;
import oca.server.http.HttpListener;
import oca.server.http.Protocol;
import oca.server.http.ReadingTotals;
import oca.server.http.TlsStatus;
import oca.server.pull.PullServices;
import oca.server.pull.ServiceStatus;
import oca.server.records.AnswerTimes;
import oca.store.StoreStatus;
import oca.store.pull.PullListener;
import oca.store.pull.PullStatus;

/** Gathers what the parts say into what the operator is shown. */
record StatusPage(ApplianceConfig config, String bootId, boolean draining, Endpoint advertised) {
  /** For an appliance without a controller. */
  static final FillStatus NOT_FILLING =
      new FillStatus(0, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, FillStatus.Flow.NONE);

  ApplianceStatus of(
      HttpListener http,
      StoreStatus store,
      FillStatus fill,
      RecordLog<ServeRecord> records,
      AnswerTimes times,
      long heartbeatFailures,
      Optional<PullServices> pulls,
      FlightStatus flights) {
    return new ApplianceStatus(
        config.id(),
        config.site(),
        advertised,
        bootId,
        draining ? ApplianceStatus.DRAINING : ApplianceStatus.SERVING,
        http.transport(),
        http.connections(),
        config.http().maxConnections(),
        http.requests(),
        http.bytesSent(),
        outcomes(http),
        store(store),
        fill(fill),
        fill.bytesFromPeers() + fill.bytesFromOrigins(),
        fill.queued() + fill.running(),
        fill.manifestVersion(),
        records.dropped(),
        records.failures(),
        heartbeatFailures,
        serving(http, times.snapshot()),
        edge(http),
        records(records),
        new ApplianceStatus.Engine(
            config.http().eventLoops() == 0
                ? Runtime.getRuntime().availableProcessors()
                : config.http().eventLoops(),
            DirectMemory.usedBytes(),
            DirectMemory.limitBytes(),
            http.contentHeld(),
            http.loopCpuNanos().stream().map(nanos -> nanos / 1000).toList()),
        pulls.map(StatusPage::pull).orElse(ApplianceStatus.Pull.NONE),
        ApplianceStatus.Run.now(),
        flights);
  }

  private static ApplianceStatus.Pull pull(PullServices pulls) {
    PullStatus store = pulls.storeStatus();
    return new ApplianceStatus.Pull(
        store.objects(),
        store.usedBytes(),
        store.capacityBytes(),
        store.dropped().getOrDefault(PullListener.Cause.EVICTED, 0L),
        store.errors() + store.hangs(),
        pulls.status().stream().map(StatusPage::service).toList());
  }

  private static ApplianceStatus.PullService service(ServiceStatus service) {
    return new ApplianceStatus.PullService(
        service.name(),
        service.targets(),
        service.answers(),
        service.notKept(),
        service.failures(),
        service.upstreams().stream()
            .map(
                it ->
                    new ApplianceStatus.Upstream(
                        it.url(), it.healthy(), it.whyNot(), it.requests(), it.inFlight()))
            .toList());
  }

  private static ApplianceStatus.Serving serving(HttpListener http, AnswerTimes.Snapshot times) {
    return new ApplianceStatus.Serving(
        http.brokenOff(),
        http.readErrors(),
        http.connectionsShed(),
        http.connectionsCrowded(),
        http.bulkRefused(),
        http.slowReaders(),
        new ApplianceStatus.Times(times.upToMicros(), times.counts(), times.sumMicros()),
        new ApplianceStatus.Times(
            http.firstBytes().upToMicros(),
            http.firstBytes().counts(),
            http.firstBytes().sumMicros()));
  }

  private static ApplianceStatus.Edge edge(HttpListener http) {
    ReadingTotals cold = http.reading();
    Optional<TlsStatus> tls = http.tls();
    return new ApplianceStatus.Edge(
        labelled(http.protocols(), Protocol::label),
        labelled(http.denials(), Reason::label),
        labelled(http.http2Faults(), Http2Fault::label),
        cold.reads(),
        cold.readBytes(),
        cold.waits(),
        cold.waitNanos() / 1000,
        cold.refusals(),
        cold.checkNanos() / 1000,
        cold.damages(),
        cold.queued(),
        tls.map(TlsStatus::secondsLeft).orElse(0L),
        tls.map(TlsStatus::reloadFailures).orElse(0L),
        tls.map(TlsStatus::handshakeFailures).orElse(0L));
  }

  private static <K> Map<String, Long> labelled(Map<K, Long> counts, Function<K, String> label) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(it -> label.apply(it.getKey()), Map.Entry::getValue));
  }

  private static ApplianceStatus.Records records(RecordLog<ServeRecord> records) {
    FilesStatus files = records.files();
    return new ApplianceStatus.Records(
        records.accepted(),
        records.sinks().stream().map(StatusPage::sink).toList(),
        files.rotated(),
        files.torn(),
        files.deleted(),
        files.compressFailures(),
        records.spool());
  }

  private static ApplianceStatus.Sink sink(SinkStatus sink) {
    return new ApplianceStatus.Sink(
        sink.name(),
        sink.written(),
        sink.dropped(),
        sink.failures(),
        sink.failing(),
        sink.waiting(),
        sink.ring());
  }

  private static Map<String, Long> outcomes(HttpListener http) {
    Map<String, Long> counts = new TreeMap<>();
    http.outcomes().forEach((outcome, count) -> counts.put(outcome.label(), count));
    return counts;
  }

  private static ApplianceStatus.Store store(StoreStatus status) {
    return new ApplianceStatus.Store(
        status.files(),
        status.usedBytes(),
        status.capacityBytes(),
        status.evicted(),
        status.recovering(),
        status.openFiles(),
        status.volumes().stream().map(StatusPage::volume).toList());
  }

  private static ApplianceStatus.Volume volume(StoreStatus.VolumeStatus status) {
    return new ApplianceStatus.Volume(
        status.path(),
        state(status.state()),
        status.inService(),
        status.capacityBytes(),
        status.usedBytes(),
        status.freeBytes(),
        status.files(),
        status.errors(),
        status.quarantined(),
        status.leaving());
  }

  private static String state(StoreStatus.VolumeState state) {
    return switch (state) {
      case RECOVERING -> "recovering";
      case IN_SERVICE -> "in-service";
      case DRAINING -> "draining";
      case OUT_OF_SERVICE -> "out-of-service";
    };
  }

  private static ApplianceStatus.Fill fill(FillStatus status) {
    return new ApplianceStatus.Fill(
        status.windowOpen(),
        status.queued(),
        status.running(),
        status.filled(),
        status.givenUp(),
        status.sourceFailures(),
        status.listsUnread(),
        status.bytesFromPeers(),
        status.bytesFromOrigins(),
        status.repairs(),
        status.repaired(),
        status.repairsRefused(),
        status.manifestFailures(),
        status.reportsDropped(),
        flow(status.flow()));
  }

  private static ApplianceStatus.Flow flow(FillStatus.Flow flow) {
    Map<String, Long> reasons = new TreeMap<>();
    flow.originReasons()
        .forEach((reason, bytes) -> reasons.put(reason.name().toLowerCase(Locale.ROOT), bytes));
    return new ApplianceStatus.Flow(
        reasons,
        flow.preempted(),
        flow.waits(),
        flow.badPeers(),
        flow.busyOrigins(),
        flow.late(),
        flow.missed(),
        flow.yields(),
        flow.diskYields(),
        flow.share(),
        flow.granting(),
        flow.grants(),
        flow.asksFailed());
  }
}
