package oca.bench.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ByteSize;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillRecords;
import oca.protocol.FillReport;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecords;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.protocol.kafka.KafkaCluster;
import oca.protocol.kafka.Packing;
import oca.protocol.kafka.TopicWriter;
import oca.protocol.records.KafkaConfig;
import oca.protocol.records.RecordFileConfig;
import oca.protocol.records.RecordLog;
import oca.protocol.records.RecordsConfig;
import oca.server.Appliance;
import oca.server.ApplianceConfig;
import oca.server.records.FillLog;
import oca.server.records.ServeLog;
import oca.store.Admission;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Provenance;
import oca.store.StoreConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records by a real Kafka, from who serves to who counts, while brokers come and go. */
@Tag("kafka")
class KafkaRecordsTest {
  private static final String PATH = "aurora/v0.mp4";
  private static final ContentId FILE = ContentId.ofPath(PATH);
  private static final int LENGTH = 200_000;
  private static final ApplianceId STEERING = new ApplianceId("steering");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final HttpClient viewer = HttpClient.newHttpClient();
  private final AtomicLong sent = new AtomicLong();
  private final ControlListener publisher;
  private Broker broker;

  KafkaRecordsTest() throws IOException {
    publisher = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
  }

  @BeforeEach
  void prepare() throws Exception {
    CatalogEntry entry =
        new CatalogEntry(PATH, "aurora", LENGTH, sha256(), "video/mp4", Instant.EPOCH, null);
    publisher.route("GET", "/catalog", _ -> Response.message(new Catalog("1", List.of(entry))));
    publisher.start();
    broker = new Broker(folder.resolve("broker"), "");
  }

  @AfterEach
  void stop() {
    viewer.shutdownNow();
    publisher.close();
    broker.close();
  }

  @Test
  void demand_ofAnApplianceByKafka_isTheBytesItSent() throws Exception {
    broker.start();
    try (FillController controller = controller("oca-fill");
        Appliance appliance = Appliance.start(appliance())) {
      view(appliance, 50);
      awaitDemand(controller, sent.get());
      assertEquals(0, figure(controller, "oca_controller_intake_malformed_total"));
      assertEquals(0, figure(controller, "oca_controller_intake_gaps_total"));
      assertEvents(controller, appliance);
    }
  }

  /** What it says of itself is there, and the newest of it when it changes. */
  private void assertEvents(FillController controller, Appliance appliance) {
    await()
        .atMost(PATIENCE)
        .until(() -> text(controller, "v1/fleet-events").contains(appliance.bootId()));
    assertTrue(text(controller, "v1/fleet-events").contains("serving"));
    assertEquals(1, figure(controller, "oca_controller_fleet_missing"), "nobody beats here");
    appliance.drain(true);
    await().atMost(PATIENCE).until(() -> text(controller, "v1/fleet-events").contains("draining"));
    assertEquals(0, figure(controller, "oca_controller_fleet_missing"));
  }

  @Test
  void demand_brokerAwayAtStartAndAgainLater_isTheBytesSent() throws Exception {
    try (Appliance appliance = Appliance.start(appliance())) {
      view(appliance, 20);
      try (FillController controller = controller("oca-fill")) {
        await()
            .atMost(PATIENCE)
            .until(() -> figure(controller, "oca_controller_intake_failing") == 1);
        broker.start();
        awaitDemand(controller, sent.get());
        broker.kill();
        view(appliance, 20);
        await().atMost(PATIENCE).until(() -> appliance.status().records().spool().failing());
        view(appliance, 20);
        broker.start();
        awaitDemand(controller, sent.get());
        assertEquals(0, appliance.status().recordsDropped());
      }
    }
  }

  @Test
  void records_applianceStoppedWhileTheBrokerIsAway_comeAfterItsNextStart() throws Exception {
    try (Appliance appliance = Appliance.start(appliance())) {
      view(appliance, 20);
    }
    broker.start();
    try (FillController controller = controller("oca-fill");
        Appliance appliance = Appliance.start(appliance())) {
      awaitDemand(controller, sent.get());
      assertEquals(0, appliance.status().recordsDropped());
    }
  }

