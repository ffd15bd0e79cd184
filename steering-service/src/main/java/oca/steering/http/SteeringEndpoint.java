package oca.steering.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.Address;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.ContentPath;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.catalog.Titles;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.Member;
import oca.steering.rank.Ask;
import oca.steering.rank.Decider;
import oca.steering.rank.Decision;
import org.jspecify.annotations.Nullable;

/**
 * Explains answers to operators.
 *
 * <ul>
 *   <li>{@code GET /v1/explain?path=P} or {@code ?title=T}: the decision for a file or a title's
 *       player, in full; {@code pathway=ID} says what the player uses
 *   <li>{@code GET /v1/fleet}: every appliance
 * </ul>
 *
 * <p>The client is the other end of the connection. Where that is configured, {@code client=A}
 * names another one.
 */
public final class SteeringEndpoint {
  private static final String EXPOSED =
      "Retry-After, Server-Timing, Cache-Status, CMSD-Static, CMSD-Dynamic";
  private static final String ALLOWED =
      "Range, CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status, Content-Type";

  /**
   * What an answer is made from: each call gives the newest snapshot.
   *
   * @param draws random numbers, on any thread
   */
  public record Sources(
      Supplier<FleetSnapshot> fleet,
      Supplier<Titles> titles,
      LongSupplier nanoClock,
      LongSupplier draws) {}

  /**
   * What an operator sets.
   *
   * @param trustClientParameter whether a request may name another client than itself
   */
  public record Settings(boolean trustClientParameter) {}

  private final Sources sources;
  private final Decider decider;
  private final Settings settings;
  private final LongAdder explain = new LongAdder();

  /** An endpoint that answers from those sources. */
  public SteeringEndpoint(Sources sources, Decider decider, Settings settings) {
    this.sources = sources;
    this.decider = decider;
    this.settings = settings;
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    listener.route(
        "GET", "/v1/explain", request -> cors(explain(request, settings.trustClientParameter())));
    listener.route("GET", "/v1/fleet", _ -> cors(fleet()));
    listener.routeInline("OPTIONS", "/v1/explain", _ -> preflight());
    listener.routeInline("OPTIONS", "/v1/fleet", _ -> preflight());
  }

  /** Adds what operators ask, who may name any client. */
  public void addForOperatorsTo(ControlListener listener) {
    listener.route("GET", "/v1/explain", request -> explain(request, true));
    listener.route("GET", "/v1/fleet", _ -> fleet());
  }

  /** Decisions explained so far. */
  public long explained() {
    return explain.sum();
  }

  private Response explain(Request request, boolean trusted) {
    Optional<String> path = request.parameter("path");
    Optional<String> title = request.parameter("title");
    if (path.isPresent() == title.isPresent()) {
      return Response.problem(400, "explain what? Give either ?path= or ?title=");
    }
    String fault = path.map(ContentPath::fault).orElse(null);
    if (fault != null) {
      return Response.problem(400, "the path in ?path= " + fault);
    }
    if (!trusted && request.parameter("client").isPresent()) {
      return Response.problem(
          400, "?client= is not taken from anybody; set trustClientParameter: true to allow it");
    }
    Address client = client(request, trusted).orElse(null);
    if (client == null) {
      return badClient(request);
    }
    Optional<String> pathway = request.parameter("pathway");
    Member used = pathway.isEmpty() ? null : sources.fleet().get().ofPathway(pathway.get());
    ApplianceId current = used == null ? null : used.id();
    Ask ask = path.map(this::file).orElseGet(() -> title(title.orElse(""), current));
    explain.increment();
    return Response.message(Explanation.of(client, decide(client, ask)));
  }

  private Response fleet() {
    long now = sources.nanoClock().getAsLong();
    return Response.message(FleetReport.of(sources.fleet().get(), now));
  }

  private Decision decide(Address client, Ask ask) {
    return decider.decide(client, ask, sources.fleet().get());
  }

  /** A file needs no catalogue: its id follows from its path. The catalogue tells its title. */
  private Ask file(String path) {
    ContentId id = ContentId.ofPath(path);
    String title = sources.titles().get().titleOf(id);
    return new Ask(
        title == null ? path : title,
        List.of(id),
        Ask.Form.URLS,
        null,
        sources.draws().getAsLong());
  }

  private Ask title(String title, @Nullable ApplianceId current) {
    return new Ask(
        title,
        sources.titles().get().files(title),
        Ask.Form.PATHWAYS,
        current,
        sources.draws().getAsLong());
  }

  /** Empty when another client is named, that is allowed, and it is no address. */
  private static Optional<Address> client(Request request, boolean trusted) {
    Optional<String> named = trusted ? request.parameter("client") : Optional.empty();
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
