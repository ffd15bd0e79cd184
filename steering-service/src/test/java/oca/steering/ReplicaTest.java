package oca.steering;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.fleet.Beats;
import oca.steering.fleet.Standing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that starts cold, with another node or a file and nothing else. */
class ReplicaTest {
  private static final Instant START = Instant.parse("2026-11-22T16:00:00Z");
  private static final String NOBODY = "http://127.0.0.1:1";
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats NORTH_2 = Beats.of("north-2", "north", "127.0.0.12");
  private static final String HELD = "http://127.0.0.11:8440/v0";

  private final AtomicLong nanos = new AtomicLong();
  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ControlListener publisher;
  private final Path file;

  ReplicaTest(@TempDir Path folder) throws IOException {
    file = folder.resolve("replica");
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(new Catalog("7", List.of(entry()))));
    publisher.start();
  }

  @AfterEach
  void close() {
    publisher.close();
    control.close();
    http.close();
  }

  @Test
  void start_anotherNodeThere_isReadyAtOnceAndAnswersAsThatDoes() throws Exception {
    try (Steering warm = warm("replica: {}");
        Steering cold =
            cold("replica: { from: [\"http://%s\"], patience: 60s }".formatted(warm.endpoint()))) {
      assertEquals(204, status(cold, "/readyz"));
      assertEquals(get(warm, "/v1/steer?path=v0").get("urls"), urls(cold));
      assertEquals(List.of("north-1", "origin"), pathways(cold), "the catalogue came with it");
      Map<?, ?> judged = judged(cold);
      assertEquals(true, judged.get("restored"));
      assertEquals("alive", judged.get("standing"));
      assertEquals("chosen", judged.get("reason"));
      assertEquals("draining", line(cold, "north-2").get("state"), "as it said itself");
      assertMetric(cold, "oca_steering_replica_begun_total{from=\"node\"} 1.0");
      beat(cold, NORTH_1, 9, false);
      assertEquals(false, judged(cold).get("restored"));
    }
  }

  @Test
  void start_nobodyHeardAfterwards_goesOnWithWhatItKnows() throws Exception {
    try (Steering warm = warm("replica: {}");
        Steering cold =
            cold(
                "replica: { from: [\"http://%s\"] }\nfleet: { lostLeast: 1 }"
                    .formatted(warm.endpoint()))) {
      pass(cold, Duration.ofSeconds(4));
      assertEquals(Standing.KEPT, best(cold), "all fell silent: the fault is ours");
      assertEquals(List.of(HELD, "http://127.0.0.10:8440/v0"), urls(cold));
      pass(cold, Duration.ofMinutes(11));
      assertEquals(Standing.KNOWN, best(cold));
      assertEquals(List.of(HELD, "http://127.0.0.10:8440/v0"), urls(cold), "a last resort");
    }
  }

  @Test
  void start_onlyAFile_answersFromItAndIsReadyWithinALease() throws Exception {
    warm("replica: { file: \"%s\" }".formatted(file)).close();
    String replica = "replica: { file: \"%s\", from: [\"%s\"] }".formatted(file, NOBODY);
    try (Steering cold = cold(replica, START.plusSeconds(120))) {
      assertEquals(503, status(cold, "/readyz"), "two minutes old: who is heard is waited for");
      assertEquals(List.of(HELD, "http://127.0.0.10:8440/v0"), urls(cold));
      assertEquals("suspect", judged(cold).get("standing"));
      assertTrue(((Number) judged(cold).get("leaseAgeMillis")).longValue() >= 120_000);
      pass(cold, Duration.ofSeconds(3));
      assertEquals(204, status(cold, "/readyz"));
      assertMetric(cold, "oca_steering_replica_begun_total{from=\"file\"} 1.0");
      assertMetric(cold, "oca_steering_replica_refused_total{reason=\"unreached\"} 1.0");
    }
  }

  @Test
  void start_damagedNewerOrOldFile_isNotUsedAndStaysAsItIs() throws Exception {
    warm("replica: { file: \"%s\" }".formatted(file)).close();
    byte[] good = Files.readAllBytes(file);
    byte[] damaged = good.clone();
    damaged[good.length / 2] ^= 1;
    assertRefused(damaged, "damaged", START);
    assertRefused("oca-replica 2 of tomorrow\n".getBytes(UTF_8), "newer", START);
    assertRefused(good, "too old", START.plus(Duration.ofHours(25)));
  }

  @Test
  void save_knowingNobody_leavesTheFileAlone() throws Exception {
    warm("replica: { file: \"%s\" }".formatted(file)).close();
    byte[] good = Files.readAllBytes(file);
    try (Steering empty =
        cold(
            "replica: { file: \"%s\", interval: 5ms }".formatted(file),
            START.plusSeconds(90_000))) {
      pass(empty, Duration.ofSeconds(6));
      assertEquals(204, status(empty, "/readyz"));
    }
    assertEquals(good.length, Files.size(file));
  }

  @Test
  void snapshot_ofANodeThatWrites_isReplacedAtTheInterval() throws Exception {
    try (Steering warm = warm("replica: { file: \"%s\", interval: 5ms }".formatted(file))) {
      await().until(() -> Files.exists(file));
      beat(warm, NORTH_1, 50, false);
      await()
          .until(
              () -> new String(Files.readAllBytes(file), ISO_8859_1).contains("\"sequence\":50"));
      assertMetric(warm, "oca_steering_replica_save_failures_total 0.0");
    }
  }

  private void assertRefused(byte[] content, String reason, Instant now) throws Exception {
    Files.write(file, content);
    try (Steering cold = cold("replica: { file: \"%s\" }".formatted(file), now)) {
      assertEquals(List.of("http://127.0.0.10:8440/v0"), urls(cold));
      assertMetric(cold, "oca_steering_replica_refused_total{reason=\"" + reason + "\"} 1.0");
    }
    assertEquals(content.length, Files.size(file));
  }

  private Steering warm(String replica) throws Exception {
    Steering warm = start(publisher.endpoint().http("catalog").toString(), replica, START);
    await().until(() -> titles(warm) == 1);
    beat(warm, NORTH_1, 1, false);
    beat(warm, NORTH_2, 1, true);
    for (Beats each : List.of(NORTH_1, NORTH_2)) {
      control.post(
          warm.endpoint().http("v1/inventories"),
          new Inventory(new ApplianceId(each.id()), "boot-1", 1, List.of(ContentId.ofPath("v0"))));
    }
    pass(warm, Duration.ofSeconds(5));
    beat(warm, NORTH_1, 2, false);
    beat(warm, NORTH_2, 2, true);
    assertEquals(204, status(warm, "/readyz"));
    return warm;
  }

  private Steering cold(String replica) throws Exception {
    return cold(replica, START);
  }

  /** Its publisher is away. */
  private Steering cold(String replica, Instant now) throws Exception {
    return start(NOBODY + "/catalog", replica, now);
  }

  private Steering start(String catalog, String replica, Instant now)
      throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites: [{ id: north, latitude: 53.55, longitude: 10.00 }]
        networks: [{ prefix: 127.0.0.0/24, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        catalogInterval: 10ms
        %s
        """
            .formatted(catalog, replica);
    return Steering.start(
        ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class), () -> now, nanos::get, 7);
  }

  private void beat(Steering steering, Beats beats, long sequence, boolean draining)
      throws IOException {
    control.post(steering.endpoint().http("v1/heartbeats"), beats.beat(sequence, 1, draining, 0.9));
  }

  private void pass(Steering steering, Duration time) {
    long step = Math.min(time.toMillis(), 100);
    for (long left = time.toMillis(); left > 0; left -= step) {
      nanos.addAndGet(Duration.ofMillis(step).toNanos());
      steering.tick();
    }
  }

  private Standing best(Steering steering) {
    return steering.fleet().best(nanos.get());
  }

  private List<?> urls(Steering steering) throws IOException {
    return (List<?>) get(steering, "/v1/steer?path=v0").get("urls");
  }

  private List<?> pathways(Steering steering) throws IOException {
    List<?> all = (List<?>) get(steering, "/v1/hls/harbour").get("PATHWAY-PRIORITY");
    return all.stream().filter(it -> !it.equals("origin.spare")).toList();
  }

  private int titles(Steering steering) throws IOException {
    return (int) ((Map<?, ?>) get(steering, "/v1/status").get("catalog")).get("titles");
  }

  private Map<?, ?> judged(Steering steering) throws IOException {
    return (Map<?, ?>)
        ((List<?>) get(steering, "/v1/explain?path=v0").get("candidates")).getFirst();
  }

  private Map<?, ?> line(Steering steering, String name) throws IOException {
    return ((List<?>) get(steering, "/v1/fleet").get("appliances"))
        .stream()
            .map(it -> (Map<?, ?>) it)
            .filter(it -> name.equals(it.get("appliance")))
            .findFirst()
            .orElseThrow();
  }

  private Map<?, ?> get(Steering steering, String path) throws IOException {
    return control.get(URI.create("http://" + steering.endpoint() + path), Map.class);
  }

  private int status(Steering steering, String path) throws Exception {
    return send(steering, path).statusCode();
  }

  private void assertMetric(Steering steering, String line) throws Exception {
    String page = send(steering, "/metrics").body();
    assertFalse(page.lines().noneMatch(line::equals), line + " is not in\n" + page);
  }

  private HttpResponse<String> send(Steering steering, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + steering.endpoint() + path)).build(),
        BodyHandlers.ofString());
  }

  private static CatalogEntry entry() {
    return new CatalogEntry("v0", "harbour", 9, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
