package oca.steering.play;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.Address;
import oca.model.ContentId;
import oca.model.ContentPath;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.catalog.Titles;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.rank.Ask;
import oca.steering.rank.Decider;
import oca.steering.rank.Decision;
import org.jspecify.annotations.Nullable;

/**
 * Answers viewers.
 *
 * <ul>
 *   <li>{@code GET /v1/playback/TITLE}: ranked URLs of each file of a title
 *   <li>{@code GET /v1/playback?path=P}, for short {@code /v1/steer?path=P}: those of one file
 *   <li>{@code GET /v1/redirect/P}, or {@code ?redirect=1} with a path: 302 to the best of them
 *   <li>{@code GET /v1/hls/T}, {@code GET /v1/dash/T}: the steering manifest of a title
 * </ul>
 *
 * <p>Own clients are told what is wrong with what they ask. A player is not: see {@link Manifests}.
 */
public final class PlaybackEndpoint {
  private static final String EXPOSED =
      "Retry-After, Server-Timing, Cache-Status, CMSD-Static, CMSD-Dynamic";
  private static final String ALLOWED =
      "Range, CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status, Content-Type";

  /**
   * What an answer is made from: each call gives the newest.
   *
   * @param keys to sign with
   * @param wallClock for expiry
   * @param nanoClock of the leases
   * @param draws random numbers, on any thread
   */
  public record Sources(
      Supplier<FleetSnapshot> fleet,
      Supplier<Titles> titles,
      PlaybackKeys keys,
      InstantSource wallClock,
      LongSupplier nanoClock,
      LongSupplier draws) {}

  /**
   * What an operator sets besides {@link PlaybackConfig}.
   *
   * @param publicUri absolute base of this service as players see it
   * @param origin offered last
   * @param originPathway its pathway id in the players' manifests
   * @param ttl of a steering manifest; whole seconds count
   */
  public record Settings(
      URI publicUri,
      Endpoint origin,
      String originPathway,
      Duration ttl,
      PlaybackConfig playback) {}

  private final Sources sources;
  private final Decider decider;
  private final Supplier<Settings> settings;
  private final ClientFinder clients;
  private final UrlSigner signer;
  private final Manifests manifests;
  private final LongAdder answers = new LongAdder();
  private final LongAdder redirects = new LongAdder();
  private final LongAdder originOnly = new LongAdder();
  private final LongAdder lastResort = new LongAdder();

  /**
   * An endpoint that answers from those sources.
   *
   * @param settings asked for each answer
   */
  public PlaybackEndpoint(
      Sources sources, Decider decider, Supplier<Settings> settings, ClientFinder clients) {
    this.sources = sources;
    this.decider = decider;
    this.settings = settings;
    this.clients = clients;
    this.signer =
        new UrlSigner(
            sources.keys(),
            settings.get().playback().scheme(),
            () -> settings.get().playback().urlLifetime().toSeconds());
    this.manifests = new Manifests(sources, settings, signer, decider);
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    route(listener, "/v1/steer", this::file);
    route(listener, "/v1/playback", this::file);
    // Signs many URLs, which is no work for an event loop.
    listener.route("GET", "/v1/playback/", request -> cors(title(request)));
    listener.routeInline("OPTIONS", "/v1/playback/", _ -> preflight());
    route(listener, "/v1/redirect/", this::redirect);
    route(listener, "/v1/hls/", request -> manifest(request, PlayerManifest.Form.HLS));
    route(listener, "/v1/dash/", request -> manifest(request, PlayerManifest.Form.DASH));
  }

