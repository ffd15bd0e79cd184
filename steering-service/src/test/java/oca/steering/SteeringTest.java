package oca.steering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.fleet.Beats;
import oca.steering.geo.MaxMindFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process over HTTP, with appliances played by the test and a clock of its own. */
class SteeringTest {
  private static final String V0 = "titles/harbour/v0.mp4";
  private static final String V1 = "titles/harbour/v1.mp4";
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats SOUTH_1 = Beats.of("south-1", "south", "127.0.0.21");
  private static final List<String> ORIGINS = List.of("origin", "origin.spare");
  private static final String ORIGIN = "http://127.0.0.10:8440/" + V0;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean catalogThere = new AtomicBoolean(true);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener publisher;
  private final Steering steering;
  private long sequence;

  SteeringTest(@TempDir Path folder) throws IOException, ConfigException {
    Path places =
        new MaxMindFile()
            .place("198.51.100.0/24", 48.4, 11.7, 20)
            .writeTo(folder.resolve("places.mmdb"));
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route(
                "GET",
                "/catalog.json",
                _ ->
                    catalogThere.get()
                        ? Response.message(new Catalog("7", List.of(entry(V0), entry(V1))))
                        : Response.empty(503));
    publisher.start();
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites:
          - { id: north, latitude: 53.55, longitude: 10.00 }
          - { id: south, latitude: 48.14, longitude: 11.58 }
        networks:
          - { prefix: 127.0.0.0/24, site: north }
          - { prefix: "2001:db8::/32", site: south }
        origin: 127.0.0.10:8440
        publicUri: http://steer.example/
        trustClientParameter: true
        catalogInterval: 10ms
        geo: { database: "%s" }
        """
            .formatted(publisher.endpoint().http("catalog.json"), places);
    steering =
        Steering.start(
            ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class),
            InstantSource.fixed(Instant.EPOCH),
            nanos::get,
            7);
  }

  @BeforeEach
  void awaitCatalog() {
    await().until(() -> status("catalog").equals("7"));
  }

  @AfterEach
  void close() {
    steering.close();
    publisher.close();
    control.close();
    http.close();
  }

  @Test
  void steer_nobodyHeardOf_namesTheOrigin() throws Exception {
    assertEquals(List.of(ORIGIN), urls("path=" + V0));
  }

  @Test
  void steer_twoSites_homeFirstAndOriginLast() throws Exception {
    report(SOUTH_1, V0, V1);
    report(NORTH_1, V0, V1);
    String north = "http://127.0.0.11:8440/" + V0;
    String south = "http://127.0.0.21:8440/" + V0;
    assertEquals(List.of(north, south, ORIGIN), urls("path=" + V0));
    assertEquals(List.of(south, north, ORIGIN), urls("path=" + V0 + "&client=2001:db8::7"));
    assertEquals(List.of(ORIGIN), urls("path=" + V0 + "&client=8.8.8.8"));
    Map<?, ?> answer = json(get("/v1/steer?path=" + V0));
    assertEquals("127.0.0.1", answer.get("client"));
    assertEquals("127.0.0.0/24", answer.get("network"));
    assertEquals("north", answer.get("site"));
    assertEquals(V0, answer.get("path"));
  }

  @Test
  void steer_strangerOfKnownPlace_getsTheNearestSite() throws Exception {
    report(NORTH_1, V0, V1);
    report(SOUTH_1, V0, V1);
    String north = "http://127.0.0.11:8440/" + V0;
    String south = "http://127.0.0.21:8440/" + V0;
    assertEquals(List.of(south, north, ORIGIN), urls("path=" + V0 + "&client=198.51.100.9"));
    Map<?, ?> why = json(get("/v1/explain?path=" + V0 + "&client=198.51.100.9"));
    assertEquals("none", why.get("network"));
    assertEquals(Map.of("latitude", 48.4, "longitude", 11.7), why.get("position"));
  }

  @Test
  void steer_deadAppliance_leavesWhenItsLeaseExpiresAndComesBack() throws Exception {
    report(SOUTH_1, V0, V1);
    report(NORTH_1, V0, V1);
    pass(Duration.ofMillis(1900));
    beat(SOUTH_1);
    pass(Duration.ofMillis(1099));
    assertEquals(3, urls("path=" + V0).size());
    pass(Duration.ofMillis(1));
    assertEquals(List.of("http://127.0.0.21:8440/" + V0, ORIGIN), urls("path=" + V0));
    assertEquals("lease expired", reason("north-1"));
    assertEquals("silent", fleetState("north-1"));
    assertFalse(beat(NORTH_1).inventoryWanted(), "what it holds is still known");
    assertEquals(3, urls("path=" + V0).size());
    assertEquals("serving", fleetState("north-1"));
  }

  @Test
  void steer_allSilentAtOnce_keepsThemInTheAnswersAndSaysSo() throws Exception {
    report(SOUTH_1, V0, V1);
    report(NORTH_1, V0, V1);
    assertEquals(503, get("/v1/ready").statusCode());
    pass(Duration.ofSeconds(5));
    assertEquals(204, get("/v1/ready").statusCode());
    assertEquals(3, urls("path=" + V0).size());
    Map<?, ?> fleet = (Map<?, ?>) json(get("/v1/status")).get("fleet");
    assertEquals(true, fleet.get("frozen"));
    assertEquals(2, fleet.get("lost"));
    assertEquals(
        "kept", named(json(get("/v1/fleet")).get("appliances"), "north-1").get("standing"));
    assertTrue(steering.thaw());
    assertEquals(3, urls("path=" + V0).size(), "nobody else is left");
    assertEquals("known", json(get("/v1/explain?path=" + V0)).get("standing"));
    assertEquals(1, ((Map<?, ?>) json(get("/v1/status")).get("answers")).get("lastResort"));
    beat(SOUTH_1);
    assertEquals(List.of("http://127.0.0.21:8440/" + V0, ORIGIN), urls("path=" + V0));
  }

  @Test
  void steer_steeringStoodStill_evictsNobody() throws Exception {
    report(SOUTH_1, V0, V1);
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(2, urls("path=" + V0).size());
    pass(Duration.ofSeconds(1));
    assertEquals(2, urls("path=" + V0).size());
  }

  @Test
  void inventoryDelta_ofWhatWasAskedFor_isTakenAndAGapIsToldAtTheNextHeartbeat() throws Exception {
    report(NORTH_1, V0);
    InventoryDelta delta =
        new InventoryDelta(
            new ApplianceId("north-1"), "boot-1", 1, 2, List.of(ContentId.ofPath(V1)), List.of());
    control.post(uri("/v1/inventory-deltas"), delta);
    assertEquals(2, urls("path=" + V1).size());
    control.post(uri("/v1/inventory-deltas"), delta);
    control.post(
        uri("/v1/inventory-deltas"),
        new InventoryDelta(new ApplianceId("north-1"), "boot-1", 7, 8, List.of(), List.of()));
    Map<?, ?> deltas = (Map<?, ?>) json(get("/v1/status")).get("deltas");
    assertEquals(1, deltas.get("accepted"));
    assertEquals(1, deltas.get("replayed"));
    assertEquals(1, deltas.get("gap"));
    assertThrows(
        IOException.class,
        () ->
            control.post(
                uri("/v1/inventory-deltas"),
                new InventoryDelta(
                    new ApplianceId("north-1"), "boot-1", 2, 1, List.of(), List.of())));
  }

  @Test
  void steer_drainingAppliance_leavesAtOnceAndComesBack() throws Exception {
    report(NORTH_1, V0, V1);
    post("heartbeats", NORTH_1.beat(++sequence, 1, true, 1), HeartbeatReply.class);
    assertEquals(List.of(ORIGIN), urls("path=" + V0));
    assertEquals("draining", reason("north-1"));
    assertEquals("draining", fleetState("north-1"));
    beat(NORTH_1);
    assertEquals(2, urls("path=" + V0).size());
  }

  @Test
  void steer_applianceLackingOneFile_isAskedForTheFilesItHasOnly() throws Exception {
    report(NORTH_1, V0);
    assertEquals(2, urls("path=" + V0).size());
    assertEquals(1, urls("path=" + V1).size());
    assertEquals(ORIGINS, manifest("/v1/hls/harbour").get("PATHWAY-PRIORITY"));
    assertEquals("not held", reason("north-1"));
    control.post(
        uri("/v1/inventories"),
        new Inventory(
            new ApplianceId("north-1"),
            "boot-1",
            2,
            List.of(ContentId.ofPath(V0), ContentId.ofPath(V1))));
    assertEquals(List.of("north-1", "origin"), manifest("/v1/hls/harbour").get("PATHWAY-PRIORITY"));
  }

  @Test
  void manifest_heldTitle_isWhatPlayersNeed() throws Exception {
    report(SOUTH_1, V0, V1);
    report(NORTH_1, V0, V1);
    for (String path : List.of("/v1/hls/harbour", "/v1/dash/harbour")) {
      HttpResponse<byte[]> answer = get(path + "?_HLS_pathway=%22origin%22&_HLS_throughput=514");
      assertEquals(200, answer.statusCode());
      assertEquals(
          path.contains("hls") ? "application/vnd.apple.steering-list" : "application/json",
          answer.headers().firstValue("Content-Type").orElse(""));
      assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
      assertEquals("*", answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
      Map<?, ?> manifest = json(answer);
      assertEquals(1, manifest.get("VERSION"));
      assertEquals(30, manifest.get("TTL"));
      String reload = String.valueOf(manifest.get("RELOAD-URI"));
      assertTrue(reload.startsWith("http://steer.example" + path + "?s=1.own."), reload);
      assertEquals(List.of("north-1", "south-1", "origin"), manifest.get("PATHWAY-PRIORITY"));
      String port = path.contains("hls") ? "" : ":8440";
      assertEquals(
          List.of(clone("north-1", "127.0.0.11" + port), clone("south-1", "127.0.0.21" + port)),
          manifest.get("PATHWAY-CLONES"));
      assertEquals(5, manifest.size());
    }
  }

  @Test
  void manifest_movedAppliance_getsAnotherCloneId() throws Exception {
    report(NORTH_1, V0, V1);
    beat(NORTH_1.host("127.0.0.99"));
    Map<?, ?> manifest = manifest("/v1/hls/harbour");
    assertEquals(List.of("north-1.2", "origin"), manifest.get("PATHWAY-PRIORITY"));
    assertEquals(List.of(clone("north-1.2", "127.0.0.99")), manifest.get("PATHWAY-CLONES"));
  }

  @Test
  void manifest_applianceOnAnotherPort_isPassedOverWithTheReason() throws Exception {
    report(NORTH_1.port(9000), V0, V1);
    Map<?, ?> manifest = manifest("/v1/hls/harbour");
    assertEquals(ORIGINS, manifest.get("PATHWAY-PRIORITY"));
    assertEquals(List.of(clone("origin.spare", "127.0.0.10")), manifest.get("PATHWAY-CLONES"));
    assertEquals("other port", reason("north-1"));
    assertEquals(2, urls("path=" + V0).size(), "URLs carry their port");
  }

  @Test
  void manifest_oddRequests_areNever4xx() throws Exception {
    report(NORTH_1, V0, V1);
    for (String odd :
        List.of(
            "nothing",
            "",
            "a/b/c",
            "%F0%28",
            "x".repeat(3000),
            "harbour?_HLS_pathway=%22gone%22,,&_HLS_throughput=NaN",
            "harbour?_DASH_pathway=&_DASH_throughput=1,2,x",
            "harbour?client=nonsense",
            "harbour?&&=&_HLS_pathway")) {
      HttpResponse<byte[]> answer = get("/v1/hls/" + odd);
      assertEquals(200, answer.statusCode(), odd);
      List<?> priority = (List<?>) json(answer).get("PATHWAY-PRIORITY");
      assertTrue(priority.size() >= 2, odd);
      assertEquals(priority.size(), new HashSet<>(priority).size(), odd);
      boolean isTitle = odd.startsWith("harbour");
      assertEquals(isTitle ? List.of("north-1", "origin") : ORIGINS, priority, odd);
    }
  }

  @Test
  void options_anyOrigin_isAllowed() throws Exception {
    for (String path : List.of("/v1/hls/harbour", "/v1/dash/harbour", "/v1/steer")) {
      HttpRequest preflight =
          HttpRequest.newBuilder(uri(path)).method("OPTIONS", BodyPublishers.noBody()).build();
      HttpResponse<byte[]> answer = http.send(preflight, BodyHandlers.ofByteArray());
      assertEquals(204, answer.statusCode());
      assertEquals("*", answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
      assertTrue(
          answer.headers().firstValue("Access-Control-Allow-Headers").orElse("").contains("Range"));
    }
  }

  @Test
  void explain_sameDecision_namesEveryAppliance() throws Exception {
    report(SOUTH_1, V0, V1);
    report(NORTH_1, V0);
    nanos.addAndGet(Duration.ofMillis(250).toNanos());
    Map<?, ?> explanation = json(get("/v1/explain?title=harbour"));
    assertEquals("127.0.0.1", explanation.get("client"));
    assertEquals("127.0.0.0/24 -> north", explanation.get("network"));
    assertEquals(2, explanation.get("files"));
    List<?> candidates = (List<?>) explanation.get("candidates");
    Map<?, ?> south = (Map<?, ?>) candidates.getFirst();
    assertEquals("south-1", south.get("appliance"));
    assertEquals("south", south.get("site"));
    assertEquals(1, south.get("rank"));
    assertEquals("chosen", south.get("reason"));
    assertEquals(612, (double) south.get("distanceKm"), 5);
    assertEquals("alive", south.get("standing"));
    assertEquals(2, south.get("place"));
    assertEquals(1.0, south.get("headroom"));
    assertEquals(1.0, south.get("share"));
    assertEquals(0.25 / 60, (double) south.get("warmth"), 1e-9);
    assertEquals(false, south.get("current"));
    assertEquals(250, south.get("leaseAgeMillis"));
    Map<?, ?> north = (Map<?, ?>) candidates.get(1);
    assertEquals(0, north.get("rank"));
    assertEquals("not held", north.get("reason"));
    assertEquals("none", json(get("/v1/explain?path=" + V0 + "&client=8.8.8.8")).get("network"));
  }

  @Test
  void explain_playerWithAPathway_showsWhichApplianceItUses() throws Exception {
    report(NORTH_1, V0, V1);
    beat(NORTH_1.host("127.0.0.99"));
    for (String pathway : List.of("north-1.2", "north-1", "origin", "north-1.2.3")) {
      Map<?, ?> explanation = json(get("/v1/explain?title=harbour&pathway=" + pathway));
      Map<?, ?> north = named(explanation.get("candidates"), "north-1");
      assertEquals(pathway.equals("north-1.2"), north.get("current"), pathway);
    }
  }

  @Test
  void explain_applianceWithAFault_isPassedOverAndSaysWhatIsBroken() throws Exception {
    report(NORTH_1, V0, V1);
    Heartbeat well = NORTH_1.beat(++sequence, 1);
    Heartbeat broken =
        new Heartbeat(
            well.appliance(),
            well.site(),
            well.endpoint(),
            well.bootId(),
            well.sequence(),
            well.sent(),
            well.health().with("none of its 2 volumes is in service"),
            well.capacityBytes(),
            well.usedBytes(),
            well.inventoryVersion());
    post("heartbeats", broken, HeartbeatReply.class);
    assertEquals(List.of(ORIGIN), urls("path=" + V0));
    Map<?, ?> north = named(json(get("/v1/explain?title=harbour")).get("candidates"), "north-1");
    assertEquals("unhealthy", north.get("reason"));
    assertEquals("unhealthy", fleetState("north-1"));
    assertEquals("none of its 2 volumes is in service", north.get("fault"));
  }

  @Test
  void explainAndSteer_badQueries_areToldTheRemedy() throws Exception {
    assertProblem("/v1/explain", "Give either ?path= or ?title=");
    assertProblem("/v1/explain?path=a&title=b", "Give either ?path= or ?title=");
    assertProblem("/v1/steer", "the path in ?path= is empty");
    assertProblem("/v1/steer?path=a/../b", "has a dot segment");
    assertProblem("/v1/steer?path=a&client=localhost", "not an IPv4 or IPv6 address");
  }

  @Test
  void appliances_badMessages_areToldAndTheProcessGoesOn() throws Exception {
    assertTrue(
        assertThrows(
                IOException.class,
                () -> control.post(uri("/v1/heartbeats"), Map.of("appliance", "north-1")))
            .getMessage()
            .contains(": 400 "));
    report(NORTH_1, V0, V1);
    Map<?, ?> replayed = json(get("/v1/status"));
    assertEquals(2, ((Map<?, ?>) replayed.get("heartbeats")).get("accepted"));
    control.post(uri("/v1/heartbeats"), NORTH_1.beat(sequence, 1));
    Map<?, ?> status = json(get("/v1/status"));
    assertEquals(1, ((Map<?, ?>) status.get("heartbeats")).get("replayed"));
    assertEquals(1, ((Map<?, ?>) status.get("inventories")).get("accepted"));
    assertEquals(1, status.get("appliances"));
    assertEquals(2, status.get("heldFiles"));
    assertEquals(2, status.get("routes"));
  }

  @Test
  void status_catalogueGone_keepsTheLast() throws Exception {
    report(NORTH_1, V0, V1);
    catalogThere.set(false);
    await()
        .until(
            () ->
                ((Map<?, ?>) json(get("/v1/status")).get("catalog"))
                    .get("reachable")
                    .equals(false));
    assertEquals(List.of("north-1", "origin"), manifest("/v1/hls/harbour").get("PATHWAY-PRIORITY"));
    Map<?, ?> answers = (Map<?, ?>) json(get("/v1/status")).get("answers");
    assertEquals(1, answers.get("hls"));
    assertEquals(0, answers.get("originOnly"));
  }

  @Test
  void status_playerOnAnotherPathway_isCountedAsMoved() throws Exception {
    report(NORTH_1, V0, V1);
    get("/v1/hls/harbour?_HLS_pathway=%22north-1%22");
    get("/v1/hls/harbour?_HLS_pathway=%22origin%22");
    Map<?, ?> answers = (Map<?, ?>) json(get("/v1/status")).get("answers");
    assertEquals(1, answers.get("playersMoved"));
  }

  /** Time in which steering runs: its watchdog looks every hundred milliseconds. */
  private void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      nanos.addAndGet(Duration.ofMillis(Math.min(left, 100)).toNanos());
      steering.tick();
    }
  }

  private void report(Beats beats, String... held) throws IOException {
    assertTrue(beat(beats).inventoryWanted());
    List<ContentId> ids = Arrays.stream(held).map(ContentId::ofPath).toList();
    control.post(
        uri("/v1/inventories"), new Inventory(new ApplianceId(beats.id()), beats.boot(), 1, ids));
    assertFalse(beat(beats).inventoryWanted());
  }

  private HeartbeatReply beat(Beats beats) throws IOException {
    return post("heartbeats", beats.beat(++sequence, 1), HeartbeatReply.class);
  }

  private <T> T post(String resource, Object message, Class<T> answer) throws IOException {
    return control.post(uri("/v1/" + resource), message, answer);
  }

  private List<?> urls(String query) throws Exception {
    return (List<?>) json(get("/v1/steer?" + query)).get("urls");
  }

  private Map<?, ?> manifest(String path) throws Exception {
    return json(get(path));
  }

  private String reason(String appliance) throws Exception {
    return String.valueOf(
        named(json(get("/v1/explain?title=harbour")).get("candidates"), appliance).get("reason"));
  }

  private String fleetState(String appliance) throws Exception {
    return String.valueOf(named(json(get("/v1/fleet")).get("appliances"), appliance).get("state"));
  }

  private static Map<?, ?> named(Object lines, String appliance) {
    return ((List<?>) lines)
        .stream()
            .map(line -> (Map<?, ?>) line)
            .filter(line -> appliance.equals(line.get("appliance")))
            .findFirst()
            .orElseThrow();
  }

  private String status(String part) throws Exception {
    return String.valueOf(((Map<?, ?>) json(get("/v1/status")).get(part)).get("version"));
  }

  private void assertProblem(String path, String detail) throws Exception {
    HttpResponse<byte[]> answer = get(path);
    assertEquals(400, answer.statusCode());
    String body = new String(answer.body(), UTF_8);
    assertTrue(body.contains(detail), body);
    assertEquals("*", answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofByteArray());
  }

  private URI uri(String path) {
    return URI.create("http://" + steering.endpoint() + path);
  }

  private static Map<?, ?> json(HttpResponse<byte[]> answer) throws IOException {
    return Wire.read(answer.body(), Map.class);
  }

  private static Map<String, Object> clone(String id, String host) {
    return Map.of("BASE-ID", "origin", "ID", id, "URI-REPLACEMENT", Map.of("HOST", host));
  }

  private static CatalogEntry entry(String path) {
    return new CatalogEntry(path, "harbour", 9, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
