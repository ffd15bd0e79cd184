package oca.steering.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oca.model.Address;
import oca.model.Prefix;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.routes.ForwardingTable;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.RoutingTable.Seen;
import oca.steering.routes.RoutingTable.ViewState;

/**
 * Shows operators what is known of routes.
 *
 * <ul>
 *   <li>{@code GET /v1/routes?address=A} or {@code ?prefix=P}: what matches, what each view says of
 *       it, which path decides and why
 *   <li>{@code GET /v1/routes/views}: all that routes are learnt from
 *   <li>{@code GET /v1/routes/check?prefix=P}: whether it is covered, by whom, and where routers of
 *       one site differ
 * </ul>
 *
 * <p>Each list has {@code limit=} items at most, and {@code more} says whether there were more. The
 * table is up to a compile interval older than what views say.
 */
public final class RoutesEndpoint {
  private static final int LIMIT = 100;
  private static final int MOST = 1000;

  /** What is shown. */
  public interface Room {
    /** The newest table. */
    ForwardingTable table();

    /**
     * What all views know of a prefix and those around it, longest first.
     *
     * @param shortest bits of the shortest that is told
     * @param most paths told
     */
    List<Seen> seen(Prefix longest, int shortest, int most);

    /** The views that are open, by name. */
    List<ViewState> views();

    /** All sources, with as many lines of each kind at most. */
    RoutesReport report(int most);
  }

  private final Room room;

  /** An endpoint that shows that. */
  public RoutesEndpoint(Room room) {
    this.room = room;
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    listener.route("GET", "/v1/routes", this::routes);
    listener.route(
        "GET", "/v1/routes/views", request -> Response.message(room.report(limit(request))));
    listener.route("GET", "/v1/routes/check", this::check);
  }

  private Response routes(Request request) {
    Optional<String> address = request.parameter("address");
    Optional<String> prefix = request.parameter("prefix");
    if (address.isPresent() == prefix.isPresent()) {
      return Response.problem(400, "which route? Give either ?address= or ?prefix=");
    }
    int limit = limit(request);
    ForwardingTable table = room.table();
    if (address.isPresent()) {
      Address asked = Address.parse(address.get());
      return Response.message(
          RouteAnswer.of(
              asked.toString(),
              table.lookup(asked),
              room.seen(new Prefix(asked, asked.bits()), 0, limit + 1),
              List.of(),
              limit));
    }
    Prefix asked = Prefix.parse(prefix.orElse(""));
    return Response.message(
        RouteAnswer.of(
            asked.toString(),
            table.covering(asked),
            room.seen(asked, 0, limit + 1),
            table.inside(asked, limit + 1),
            limit));
  }

  private Response check(Request request) {
    Optional<String> prefix = request.parameter("prefix");
    if (prefix.isEmpty()) {
      return Response.problem(400, "check what? Give ?prefix=, such as 192.0.2.0/24");
    }
    Prefix asked = Prefix.parse(prefix.get());
    int limit = limit(request);
    ForwardingTable table = room.table();
    List<Match> by = new ArrayList<>();
    Match covering = table.covering(asked);
    if (covering != null) {
      by.add(covering);
    }
    by.addAll(table.inside(asked, limit + 1));
    List<ViewState> views = room.views();
    List<PrefixCheck.Difference> differences = new ArrayList<>();
    boolean more = by.size() > limit;
    for (Match match : by.subList(0, Math.min(limit, by.size()))) {
      // All views of a prefix are compared: part of them would show differences that are none.
      List<Seen> seen = room.seen(match.prefix(), match.prefix().length(), Integer.MAX_VALUE);
      differences.addAll(PrefixCheck.differences(match.prefix().toString(), seen, views));
    }
    more |= differences.size() > limit;
    double share = table.covered(asked);
    return Response.message(
        new PrefixCheck(
            asked.toString(),
            share >= 1 ? "whole" : share > 0 ? "partly" : "not",
            share,
            by.stream().limit(limit).map(RouteAnswer.Covering::of).toList(),
            differences.stream().limit(limit).toList(),
            more));
  }

  /** A bad address or prefix is answered 400 by the listener, and so is this. */
  private static int limit(Request request) {
    String text = request.parameter("limit").orElse(String.valueOf(LIMIT));
    if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > MOST) {
      throw new IllegalArgumentException("limit must be 1 to " + MOST + ": " + text);
    }
    return Integer.parseInt(text);
  }
}
