package oca.fill.trigger;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.fill.catalog.CatalogView;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Gate;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 8007 over HTTP, each owner seeing its own triggers only:
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>POST /v1/triggers</td><td>a command: 201 with the new trigger's URI, or for cancel
 *       200</td></tr>
 *   <tr><td>GET /v1/triggers</td><td>the collection of all</td></tr>
 *   <tr><td>GET /v1/triggers/{pending,active,complete,failed}</td><td>those that stand so</td></tr>
 *   <tr><td>GET /v1/triggers/N</td><td>one trigger's status</td></tr>
 *   <tr><td>DELETE /v1/triggers/N</td><td>forgets it, 204</td></tr>
 * </table>
 *
 * <p>What is malformed gets 400, another's content 403, a command that passed by here already 403,
 * another media type 415. Answers bear ETags, and tell by Cache-Control how soon to ask again.
 */
public final class TriggerEndpoint {
  private static final Logger log = LoggerFactory.getLogger(TriggerEndpoint.class);
  private static final String PATH = "/v1/triggers";
  private static final int MOST_BYTES = 4 << 20;
  private static final Set<String> COLLECTIONS = Set.of("pending", "active", "complete", "failed");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]{1,255}");
  private static final Pattern URI = Pattern.compile(".*" + PATH + "/([0-9]{1,18})");

  private final TriggerConfig config;
  private final TriggerBook book;
  private final Owners owners;
  private final Supplier<CatalogView> catalog;
  private final String scheme;
  private final Runnable changed;

  /**
   * An endpoint.
   *
   * @param catalog the catalogue in force
   * @param tls whether the listener speaks TLS
   * @param changed called when a trigger came, was cancelled or deleted: there may be something to
   *     plan
   * @throws IOException when an owner's token cannot be read
   */
  public TriggerEndpoint(
      TriggerConfig config,
      TriggerBook book,
      Supplier<CatalogView> catalog,
      boolean tls,
      Runnable changed)
      throws IOException {
    this.config = config;
    this.book = book;
    this.owners = Owners.open(config);
    this.catalog = catalog;
    this.scheme = tls ? "https://" : "http://";
    this.changed = changed;
  }

  /** Adds its routes, and the gate before them. */
  public void routes(ControlListener listener) {
    Gate gate = owners;
    listener
        .guard(PATH, gate)
        .guard(PATH + "/", gate)
        .route("POST", PATH, this::command)
        .route("GET", PATH, request -> collection(request, ""))
        .route("GET", PATH + "/", this::get)
        .route("DELETE", PATH + "/", this::delete);
  }

  private Response command(Request request) throws IOException {
    String type = request.header("content-type").orElse("").replace(" ", "");
    if (!type.equalsIgnoreCase(TriggerCommand.MEDIA_TYPE.replace(" ", ""))) {
      return Response.problem(415, "a command is sent as " + TriggerCommand.MEDIA_TYPE);
    }
    if (request.body().length > MOST_BYTES) {
      return Response.problem(413, "a command has at most " + MOST_BYTES + " bytes");
    }
    TriggerCommand command = request.message(TriggerCommand.class);
    TriggerConfig.Owner owner = owner(request);
    if (command.cdnPath().stream().anyMatch(config.cdnId()::equals)) {
      return Response.problem(
          403, "the command passed by " + config.cdnId() + " already (RFC 8007, section 4.6)");
    }
    TriggerSpec spec = command.trigger();
    if (spec == null) {
      return cancel(owner, java.util.Objects.requireNonNull(command.cancel()));
    }
    if (spec.targets() > config.limits().targets()) {
      return Response.problem(
          413, "a trigger names at most " + config.limits().targets() + " things");
    }
    try {
      Trigger taken = book.take(owner, catalog.get(), spec);
      log.info("{} triggered {} {}", owner.name(), spec.type(), taken.number());
      changed.run();
      return body(StatusMessage.MEDIA_TYPE, StatusMessage.of(taken), 201)
          .with("Location", uri(request, taken));
    } catch (ForeignContentException e) {
      return Response.problem(403, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return Response.problem(400, String.valueOf(e.getMessage()));
    }
  }

  private Response cancel(TriggerConfig.Owner owner, List<String> uris) throws IOException {
    List<Optional<Trigger>> found = new java.util.ArrayList<>();
    for (String uri : uris) {
      Matcher named = URI.matcher(uri);
      found.add(
          named.matches() ? book.find(owner, Long.parseLong(named.group(1))) : Optional.empty());
      if (found.getLast().isEmpty()) {
        return Response.problem(404, "there is no trigger " + uri + "; none was cancelled");
      }
    }
    for (Optional<Trigger> trigger : found) {
      book.cancel(trigger.orElseThrow());
    }
    changed.run();
    return Response.empty(200);
  }

  private Response get(Request request) throws IOException {
    if (COLLECTIONS.contains(request.tail())) {
      return collection(request, request.tail());
    }
    Optional<Trigger> trigger = named(request);
    return trigger.isEmpty()
        ? unknown(request)
        : fresh(request, body(StatusMessage.MEDIA_TYPE, StatusMessage.of(trigger.get()), 200));
  }

  private Response delete(Request request) throws IOException {
    Optional<Trigger> trigger = named(request);
    if (trigger.isEmpty()) {
      return unknown(request);
    }
    book.delete(trigger.get());
    changed.run();
    return Response.empty(204);
  }

  private Response collection(Request request, String name) throws IOException {
    List<String> uris =
        book.all(owner(request)).stream()
            .filter(trigger -> name.isEmpty() || trigger.state().collection().equals(name))
            .map(trigger -> uri(request, trigger))
            .toList();
    String all = base(request) + PATH;
    CollectionMessage message =
        name.isEmpty()
            ? new CollectionMessage(
                uris,
                book.kept().toSeconds(),
                all,
                all + "/pending",
                all + "/active",
                all + "/complete",
                all + "/failed",
                config.cdnId())
            : CollectionMessage.filtered(uris);
    return fresh(request, body(CollectionMessage.MEDIA_TYPE, message, 200));
  }

  private Optional<Trigger> named(Request request) throws IOException {
    return request.tail().matches("[0-9]{1,18}")
        ? book.find(owner(request), Long.parseLong(request.tail()))
        : Optional.empty();
  }

  /** The gate let it in, so there is one. */
  private TriggerConfig.Owner owner(Request request) {
    return owners.of(request).orElseThrow();
  }

  private static Response unknown(Request request) {
    return Response.problem(404, "there is no trigger " + request.path());
  }

  private static Response body(String type, Object message, int status) {
    return new Response(
        status,
        Map.of("Content-Type", type, "Cache-Control", "private, max-age=5"),
        Wire.write(message));
  }

  /** 304 to who has it already. */
  private static Response fresh(Request request, Response answer) {
    String etag = "\"" + digest(answer.body()) + "\"";
    boolean known = request.header("if-none-match").filter(etag::equals).isPresent();
    return (known ? Response.empty(304) : answer).with("ETag", etag);
  }

  private static String digest(byte[] body) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(all, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private String uri(Request request, Trigger trigger) {
    return base(request) + PATH + "/" + trigger.number();
  }

  /** As the asker wrote it: URIs are for the one who asked. */
  private String base(Request request) {
    String host = request.header("host").orElse("");
    return HOST.matcher(host).matches() ? scheme + host.toLowerCase(Locale.ROOT) : "";
  }
}
