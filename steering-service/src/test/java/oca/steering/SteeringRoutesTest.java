package oca.steering;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.steering.fleet.Beats;
import oca.steering.routes.MrtWriter;
import oca.steering.routes.bgp.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process with routes by BGP, from a dump and from the configuration. */
class SteeringRoutesTest {
  private static final String NORTH = "http://127.0.0.11:8440/a";
  private static final String SOUTH = "http://127.0.0.21:8440/a";
  private static final String ORIGIN = "http://127.0.0.10:8440/a";

  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    control.close();
  }

  @Test
  void steer_routesByBgpDumpAndConfiguration_answersByAllOfThem() throws Exception {
    Files.write(folder.resolve("rib"), dump("9.9.9.0/24", "9.0.0.0/8").gzip());
    try (Steering steering = Steering.start(config("127.0.0.1:0"))) {
      report(steering, Beats.of("north-1", "north", "127.0.0.11"));
      report(steering, Beats.of("south-1", "south", "127.0.0.21"));
      assertEquals(List.of(NORTH, SOUTH, ORIGIN), urls(steering, "127.0.0.1"));
      assertEquals(List.of(ORIGIN), urls(steering, "8.8.8.8"));
      String bgp = String.valueOf(child(views(steering), "listening").get("bgp"));
      try (ScriptedPeer peer = new ScriptedPeer(Endpoint.parse(bgp), "127.0.0.2")) {
        peer.establish(ScriptedPeer.open());
        peer.send(ScriptedPeer.routes("8.8.8.0/24", "9.9.9.0/25", "10.1.0.0/16", "9.9.9.0/24"));
        await().until(() -> urls(steering, "8.8.8.8").equals(List.of(SOUTH, NORTH, ORIGIN)));
        // The dump's path to it has one AS, that by BGP two.
        await().until(() -> urls(steering, "9.9.9.9").equals(List.of(NORTH, SOUTH, ORIGIN)));
        assertEquals(List.of(ORIGIN), urls(steering, "10.1.2.3"));
        explain(steering);
        report(steering);
      }
      // It was no graceful restart: what that peer told goes with its session.
      await().until(() -> urls(steering, "8.8.8.8").equals(List.of(ORIGIN)));
    }
  }

  private void explain(Steering steering) throws IOException {
    Map<?, ?> answer = get(steering, "v1/routes?address=9.9.9.9");
    assertEquals("9.9.9.0/24", answer.get("match"));
    assertEquals(
        List.of("mrt " + folder.resolve("rib"), "bgp 127.0.0.2"),
        lines(answer, "sites").stream().map(site -> site.get("view")).toList());
    assertEquals(
        "longer AS path",
        lines(answer, "paths").stream()
            .filter(path -> path.get("view").equals("bgp 127.0.0.2"))
            .map(path -> String.valueOf(path.get("standing")))
            .findFirst()
            .orElse(""));
    assertEquals("whole", get(steering, "v1/routes/check?prefix=8.8.8.128/25").get("covered"));
  }

  private void report(Steering steering) throws IOException {
    Map<?, ?> report = views(steering);
    Map<?, ?> view =
        lines(report, "views").stream()
            .filter(it -> it.get("source").equals("bgp"))
            .findFirst()
            .orElseThrow();
    assertEquals("bgp 127.0.0.2", view.get("view"));
    assertEquals("established", view.get("state"));
    assertEquals("south", view.get("site"));
    assertEquals(2, view.get("paths"));
    assertEquals(Map.of("bogon", 1, "too long", 1), view.get("refused"));
    assertTrue((int) view.get("unchangedMillis") >= 0);
    assertEquals(
        List.of("bgp 127.0.0.2", "mrt " + folder.resolve("rib"), "static north"),
        lines(report, "views").stream().map(it -> it.get("view")).toList());
    assertEquals(
        List.of("established", "read"),
        lines(report, "peers").stream().map(it -> it.get("state")).toList());
    Map<?, ?> few = get(steering, "v1/routes/views?limit=1");
    assertEquals(1, lines(few, "views").size());
    assertEquals(true, few.get("more"));
    assertEquals(Map.of("bogon", 1, "too long", 1), child(report, "reasons").get("routes"));
  }

  @Test
  void start_addressOfBgpTaken_isNamedAndNothingIsLeftOpen() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.ofLiteral("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      IOException e =
          assertThrows(IOException.class, () -> Steering.start(config(address)).close());
      assertTrue(e.getMessage().contains("bgp cannot listen on " + address), e.getMessage());
      assertTrue(e.getMessage().contains("set its listen to an address"), e.getMessage());
    }
  }

  private SteeringConfig config(String bgp) throws ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: http://127.0.0.1:1/catalog
        sites:
          - { id: north, latitude: 53.55, longitude: 10.00 }
          - { id: south, latitude: 48.14, longitude: 11.58 }
        networks: [{ prefix: 127.0.0.0/24, site: north }]
        fleet: { suspect: 1h }
        routes:
          bgp:
            listen: %s
            routerId: 10.255.0.1
            peers: [{ network: 127.0.0.2, as: 65000, site: south }]
          mrt: [{ path: "%s", site: north, interval: 20ms }]
          compileInterval: 10ms
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        trustClientParameter: true
        lease: 1h
        catalogInterval: 1h
        """
            .formatted(bgp, folder.resolve("rib"));
    return ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class);
  }

  private void report(Steering steering, Beats beats) throws IOException {
    control.post(steering.endpoint().http("v1/heartbeats"), beats.beat(1, 1));
    control.post(
        steering.endpoint().http("v1/inventories"),
        new Inventory(new ApplianceId(beats.id()), "boot-1", 1, List.of(ContentId.ofPath("a"))));
  }

  private List<?> urls(Steering steering, String client) throws IOException {
    return (List<?>) get(steering, "v1/steer?path=a&client=" + client).get("urls");
  }

  private Map<?, ?> views(Steering steering) throws IOException {
    return get(steering, "v1/routes/views");
  }

  private Map<?, ?> get(Steering steering, String path) throws IOException {
    return control.get(URI.create("http://" + steering.endpoint() + "/" + path), Map.class);
  }

  private static Map<?, ?> child(Map<?, ?> of, String name) {
    return (Map<?, ?>) of.get(name);
  }

  private static List<Map<?, ?>> lines(Map<?, ?> of, String name) {
    return ((List<?>) of.get(name)).stream().<Map<?, ?>>map(it -> (Map<?, ?>) it).toList();
  }

  private static MrtWriter dump(String... prefixes) {
    MrtWriter dump = new MrtWriter().index("10.0.0.1");
    for (String prefix : prefixes) {
      dump.rib(prefix, new MrtWriter.Entry(0, 0, MrtWriter.attributes(0, 64_500)));
    }
    return dump;
  }
}