  @Test
  void records_beyondTheSpool_areCountedToTheLast() throws Exception {
    int batch = 200;
    int batches = 400;
    try (ControlClient unused = new ControlClient(Duration.ofSeconds(1));
        RecordLog<ServeRecord> log =
            ServeLog.start(new ApplianceId("north-1"), "boot", small(batch), unused)) {
      for (int i = 0; i < batches; i++) {
        for (int j = 0; j < batch; j++) {
          log.accept(record(i * batch + j));
        }
        long written = (long) (i + 1) * batch;
        await()
            .pollInterval(Duration.ofMillis(2))
            .atMost(PATIENCE)
            .until(() -> log.sinks().getFirst().written() == written);
      }
      long lost = log.spool().lost();
      assertTrue(lost > 0, "the spool had room for all");
      assertTrue(log.spool().bytes() <= log.spool().limit(), log.spool().toString());
      broker.start();
      try (FillController controller = controller("oca-fill")) {
        await()
            .atMost(PATIENCE)
            .until(() -> log.spool().delivered() == (long) batches * batch - lost);
        log.accept(record(0)); // tells of those lost, if none did yet
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    figure(controller, "oca_controller_intake_records_total")
                            + figure(controller, "oca_controller_intake_dropped_total")
                        == (long) batches * batch + 1);
        assertEquals(lost, figure(controller, "oca_controller_intake_dropped_total"));
        assertTrue(figure(controller, "oca_controller_intake_gaps_total") > 0);
      }
    }
  }

  @Test
  void resultsAndAnswers_byKafka_areCountedOnce() throws Exception {
    broker.start();
    KafkaCluster cluster = cluster();
    try (FillController controller = controller("oca-fill");
        ControlClient unused = new ControlClient(Duration.ofSeconds(1));
        RecordLog<FillReport.Result> log =
            FillLog.start(new ApplianceId("north-1"), "boot", small(10), unused);
        TopicWriter writer = writer(cluster)) {
      for (int i = 0; i < 30; i++) {
        log.accept(
            new FillReport.Result(
                Instant.ofEpochSecond(i), 1, FILE, true, FillReport.Source.PEER, 100, 0, ""));
      }
      byte[] answers =
          Packing.pack(Wire.write(new SteeringRecords(STEERING, "boot", 1, 0, List.of(answer()))));
      for (int time = 0; time < 2; time++) {
        writer.send(cluster.topic("steering"), "steering", answers).get();
      }
      await()
          .atMost(PATIENCE)
          .until(() -> figure(controller, "oca_controller_intake_records_total") == 32);
      Map<?, ?> status = (Map<?, ?>) get(controller, "v1/status", Map.class);
      assertEquals(30, ((Number) ((Map<?, ?>) status.get("fill")).get("files")).intValue());
      Map<?, ?> misses = (Map<?, ?>) get(controller, "v1/misses", Map.class);
      Map<?, ?> counts = (Map<?, ?>) misses.get("counts");
      assertEquals(1, ((Number) counts.get("answers")).intValue(), misses.toString());
      assertEquals(1, ((Number) counts.get("repeated batches")).intValue());
    }
  }

  private static SteeringRecord answer() {
    return new SteeringRecord(
        Instant.now(),
        17,
        "session",
        "127.0.0.0",
        "127.0.0.0/8",
        "aurora",
        FILE,
        new SiteId("north"),
        List.of(new SteeringRecord.Named(new ApplianceId("north-1"), new SiteId("north"), 1)),
        List.of(),
        0,
        30,
        0,
        false,
        "v");
  }

  @Test
  void records_sentTwiceAndReadTwice_countOnce() throws Exception {
    broker.start();
    KafkaCluster cluster = cluster();
    long bytes = 0;
    try (FillController controller = controller("oca-fill")) {
      try (TopicWriter writer = writer(cluster)) {
        for (int number = 1; number <= 20; number++) {
          byte[] message = Packing.pack(Wire.write(batch(number)));
          for (int time = 0; time < 2; time++) {
            writer.send(cluster.topic("serve"), "north-1", message).get();
          }
          bytes += 10L * number;
        }
      }
      awaitDemand(controller, bytes);
      await()
          .atMost(PATIENCE)
          .until(() -> figure(controller, "oca_controller_intake_batches_total") == 40);
    }
    // As after a crash before offsets were committed: all comes again, to the same database.
    try (FillController again = controller("another")) {
      await()
          .atMost(PATIENCE)
          .until(() -> figure(again, "oca_controller_intake_batches_total") == 40);
      assertEquals(bytes, demand(again));
    }
  }

  @Test
  void records_amongMalformedOnes_areCounted() throws Exception {
    broker.start();
    KafkaCluster cluster = cluster();
    try (FillController controller = controller("oca-fill");
        TopicWriter writer = writer(cluster)) {
      List<byte[]> hostile =
          List.of(
              new byte[0],
              "{}".getBytes(StandardCharsets.UTF_8),
              "[1, 2".getBytes(StandardCharsets.UTF_8),
              new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3},
              Packing.pack(new byte[2 << 20]),
              Wire.write(
                  new ServeRecords(
                      new ApplianceId("north-1"), "b".repeat(500), 1, 0, List.of(record(1)))),
              "{\"server\":\"north-1\",\"bootId\":\"b\",\"sequence\":1,\"dropped\":0,\"records\":[null]}"
                  .getBytes(StandardCharsets.UTF_8));
      for (String kind : List.of("serve", "steering", "fill")) {
        for (byte[] message : hostile) {
          writer.send(cluster.topic(kind), "north-1", message).get();
        }
      }
      writer
          .send(cluster.topic("serve"), "north-1", Wire.write(batch(7)))
          .get(); // not packed: as another's client may send it
      awaitDemand(controller, 70);
      await()
          .atMost(PATIENCE)
          .until(() -> figure(controller, "oca_controller_intake_malformed_total") >= 20);
    }
  }

  /** Each is a message, and would end in a number that no sum holds or a time that is none. */
  @Test
  void records_beyondReason_keepNothingElseAway() throws Exception {
    broker.start();
    KafkaCluster cluster = cluster();
    ApplianceId sender = new ApplianceId("north-1");
    SteeringRecord usual = answer();
    try (FillController controller = controller("oca-fill");
        TopicWriter writer = writer(cluster)) {
      ServeRecord huge = record(Long.MAX_VALUE);
      ServeRecord never =
          new ServeRecord(Instant.MAX, FILE, "127.0.0.0", 206, 0, 10, true, 1, "part");
      for (ServeRecords batch :
          List.of(
              new ServeRecords(sender, "boot", 1, 0, List.of(huge, huge, never, record(30))),
              new ServeRecords(sender, "boot", Long.MIN_VALUE, 0, List.of(record(1))),
              new ServeRecords(sender, "boot", 2, Long.MAX_VALUE, List.of(record(1))),
              batch(4))) {
        writer.send(cluster.topic("serve"), "north-1", Wire.write(batch)).get();
      }
      FillReport.Result result =
          new FillReport.Result(
              Instant.MAX, 1, FILE, true, FillReport.Source.PEER, Long.MAX_VALUE, 0, "");
      writer
          .send(
              cluster.topic("fill"),
              "north-1",
              Wire.write(new FillRecords(sender, "boot", 1, 0, List.of(result))))
          .get();
      SteeringRecord endless =
          new SteeringRecord(
              usual.at(),
              1,
              null,
              usual.client(),
              usual.network(),
              usual.key(),
              FILE,
              usual.nearest(),
              usual.chosen(),
              usual.passed(),
              0,
              Long.MAX_VALUE,
              0,
              false,
              "v");
      writer
          .send(
              cluster.topic("steering"),
              "steering",
              Wire.write(new SteeringRecords(STEERING, "boot", 1, 0, List.of(endless, usual))))
          .get();
      awaitDemand(controller, 70);
      await()
          .atMost(PATIENCE)
          .until(() -> figure(controller, "oca_controller_records_refused_total") == 4);
      await()
          .atMost(PATIENCE)
          .until(() -> figure(controller, "oca_controller_intake_malformed_total") == 2);
      await()
          .atMost(PATIENCE)
          .until(() -> text(controller, "v1/misses").contains("\"malformed\":1"));
      assertEquals(0, figure(controller, "oca_controller_intake_failing"));
      assertEquals(70, demand(controller));
    }
  }

  private void view(Appliance appliance, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      int length = 1000 + 17 * i;
      HttpResponse<byte[]> answer =
          viewer.send(
              HttpRequest.newBuilder(appliance.endpoint().http(PATH))
                  .header("Range", "bytes=100-" + (99 + length))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertEquals(206, answer.statusCode());
      assertEquals(length, answer.body().length);
      sent.addAndGet(length);
    }
  }

  private void awaitDemand(FillController controller, long bytes) {
    await().atMost(PATIENCE).until(() -> demand(controller) >= bytes);
    assertEquals(bytes, demand(controller));
  }

  private long demand(FillController controller) {
    Map<?, ?> status = (Map<?, ?>) get(controller, "v1/status", Map.class);
    Map<?, ?> demand = (Map<?, ?>) status.get("demand");
    return ((Number) demand.get("bytes")).longValue();
  }

  private long figure(FillController controller, String name) {
    return text(controller, "metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  private Object get(FillController controller, String path, Class<?> type) {
    try {
      return Wire.read(text(controller, path).getBytes(StandardCharsets.UTF_8), type);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String text(FillController controller, String path) {
    try {
      URI uri = controller.endpoint().http(path);
      return viewer
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private FillController controller(String group) throws Exception {
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "http://127.0.0.1:9/", interval: 100ms}
        regions: [{id: net, prefixes: [127.0.0.0/8], sites: [north]}]
        excluded: []
        records: {kafka: {bootstrap: ["%s"], group: %s, partitions: 3, replication: 1, message: 1MiB}}
        """
            .formatted(
                folder.resolve("state"),
                publisher.endpoint().http("catalog"),
                broker.bootstrap(),
                group);
    FillController controller =
        FillController.start(ConfigFile.parse("fill.yaml", yaml, FillConfig.class));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                text(controller, "v1/status").contains("\"files\" : 1")
                    || text(controller, "v1/status").contains("\"files\":1"));
    return controller;
  }

  private ApplianceConfig appliance() throws Exception {
    String yaml =
        """
        id: north-1
        site: north
        advertise: 127.0.0.1:0
        http: {listen: "127.0.0.1:0", transport: nio, eventLoops: 1, drainTimeout: 0s, drainIdle: 0s}
        store: {indexFolder: %1$s/index, volumes: [{path: %1$s/disk, capacity: 1GiB, reserve: 1MiB}]}
        admin: 127.0.0.1:0
        heartbeat: {steering: ["http://127.0.0.1:9"], interval: 200ms}
        records: {kafka: {bootstrap: ["%2$s"], spool: %1$s/spool, deliver: 2s}, interval: 50ms, backoffMax: 500ms}
        """
            .formatted(folder, broker.bootstrap());
    ApplianceConfig config = ConfigFile.parse("appliance.yaml", yaml, ApplianceConfig.class);
    fill();
    return config;
  }

  private RecordsConfig small(int batch) {
    return new RecordsConfig(
        Optional.empty(),
        Optional.of(
            new KafkaConfig(
                List.of(broker.bootstrap()),
                "oca",
                Optional.empty(),
                folder.resolve("small"),
                new ByteSize(256 << 10),
                new ByteSize(16 << 10),
                new ByteSize(8 << 10),
                Duration.ofSeconds(2),
                new ByteSize(1 << 20),
                RecordFileConfig.Sync.NEVER)),
        Optional.empty(),
        1 << 16,
        batch,
        Duration.ofMillis(5),
        Duration.ofMillis(50),
        Duration.ofMillis(500),
        100,
        Duration.ofSeconds(3));
  }

  private KafkaCluster cluster() {
    return new KafkaCluster(List.of(broker.bootstrap()), "oca", Optional.empty());
  }

  private static TopicWriter writer(KafkaCluster cluster) throws IOException {
    return TopicWriter.open(
        cluster, new TopicWriter.Settings("test", Duration.ofSeconds(20), 8 << 20));
  }

  private static ServeRecords batch(long number) {
    return new ServeRecords(
        new ApplianceId("north-1"), "boot", number, 0, List.of(record(10 * number)));
  }

  private static ServeRecord record(long bytes) {
    return new ServeRecord(
        Instant.now(), FILE, "127.0.0.0", 206, 0, bytes, true, 1, "hit-" + bytes);
  }

  private void fill() throws Exception {
    ContentKey key = new ContentKey(FILE.high(), FILE.low());
    try (DiskStore store =
        DiskStore.open(
            StoreConfig.of(
                List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 1L << 30, 1 << 20)),
                folder.resolve("index")))) {
      store.recovery().join();
      if (store.describe(key) != null) {
        return;
      }
      ContentMeta meta = new ContentMeta(key, LENGTH, sha256(), "video/mp4", 1_767_225_600);
      FillRequest request = new FillRequest(meta, null, new Provenance("test", 1, 1, 1));
      if (!(store.fill(request) instanceof Admission.Admitted(FillSession session))) {
        throw new AssertionError("the store refuses the file");
      }
      try (session) {
        session.append(ByteBuffer.wrap(new byte[LENGTH]));
        session.commit();
      }
    }
  }

  private static String sha256() throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(new byte[LENGTH]));
  }
}
