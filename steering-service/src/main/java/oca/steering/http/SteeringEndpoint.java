package oca.steering.http;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.Address;
import oca.model.ContentId;
import oca.model.ContentPath;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.catalog.Titles;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.routes.ForwardingTable;

/**
 * Answers viewers, and explains the answers to operators.
 *
 * <ul>
 *   <li>{@code GET /v1/steer?path=P}: ranked URLs of one file
 *   <li>{@code GET /v1/hls/T}, {@code GET /v1/dash/T}: the steering manifest of a title
 *   <li>{@code GET /v1/explain?path=P} or {@code ?title=T}: the decision behind either, in full
 *   <li>{@code GET /v1/fleet}: every appliance
 * </ul>
 *
 * <p>The client is the other end of the connection. Where that is configured, {@code client=A}
 * names another one.
 */
public final class SteeringEndpoint {
  /** Registered for HLS steering manifests; the HLS authoring rules and WebKit go by it. */
  private static final String HLS_MEDIA_TYPE = "application/vnd.apple.steering-list";

  private static final String EXPOSED =
      "Retry-After, Server-Timing, Cache-Status, CMSD-Static, CMSD-Dynamic";
  private static final String ALLOWED =
      "Range, CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status, Content-Type";

  /** The snapshots that an answer is made from: each call gives the newest. */
  public record Sources(
      Supplier<ForwardingTable> routes,
      Supplier<FleetSnapshot> fleet,
      Supplier<Titles> titles,
      LongSupplier nanoClock) {}

  /**
   * What an operator sets.
   *
   * @param publicUri absolute base of this service as players see it
   * @param originPathway the pathway id of the origin in the players' manifests
   * @param ttl of a steering manifest; whole seconds count
   * @param trustClientParameter whether a request may name another client than itself
   */
  public record Settings(
      URI publicUri, String originPathway, Duration ttl, boolean trustClientParameter) {}

  /** What was answered since the start. */
  public record Counts(
      long steer, long hls, long dash, long explain, long originOnly, long playersMoved) {}

  private final Sources sources;
  private final Ranker ranker;
  private final Settings settings;
  private final LongAdder steer = new LongAdder();
  private final LongAdder hls = new LongAdder();
  private final LongAdder dash = new LongAdder();
  private final LongAdder explain = new LongAdder();
  private final LongAdder originOnly = new LongAdder();
  private final LongAdder playersMoved = new LongAdder();

  /** An endpoint that answers from those sources. */
  public SteeringEndpoint(Sources sources, Ranker ranker, Settings settings) {
    this.sources = sources;
    this.ranker = ranker;
    this.settings = settings;
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    listener.route("GET", "/v1/steer", request -> cors(steer(request)));
    listener.route("GET", "/v1/explain", request -> cors(explain(request)));
    listener.route("GET", "/v1/fleet", _ -> cors(fleet()));
    listener.route(
        "GET",
        "/v1/hls/",
        request -> cors(manifest(request, PlayerManifest.Form.HLS, hls, HLS_MEDIA_TYPE)));
    listener.route(
        "GET",
        "/v1/dash/",
        request -> cors(manifest(request, PlayerManifest.Form.DASH, dash, Wire.MEDIA_TYPE)));
    for (String path : new String[] {"/v1/steer", "/v1/explain", "/v1/fleet"}) {
      listener.route("OPTIONS", path, _ -> preflight());
    }
    listener.route("OPTIONS", "/v1/hls/", _ -> preflight());
    listener.route("OPTIONS", "/v1/dash/", _ -> preflight());
  }

  /** What was answered so far. {@code playersMoved}: told to leave the pathway they reported. */
  public Counts counts() {
    return new Counts(
        steer.sum(), hls.sum(), dash.sum(), explain.sum(), originOnly.sum(), playersMoved.sum());
  }

  private Response steer(Request request) {
    String path = request.parameter("path").orElse("");
    String fault = ContentPath.fault(path);
    if (fault != null) {
      return Response.problem(400, "the path in ?path= " + fault + ": " + path);
    }
    Address client = client(request).orElse(null);
    if (client == null) {
      return badClient(request);
    }
    Decision decision = decide(client, file(path));
    count(steer, decision);
    return Response.message(SteerAnswer.of(path, client, decision));
  }

