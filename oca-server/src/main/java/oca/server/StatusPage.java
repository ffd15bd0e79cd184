package oca.server;

import java.util.Map;
import java.util.TreeMap;
import oca.model.Endpoint;
import oca.server.admin.ApplianceStatus;
import oca.server.fill.FillStatus;
import oca.server.http.HttpListener;
import oca.server.records.ServeLog;
import oca.store.StoreStatus;

/** Gathers what the parts say into what the operator is shown. */
record StatusPage(ApplianceConfig config, String bootId, boolean draining, Endpoint advertised) {
  /** For an appliance without a controller. */
  static final FillStatus NOT_FILLING =
      new FillStatus(0, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  ApplianceStatus of(
      HttpListener http,
      StoreStatus store,
      FillStatus fill,
      ServeLog records,
      long heartbeatFailures) {
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
        heartbeatFailures);
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
        status.reportsDropped());
  }
}
