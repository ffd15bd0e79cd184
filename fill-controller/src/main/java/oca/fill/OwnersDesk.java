package oca.fill;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogView;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.publish.ManifestBook;
import oca.fill.ready.TitleReadiness;
import oca.fill.trigger.TriggerBook;
import oca.fill.trigger.TriggerEndpoint;
import oca.model.ApplianceId;
import oca.protocol.CatalogEntry;
import oca.protocol.HeartbeatReply;
import oca.protocol.OrdersReport;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What content owners see and set: triggers (RFC 8007), the orders to appliances that come of them,
 * and whether a title is live. Wires the rooms for that; any thread.
 *
 * <table>
 *   <caption>Routes, besides those of {@link TriggerEndpoint}</caption>
 *   <tr><td>GET /v1/titles/TITLE/readiness</td><td>{@link TitleReadiness}, 404</td></tr>
 *   <tr><td>GET /v1/orders/APPLIANCE</td><td>ApplianceOrders</td></tr>
 *   <tr><td>POST /v1/orders</td><td>OrdersReport, 204 when durable</td></tr>
 * </table>
 */
final class OwnersDesk {
  private static final Logger log = LoggerFactory.getLogger(OwnersDesk.class);
  private static final long INTERVAL = 1_000_000_000;
  private static final String READINESS = "/readiness";

  private final FillConfig config;
  private final InstantSource wall;
  private final CatalogBook catalog;
  private final FleetRegistry fleet;
  private final ManifestBook manifests;
  private final TriggerBook triggers;
  private final TriggerEndpoint endpoint;
  private final LongSupplier nanoTime;
  private final AtomicLong looked;
  private final AtomicBoolean reviews = new AtomicBoolean();

  OwnersDesk(
      FillConfig config,
      InstantSource wall,
      LongSupplier nanoTime,
      TriggerBook triggers,
      CatalogBook catalog,
      FleetRegistry fleet,
      ManifestBook manifests,
      Runnable nudge)
      throws IOException {
    this.config = config;
    this.wall = wall;
    this.catalog = catalog;
    this.fleet = fleet;
    this.manifests = manifests;
    this.nanoTime = nanoTime;
    this.triggers = triggers;
    this.looked = new AtomicLong(nanoTime.getAsLong());
    this.endpoint =
        new TriggerEndpoint(
            config.triggers(),
            triggers,
            catalog::view,
            config.tls().isPresent(),
            () -> {
              review();
              nudge.run();
            });
  }

  void routes(ControlListener listener) {
    endpoint.routes(listener);
    listener
        .route("GET", "/v1/titles/", this::readiness)
        .route(
            "GET",
            "/v1/orders/",
            request -> Response.message(triggers.orders(new ApplianceId(request.tail()))))
        .route("POST", "/v1/orders", this::report);
  }

  /** The same answer to a heartbeat, with word of orders that wait. */
  HeartbeatReply with(ApplianceId appliance, HeartbeatReply reply) {
    return triggers.hasOrders(appliance) ? reply.withOrders() : reply;
  }

  /**
   * {@link #review} on a thread of its own, but not more than once a second: an appliance may have
   * fallen silent. Does not wait.
   */
  void look() {
    long last = looked.get();
    long now = nanoTime.getAsLong();
    if (triggers.hasOpen()
        && now - last >= INTERVAL
        && !reviews.get()
        && looked.compareAndSet(last, now)
        && reviews.compareAndSet(false, true)) {
      var _ =
          Thread.ofVirtual()
              .name("owners-review")
              .start(
                  () -> {
                    try {
                      review();
                    } finally {
                      reviews.set(false);
                    }
                  });
    }
  }

  /** Looks how each trigger stands: when a plan was made, or what appliances hold has changed. */
  void review() {
    if (!triggers.hasOpen()) {
      return;
    }
    try {
      FleetSnapshot snapshot = fleet.snapshot();
      triggers.review(snapshot, title -> readiness(title, snapshot).live());
    } catch (IOException e) {
      // The next review sees the same, and nothing was answered by it.
      log.error("what became of triggers cannot be kept; trying again", e);
    }
  }

  private Response report(Request request) throws IOException {
    triggers.take(request.message(OrdersReport.class));
    review();
    return Response.empty(204);
  }

  private Response readiness(Request request) {
    String tail = request.tail();
    if (!tail.endsWith(READINESS)) {
      return Response.problem(404, "there is /v1/titles/TITLE/readiness, and nothing else there");
    }
    String title =
        URLDecoder.decode(
            tail.substring(0, tail.length() - READINESS.length()).replace("+", "%2B"),
            StandardCharsets.UTF_8);
    return catalog.view().titles().containsKey(title)
        ? Response.message(readiness(title, fleet.snapshot()))
        : Response.problem(404, "not in the catalogue in force: " + title);
  }

  private TitleReadiness readiness(String title, FleetSnapshot snapshot) {
    CatalogView view = catalog.view();
    List<CatalogEntry> files =
        view.titles().getOrDefault(title, List.of()).stream()
            .filter(file -> !view.isBlockList(file))
            .toList();
    return config.live().of(title, files, snapshot, manifests::manifest, wall.instant());
  }
}
