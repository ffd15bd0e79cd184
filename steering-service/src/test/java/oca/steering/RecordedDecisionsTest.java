package oca.steering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Running;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.records.Change;
import oca.steering.records.DecisionFiles;
import oca.steering.records.Outlook;
import oca.steering.records.Replay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running service writes down what it answers; read back, every decision comes out again. */
class RecordedDecisionsTest {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final List<String> TITLES = List.of("aurora", "foundry", "harbour");
  private static final Map<String, String> SITES =
      Map.of("n-1", "north", "n-2", "north", "n-3", "north", "s-1", "south", "e-1", "east");

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));
  private final List<SteeringRecords> posted = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private long sequence;
  private String reloaded = "";
  private Endpoint plane;
  private Running<SteeringConfig> running;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    control.close();
    http.close();
  }

  @Test
  void replay_withoutAChange_givesEveryDecisionBitForBit() throws Exception {
    int asked = record(600, 1);
    List<Replay.Pair> pairs = new ArrayList<>();
    DecisionFiles.Tally tally =
        DecisionFiles.replay(DecisionFiles.of(folder.resolve("records")), Change.NONE, pairs::add);
    assertEquals(0, tally.malformed());
    assertEquals(asked, pairs.size());
    for (Replay.Pair pair : pairs) {
      assertEquals(pair.then(), pair.now());
    }
    Set<String> seen =
        pairs.stream()
            .flatMap(pair -> pair.then().passed().stream())
            .map(passed -> passed.why().label())
            .collect(Collectors.toSet());
    assertTrue(
        seen.containsAll(
            Set.of("draining", "unhealthy", "no headroom", "not held", "lease expired")),
        "the run was too quiet to show anything: " + seen);
    List<SteeringRecord.Named> named =
        pairs.stream().flatMap(pair -> pair.then().chosen().stream()).toList();
    for (SteeringRecord.Named one : named) {
      assertEquals(one.ageMillis() >= 3000 ? true : null, one.lastResort(), one.toString());
    }
    assertTrue(named.stream().anyMatch(one -> one.lastResort() != null), "somebody was needed");
    boolean complained =
        DecisionFiles.of(folder.resolve("records")).stream()
            .anyMatch(RecordedDecisionsTest::hasShares);
    assertTrue(complained, "players' complaints are among what decisions are made from");
    assertTrue(
        DecisionFiles.of(folder.resolve("records")).size() > 2, "several files, each by itself");
  }

  @Test
  void replay_settingsReloadedMeanwhile_givesEveryDecisionBitForBit() throws Exception {
    reloaded = "headroomFloor: 0.4\nlease: 5s\nlimits: { appliancesPerAnswer: 1 }\n";
    int asked = record(400, 6);
    List<Replay.Pair> pairs = new ArrayList<>();
    DecisionFiles.Tally tally =
        DecisionFiles.replay(DecisionFiles.of(folder.resolve("records")), Change.NONE, pairs::add);
    assertEquals(0, tally.malformed());
    assertEquals(asked, pairs.size());
    for (Replay.Pair pair : pairs) {
      assertEquals(pair.then(), pair.now());
    }
    assertEquals(2, pairs.stream().map(pair -> pair.then().version()).distinct().count());
  }

  @Test
  void post_always_hasTheSameRecordsAsTheFiles() throws Exception {
    int asked = record(80, 2);
    List<SteeringRecord> written = new ArrayList<>();
    DecisionFiles.replay(
        DecisionFiles.of(folder.resolve("records")), Change.NONE, pair -> written.add(pair.then()));
    List<SteeringRecord> sent = posted.stream().flatMap(batch -> batch.records().stream()).toList();
    assertEquals(asked, sent.size());
    assertEquals(
        written.stream().map(SteeringRecord::number).toList(),
        sent.stream().map(SteeringRecord::number).toList());
    SteeringRecord first = sent.getFirst();
    assertTrue(first.client().matches("127[.]0[.][01][.]0|198[.]51[.]100[.]0"), first.client());
    assertEquals(30, first.ttlSeconds());
    assertTrue(first.version().matches("[0-9a-f]{8}"), first.version());
    assertEquals("steering", posted.getFirst().server().value());
    assertTrue(sent.stream().anyMatch(record -> "viewer-1".equals(record.session())));
  }

  @Test
  void replay_siteDropped_namesNobodyThere() throws Exception {
    record(200, 3);
    Outlook outlook = new Outlook();
    Change change =
        new Change(Set.of(new SiteId("north")), Map.of(), OptionalDouble.empty(), Optional.empty());
    DecisionFiles.replay(DecisionFiles.of(folder.resolve("records")), change, outlook);
    Outlook.Place north =
        outlook.sum().sites().stream().filter(it -> it.site().equals("north")).findFirst().get();
    assertTrue(north.then() > 20, north.toString());
    assertEquals(0, north.now());
    assertEquals(0, outlook.sum().nearestNow());
  }

  @Test
  void replay_higherCutoff_keepsViewersFromTheFuller() throws Exception {
    record(200, 4);
    Outlook outlook = new Outlook();
    Change change =
        new Change(Set.of(), Map.of(), OptionalDouble.of(1), Optional.of(Duration.ofSeconds(60)));
    DecisionFiles.replay(DecisionFiles.of(folder.resolve("records")), change, outlook);
    assertTrue(outlook.sum().nearestNow() < outlook.sum().nearestThen(), outlook.sum().toString());
  }

  @Test
  void replay_tornAndForeignLines_areCountedAndTheRestIsRead() throws Exception {
    record(60, 5);
    Path file = DecisionFiles.of(folder.resolve("records")).getFirst();
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    int decision = lines.size() - 1;
    lines.add(decision, "{\"decision\":{\"record\":");
    lines.add(decision, "not JSON");
    lines.add(decision, "{\"setup\":{\"format\":99}}");
    lines.add("{\"member\":");
    Files.write(file, lines);
    List<Replay.Pair> pairs = new ArrayList<>();
    DecisionFiles.Tally tally = DecisionFiles.replay(List.of(file), Change.NONE, pairs::add);
    assertEquals(4, tally.malformed());
    assertTrue(pairs.stream().allMatch(Replay.Pair::isSame));
    assertTrue(pairs.size() > 0);
  }

  private static boolean hasShares(Path file) {
    try {
      return Files.readString(file).contains("{\"shares\":{\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks so many times while the fleet changes; how many answers were given. */
  private int record(int asks, long seed) throws Exception {
    Random chance = new Random(seed);
    Steering steering = start();
    for (String id : SITES.keySet()) {
      beat(steering, id, chance, true);
    }
    for (int i = 0; i < asks; i++) {
      if (i == asks / 2 && !reloaded.isEmpty()) {
        running.current().replace(config(reloaded));
      }
      now.set(now.get().plusMillis(chance.nextInt(900)));
      pass(steering, Duration.ofMillis(chance.nextInt(3) * 200L));
      String id = List.copyOf(SITES.keySet()).get(chance.nextInt(SITES.size()));
      if (chance.nextInt(3) > 0) {
        beat(steering, id, chance, chance.nextInt(4) == 0);
      }
      if (chance.nextInt(10) == 0) {
        complain(steering, chance.nextInt(12));
      }
      String title = TITLES.get(chance.nextInt(TITLES.size()));
      String what =
          switch (chance.nextInt(5)) {
            case 0 -> "/v1/steer?path=" + title + "/v0.mp4&sid=viewer-" + chance.nextInt(3);
            case 1 -> "/v1/playback/" + title + "?CMCD=sid%3D%22viewer-1%22";
            case 2 -> "/v1/hls/" + title + "?_HLS_pathway=n-1";
            case 3 -> "/v1/redirect/" + title + "/a0.mp4";
            default -> "/v1/dash/" + (chance.nextBoolean() ? title : "nothing");
          };
      String client =
          chance.nextInt(10) == 0 ? "198.51.100.7" : "127.0." + chance.nextInt(2) + ".9";
      http.send(
          HttpRequest.newBuilder(
                  uri(steering, what + (what.contains("?") ? "&" : "?") + "client=" + client))
              .build(),
          BodyHandlers.discarding());
    }
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    open.clear();
    return asks;
  }

  private void complain(Steering steering, int networks) throws Exception {
    String line = "h=\"h-n-1\",bs,v=2,e=t,ts=1\n";
    for (int i = 0; i < networks; i++) {
      http.send(
          HttpRequest.newBuilder(uri(steering, "/v1/cmcd?client=10." + i + ".1.1"))
              .header("Content-Type", "application/cmcd")
              .POST(BodyPublishers.ofString(line.repeat(5), UTF_8))
              .build(),
          BodyHandlers.discarding());
    }
    steering.weigh();
  }

  private void beat(Steering steering, String id, Random chance, boolean inventory)
      throws IOException {
    int trouble = chance.nextInt(8);
    ApplianceId appliance = new ApplianceId(id);
    Heartbeat beat =
        new Heartbeat(
            appliance,
            new SiteId(SITES.getOrDefault(id, "")),
            new Endpoint("h-" + id, 8440),
            "boot",
            ++sequence,
            now.get(),
            new Health(
                trouble == 0,
                trouble == 1 ? 995 : chance.nextInt(900),
                1000,
                chance.nextInt(1000),
                10_000,
                trouble == 2 ? "a disk is broken" : null),
            1L << 40,
            1L << 30,
            sequence,
            null,
            trouble == 3 ? List.of(ContentId.ofPath("aurora/v0.mp4")) : List.of(),
            trouble == 4 ? 1000L : null);
    control.post(uri(steering, "/v1/heartbeats"), beat);
    if (inventory) {
      List<ContentId> held = new ArrayList<>();
      for (String title : TITLES) {
        if (chance.nextInt(3) > 0) {
          held.add(ContentId.ofPath(title + "/v0.mp4"));
          held.add(ContentId.ofPath(title + "/a0.mp4"));
        }
      }
      control.post(
          uri(steering, "/v1/inventories"), new Inventory(appliance, "boot", sequence, held));
    }
  }

  private void pass(Steering steering, Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      steering.tick();
    }
  }

  private SteeringConfig config(String more) throws ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites:
          - { id: north, latitude: 53.55, longitude: 10.00 }
          - { id: south, latitude: 48.14, longitude: 11.58 }
          - { id: east, latitude: 52.52, longitude: 13.40 }
        networks: [{ prefix: 127.0.0.0/8, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        catalogInterval: 10ms
        trustClientParameter: true
        qoe: { leastReports: 4, perNetwork: 1 }
        recording:
          to:
            target: %s
            flush: 60s
            file: { folder: %s, maxFile: 64KiB, maxTotal: 64MiB }
        fleet: { lostShare: 1 }
        %s\
        """
            .formatted(
                plane.http("catalog.json"),
                plane.http("v1/steering-records"),
                folder.resolve("records"),
                more);
    return ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class);
  }

  private Steering start() throws IOException, ConfigException {
    List<CatalogEntry> files = new ArrayList<>();
    for (String title : TITLES) {
      for (String name : List.of("v0.mp4", "a0.mp4")) {
        files.add(
            new CatalogEntry(
                title + "/" + name, title, 100, "ab".repeat(32), "video/mp4", Instant.EPOCH));
      }
    }
    ControlListener other =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog.json", _ -> Response.message(new Catalog("7", files)))
            .route("POST", "/v1/steering-records", this::take);
    other.start();
    open.add(other);
    plane = other.endpoint();
    running = Running.fixed(config(""));
    Steering steering = Steering.start(running, now::get, nanos::get, 7);
    open.add(steering);
    await()
        .until(
            () ->
                http.send(
                        HttpRequest.newBuilder(uri(steering, "/v1/status")).build(),
                        BodyHandlers.ofString())
                    .body()
                    .contains("\"version\":\"7\""));
    return steering;
  }

  private Response take(Request request) throws IOException {
    posted.add(request.message(SteeringRecords.class));
    return Response.empty(204);
  }

  private static URI uri(Steering steering, String path) {
    return URI.create("http://" + steering.endpoint() + path);
  }
}
