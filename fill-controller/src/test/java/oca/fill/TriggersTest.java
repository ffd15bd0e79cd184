package oca.fill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.ready.TitleReadiness;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.ApplianceOrders;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.OrdersReport;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8007 over real HTTP, with appliances played by the test. */
class TriggersTest {
  private static final String COMMAND = "application/cdni; ptype=ci-trigger-command";
  private static final String STUDIO = "studio-token-of-the-test";
  private static final String OTHER = "other-token-of-the-test";
  private static final ContentId FILM = ContentId.ofPath("studio/film/a.mp4");

  /** What of a status resource the tests look at. */
  record Status(String status, long ctime, long mtime, List<Fault> errors) {}

  /** What of an error the tests look at. */
  record Fault(String error, String description) {}

  /** What of a collection the tests look at. */
  record Collected(List<String> triggers) {}

  /** What only the collection of all has. */
  record All(
      List<String> triggers,
      long staleresourcetime,
      @JsonProperty("coll-failed") String failed,
      @JsonProperty("cdn-id") String cdnId) {}

  @TempDir Path folder;

  private final AtomicReference<Instant> wall =
      new AtomicReference<>(Instant.parse("2026-11-10T20:00:00Z"));
  private final Map<String, Long> sequences = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener origin;
  private FillController controller;