  /** What was answered since the start, by name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>(manifests.counts());
    counts.put("steer", answers.sum());
    counts.put("redirects", redirects.sum());
    counts.merge("originOnly", originOnly.sum(), Long::sum);
    counts.merge("lastResort", lastResort.sum(), Long::sum);
    counts.put("proxyHeadersUnreadable", clients.unreadable());
    counts.put("keyFileFailures", sources.keys().failures());
    return counts;
  }

  private static void route(
      ControlListener listener, String path, ControlListener.Handler handler) {
    listener.routeInline("GET", path, request -> cors(handler.answer(request)));
    listener.routeInline("OPTIONS", path, _ -> preflight());
  }

  private Response file(Request request) {
    String path = request.parameter("path").orElse("");
    return request.parameter("redirect").filter("1"::equals).isPresent()
        ? redirect(request, path)
        : file(request, path);
  }

  private Response file(Request request, String path) {
    String fault = ContentPath.fault(path);
    if (fault != null) {
      return Response.problem(400, "the path in ?path= " + fault + ": " + path);
    }
    Optional<Address> client = clients.find(request);
    if (client.isEmpty()) {
      return badClient(request);
    }
    Decision decision = decide(client.get(), fileAsk(path, request));
    count(answers, decision);
    decider.answered(client.get(), decision, settings.get().ttl().toSeconds());
    long now = nowSecond();
    UrlSigner.Signature signature = signer.sign(path, sources.titles().get(), now);
    return kept(
        Response.message(
            PlaybackAnswer.ofFile(
                path,
                client.get(),
                decision,
                settings.get().ttl().toSeconds(),
                expires(signature),
                urls(decision, signature, path))),
        signature,
        now);
  }

  private Response title(Request request) {
    String title = decoded(request.tail());
    Titles titles = sources.titles().get();
    List<String> paths = titles.paths(title);
    int most = settings.get().playback().filesPerAnswer();
    if (paths.isEmpty()) {
      return titles.count() == 0
          ? Response.problem(503, "no catalogue yet").with("Retry-After", "1")
          : Response.problem(404, "the catalogue has no title " + title);
    }
    if (paths.size() > most || request.parameter("redirect").isPresent()) {
      return Response.problem(
          422,
          "the title has "
              + paths.size()
              + " files: ask for one by /v1/playback?path=; at most "
              + most
              + " are listed (playback.filesPerAnswer), and a redirect leads to one");
    }
    Optional<Address> client = clients.find(request);
    if (client.isEmpty()) {
      return badClient(request);
    }
    Ask ask =
        new Ask(
            title,
            titles.files(title),
            Ask.Form.URLS,
            null,
            sources.draws().getAsLong(),
            SessionHint.of(request));
    Decision decision = decide(client.get(), ask);
    count(answers, decision);
    decider.answered(client.get(), decision, settings.get().ttl().toSeconds());
    long now = nowSecond();
    UrlSigner.Signature whole = signer.sign(paths.getFirst(), titles, now);
    List<PlaybackAnswer.Urls> files =
        paths.stream()
            .map(path -> new PlaybackAnswer.Urls(path, urls(decision, sign(path, now), path)))
            .toList();
    return kept(
        Response.message(
            PlaybackAnswer.ofTitle(
                title,
                client.get(),
                decision,
                settings.get().ttl().toSeconds(),
                expires(whole),
                files)),
        whole,
        now);
  }

  private UrlSigner.Signature sign(String path, long now) {
    return signer.sign(path, sources.titles().get(), now);
  }

  private Response redirect(Request request) {
    return redirect(request, decoded(request.tail()));
  }

  private Response redirect(Request request, String path) {
    String fault = ContentPath.fault(path);
    if (fault != null) {
      return Response.problem(400, "the path " + fault + ": " + path);
    }
    Address client = clients.findAnyhow(request);
    Decision decision = decide(client, fileAsk(path, request));
    count(redirects, decision);
    decider.answered(client, decision, settings.get().ttl().toSeconds());
    long now = nowSecond();
    UrlSigner.Signature signature = sign(path, now);
    String best = signer.url(decision.endpoints().getFirst(), signature, path);
    return kept(Response.empty(302).with("Location", best), signature, now);
  }

  private Response manifest(Request request, PlayerManifest.Form form) {
    return manifests
        .answer(
            form,
            request.path(),
            decoded(request.tail()),
            request.query(),
            clients.findAnyhow(request),
            clients.named(request),
            SessionHint.of(request))
        .with("Cache-Control", "no-store");
  }

  private Decision decide(Address client, Ask ask) {
    return decider.decide(client, ask, sources.fleet().get());
  }

  /** A file needs no catalogue: its id follows from its path. The catalogue tells its title. */
  private Ask fileAsk(String path, Request request) {
    ContentId id = ContentId.ofPath(path);
    String title = sources.titles().get().titleOf(id);
    return new Ask(
        title == null ? path : title,
        List.of(id),
        Ask.Form.URLS,
        null,
        sources.draws().getAsLong(),
        SessionHint.of(request));
  }

  private List<String> urls(Decision decision, UrlSigner.Signature signature, String path) {
    return decision.endpoints().stream().map(at -> signer.url(at, signature, path)).toList();
  }

  private static @Nullable Instant expires(UrlSigner.Signature signature) {
    return signature.expirySecond() == 0 ? null : Instant.ofEpochSecond(signature.expirySecond());
  }

  /** A client may keep its own answer while it is fresh, and well below the URLs' end. */
  private Response kept(Response response, UrlSigner.Signature signature, long now) {
    long seconds = settings.get().ttl().toSeconds();
    if (signature.expirySecond() != 0) {
      seconds = Math.min(seconds, Math.max(0, (signature.expirySecond() - now) / 2));
    }
    return response.with("Cache-Control", "private, max-age=" + seconds);
  }

  private static Response badClient(Request request) {
    return Response.problem(
        400, "?client= is not an IPv4 or IPv6 address: " + request.parameter("client").orElse(""));
  }

  private long nowSecond() {
    return sources.wallClock().instant().getEpochSecond();
  }

  private void count(LongAdder counter, Decision decision) {
    counter.increment();
    if (decision.chosen().isEmpty()) {
      originOnly.increment();
    } else if (!decision.rung().inAnswers()) {
      lastResort.increment();
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String rawTail) {
    try {
      return URLDecoder.decode(rawTail.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A spelling that stands for nothing names no title; a player still gets the origin.
      return rawTail;
    }
  }

  private static Response cors(Response response) {
    Response open =
        response
            .with("Access-Control-Allow-Origin", "*")
            .with("Access-Control-Expose-Headers", EXPOSED);
    return response.headers().containsKey("Cache-Control")
        ? open
        : open.with("Cache-Control", "no-store");
  }

  private static Response preflight() {
    return cors(Response.empty(204))
        .with("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
        .with("Access-Control-Allow-Headers", ALLOWED)
        .with("Access-Control-Max-Age", "86400");
  }
}