  private Response explain(Request request) {
    Optional<String> path = request.parameter("path");
    Optional<String> title = request.parameter("title");
    if (path.isPresent() == title.isPresent()) {
      return Response.problem(400, "explain what? Give either ?path= or ?title=");
    }
    String fault = path.map(ContentPath::fault).orElse(null);
    if (fault != null) {
      return Response.problem(400, "the path in ?path= " + fault);
    }
    if (!settings.trustClientParameter() && request.parameter("client").isPresent()) {
      return Response.problem(
          400, "?client= is not taken from anybody; set trustClientParameter: true to allow it");
    }
    Address client = client(request).orElse(null);
    if (client == null) {
      return badClient(request);
    }
    Ask ask = path.map(this::file).orElseGet(() -> title(title.orElse("")));
    explain.increment();
    return Response.message(Explanation.of(client, decide(client, ask)));
  }

  private Response manifest(
      Request request, PlayerManifest.Form form, LongAdder counter, String mediaType) {
    Address client = client(request).orElseGet(() -> Address.of(request.client()));
    Decision decision = decide(client, title(decoded(request.tail())));
    PlayerManifest manifest =
        PlayerManifest.of(
            form,
            decision,
            settings.originPathway(),
            settings.ttl().toSeconds(),
            reloadUri(request));
    count(counter, decision);
    PlayerHints hints = PlayerHints.of(request.query());
    if (!hints.pathways().isEmpty() && !hints.pathways().contains(manifest.priority().getFirst())) {
      playersMoved.increment();
    }
    return Response.bytes(mediaType, Wire.write(manifest));
  }

  private Response fleet() {
    long now = sources.nanoClock().getAsLong();
    return Response.message(FleetReport.of(sources.fleet().get(), now));
  }

  private Decision decide(Address client, Ask ask) {
    FleetSnapshot fleet = sources.fleet().get();
    long now = sources.nanoClock().getAsLong();
    return ranker.decide(sources.routes().get().lookup(client), ask, fleet, now);
  }

  /** A file needs no catalogue: its id follows from its path. The catalogue tells its title. */
  private Ask file(String path) {
    ContentId id = ContentId.ofPath(path);
    String title = sources.titles().get().titleOf(id);
    return new Ask(title == null ? path : title, List.of(id), Ask.Form.URLS);
  }

  private Ask title(String title) {
    return new Ask(title, sources.titles().get().files(title), Ask.Form.PATHWAYS);
  }

  /** Empty when another client is named, that is allowed, and it is no address. */
  private Optional<Address> client(Request request) {
    Optional<String> named =
        settings.trustClientParameter() ? request.parameter("client") : Optional.empty();
    try {
      return Optional.of(named.map(Address::parse).orElseGet(() -> Address.of(request.client())));
    } catch (IllegalArgumentException e) {
      // Each caller knows what a bad name means for its own answer.
      return Optional.empty();
    }
  }

  private static Response badClient(Request request) {
    return Response.problem(
        400, "?client= is not an IPv4 or IPv6 address: " + request.parameter("client").orElse(""));
  }

  /** The same path again, and the named client with it; the player adds its hints anew. */
  private String reloadUri(Request request) {
    String base = settings.publicUri().toString();
    String uri = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
    Optional<String> named =
        settings.trustClientParameter() ? request.parameter("client") : Optional.empty();
    return uri
        + request.path()
        + named
            .map(client -> "?client=" + URLEncoder.encode(client, StandardCharsets.UTF_8))
            .orElse("");
  }

  private static String decoded(String rawTail) {
    try {
      return URLDecoder.decode(rawTail.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A spelling that stands for nothing names no title; the player still gets the origin.
      return rawTail;
    }
  }

  private void count(LongAdder counter, Decision decision) {
    counter.increment();
    if (decision.chosen().isEmpty()) {
      originOnly.increment();
    }
  }

  private static Response cors(Response response) {
    return response
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Expose-Headers", EXPOSED)
        .with("Cache-Control", "no-store");
  }

  private static Response preflight() {
    return cors(Response.empty(204))
        .with("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
        .with("Access-Control-Allow-Headers", ALLOWED)
        .with("Access-Control-Max-Age", "86400");
  }
}
