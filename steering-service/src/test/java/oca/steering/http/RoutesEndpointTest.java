package oca.steering.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.steering.routes.ForwardingTable;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.RouteFeed;
import oca.steering.routes.RoutingTable;
import oca.steering.routes.RoutingTable.Seen;
import oca.steering.routes.RoutingTable.ViewState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesEndpointTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");

  private final RoutingTable routes =
      new RoutingTable(
          new RoutingTable.Limits(20, 10_000, 10_000, 9), Duration.ofHours(1), System::nanoTime);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ControlListener listener;

  RoutesEndpointTest() throws IOException {
    listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    new RoutesEndpoint(new Room()).addTo(listener);
    listener.start();
  }

  @AfterEach
  void close() {
    listener.close();
    routes.close();
    http.close();
  }

  @Test
  void routes_address_tellsWhoWinsAndWhyNotTheOthers() throws Exception {
    RouteFeed north = routes.open("bgp 10.0.0.1", NORTH);
    RouteFeed second = routes.open("bgp 10.0.0.2", NORTH);
    RouteFeed south = routes.open("bgp 10.0.0.3", SOUTH);
    RouteFeed east = routes.open("bgp 10.0.0.4", new SiteId("east"));
    RouteFeed west = routes.open("bgp 10.0.0.5", new SiteId("west"));
    RouteFeed tied = routes.open("bgp 10.0.0.6", new SiteId("tied"));
    RouteFeed watched = routes.watch("bmp r1 peer 10.0.0.9 pre-policy", NORTH);
    announce(north, "8.8.8.0/24", 2, 10);
    announce(second, "8.8.8.0/24", 4, 0);
    announce(south, "8.0.0.0/8", 1, 0);
    announce(east, "8.8.8.0/24", 3, 0);
    announce(west, "8.8.8.0/24", 2, 20);
    announce(tied, "8.8.8.0/24", 2, 10);
    announce(watched, "8.8.8.0/24", 1, 0);
    routes.compile();
    announce(south, "8.8.8.0/25", 1, 0);
    Map<?, ?> answer = json(get("/v1/routes?address=8.8.8.8"));
    assertEquals("8.8.8.0/24", answer.get("match"));
    assertEquals(
        List.of("north 1", "tied 1", "west 2", "east 3"),
        list(answer, "sites").stream().map(it -> it.get("site") + " " + it.get("tier")).toList());
    Map<String, String> standings = new java.util.TreeMap<>();
    for (Map<?, ?> path : list(answer, "paths")) {
      standings.put(
          path.get("prefix") + " " + path.get("view"), String.valueOf(path.get("standing")));
    }
    assertEquals(
        Map.of(
            "8.8.8.0/25 bgp 10.0.0.3", "not compiled",
            "8.8.8.0/24 bgp 10.0.0.1", "wins",
            "8.8.8.0/24 bgp 10.0.0.2", "other of its site",
            "8.8.8.0/24 bgp 10.0.0.4", "longer AS path",
            "8.8.8.0/24 bgp 10.0.0.5", "higher MED",
            "8.8.8.0/24 bgp 10.0.0.6", "ties",
            "8.8.8.0/24 bmp r1 peer 10.0.0.9 pre-policy", "watched",
            "8.0.0.0/8 bgp 10.0.0.3", "shorter prefix"),
        standings);
    assertEquals(false, answer.get("more"));
    Map<?, ?> few = json(get("/v1/routes?address=8.8.8.8&limit=3"));
    assertEquals(3, list(few, "paths").size());
    assertEquals(true, few.get("more"));
  }

  @Test
  void routes_prefix_tellsWhatIsAroundAndInside() throws Exception {
    RouteFeed north = routes.open("bgp 10.0.0.1", NORTH);
    announce(north, "2a00::/16", 1, 0);
    announce(north, "2a00:1::/32", 1, 0);
    announce(north, "2a00:1:8000::/48", 1, 0);
    announce(north, "2a01::/32", 1, 0);
    routes.compile();
    Map<?, ?> answer = json(get("/v1/routes?prefix=2a00::/20"));
    assertEquals("2a00::/16", answer.get("match"));
    assertEquals(
        List.of("2a00:1::/32", "2a00:1:8000::/48"),
        list(answer, "inside").stream().map(it -> it.get("prefix")).toList());
    assertEquals(1, list(answer, "paths").size());
    Map<?, ?> unknown = json(get("/v1/routes?address=9.9.9.9"));
    assertEquals("none", unknown.get("match"));
    assertEquals(List.of(), unknown.get("sites"));
  }

  @Test
  void check_viewsOfOneSite_tellsWhereTheyDiffer() throws Exception {
    RouteFeed one = routes.open("bgp 10.0.0.1", NORTH);
    RouteFeed other = routes.open("bgp 10.0.0.2", NORTH);
    RouteFeed south = routes.open("bgp 10.0.0.3", SOUTH);
    RouteFeed r1 = routes.open("bmp r1 peer 10.0.0.8 post-policy", NORTH);
    RouteFeed r1Too = routes.open("bmp r1 peer 10.0.0.9 post-policy", NORTH);
    announce(one, "8.8.0.0/17", 2, 0);
    announce(other, "8.8.0.0/17", 2, 0);
    announce(south, "8.8.0.0/17", 5, 0);
    announce(r1, "8.8.0.0/17", 7, 0);
    announce(one, "8.8.128.0/18", 2, 0);
    announce(one, "8.8.1.0/24", 2, 0);
    announce(other, "8.8.1.0/24", 2, 5);
    announce(r1Too, "8.8.1.0/24", 2, 5);
    routes.compile();
    Map<?, ?> answer = json(get("/v1/routes/check?prefix=8.8.0.0/16"));
    assertEquals("partly", answer.get("covered"));
    assertEquals(0.75, answer.get("share"));
    assertEquals(
        List.of("8.8.0.0/17", "8.8.1.0/24", "8.8.128.0/18"),
        list(answer, "by").stream().map(it -> it.get("prefix")).toList());
    List<Map<?, ?>> differences = list(answer, "differences");
    assertEquals(
        List.of("8.8.1.0/24 north bgp []", "8.8.128.0/18 north bgp [bgp 10.0.0.2]"),
        differences.stream()
            .map(
                it ->
                    it.get("prefix")
                        + " "
                        + it.get("site")
                        + " "
                        + it.get("source")
                        + " "
                        + it.get("silent"))
            .toList());
    assertEquals(2, list(differences.getFirst(), "told").size());
    assertEquals("whole", json(get("/v1/routes/check?prefix=8.8.64.0/20")).get("covered"));
    assertEquals("not", json(get("/v1/routes/check?prefix=9.0.0.0/8")).get("covered"));
    Map<?, ?> few = json(get("/v1/routes/check?prefix=8.8.0.0/16&limit=1"));
    assertEquals(1, list(few, "by").size());
    assertEquals(true, few.get("more"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/routes|Give either ?address= or ?prefix=
          /v1/routes?address=1.1.1.1&prefix=1.0.0.0/8|Give either ?address= or ?prefix=
          /v1/routes?address=localhost|not an IPv4 or IPv6 address: localhost
          /v1/routes?prefix=1.1.1.1/8|the network is 1.0.0.0/8
          /v1/routes?address=1.1.1.1&limit=0|limit must be 1 to 1000: 0
          /v1/routes?address=1.1.1.1&limit=1001|limit must be 1 to 1000: 1001
          /v1/routes/views?limit=x|limit must be 1 to 1000: x
          /v1/routes/check|Give ?prefix=
          /v1/routes/check?prefix=|not a network such as
          """)
  void routes_badInput_isToldTheRemedy(String path, String detail) throws Exception {
    HttpResponse<byte[]> answer = get(path);
    assertEquals(400, answer.statusCode());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    assertTrue(body.contains(detail), body);
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + listener.endpoint() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
  }

  private static Map<?, ?> json(HttpResponse<byte[]> answer) throws IOException {
    return Wire.read(answer.body(), Map.class);
  }

  private static List<Map<?, ?>> list(Map<?, ?> answer, String name) {
    return ((List<?>) answer.get(name)).stream().<Map<?, ?>>map(it -> (Map<?, ?>) it).toList();
  }

  private static void announce(RouteFeed feed, String prefix, int asPathLength, long med) {
    feed.announce(Prefix.parse(prefix), 0, new PathAttributes(asPathLength, med, 64_500));
  }

  private final class Room implements RoutesEndpoint.Room {
    @Override
    public ForwardingTable table() {
      return routes.table();
    }

    @Override
    public List<Seen> seen(Prefix longest, int shortest, int most) {
      return routes.seen(longest, shortest, most);
    }

    @Override
    public List<ViewState> views() {
      return routes.views();
    }

    @Override
    public RoutesReport report(int most) {
      return new RoutesReport(
          List.of(),
          List.of(),
          Map.of(),
          Map.of(),
          new RoutesReport.Table(0, 0, 0, 0, 0, 0, 0),
          false);
    }
  }
}
