package oca.fill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.FillReport;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are late, doubled, of the future, malformed or of strangers, by post. */
class BadRecordsTest {
  private static final Instant START = Instant.parse("2026-11-11T12:10:00Z");
  private static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");

  @TempDir Path folder;
  private final AtomicReference<Instant> wall = new AtomicReference<>(START);
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
        """
            .formatted(folder.resolve("state"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", yaml, FillConfig.class), wall::get, System::nanoTime);
  }

  @AfterEach
  void stop() {
    controller.close();
    http.close();
  }

  @Test
  void records_ofStrangersOutOfOrderDoubledLateAndFuture_areBilledOnce() throws Exception {
    serve(204, "stranger", 3, record(START.minusSeconds(5), 100));
    serve(204, "stranger", 1, record(START.minusSeconds(60), 20));
    serve(204, "stranger", 3, record(START.minusSeconds(5), 100));
    serve(204, "stranger", 2, record(START.plusSeconds(86_400), 3));
    wall.set(START.plusSeconds(300));
    assertEquals(123L, account().get("labelled"));
    serve(204, "stranger", 4, record(START.minusSeconds(200), 4000));
    serve(204, "stranger", 4, record(START.minusSeconds(200), 4000));
    Map<?, ?> misses = misses();
    assertEquals(4123L, account().get("taken"));
    assertEquals(4123L, account().get("labelled"));
    Map<?, ?> counts = (Map<?, ?>) misses.get("counts");
    assertEquals(1L, ((Number) counts.get("future")).longValue());
    assertEquals(1L, ((Number) counts.get("late")).longValue());
    assertEquals(4L, ((Number) counts.get("unknown servers")).longValue());
    Map<?, ?> demand = (Map<?, ?>) json("v1/status").get("demand");
    assertEquals(2L, ((Number) demand.get("duplicateBatches")).longValue());
    assertEquals(4L, ((Number) demand.get("records")).longValue());
  }

  @Test
  void serveRecords_beyondReason_areRefusedAndThoseBesideThemCount() throws Exception {
    ServeRecord good = record(START.minusSeconds(5), 100);
    serve(
        204,
        "north-1",
        1,
        record(START, Long.MAX_VALUE),
        record(Instant.MIN, 10),
        record(Instant.MAX, 10),
        new ServeRecord(START, FILE, "10.1.1.0", 206, 0, 7, true, Long.MAX_VALUE, "part"),
        new ServeRecord(START, FILE, "x".repeat(5000), 206, 0, 7, true, 1, "part"),
        good);
    serve(204, "north-1", 2, record(START.minusSeconds(4), -8), good);
    wall.set(START.plusSeconds(300));
    assertEquals(200L, account().get("labelled"));
    assertEquals(200L, account().get("taken"));
    assertEquals(5, metric("oca_controller_records_refused_total"));
    assertEquals(1L, ((Number) ((Map<?, ?>) misses().get("counts")).get("malformed")).longValue());
  }

  @Test
  void batches_thatCannotBe_areAnsweredAsSuchAndTheNextOnesCount() throws Exception {
    serve(400, "north-1", Long.MIN_VALUE, record(START, 10));
    serve(400, "north-1", Long.MAX_VALUE, record(START, 10));
    ServeRecords lost =
        new ServeRecords(
            new ApplianceId("north-1"), "boot", 1, Long.MAX_VALUE, List.of(record(START, 10)));
    post(400, "v1/serve-records", Wire.write(lost));
    SteeringRecords odd =
        new SteeringRecords(new ApplianceId("s"), "b".repeat(500), 1, 0, List.of());
    post(400, "v1/steering-records", Wire.write(odd));
    for (String path : List.of("v1/serve-records", "v1/steering-records", "v1/fill-reports")) {
      for (String body :
          List.of("", "{", "null", "[1,2]", "{}", "{\"server\":7}", "{\"server\":\"../..\"}")) {
        post(400, path, body.getBytes(UTF_8));
      }
    }
    serve(204, "north-1", 1, record(START.minusSeconds(5), 100));
    wall.set(START.plusSeconds(300));
    assertEquals(100L, account().get("labelled"));
  }

  @Test
  void steeringRecords_beyondReason_doNotStopLabels() throws Exception {
    post(
        204,
        "v1/steering-records",
        Wire.write(
            new SteeringRecords(
                new ApplianceId("steering"),
                "boot",
                1,
                0,
                List.of(
                    answer(START.minusSeconds(6), Long.MAX_VALUE),
                    answer(Instant.MAX, 30),
                    answer(Instant.MIN, 30),
                    answer(START.minusSeconds(6), 30)))));
    serve(204, "n-1", 1, record(START.minusSeconds(5), 100));
    wall.set(START.plusSeconds(300));
    assertEquals(100L, account().get("labelled"));
    Map<?, ?> counts = (Map<?, ?>) misses().get("counts");
    assertEquals(2L, ((Number) counts.get("malformed")).longValue());
    assertEquals(1L, ((Number) counts.get("future")).longValue());
    assertEquals(2L, ((Number) counts.get("answers")).longValue());
  }

  @Test
  void fillReports_doubledOrBeyondReason_countOnce() throws Exception {
    FillReport report =
        new FillReport(
            new ApplianceId("stranger"),
            List.of(
                result(START, 100),
                result(START, Long.MAX_VALUE),
                result(START, -1),
                result(Instant.MAX, 10)));
    post(204, "v1/fill-reports", Wire.write(report));
    post(204, "v1/fill-reports", Wire.write(report));
    Map<?, ?> fill = (Map<?, ?>) json("v1/status").get("fill");
    assertEquals(100L, ((Number) fill.get("bytes")).longValue());
    assertEquals(1L, ((Number) fill.get("duplicates")).longValue());
    assertEquals(6, metric("oca_controller_records_refused_total"));
  }

  private static FillReport.Result result(Instant at, long bytes) {
    return new FillReport.Result(at, 1, FILE, true, FillReport.Source.PEER, bytes, 0, "");
  }

  private static ServeRecord record(Instant at, long bytes) {
    return new ServeRecord(at, FILE, "10.1.1.0", 206, 0, bytes, true, 1000, "part");
  }

  private static SteeringRecord answer(Instant at, long ttl) {
    return new SteeringRecord(
        at,
        1,
        null,
        "10.1.1.0",
        "10.1.0.0/16",
        "aurora/v0.mp4",
        FILE,
        new SiteId("north"),
        List.of(new SteeringRecord.Named(new ApplianceId("n-1"), new SiteId("north"), 5)),
        List.of(),
        0,
        ttl,
        0,
        false,
        "0000abcd");
  }

  private void serve(int status, String server, long sequence, ServeRecord... records)
      throws Exception {
    post(
        status,
        "v1/serve-records",
        Wire.write(
            new ServeRecords(new ApplianceId(server), "boot", sequence, 0, List.of(records))));
  }

  private void post(int status, String path, byte[] body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(controller.endpoint().http(path))
                .header("Content-Type", Wire.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString(UTF_8));
    assertEquals(
        status, answer.statusCode(), path + " " + new String(body, UTF_8) + " " + answer.body());
    if (status == 400) {
      assertTrue(answer.body().contains("detail"), answer.body());
    }
  }

  private String text(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(controller.endpoint().http(path)).build(),
            BodyHandlers.ofString(UTF_8))
        .body();
  }

  private Map<?, ?> json(String path) throws Exception {
    return Wire.read(text(path).getBytes(UTF_8), Map.class);
  }

  private Map<?, ?> misses() throws Exception {
    return json("v1/misses");
  }

  private Map<String, Long> account() throws Exception {
    Map<String, Long> account = new java.util.TreeMap<>();
    ((Map<?, ?>) misses().get("account"))
        .forEach((name, value) -> account.put((String) name, ((Number) value).longValue()));
    return account;
  }

  private long metric(String name) throws Exception {
    return text("metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }
}
