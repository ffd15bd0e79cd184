package oca.server.admin;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;

/**
 * The operator's door to one appliance.
 *
 * <pre>
 * GET  /v1/status    {@link ApplianceStatus}
 * POST /v1/drain     asks for no new viewers; answers the status
 * POST /v1/undrain   takes new viewers again; answers the status
 * GET  /metrics      Prometheus text
 * GET  /livez        200 as long as the process answers
 * GET  /readyz       200 while serving, 503 while draining
 * </pre>
 *
 * <p>Whoever reaches it may drain the appliance: it belongs on loopback or a management network.
 */
public final class AdminListener implements AutoCloseable {
  private static final ControlListener.Limits LIMITS = new ControlListener.Limits(4096, 16);

  private final ControlListener listener;
  private final Supplier<ApplianceStatus> status;
  private final Consumer<Boolean> drain;
  private final Metrics metrics;

  private AdminListener(
      ControlListener listener, Supplier<ApplianceStatus> status, Consumer<Boolean> drain) {
    this.listener = listener;
    this.status = status;
    this.drain = drain;
    this.metrics = new Metrics(status);
  }

  /**
   * Begins to answer.
   *
   * @param status called for each answer; must not block on a disk or the network
   * @param drain told true to drain, false to serve again
   * @throws IOException when the address cannot be had; the message names it
   */
  public static AdminListener open(
      Endpoint listen, Supplier<ApplianceStatus> status, Consumer<Boolean> drain)
      throws IOException {
    AdminListener admin = new AdminListener(ControlListener.bind(listen, LIMITS), status, drain);
    admin.start();
    return admin;
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  @Override
  public void close() {
    listener.close();
    metrics.close();
  }

  private void start() {
    listener
        .route("GET", "/v1/status", _ -> Response.message(status.get()))
        .route("POST", "/v1/drain", _ -> drain(true))
        .route("POST", "/v1/undrain", _ -> drain(false))
        .route("GET", "/metrics", _ -> Response.text(Metrics.MEDIA_TYPE, metrics.scrape()))
        .route("GET", "/livez", _ -> Response.text("text/plain", "alive\n"))
        .route("GET", "/readyz", _ -> ready())
        .start();
  }

  private Response drain(boolean on) {
    drain.accept(on);
    return Response.message(status.get());
  }

  private Response ready() {
    String state = status.get().state();
    return state.equals(ApplianceStatus.SERVING)
        ? Response.text("text/plain", state + "\n")
        : Response.problem(503, "the appliance is " + state);
  }
}
