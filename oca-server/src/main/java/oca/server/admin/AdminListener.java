package oca.server.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import oca.model.Endpoint;
import oca.protocol.http.ConfigDesk;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.protocol.http.UnixDoor;
import oca.server.admin.Operations.EventVersion;
import oca.server.admin.Operations.NamedVolume;
import oca.server.admin.Operations.NewVolume;
import oca.server.admin.Operations.PurgeMessage;
import oca.server.admin.Operations.RefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's door to one appliance.
 *
 * <pre>
 * GET  /v1/status    {@link ApplianceStatus}
 * POST /v1/drain     asks for no new viewers; answers the status
 * POST /v1/undrain   takes new viewers again; answers the status
 * POST /v1/reload    reads certificate and keys again; answers the status
 * /v1/config         see {@link ConfigDesk}
 * GET  /v1/volumes           {@link Volumes}
 * POST /v1/volumes           {@link Operations.NewVolume}: puts a disk into service
 * POST /v1/volumes/drain     {@link Operations.NamedVolume}: puts nothing new on it
 * POST /v1/volumes/undrain   {@link Operations.NamedVolume}: takes it for files again
 * POST /v1/volumes/detach    {@link Operations.NamedVolume}: lets go of its disk
 * POST /v1/purge     {@link Operations.PurgeMessage}: answers {@link Operations.Purged}
 * POST /v1/version   {@link Operations.EventVersion}: flushes a live event
 * GET  /v1/scrub     {@link Scrubs}: how far the search for damage has come
 * /v1/lineage, /v1/recalls   where bytes came from, and how to take them back
 * GET, POST /v1/flights  {@link oca.protocol.flight.FlightEndpoint}
 * GET  /metrics      Prometheus text
 * GET  /livez        200 as long as the process answers
 * GET  /readyz       200 while serving; 503 with the reasons while draining, before anything was
 *                    found after the start, and when no volume is in service
 * </pre>
 *
 * <p>The same, where it is configured, on a Unix domain socket, for those whom its mode lets in.
 *
 * <p>The orders about volumes answer with all volumes. An order that makes no sense is answered
 * with 400, one about a volume that is not there with 404, one that must not be followed as things
 * are with 409, and a disk that fails with 500.
 *
 * <p>Whoever reaches it may drain the appliance and have it make files in any folder that the
 * process may write to: it belongs on loopback or a management network.
 */
