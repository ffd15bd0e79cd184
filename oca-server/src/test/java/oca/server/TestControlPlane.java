package oca.server;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.FillManifest;
import oca.protocol.FillReport;
import oca.protocol.FillReport.Result;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/** A controller, a steering service and two sources in one listener. */
final class TestControlPlane implements AutoCloseable {
  final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();
  final List<Inventory> inventories = new CopyOnWriteArrayList<>();
  volatile FillManifest manifest;
  private final List<FillReport> reports = new CopyOnWriteArrayList<>();
  private final List<ServeRecords> batches = new CopyOnWriteArrayList<>();
  private final ControlListener listener;

  TestControlPlane(ApplianceId appliance) throws IOException {
    listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    listener
        .route("GET", "/v1/manifests/" + appliance, this::manifest)
        .route("POST", "/v1/heartbeats", this::heartbeat)
        .route("POST", "/v1/inventories", it -> keep(inventories, it.message(Inventory.class)))
        .route("POST", "/v1/fill-reports", it -> keep(reports, it.message(FillReport.class)))
        .route("POST", "/v1/serve-records", it -> keep(batches, it.message(ServeRecords.class)))
        .start();
  }

  void publish(String path, byte[] bytes) {
    listener.route("GET", path, _ -> Response.bytes("video/mp4", bytes));
  }

  URI uri(String path) {
    return listener.endpoint().http(path);
  }

  List<Result> results() {
    return reports.stream().flatMap(report -> report.results().stream()).toList();
  }

  List<ServeRecord> records() {
    return batches.stream().flatMap(batch -> batch.records().stream()).toList();
  }

  @Override
  public void close() {
    listener.close();
  }

  private Response manifest(Request request) {
    FillManifest now = manifest;
    if (now == null) {
      return Response.problem(404, "no manifest yet");
    }
    String etag = "\"" + now.version() + "\"";
    return request.header("if-none-match").filter(etag::equals).isPresent()
        ? Response.empty(304)
        : Response.message(now).with("ETag", etag);
  }

  private Response heartbeat(Request request) throws IOException {
    Heartbeat beat = request.message(Heartbeat.class);
    heartbeats.add(beat);
    boolean known =
        inventories.stream()
            .anyMatch(
                it -> it.bootId().equals(beat.bootId()) && it.version() == beat.inventoryVersion());
    return Response.message(new HeartbeatReply(!known));
  }

  private static <T> Response keep(List<T> in, T message) {
    in.add(message);
    return Response.empty(204);
  }
}