  TriggersTest() throws IOException {
    Catalog catalog =
        new Catalog(
            "1",
            List.of(
                entry("studio/film/a.mp4", "film"),
                entry("studio/film/b.mp4", "film"),
                entry("studio/series/a.mp4", "series"),
                entry("other/show/a.mp4", "show")));
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(catalog));
    origin.start();
  }

  @BeforeEach
  void start() throws IOException, ConfigException {
    Files.writeString(folder.resolve("studio"), STUDIO + "\n");
    Files.writeString(folder.resolve("other"), OTHER + "\n");
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions: [{id: north-net, prefixes: [10.1.0.0/16], sites: [north]}]
        excluded: []
        settle: 0s
        lease: 5min
        triggers:
          cdnId: "AS64500:edge"
          limits: {triggers: 20, targets: 4, targetsInAll: 40}
          owners:
            - name: studio
              token: %s
              content:
                - {url: "https://video.example/", prefix: studio/}
                - {url: "https://live.example/live/", service: live}
            - {name: other, token: %s, content: [{url: "https://other.example/", prefix: other/}]}
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"),
                folder.resolve("studio"),
                folder.resolve("other"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", Stores.yaml(yaml), FillConfig.class),
            wall::get,
            System::nanoTime);
    await().until(() -> client.get(uri("v1/status"), FillStatus.class).catalog().files() == 4);
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    http.close();
    origin.close();
  }

  @Test
  void preposition_untilHeldEverywhere_isActiveAndThenComplete() throws IOException {
    beat("n-1", "north", List.of());
    beat("s-1", "south", List.of());
    HttpResponse<byte[]> taken =
        trigger(
            "{\"type\":\"preposition\",\"content.urls\":[\"http://VIDEO.example/film/a.mp4\"]}");
    assertEquals(201, taken.statusCode());
    assertEquals(
        "application/cdni; ptype=ci-trigger-status",
        taken.headers().firstValue("content-type").orElse(""));
    URI uri = URI.create(taken.headers().firstValue("location").orElse(""));
    assertEquals("active", status(uri).status());
    List<ContentId> all = List.of(FILM, ContentId.ofPath("studio/film/b.mp4"));
    beat("n-1", "north", all);
    assertEquals("active", status(uri).status());
    TitleReadiness ready = client.get(uri("v1/titles/film/readiness"), TitleReadiness.class);
    assertFalse(ready.live());
    assertEquals(1, ready.sitesReady());
    beat("s-1", "south", all);
    assertEquals("complete", status(uri).status());
    assertEquals(List.of(uri.toString()), collected("/complete").triggers());
    assertEquals(List.of(), collected("/active").triggers());
    assertTrue(client.get(uri("v1/titles/film/readiness"), TitleReadiness.class).live());
    assertEquals(404, get("/v1/titles/absent/readiness", STUDIO).statusCode());
  }

  @Test
  void preposition_whileTheWindowIsOpen_isPlannedAtOnceAtAllSites() throws IOException {
    beat("n-1", "north", List.of());
    beat("s-1", "south", List.of());
    wall.set(Instant.parse("2026-11-11T02:00:01Z"));
    beat("n-1", "north", List.of());
    beat("s-1", "south", List.of());
    await().until(() -> !reasons("film").isEmpty());
    assertFalse(reasons("film").contains("PINNED"));
    URI uri = location(trigger("{\"type\":\"preposition\",\"content.ccid\":[\"film\"]}"));
    await().until(() -> reasons("film").equals(List.of("PINNED", "PINNED")));
    TitleReadiness ready = client.get(uri("v1/titles/film/readiness"), TitleReadiness.class);
    assertEquals(2, ready.sites().stream().filter(site -> !site.missing().isEmpty()).count());
    assertTrue(ready.expected() != null);
    assertEquals(204, send("DELETE", uri.getPath(), STUDIO).statusCode());
    await().until(() -> !reasons("film").contains("PINNED"));
  }

  @Test
  void preposition_partlyUnknown_failsWithWhatAndWhy() {
    HttpResponse<byte[]> taken =
        trigger(
            """
            {"type": "preposition", "content.ccid": ["absent"],
             "metadata.urls": ["https://video.example/meta"],
             "content.urls": ["https://video.example/gone.mp4", "https://live.example/live/a.ts"]}\
            """);
    Status status = read(taken, Status.class);
    assertEquals("failed", status.status());
    assertEquals(
        List.of("emeta", "econtent", "ereject", "econtent"),
        status.errors().stream().map(Fault::error).toList());
  }

  @Test
  void purge_anything_isCompleteWhenAllAppliancesReported() throws IOException {
    beat("n-1", "north", List.of(FILM));
    beat("s-1", "south", List.of());
    URI uri =
        location(
            trigger(
                """
                {"type": "purge", "content.urls":
                  ["https://video.example/film/a.mp4", "https://live.example/live/x?y=1"],
                 "content.ccid": ["goals"]}\
                """));
    assertEquals("active", status(uri).status());
    assertEquals(true, beat("n-1", "north", List.of(FILM)).ordersWaiting());
    ApplianceOrders orders = client.get(uri("v1/orders/n-1"), ApplianceOrders.class);
    ApplianceOrders.Order order = orders.orders().getFirst();
    assertEquals(List.of(FILM), order.remove());
    assertEquals(
        List.of(
            Map.of("service", "live", "url", "/live/x?y=1", "soft", "false"),
            Map.of("service", "live", "tag", "goals", "soft", "false")),
        order.purges());
    report("n-1", order.number(), "");
    assertEquals(null, beat("n-1", "north", List.of()).ordersWaiting());
    assertEquals("active", status(uri).status());
    report("s-1", order.number(), "");
    assertEquals("complete", status(uri).status());
    report("s-1", order.number(), "said twice");
    assertEquals("complete", status(uri).status());
  }

  @Test
  void purge_applianceFails_isFailedWithItsWords() throws IOException {
    beat("n-1", "north", List.of());
    URI uri =
        location(trigger("{\"type\":\"purge\",\"content.urls\":[\"https://video.example/x\"]}"));
    report("n-1", 1, "the disk is gone");
    Status status = status(uri);
    assertEquals("failed", status.status());
    assertEquals(new Fault("ecdn", "n-1: the disk is gone"), status.errors().getFirst());
  }

  @Test
  void invalidate_catalogueFiles_isDoneAtOnceForTheyNeverChange() {
    Status status =
        read(
            trigger(
                "{\"type\":\"invalidate\",\"content.urls\":[\"https://video.example/film/a.mp4\"]}"),
            Status.class);
    assertEquals("complete", status.status());
  }

  @Test
  void invalidate_pulled_isASoftPurgeByPrefix() throws IOException {
    beat("n-1", "north", List.of());
    trigger(
        """
        {"type": "invalidate", "content.patterns":
          [{"pattern": "https://live.example/live/Match/*", "case-sensitive": true}]}\
        """);
    assertEquals(
        List.of(Map.of("service", "live", "prefix", "/live/Match/", "soft", "true")),
        client.get(uri("v1/orders/n-1"), ApplianceOrders.class).orders().getFirst().purges());
  }

  @Test
  void purge_pattern_takesTheOwnersFilesOnly() throws IOException {
    beat("n-1", "north", List.of());
    trigger("{\"type\":\"purge\",\"content.patterns\":[{\"pattern\":\"*/A.MP4\"}]}");
    assertEquals(
        List.of(FILM, ContentId.ofPath("studio/series/a.mp4")),
        client.get(uri("v1/orders/n-1"), ApplianceOrders.class).orders().getFirst().remove());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"cdn-path\":[]}",
        "400 | {\"trigger\":{\"type\":\"purge\"},\"cdn-path\":[]}",
        "400 | {\"trigger\":{\"type\":\"purge\",\"content.urls\":[\"https://video.example/a\"]}}",
        "400 | {\"trigger\":{\"type\":\"purge\",\"content.urls\":7},\"cdn-path\":[]}",
        "400 | {\"trigger\":{\"type\":\"preposition\",\"content.patterns\":[{\"pattern\":\"*\"}]},"
            + "\"cdn-path\":[]}",
        "400 | {\"trigger\":{\"type\":\"purge\",\"content.patterns\":[{\"pattern\":\"$\"}]},"
            + "\"cdn-path\":[]}",
        "403 | {\"trigger\":{\"type\":\"purge\",\"content.urls\":[\"https://other.example/a\"]},"
            + "\"cdn-path\":[]}",
        "403 | {\"trigger\":{\"type\":\"purge\",\"content.ccid\":[\"a\"]},"
            + "\"cdn-path\":[\"AS1:0\",\"AS64500:edge\"]}",
        "404 | {\"cancel\":[\"http://x/v1/triggers/9\"],\"cdn-path\":[]}",
        "413 | {\"trigger\":{\"type\":\"purge\",\"content.ccid\":[\"a\",\"b\",\"c\",\"d\",\"e\"]},"
            + "\"cdn-path\":[]}",
        "400 | not json"
      })
  void command_thatCannotBe_isRefusedAndLeavesNothing(int status, String body) {
    assertEquals(status, post(body, STUDIO, COMMAND).statusCode());
    assertEquals(List.of(), collected("").triggers());
  }

  @Test
  void type_unknown_isAFailedTrigger() {
    Status status =
        read(trigger("{\"type\":\"polish\",\"content.ccid\":[\"film\"]}"), Status.class);
    assertEquals("failed", status.status());
    assertEquals("eunsupported", status.errors().getFirst().error());
  }

  @Test
  void owner_withoutToken_isTurnedAwayAndSeesNobodyElses() {
    String body = "{\"trigger\":{\"type\":\"purge\",\"content.ccid\":[\"film\"]},\"cdn-path\":[]}";
    assertEquals(401, post(body, "", COMMAND).statusCode());
    assertEquals(401, post(body, "a-token-that-nobody-has", COMMAND).statusCode());
    assertEquals(415, post(body, STUDIO, "application/json").statusCode());
    URI uri = location(post(body, STUDIO, COMMAND));
    assertEquals(200, get(uri.getPath(), STUDIO).statusCode());
    assertEquals(404, get(uri.getPath(), OTHER).statusCode());
    assertEquals(404, send("DELETE", uri.getPath(), OTHER).statusCode());
    assertEquals(405, send("PUT", uri.getPath(), STUDIO).statusCode());
    assertEquals(
        new All(
            List.of(uri.toString()), 604_800, uri("v1/triggers/failed").toString(), "AS64500:edge"),
        read(get("/v1/triggers", STUDIO), All.class));
    assertEquals(List.of(), read(get("/v1/triggers", OTHER), Collected.class).triggers());
  }

  @Test
  void status_unchanged_is304() throws IOException {
    beat("n-1", "north", List.of());
    URI uri = location(trigger("{\"type\":\"purge\",\"content.ccid\":[\"film\"]}"));
    HttpResponse<byte[]> first = get(uri.getPath(), STUDIO);
    String etag = first.headers().firstValue("etag").orElse("");
    assertEquals(304, get(uri.getPath(), STUDIO, "If-None-Match", etag).statusCode());
    report("n-1", 1, "");
    assertEquals(200, get(uri.getPath(), STUDIO, "If-None-Match", etag).statusCode());
  }

  @Test
  void cancel_underWay_leavesNothingToDo() throws IOException {
    beat("n-1", "north", List.of());
    URI uri = location(trigger("{\"type\":\"purge\",\"content.ccid\":[\"film\"]}"));
    URI done = location(trigger("{\"type\":\"invalidate\",\"content.ccid\":[\"absent-tag\"]}"));
    report("n-1", 2, "");
    assertEquals("complete", status(done).status());
    String both = "{\"cancel\":[\"%s\",\"%s\"],\"cdn-path\":[]}".formatted(uri, done);
    assertEquals(200, post(both, STUDIO, COMMAND).statusCode());
    assertEquals("cancelled", status(uri).status());
    assertEquals("ecanceled", status(uri).errors().getFirst().error());
    assertEquals("complete", status(done).status());
    assertEquals(List.of(), client.get(uri("v1/orders/n-1"), ApplianceOrders.class).orders());
    assertEquals(List.of(uri.toString()), collected("/failed").triggers());
  }

  @Test
  void delete_any_isGoneForGood() throws IOException {
    beat("n-1", "north", List.of());
    URI uri = location(trigger("{\"type\":\"purge\",\"content.ccid\":[\"film\"]}"));
    assertEquals(204, send("DELETE", uri.getPath(), STUDIO).statusCode());
    assertEquals(404, get(uri.getPath(), STUDIO).statusCode());
    assertEquals(List.of(), client.get(uri("v1/orders/n-1"), ApplianceOrders.class).orders());
    URI next = location(trigger("{\"type\":\"purge\",\"content.ccid\":[\"film\"]}"));
    assertFalse(next.equals(uri), "a URI is never used again");
  }

  @Test
  void restart_always_keepsTriggersAndOrders() throws Exception {
    beat("n-1", "north", List.of());
    URI uri = location(trigger("{\"type\":\"purge\",\"content.ccid\":[\"film\"]}"));
    byte[] before = get(uri.getPath(), STUDIO).body();
    controller.close();
    start();
    assertEquals(new String(before, UTF_8), new String(get(uri.getPath(), STUDIO).body(), UTF_8));
    assertEquals(1, client.get(uri("v1/orders/n-1"), ApplianceOrders.class).orders().size());
  }

  @Test
  void ended_longAgo_isForgotten() {
    URI uri = location(trigger("{\"type\":\"preposition\",\"content.ccid\":[\"absent\"]}"));
    wall.set(wall.get().plus(Duration.ofDays(6)));
    assertEquals(200, get(uri.getPath(), STUDIO).statusCode());
    wall.set(wall.get().plus(Duration.ofDays(2)));
    assertEquals(404, get(uri.getPath(), STUDIO).statusCode());
  }

  @Test
  void triggers_tooMany_areRefusedUntilSomeAreDeleted() {
    for (int i = 0; i < 20; i++) {
      assertEquals(201, trigger("{\"type\":\"polish\",\"content.ccid\":[\"film\"]}").statusCode());
    }
    HttpResponse<byte[]> refused = trigger("{\"type\":\"polish\",\"content.ccid\":[\"film\"]}");
    assertEquals(400, refused.statusCode());
    assertTrue(new String(refused.body(), UTF_8).contains("triggers.limits"));
    assertEquals(204, send("DELETE", "/v1/triggers/3", STUDIO).statusCode());
    assertEquals(201, trigger("{\"type\":\"polish\",\"content.ccid\":[\"film\"]}").statusCode());
  }

  private List<String> reasons(String title) throws IOException {
    return client.get(uri("v1/placement?title=" + title), PlacementAnswer.class).sites().stream()
        .map(PlacementAnswer.AtSite::reason)
        .toList();
  }

  private HeartbeatReply beat(String id, String site, List<ContentId> held) throws IOException {
    long sequence = sequences.merge(id, 1L, Long::sum);
    HeartbeatReply reply =
        client.post(
            uri("v1/heartbeats"),
            new Heartbeat(
                new ApplianceId(id),
                new SiteId(site),
                new Endpoint("127.0.0.1", 80),
                "boot",
                sequence,
                wall.get(),
                new Health(false, 0, 100, 0, 1000),
                1 << 20,
                0,
                sequence),
            HeartbeatReply.class);
    client.post(uri("v1/inventories"), new Inventory(new ApplianceId(id), "boot", sequence, held));
    return reply;
  }

  private void report(String id, long number, String problem) throws IOException {
    client.post(
        uri("v1/orders"),
        new OrdersReport(new ApplianceId(id), List.of(new OrdersReport.Result(number, problem))));
  }

  private HttpResponse<byte[]> trigger(String spec) {
    return post(
        "{\"trigger\":" + spec + ",\"cdn-path\":[\"AS64496:1\"]}",
        STUDIO,
        "application/cdni;ptype=ci-trigger-command");
  }

  private Status status(URI uri) {
    String json = new String(get(uri.getPath(), STUDIO).body(), UTF_8);
    return json.contains("\"errors\"")
        ? read(json, Status.class)
        : read(json.replaceFirst("\\{", "{\"errors\":[],"), Status.class);
  }

  private Collected collected(String name) {
    return read(get("/v1/triggers" + name, STUDIO), Collected.class);
  }

  private static URI location(HttpResponse<byte[]> taken) {
    assertEquals(201, taken.statusCode(), () -> new String(taken.body(), UTF_8));
    return URI.create(taken.headers().firstValue("location").orElse(""));
  }

  private static <T> T read(HttpResponse<byte[]> response, Class<T> type) {
    String json = new String(response.body(), UTF_8);
    return type == Status.class && !json.contains("\"errors\"")
        ? read(json.replaceFirst("\\{", "{\"errors\":[],"), type)
        : read(json, type);
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return Wire.read(json.getBytes(UTF_8), type);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  private HttpResponse<byte[]> post(String body, String token, String type) {
    return send(
        request("/v1/triggers", token)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<byte[]> get(String path, String token, String... headers) {
    HttpRequest.Builder request = request(path, token).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpResponse<byte[]> send(String method, String path, String token) {
    return send(request(path, token).method(method, BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path.substring(1))).timeout(Duration.ofSeconds(10));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private URI uri(String path) {
    return controller.endpoint().http(path);
  }

  private static CatalogEntry entry(String path, String title) {
    return new CatalogEntry(path, title, 1000, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
