package oca.fill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /v1/misses} of a running controller, from records that are posted to it. */
class MissesTest {
  private static final Instant START = Instant.parse("2026-11-11T12:10:00Z");
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
  void misses_ofPostedRecords_areLabelledByCause() throws Exception {
    post(1);
    assertEquals(0L, total("by=label").get("bytes"), "they wait for what may still come");
    assertEquals(1300L, account().get("waiting"));
    wall.set(START.plusSeconds(120));
    Map<?, ?> total = total("by=label");
    assertEquals(1300L, total.get("bytes"));
    assertEquals(1000L, total.get("nearest"));
    assertEquals(300L, total.get("missed"));
    assertEquals(Map.of("taken", 1300L, "labelled", 1300L, "waiting", 0L), account());
    assertEquals(List.of("drain"), rows("by=label&label=drain").getFirst().get("key"));
    assertEquals(List.of("north", "s-1"), rows("by=site,appliance").getFirst().get("key"));
    assertEquals(List.of("2026-11-11T12:00:00Z"), rows("by=hour").getFirst().get("key"));
  }

  @Test
  void misses_asCsv_hasALineForEachRow() throws Exception {
    post(1);
    wall.set(START.plusSeconds(120));
    HttpResponse<String> csv = get("by=label&format=csv");
    assertEquals("text/csv; charset=utf-8", csv.headers().firstValue("Content-Type").orElse(""));
    assertTrue(csv.body().startsWith("label,bytes,requests,nearest,missed,"), csv.body());
    assertTrue(csv.body().contains("\r\ndrain,300,1,0,300,0,0,"), csv.body());
  }

  @Test
  void misses_badQuestion_isToldWhatIsWrong() throws Exception {
    for (String question :
        List.of("by=colour", "from=yesterday", "limit=x", "format=xml", "from=1h&to=2h")) {
      HttpResponse<String> answer = get(question);
      assertEquals(400, answer.statusCode(), question);
      assertTrue(answer.body().contains("detail"), answer.body());
    }
  }

  @Test
  void misses_batchTwiceAndRestart_countOnce() throws Exception {
    post(1);
    post(1);
    controller.close();
    start();
    wall.set(START.plusSeconds(120));
    assertEquals(1300L, total("by=label").get("bytes"), "what waited was kept");
    controller.close();
    start();
    post(1);
    assertEquals(1300L, total("by=label").get("bytes"));
    assertEquals(1300L, account().get("taken"));
  }

  @Test
  void topologyLoss_ofASite_answersOrSaysWhatIsWrong() throws Exception {
    post(1);
    URI loss = controller.endpoint().http("v1/topology/loss?site=north");
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(loss).build(), BodyHandlers.ofString(UTF_8));
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"appliances\":1"), answer.body());
    URI none = controller.endpoint().http("v1/topology/loss?site=nowhere");
    assertEquals(
        400,
        http.send(HttpRequest.newBuilder(none).build(), BodyHandlers.ofString(UTF_8)).statusCode());
  }

  @Test
  void metrics_labelled_haveBytesByLabel() throws Exception {
    post(1);
    wall.set(START.plusSeconds(120));
    get("by=label");
    String page =
        http.send(
                HttpRequest.newBuilder(controller.endpoint().http("metrics")).build(),
                BodyHandlers.ofString())
            .body();
    assertTrue(page.contains("oca_controller_served_bytes_total{label=\"drain\"} 300.0"), page);
  }

  private void post(long sequence) throws IOException {
    beat("n-1", "north");
    beat("s-1", "south");
    client.post(
        controller.endpoint().http("v1/steering-records"),
        new SteeringRecords(
            new ApplianceId("steering"),
            "boot",
            sequence,
            0,
            List.of(answer("10.1.1.0", true), answer("10.1.2.0", false))));
    serve("n-1", sequence, served("10.1.1.0", 1000), served("127.0.0.0", 77));
    serve("s-1", sequence, served("10.1.2.0", 300));
  }

  private void serve(String server, long sequence, ServeRecord... records) throws IOException {
    client.post(
        controller.endpoint().http("v1/serve-records"),
        new ServeRecords(new ApplianceId(server), "boot", sequence, 0, List.of(records)));
  }

  private static ServeRecord served(String network, long bytes) {
    return new ServeRecord(START.minusSeconds(1), FILE, network, 206, 0, bytes, true, 1000, "part");
  }

  private static SteeringRecord answer(String network, boolean near) {
    Named named =
        near
            ? new Named(new ApplianceId("n-1"), new SiteId("north"), 5)
            : new Named(new ApplianceId("s-1"), new SiteId("south"), 5);
    Passed passed =
        new Passed(new ApplianceId("n-1"), new SiteId("north"), Why.DRAINING, Content.HELD, 5);
    return new SteeringRecord(
        START.minusSeconds(5),
        1,
        null,
        network,
        "10.1.0.0/16",
        "aurora/v0.mp4",
        FILE,
        new SiteId("north"),
        List.of(named),
        near ? List.of() : List.of(passed),
        0,
        30,
        0,
        false,
        "00000000");
  }

  private void beat(String id, String site) throws IOException {
    client.post(
        controller.endpoint().http("v1/heartbeats"),
        new Heartbeat(
            new ApplianceId(id),
            new SiteId(site),
            new Endpoint("127.0.0.1", 80),
            "boot",
            1,
            START,
            new Health(false, 0, 100, 0, 1000),
            1 << 20,
            0,
            1));
  }

  private HttpResponse<String> get(String query) throws Exception {
    URI uri = controller.endpoint().http("v1/misses?" + query);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(UTF_8));
  }

  private Map<?, ?> answer(String query) throws Exception {
    HttpResponse<String> answer = get(query);
    assertEquals(200, answer.statusCode(), answer.body());
    return Wire.read(answer.body().getBytes(UTF_8), Map.class);
  }

  private Map<String, Long> account() throws Exception {
    Map<?, ?> account = (Map<?, ?>) answer("by=label").get("account");
    return Map.of(
        "taken", number(account, "taken"),
        "labelled", number(account, "labelled"),
        "waiting", number(account, "waiting"));
  }

  private static long number(Map<?, ?> of, String name) {
    return ((Number) of.get(name)).longValue();
  }

  private Map<String, Long> total(String query) throws Exception {
    Map<?, ?> total = (Map<?, ?>) ((Map<?, ?>) answer(query).get("report")).get("total");
    return Map.of(
        "bytes", number(total, "bytes"),
        "nearest", number(total, "nearest"),
        "missed", number(total, "missed"));
  }

  private List<Map<?, ?>> rows(String query) throws Exception {
    List<?> rows = (List<?>) ((Map<?, ?>) answer(query).get("report")).get("rows");
    return rows.stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
  }
}