public final class AdminListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminListener.class);
  private static final ControlListener.Limits LIMITS = new ControlListener.Limits(4096, 16);
  private static final int DOOR_CONNECTIONS = 32;

  private final ControlListener listener;
  private final Supplier<ApplianceStatus> status;
  private final Operations operations;
  private final Metrics metrics;
  private @Nullable UnixDoor door;

  /** All volumes, in the order of the configuration, added ones last. */
  public record Volumes(List<ApplianceStatus.Volume> volumes) {
    public Volumes {
      volumes = List.copyOf(volumes);
    }
  }

  /** All volumes that are searched, in the same order. */
  public record Scrubs(List<Operations.Scrub> scrubs) {
    public Scrubs {
      scrubs = List.copyOf(scrubs);
    }
  }

  private AdminListener(
      ControlListener listener, Supplier<ApplianceStatus> status, Operations operations) {
    this.listener = listener;
    this.status = status;
    this.operations = operations;
    this.metrics = new Metrics(status, operations::scrubs, operations::recalled);
  }

  /**
   * Begins to answer.
   *
   * @param socket of a Unix domain socket to listen on besides
   * @param status called for each answer; must not block on a disk or the network
   * @param operations what is ordered is done there
   * @param more adds the routes of others
   * @throws IOException when the address or the socket cannot be had; the message names it
   */
  public static AdminListener open(
      Endpoint listen,
      Optional<Path> socket,
      Supplier<ApplianceStatus> status,
      Operations operations,
      Consumer<ControlListener> more)
      throws IOException {
    AdminListener admin =
        new AdminListener(ControlListener.bind(listen, LIMITS), status, operations);
    try {
      more.accept(admin.listener);
      admin.start();
      if (socket.isPresent()) {
        admin.door = UnixDoor.open(socket.get(), admin.listener, DOOR_CONNECTIONS);
      }
      return admin;
    } catch (IOException | RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  @Override
  public void close() {
    UnixDoor opened = door;
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        log.warn("{} is left behind: {}", opened.path(), e.getMessage());
      }
    }
    listener.close();
    metrics.close();
  }

  private void start() {
    listener
        .route("GET", "/v1/status", _ -> Response.message(status.get()))
        .route("POST", "/v1/drain", _ -> drain(true))
        .route("POST", "/v1/undrain", _ -> drain(false))
        .route("POST", "/v1/reload", _ -> reload())
        .route("GET", "/v1/volumes", _ -> volumes())
        .route("POST", "/v1/volumes", it -> addVolume(it.message(NewVolume.class)))
        .route("POST", "/v1/volumes/drain", it -> drain(it.message(NamedVolume.class), true))
        .route("POST", "/v1/volumes/undrain", it -> drain(it.message(NamedVolume.class), false))
        .route("POST", "/v1/volumes/detach", it -> detach(it.message(NamedVolume.class)))
        .route("POST", "/v1/purge", it -> purge(it.message(PurgeMessage.class)))
        .route("POST", "/v1/version", it -> version(it.message(EventVersion.class)))
        .route("GET", "/v1/scrub", _ -> Response.message(new Scrubs(operations.scrubs())))
        .route("GET", "/metrics", _ -> Response.text(Metrics.MEDIA_TYPE, metrics.scrape()))
        .route("GET", "/livez", _ -> Response.text("text/plain", "alive\n"))
        .route("GET", "/readyz", _ -> ready())
        .start();
  }

  private Response drain(boolean on) {
    operations.drain(on);
    return Response.message(status.get());
  }

  private Response reload() {
    try {
      operations.reload();
      return Response.message(status.get());
    } catch (RefusedException e) {
      return Response.problem(409, String.valueOf(e.getMessage()));
    }
  }

  private Response volumes() {
    return Response.message(new Volumes(status.get().store().volumes()));
  }

  private Response addVolume(NewVolume volume) {
    try {
      operations.addVolume(volume);
      return volumes();
    } catch (RefusedException e) {
      return Response.problem(409, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      log.warn("the volume {} cannot be added", volume.path(), e);
      return Response.problem(500, volume.path() + " cannot be added: " + e.getMessage());
    }
  }

  private Response drain(NamedVolume volume, boolean on) {
    return operations.drainVolume(volume.path(), on) ? volumes() : unknown(volume);
  }

  private Response detach(NamedVolume volume) {
    return operations.detachVolume(volume.path()) ? volumes() : unknown(volume);
  }

  private Response purge(PurgeMessage order) {
    return Response.message(operations.purge(order.arguments()));
  }

  private Response version(EventVersion version) {
    operations.version(version);
    return Response.message(status.get());
  }

  private static Response unknown(NamedVolume volume) {
    return Response.problem(
        404, "there is no volume " + volume.path() + "; GET /v1/volumes lists them");
  }

  private Response ready() {
    ApplianceStatus now = status.get();
    List<String> reasons = new ArrayList<>();
    if (!now.state().equals(ApplianceStatus.SERVING)) {
      reasons.add("the appliance is " + now.state());
    }
    if (now.store().recovering() && now.store().files() == 0) {
      reasons.add("it has found no file yet after its start");
    }
    if (now.store().volumes().stream().noneMatch(ApplianceStatus.Volume::inService)) {
      reasons.add("no volume is in service");
    }
    return reasons.isEmpty()
        ? Response.text("text/plain", now.state() + "\n")
        : Response.problem(503, String.join("; ", reasons));
  }
}
