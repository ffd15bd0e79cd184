package oca.fill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.ledger.LedgerCheck;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.FillReport;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Json;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of a running controller. */
class LedgerTest {
  private static final Instant START = Instant.parse("2026-11-11T04:10:00Z");
  private static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");

  @TempDir Path folder;
  private final AtomicReference<Instant> wall = new AtomicReference<>(START);
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final HttpClient http = HttpClient.newHttpClient();
  private FillController controller;

  @BeforeEach
  void start() throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "http://127.0.0.1:9/catalog", content: "http://127.0.0.1:9/", interval: 1h}
        regions: [{id: north-net, prefixes: [10.1.0.0/16], sites: [north]}]
        excluded: [127.0.0.0/8]
        window: 02:00-06:00
        lease: 10min
        """
            .formatted(folder.resolve("state"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", Stores.yaml(yaml), FillConfig.class),
            wall::get,
            System::nanoTime);
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    http.close();
  }

  @Test
  void ledger_ofDays_isSignedChainedAndKeptOverARestart() throws Exception {
    beat();
    serve(1, 1000, START);
    serve(1, 1000, START);
    report(500, 100);
    assertEquals(1000, ledger("").at("soFar", "bytes").number());
    assertEquals(404, get("/2026-11-11").statusCode(), "it is not closed");

    wall.set(START.plusSeconds(180));
    http.send(
        HttpRequest.newBuilder(controller.endpoint().http("v1/misses")).build(),
        BodyHandlers.ofString());
    wall.set(START.plus(Duration.ofDays(1)));
    await().until(() -> ledger("").at("days").items().size() == 1);
    String first = get("/2026-11-11").body();
    controller.close();
    start();
    beat();
    serve(2, 70, START);
    serve(3, 5, wall.get());
    assertEquals(first, get("/2026-11-11").body(), "what is signed is not changed");
    wall.set(START.plus(Duration.ofDays(2)));
    await().until(() -> ledger("").at("days").items().size() == 2);

    Json one = ledger("/2026-11-11").at("content");
    assertEquals("north", one.at("sites").items().getFirst().at("site").text());
    Json total = one.at("total");
    assertEquals(1000, total.at("bytes").number());
    assertEquals(33, total.at("otherBytes").number(), "monitors are no viewers");
    assertEquals(1000, total.at("causes", "unknown").number(), "labels come before it is closed");
    assertEquals(100, total.at("fill", "originBytesInWindow").number());
    assertEquals(400, total.at("fill", "peerBytesInWindow").number());
    Json late = ledger("/2026-11-12").at("content", "corrections").items().getFirst();
    assertEquals("2026-11-11", late.at("day").text());
    assertEquals(70, late.at("bytes").number());
    List<Json> all = new ArrayList<>(List.of(ledger("/2026-11-11"), ledger("/2026-11-12")));
    assertEquals(List.of(), LedgerCheck.problems(all, ledger("").at("publicKey").text()));
  }

  @Test
  void ledger_asCsvOrBadlyAsked_isAnswered() throws Exception {
    serve(1, 1000, START);
    wall.set(START.plus(Duration.ofDays(1)));
    await().until(() -> ledger("").at("days").items().size() == 1);
    HttpResponse<String> csv = get("/2026-11-11?format=csv");
    assertEquals("text/csv; charset=utf-8", csv.headers().firstValue("Content-Type").orElse(""));
    assertTrue(csv.body().contains("\r\n2026-11-11,total,,,1000,0,33,1,"), csv.body());
    assertEquals(400, get("/2026-11-11?format=xml").statusCode());
    assertEquals(400, get("/yesterday").statusCode());
    assertEquals(404, get("/2020-01-01").statusCode());
    HttpRequest metrics = HttpRequest.newBuilder(controller.endpoint().http("metrics")).build();
    await()
        .until(
            () ->
                http.send(metrics, BodyHandlers.ofString())
                    .body()
                    .contains("oca_controller_ledger_closed_total 1.0"));
  }

  private void beat() throws IOException {
    client.post(
        controller.endpoint().http("v1/heartbeats"),
        new Heartbeat(
            new ApplianceId("n-1"),
            new SiteId("north"),
            new Endpoint("127.0.0.1", 80),
            "boot",
            1,
            wall.get(),
            new Health(false, 0, 100, 0, 1000),
            1 << 20,
            0,
            1));
  }

  private void serve(long sequence, long bytes, Instant at) throws IOException {
    client.post(
        controller.endpoint().http("v1/serve-records"),
        new ServeRecords(
            new ApplianceId("n-1"),
            "boot",
            sequence,
            0,
            List.of(
                new ServeRecord(at, FILE, "10.1.1.0", 206, 0, bytes, true, 1000, "part"),
                new ServeRecord(at, FILE, "127.0.0.0", 206, 0, 33, true, 1000, "part"))));
  }

  private void report(long bytes, long fromOrigin) throws IOException {
    client.post(
        controller.endpoint().http("v1/fill-reports"),
        new FillReport(
            new ApplianceId("n-1"),
            List.of(
                new FillReport.Result(
                    START, 1, FILE, true, FillReport.Source.PEER, bytes, fromOrigin, ""))));
  }

  private HttpResponse<String> get(String tail) throws Exception {
    return http.send(
        HttpRequest.newBuilder(controller.endpoint().http("v1/ledger" + tail)).build(),
        BodyHandlers.ofString(UTF_8));
  }

  private Json ledger(String tail) throws Exception {
    HttpResponse<String> answer = get(tail);
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.parse(answer.body().getBytes(UTF_8));
  }
}
