package oca.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import oca.cli.LiveCase.Look;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.LiveSteering;
import oca.steering.SteeringConfig;
import oca.steering.qoe.QoeConfig;
import oca.steering.qoe.Quality;
import oca.steering.rank.Shares;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each key of a steering service that is said to change while it answers does so. */
class SteeringLiveTest {
  private static final List<String> FILES = List.of("harbour/a.mp4", "harbour/b.mp4");
  private static final List<String> FOUR = List.of("n-1", "n-2", "n-3", "n-4");
  private static final Instant BEGIN = Instant.parse("2026-11-10T20:00:00Z");
  private static final int ASKS = 40;

  private static final String KEYS =
      """
      keys:
        - id: summer
          algorithm: hmac-token
          secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY
          notAfter: 2027-01-01T00:00:00Z
        - id: sealed
          algorithm: hmac-state
          secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY
          notAfter: 2027-01-01T00:00:00Z
      """;

  @TempDir Path folder;

  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private ControlListener publisher;
  private LiveProcess<SteeringConfig> process;
  private LiveSteering steering;
  private long sequence;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(folder.resolve("keys.yaml"), KEYS);
    List<CatalogEntry> entries =
        FILES.stream()
            .map(
                path ->
                    new CatalogEntry(
                        path, "harbour", 9, "ab".repeat(32), "video/mp4", Instant.EPOCH))
            .toList();
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(new Catalog("7", entries)));
    publisher.start();
    String text =
        """
        listen: "127.0.0.1:0"
        catalog: "%s"
        catalogInterval: 20ms
        sites: [{id: north, latitude: 53.55, longitude: 10.00}]
        networks: [{prefix: 127.0.0.0/8, site: north}]
        origin: "127.0.0.10:8440"
        publicUri: "http://steer.example"
        ranking: {slowStart: 0s}
        playback: {keyFile: %s}
        """
            .formatted(publisher.endpoint().http("catalog"), folder.resolve("keys.yaml"));
    process = new LiveProcess<>(folder, text, SteeringConfig.class);
    steering = new LiveSteering(process.running(), BEGIN);
    await()
        .until(
            () ->
                client.get(uri("v1/status"), Map.class).get("catalog") instanceof Map<?, ?> it
                    && "7".equals(it.get("version")));
  }

  @AfterEach
  void stop() {
    steering.close();
    client.close();
    publisher.close();
  }

  @Test
  void liveKeys_ofASteeringService_areTheseAndEachMakesADifference() throws Exception {
    List<LiveCase> cases = cases();
    Set<String> tried = new TreeSet<>();
    cases.forEach(it -> tried.add(it.key()));
    assertEquals(LiveKeys.of(ProcessKind.STEERING), tried);
    for (LiveCase one : cases) {
      one.check(process::set);
    }
  }

  private List<LiveCase> cases() {
    List<LiveCase> cases = new ArrayList<>();
    ranking(cases);
    answers(cases);
    leases(cases);
    losses(cases);
    Look shares = () -> shares(process.running().current().get().qoe());
    cases.add(LiveCase.of("qoe.leastReports", "50", "400", shares));
    cases.add(LiveCase.of("qoe.perNetwork", "5", "1", shares));
    cases.add(LiveCase.of("qoe.usualRate", "0.02", "0.9", shares));
    cases.add(LiveCase.of("qoe.tolerance", "2", "50", shares));
    cases.add(LiveCase.of("qoe.floor", "0.1", "0.9", shares));
    return cases;
  }

  private void leases(List<LiveCase> cases) {
    cases.add(LiveCase.of("lease", "3s", "1h", () -> standingAfter(4000)));
    cases.add(LiveCase.of("fleet.suspect", "2s", "1s", () -> standingAfter(1500)));
    cases.add(LiveCase.of("fleet.forget", "1d", "5s", () -> standingAfter(8000)));
  }

  private void losses(List<LiveCase> cases) {
    cases.add(LiveCase.of("fleet.lostShare", "0.15", "1", () -> frozenAfter(0, 2900)));
    cases.add(LiveCase.of("fleet.lostLeast", "2", "10", () -> frozenAfter(0, 2900)));
    cases.add(
        LiveCase.of(
            "fleet.lostWindow", "10s", "1s", () -> frozenAfter(2500, 2900), "fleet.lostLeast=3"));
    cases.add(
        LiveCase.of(
            "fleet.freezeAtMost",
            "10min",
            "2s",
            () -> frozenAfter(0, 8000),
            "fleet.lostWindow=1s"));
  }

  private void answers(List<LiveCase> cases) {
    cases.add(LiveCase.of("ttl", "30s", "40s", () -> ttl("")));
    cases.add(LiveCase.of("playback.stressTtl", "5s", "7s", () -> ttlOfALateOne()));
    String one = "playback.manifestsPerSecond=1";
    cases.add(LiveCase.of("playback.shedTtl", "2min", "3min", this::ttlOfASecond, one));
    cases.add(LiveCase.of("playback.manifestsPerSecond", "20000", "1", this::ttlOfASecond));
    cases.add(
        LiveCase.of("playback.urlLifetime", "6h", "1h", () -> files("harbour").get("expires")));
    cases.add(LiveCase.of("playback.stateLifetime", "24h", "1h", this::isStateTooOld));
    cases.add(
        LiveCase.of("playback.filesPerAnswer", "500", "1", () -> status("v1/playback/harbour")));
    cases.add(LiveCase.of("limits.appliancesPerAnswer", "3", "1", () -> urls().size()));
    cases.add(
        LiveCase.of(
            "headroomFloor",
            "0.05",
            "0.2",
            () -> {
              renew(Map.of("n-1", 900, "n-2", 900, "n-3", 900, "n-4", 900));
              return urls().size();
            }));
  }

  private void ranking(List<LiveCase> cases) {
    cases.add(
        LiveCase.of("ranking.slowStart", "0s", "1d", () -> firsts(Map.of()).contains(host("n-1"))));
    cases.add(LiveCase.of("ranking.spread", "0.5", "1", () -> firsts(Map.of()).size() > 1));
    cases.add(
        LiveCase.of(
            "ranking.bound",
            "1.25",
            "100",
            () -> {
              String usual = firsts(Map.of()).iterator().next();
              return firsts(Map.of(name(usual), 800)).contains(usual);
            },
            "ranking.spread=1"));
    cases.add(
        LiveCase.of(
            "ranking.stay",
            "0.1",
            "0.9",
            () -> {
              renew(Map.of("n-1", 600));
              return pathways("?_HLS_pathway=n-1").equals(Set.of("n-1"));
            }));
  }

  private Set<String> pathways(String query) throws IOException {
    Set<String> first = new HashSet<>();
    for (int i = 0; i < ASKS; i++) {
      Object priority = manifest(query).get("PATHWAY-PRIORITY");
      first.add(String.valueOf(((List<?>) priority).getFirst()));
    }
    return first;
  }

  /** The hosts that come first in answers to many. */
  private Set<String> firsts(Map<String, Integer> loads) throws IOException {
    renew(loads);
    Set<String> hosts = new TreeSet<>();
    for (int i = 0; i < ASKS; i++) {
      hosts.add(URI.create(urls().getFirst()).getHost());
    }
    return hosts;
  }

  /** How the first of them stands when it was not heard for so long. */
  private String standingAfter(long millis) throws IOException {
    renew(Map.of());
    // The others stay, or that many would not be believed to be silent.
    for (long left = millis; left > 0; left -= 500) {
      steering.pass(Math.min(left, 500));
      for (String id : FOUR.subList(1, 4)) {
        beat(id, 0);
      }
    }
    for (Object line : (List<?>) client.get(uri("v1/fleet"), Map.class).get("appliances")) {
      if (((Map<?, ?>) line).get("appliance").equals("n-1")) {
        return String.valueOf(((Map<?, ?>) line).get("standing"));
      }
    }
    return "unknown";
  }

  /** Whether nobody is evicted when two fall silent, after a while two more, and time passes. */
  private boolean frozenAfter(long between, long then) throws IOException {
    renew(Map.of());
    if (between > 0) {
      for (long left = between; left > 0; left -= 500) {
        steering.pass(500);
        beat("n-3", 0);
        beat("n-4", 0);
      }
    }
    steering.pass(then);
    Map<?, ?> fleet = (Map<?, ?>) client.get(uri("v1/status"), Map.class).get("fleet");
    boolean frozen = Boolean.TRUE.equals(fleet.get("frozen"));
    var _ = steering.steering().thaw();
    return frozen;
  }

  private Object ttl(String query) throws IOException {
    renew(Map.of());
    return manifest(query).get("TTL");
  }

  private Object ttlOfALateOne() throws IOException {
    renew(Map.of());
    steering.pass(2500);
    var _ = steering.steering().thaw();
    return manifest("").get("TTL");
  }

  /** Of the second manifest in a second, of a player that has a place. */
  private Object ttlOfASecond() throws IOException {
    renew(Map.of());
    steering.pass(1500);
    renew(Map.of());
    manifest("");
    return manifest("?_HLS_pathway=n-1").get("TTL");
  }

  private boolean isStateTooOld() throws IOException {
    renew(Map.of());
    String again = String.valueOf(manifest("").get("RELOAD-URI"));
    long before = expired();
    steering.passOnTheWall(2 * 3600);
    client.get(uri(again.substring("http://steer.example/".length())), Map.class);
    return expired() > before;
  }

  private long expired() throws IOException {
    Map<?, ?> answers = (Map<?, ?>) client.get(uri("v1/status"), Map.class).get("answers");
    return ((Number) answers.get("state expired")).longValue();
  }

  /** What players' reports of a bad day leave of three appliances' shares. */
  private static List<Double> shares(QoeConfig config) {
    Quality quality = new Quality(() -> config, 7, 0);
    for (int network = 0; network < 300; network++) {
      quality.report(0, network, network % 3 == 0, 0);
      quality.report(1, network, network % 20 == 0, 0);
      quality.report(2, network, false, 0);
      for (int more = 0; more < 4; more++) {
        quality.report(0, network, false, 0);
      }
    }
    Shares shares = quality.shares(0);
    return List.of(shares.of(0), shares.of(1), shares.of(2));
  }

  /** All are heard, so loaded, and hold all. */
  private void renew(Map<String, Integer> loads) throws IOException {
    for (String id : FOUR) {
      beat(id, loads.getOrDefault(id, 100));
      client.post(
          uri("v1/inventories"),
          new Inventory(
              new ApplianceId(id), "boot", 1, FILES.stream().map(ContentId::ofPath).toList()));
    }
    var _ = steering.steering().thaw();
    steering.pass(200);
  }

  /** The first says that it was just started, the others that they are old. */
  private void beat(String id, int connections) throws IOException {
    client.post(
        uri("v1/heartbeats"),
        new Heartbeat(
            new ApplianceId(id),
            new SiteId("north"),
            new Endpoint(host(id), 8440),
            "boot",
            ++sequence,
            BEGIN,
            new Health(false, connections, 1000, 0, 1_000_000_000),
            1 << 30,
            0,
            1,
            null,
            List.of(),
            id.equals("n-1") ? 0L : 30L * 86_400_000));
  }

  private static String host(String id) {
    return "127.0.0.1" + id.substring(2);
  }

  private static String name(String host) {
    return "n-" + host.substring("127.0.0.1".length());
  }

  private Map<?, ?> manifest(String query) throws IOException {
    return client.get(uri("v1/hls/harbour" + query), Map.class);
  }

  private Map<?, ?> files(String title) throws IOException {
    renew(Map.of());
    return client.get(uri("v1/playback/" + title), Map.class);
  }

  private List<String> urls() throws IOException {
    Map<?, ?> answer = client.get(uri("v1/playback?path=" + FILES.getFirst()), Map.class);
    return ((List<?>) answer.get("urls")).stream().map(String::valueOf).toList();
  }

  private String status(String path) {
    try {
      client.get(uri(path), Map.class);
      return "200";
    } catch (IOException e) {
      return "refused";
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + steering.steering().endpoint() + "/" + path);
  }
}
