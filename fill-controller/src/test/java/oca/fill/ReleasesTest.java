package oca.fill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.List;
import java.util.Map;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.catalog.CatalogBook;
import oca.fill.forecast.Forecaster.Announced;
import oca.fill.release.ReleaseBook;
import oca.fill.release.ReleaseEndpoint.Entry;
import oca.fill.release.ReleaseEndpoint.Releases;
import oca.fill.release.ReleasesConfig;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release calendar, and what forecasts are made of it, over real HTTP. */
class ReleasesTest {
  private static final Instant NOW = Instant.parse("2026-11-10T20:00:00Z");
  private static final long MIB = 1 << 20;
  private static final String DUNE =
      "{\"title\": \"t-1\", \"releaseAt\": \"2026-11-12T18:00:00Z\", \"kind\": \"film\","
          + " \"audience\": 400}";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener origin;
  private FillController controller;

  ReleasesTest() throws IOException {
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(catalog()));
    origin.start();
  }

  @BeforeEach
  void start() throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions:
          - {id: north-net, prefixes: [10.1.0.0/16], sites: [north]}
        settle: 0s
        lease: 5min
        forecast: {releases: {most: 2, filesOfOne: 3}}
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", Stores.yaml(yaml), FillConfig.class),
            () -> NOW,
            System::nanoTime);
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    http.close();
    origin.close();
  }

  @Test
  void put_oneThenAll_isKeptOverARestartAndTakenBack() throws Exception {
    await().until(() -> status().catalog().files() > 0);
    Entry entry = Wire.read(send("PUT", "/t-1", DUNE, 200).getBytes(UTF_8), Entry.class);
    assertEquals(2, entry.known(), "both files of the title");
    assertEquals(List.of(), entry.unknown());
    Releases all =
        Wire.read(
            send(
                    "PUT",
                    "",
                    "{\"releases\": ["
                        + DUNE
                        + ", {\"title\": \"new\", \"files\": [\"new/a.mp4\", \"t-2/a.mp4\"],"
                        + " \"releaseAt\": \"2026-11-20\", \"kind\": \"series\"}]}",
                    200)
                .getBytes(UTF_8),
            Releases.class);
    assertEquals(2, all.version());
    assertEquals(1, all.releases().get(1).known());
    assertEquals(List.of("new/a.mp4"), all.releases().get(1).unknown());
    assertEquals(2, status().calendar().announced());
    controller.close();
    start();
    assertEquals(all.version(), client.get(uri("/v1/releases"), Releases.class).version());
    assertEquals("t-1", client.get(uri("/v1/releases/t-1"), Entry.class).release().title());
    send("DELETE", "/t-1", "", 204);
    send("DELETE", "/t-1", "", 404);
    send("GET", "/t-1", "", 404);
    assertEquals(1, status().calendar().announced());
  }

  @Test
  void put_whatCannotBeKept_isRefusedWithEachProblemAndChangesNothing() throws Exception {
    send("PUT", "/t-1", DUNE, 200);
    String two =
        send(
            "PUT",
            "",
            "{\"releases\": [{\"title\": \"x\", \"releaseAt\": \"soon\", \"kind\": \"film\","
                + " \"audience\": 0}]}",
            422);
    assertTrue(two.contains("releases[0].releaseAt is \\\"soon\\\"; write 2026"), two);
    assertTrue(two.contains("releases[0].audience is 0.0; write"), two);
    assertTrue(send("PUT", "/other", DUNE, 422).contains("not that of the address"), "title");
    assertTrue(send("PUT", "", "{\"releases\": [{}]}", 400).contains("releases[0]"), "missing");
    assertTrue(send("PUT", "", "nonsense", 400).contains("line 1"), "no JSON");
    assertTrue(send("PUT", "", "{\"releases\": [null]}", 400).contains("releases"), "null");
    assertTrue(send("PUT", "/t-1", "{\"title\": \"t-1\"}", 400).contains("releaseAt"), "left out");
    assertEquals(1, client.get(uri("/v1/releases"), Releases.class).version());
  }

  @Test
  void announced_fileAndBookNameOneFile_theBookCountsFirst() throws Exception {
    await().until(() -> status().catalog().files() > 0);
    send("PUT", "/t-1", DUNE, 200);
    controller.close();
    Path csv =
        Files.writeString(
            folder.resolve("r.csv"),
            """
            file,release_period,kind,prior
            t-1/a.mp4,2026-11-30,series,9
            t-2,2026-11-09,film,
            """);
    try (StateStore store = Stores.open(folder.resolve("state"))) {
      CatalogBook catalog = new CatalogBook(store, 100);
      ReleaseCalendar calendar =
          new ReleaseCalendar(
              new ReleaseBook(store, new ReleasesConfig(10, 10, 10)),
              new ReleaseFile(java.util.Optional.of(csv)));
      List<Announced> announced = calendar.announced(catalog.view(), NOW);
      ContentId first = ContentId.ofPath("t-1/a.mp4");
      List<Announced> ofFirst = announced.stream().filter(it -> it.file().equals(first)).toList();
      assertEquals(2, ofFirst.size());
      assertEquals(new Announced(first, -2, "film", 400), ofFirst.getFirst());
      assertEquals(5, announced.size());
    }
    start();
  }

  @Test
  void forecast_planMade_tellsWhoIsFollowedAndWhatEachWouldHaveServed() throws Exception {
    assertTrue(send("GET", "/v1/forecast", "", 200, "").contains("\"regions\":{}"), "none yet");
    await().until(() -> status().catalog().files() > 0);
    client.post(
        uri("/v1/heartbeats"),
        new Heartbeat(
            new ApplianceId("n-1"),
            new SiteId("north"),
            new Endpoint("n-1", 8440),
            "boot",
            1,
            NOW,
            new Health(false, 0, 100, 0, 1_000_000),
            25 * MIB,
            0,
            0));
    List<ServeRecord> records = new java.util.ArrayList<>();
    for (int ago = 0; ago < 12; ago++) {
      for (int title = 0; title < 3; title++) {
        records.add(
            new ServeRecord(
                NOW.minus(Duration.ofDays(ago)).minusSeconds(60),
                ContentId.ofPath("t-" + title + "/a.mp4"),
                "10.1.7.0",
                206,
                0,
                (1 + title) * MIB * 10,
                true,
                900,
                "part"));
      }
    }
    client.post(
        uri("/v1/serve-records"),
        new ServeRecords(new ApplianceId("origin"), "boot", 1, 0, records));
    client.post(uri("/v1/plans"), Map.of());
    ForecastDesk.Answer answer = client.get(uri("/v1/forecast"), ForecastDesk.Answer.class);
    var score = answer.regions().get("north-net");
    assertTrue(score != null && score.days() == 9, answer::toString);
    // A disk of two files: the two that were asked for most are five sixths of the demand.
    assertEquals(5, score.served().size(), answer::toString);
    assertTrue(score.served().values().stream().allMatch(it -> it > 0.8), answer::toString);
    assertEquals(0, answer.horizon());
    assertTrue(answer.pairs() >= 3, answer::toString);
  }

  private static Catalog catalog() {
    List<CatalogEntry> files = new java.util.ArrayList<>();
    for (int title = 0; title < 4; title++) {
      for (String rung : List.of("a.mp4", "b.mp4")) {
        String path = "t-" + title + "/" + rung;
        files.add(
            new CatalogEntry(path, "t-" + title, 10 * MIB, "ab".repeat(32), "video/mp4", NOW));
      }
    }
    return new Catalog("1", files);
  }

  private FillStatus status() throws IOException {
    return client.get(uri("/v1/status"), FillStatus.class);
  }

  private URI uri(String path) {
    return controller.endpoint().http(path.substring(1));
  }

  private String send(String method, String tail, String body, int status) throws Exception {
    return send(method, "/v1/releases", body, status, tail);
  }

  private String send(String method, String path, String body, int status, String tail)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path + tail))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertEquals(status, answer.statusCode(), answer.body());
    if (status >= 400) {
      assertEquals(
          "application/problem+json", answer.headers().firstValue("content-type").orElse(""));
    }
    return answer.body();
  }
}
