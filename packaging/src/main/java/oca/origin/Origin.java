package oca.origin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import oca.config.Current;
import oca.config.Running;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.ServeRecord;
import oca.protocol.http.ConfigDesk;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.protocol.records.RecordLog;
import oca.protocol.service.Supervised;
import oca.server.http.HttpConfig;
import oca.server.http.HttpListener;
import oca.server.http.InheritedSockets;
import oca.server.pull.PullSource;
import oca.server.records.ServeLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An origin: a published folder served by the appliance's own range path, its catalogue at {@code
 * /v1/catalog} of the admin listener.
 *
 * <p>It sends serve records as appliances do, because demand that no appliance could serve shows
 * only here.
 */
public final class Origin implements Supervised {
  private static final Logger log = LoggerFactory.getLogger(Origin.class);
  private static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(5);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final HttpListener http;
  private final long files;
  private final Endpoint endpoint;
  private final Endpoint adminEndpoint;

  /**
   * What {@code /v1/status} tells.
   *
   * @param version of the catalogue
   * @param files published
   * @param transport that carries them
   * @param requests answered since the start
   * @param servedBytes bytes of files sent since the start
   */
  public record Status(
      String version, long files, String transport, long requests, long servedBytes) {}

  /**
   * Starts an origin.
   *
   * @throws IOException when folder, catalogue or address cannot be used; the message says which
   *     and why
   */
  public static Origin start(OriginConfig config) throws IOException {
    return start(Running.fixed(config));
  }

  /**
   * The same of a configuration that may be read again while it serves.
   *
   * @throws IOException when folder, catalogue or address cannot be used; the message says which
   *     and why
   */
  public static Origin start(Running<OriginConfig> config) throws IOException {
    return new Origin(config, Publisher.read(config.current().get().root()));
  }

  private Origin(Running<OriginConfig> running, Catalog catalog) throws IOException {
    OriginConfig config = running.current().get();
    try {
      http = serve(config, running.current().map(OriginConfig::http), catalog);
      files = catalog.files().size();
      ControlListener admin = tell(running, catalog, http);
      endpoint = http.endpoint();
      adminEndpoint = admin.endpoint();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    log.info(
        "origin serves {} files of {} on {}, catalogue on {}",
        catalog.files().size(),
        config.root(),
        endpoint,
        adminEndpoint);
  }

  /** Where it serves files, with the port that was taken. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Where it tells catalogue and status, with the port that was taken. */
  public Endpoint adminEndpoint() {
    return adminEndpoint;
  }

  /** The event loops that serve turn. */
  @Override
  public Optional<String> standstill(Duration patience) throws InterruptedException {
    return http.turns(patience) ? Optional.empty() : Optional.of("an event loop that serves files");
  }

  @Override
  public String summary() {
    return String.format(Locale.ROOT, "serving: %,d files, %,d requests", files, http.requests());
  }

  /** There is nothing to read besides the configuration: a new catalogue needs a restart. */
  @Override
  public void reload() {
    log.info("the catalogue is that of the start; a restart reads it");
  }

  /** Each part is closed before those that it uses. */
  private HttpListener serve(OriginConfig config, Current<HttpConfig> serving, Catalog catalog)
      throws IOException {
    PublishedFolder folder =
        closing(PublishedFolder.open(config.root(), catalog, config.maxFiles()));
    ControlClient client = closing(new ControlClient(CONTROL_TIMEOUT));
    String bootId = UUID.randomUUID().toString();
    RecordLog<ServeRecord> records =
        closing(ServeLog.start(config.id(), bootId, config.records(), client));
    return closing(
        HttpListener.open(
            serving,
            folder,
            PullSource.NONE,
            records,
            InstantSource.system(),
            InheritedSockets.none()));
  }

  private ControlListener tell(Running<OriginConfig> config, Catalog catalog, HttpListener http)
      throws IOException {
    ControlListener admin =
        closing(
            ControlListener.bind(config.current().get().admin(), ControlListener.Limits.DEFAULT));
    String etag = '"' + catalog.version() + '"';
    Response whole = Response.message(catalog).with("ETag", etag);
    admin
        .route(
            "GET", "/v1/catalog", request -> matches(request, etag) ? Response.empty(304) : whole)
        .route("GET", "/v1/status", _ -> Response.message(status(catalog, http)));
    ConfigDesk.addForThisMachineTo(admin, config);
    admin.start();
    return admin;
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
  }

  private static boolean matches(Request request, String etag) {
    return request.header("if-none-match").filter(etag::equals).isPresent();
  }

  private static Status status(Catalog catalog, HttpListener http) {
    return new Status(
        catalog.version(),
        catalog.files().size(),
        http.transport(),
        http.requests(),
        http.bytesSent());
  }
}
