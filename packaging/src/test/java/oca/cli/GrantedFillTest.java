package oca.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.server.Appliance;
import oca.server.ApplianceConfig;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real appliance that fills by the grants of a real controller. */
class GrantedFillTest {
  private static final int MIB = 1 << 20;
  private static final String LONG = "long/a.mp4";

  @TempDir Path folder;

  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Catalog catalog = new Catalog("0", List.of());
  private ControlListener origin;
  private FillController controller;
  private Appliance appliance;

  private record Job(
      long job,
      String path,
      String state,
      boolean paused,
      int attempt,
      long generation,
      long bytes,
      long plan,
      String why) {}

  private record Jobs(List<Job> jobs) {}

  @BeforeEach
  void start() throws Exception {
    publish(LONG, 4 * MIB);
    for (int i = 0; i < 4; i++) {
      publish("short-" + i + "/a.mp4", 50_000);
    }
    catalog = catalog("1");
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(catalog))
            .route("GET", "/", this::serve);
    origin.start();
    startController("127.0.0.1:0");
    startAppliance();
    eventually().until(() -> client.post(uri("v1/plan"), Map.of()).length > 0);
  }

  @AfterEach
  void stop() {
    appliance.close();
    controller.close();
    client.close();
    origin.close();
  }

  @Test
  void commands_onARealFill_stopItAndHaveItGoOn() throws Exception {
    eventually().until(() -> !asked(LONG).isEmpty() && fetched() >= MIB + 400_000);
    Job running = job(LONG);
    assertEquals("granted", running.state());
    assertTrue(running.generation() > 0);
    assertTrue(running.plan() > 0, "a version: " + running.plan());
    assertTrue(appliance.status().fill().flow().grants() > 0);
    assertTrue(appliance.status().fill().flow().granting());

    command(running, "pause");
    eventually().until(() -> appliance.status().fill().running() == 0);
    assertTrue(job(LONG).paused());
    assertEquals("queued", job(LONG).state());
    int before = asked(LONG).size();

    command(running, "resume");
    eventually().until(() -> asked(LONG).size() > before);
    long first = first(asked(LONG).get(before));
    assertTrue(first >= MIB && first % MIB == 0, "it goes on after whole blocks, at " + first);
    eventually().until(() -> job(LONG).state().equals("granted"));
    assertEquals(2, job(LONG).attempt());

    command(running, "cancel");
    eventually().until(() -> appliance.status().fill().running() == 0);
    assertEquals("cancelled", job(LONG).state());
    eventually().until(() -> appliance.status().fill().filled() == 4);
    assertTrue(fetched() < 4 * MIB, "only the short ones as a whole: " + fetched());
  }

  @Test
  void reprioritise_oneThatWaits_hasItFetchedBeforeThoseBeforeIt() throws Exception {
    eventually().until(() -> !asked(LONG).isEmpty());
    for (int i = 0; i < 4; i++) {
      publish("late-" + i + "/a.mp4", 600_000);
    }
    catalog = catalog("2");
    eventually()
        .until(
            () -> {
              client.post(uri("v1/plan"), Map.of());
              return queued("late-").size() >= 3;
            });
    Job last = queued("late-").getLast();
    client.post(uri("v1/jobs/" + last.job() + "/reprioritise"), Map.of("value", 1e12));
    // One may have been granted ahead of its turn before the command came.
    List<Job> waiting = queued("late-").stream().filter(it -> it.job() != last.job()).toList();
    assertFalse(waiting.isEmpty(), "there is something to come before");

    eventually()
        .until(
            () ->
                !asked(last.path()).isEmpty()
                    && waiting.stream().allMatch(it -> !asked(it.path()).isEmpty()));
    int turn = asked.indexOf(asked(last.path()).getFirst());
    for (Job job : waiting) {
      assertTrue(turn < asked.indexOf(asked(job.path()).getFirst()), asked.toString());
    }
  }

  @Test
  void controller_away_isNotWaitedForAndLearnsItLater() throws Exception {
    eventually().until(() -> fetched() > 0);
    String listening = controller.endpoint().toString();
    controller.close();
    eventually().until(() -> !appliance.status().fill().flow().granting());
    eventually().until(() -> appliance.status().fill().filled() == 5);

    startController(listening);
    eventually().until(() -> job(LONG).state().equals("done"));
    eventually().until(() -> appliance.status().fill().flow().granting());
    eventually().until(() -> appliance.status().fill().flow().grants() == 0);
  }

  private long fetched() {
    return appliance.status().fill().bytesFromOrigins();
  }

  /** The first byte that was asked for. */
  private static long first(String request) {
    return Long.parseLong(
        request.substring(request.indexOf('=') + 1, request.indexOf('-', LONG.length())));
  }

  private void startController(String listen) throws Exception {
    LocalTime now = LocalTime.now(ZoneOffset.UTC);
    DateTimeFormatter minutes = DateTimeFormatter.ofPattern("HH:mm");
    String yaml =
        """
        listen: %s
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions: [{id: net, prefixes: [10.1.0.0/16], sites: [north]}]
        window: {opens: "%s", closes: "%s", zone: UTC}
        fillRate: 1MB
        settle: 0s
        jobs: {inventories: 100ms}
        """
            .formatted(
                listen,
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http(""),
                now.minusHours(2).format(minutes),
                now.plusHours(4).format(minutes));
    controller = FillController.start(ConfigFile.parse("fill", yaml, FillConfig.class));
  }

  private void startAppliance() throws Exception {
    String yaml =
        """
        id: north-1
        site: north
        advertise: "127.0.0.1:9"
        http: {listen: "127.0.0.1:0", transport: nio, eventLoops: 1, drainTimeout: 0s}
        store:
          indexFolder: %s
          volumes: [{path: %s, capacity: 100MB}]
        admin: "127.0.0.1:0"
        controller: "%s"
        controlTimeout: 2s
        heartbeat: {interval: 100ms}
        fill:
          manifestInterval: 100ms
          workers: 1
          retry: 500ms
          reportInterval: 100ms
          grants: {patience: 10s, poll: 500ms, ahead: 1, progress: 50ms}
        """
            .formatted(
                folder.resolve("index"), folder.resolve("disk"), controller.endpoint().http(""));
    appliance = Appliance.start(ConfigFile.parse("appliance", yaml, ApplianceConfig.class));
  }

  private Response serve(Request request) {
    String path = request.path().substring(1);
    byte[] bytes = files.get(path);
    if (bytes == null) {
      return Response.problem(404, path);
    }
    String range = request.header("range").orElse("bytes=0-");
    asked.add(path + " " + range);
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int first = Integer.parseInt(ends[0]);
    int last = ends[1].isEmpty() ? bytes.length - 1 : Integer.parseInt(ends[1]);
    byte[] part = Arrays.copyOfRange(bytes, first, last + 1);
    return request.header("range").isEmpty()
        ? Response.bytes("video/mp4", part)
        : new Response(
            206,
            Map.of(
                "Content-Type",
                "video/mp4",
                "Content-Range",
                "bytes " + first + "-" + last + "/" + bytes.length),
            part);
  }

  private void publish(String path, int length) {
    byte[] bytes = new byte[length];
    new Random(path.hashCode()).nextBytes(bytes);
    files.put(path, bytes);
  }

  private Catalog catalog(String version) {
    List<CatalogEntry> entries = new ArrayList<>();
    files.forEach((path, bytes) -> entries.add(entry(path, bytes)));
    return new Catalog(version, entries);
  }

  /** Those that no grant was given for, the next first. */
  private List<Job> queued(String prefix) throws IOException {
    return client.get(uri("v1/jobs?limit=100"), Jobs.class).jobs().stream()
        .filter(it -> it.path().startsWith(prefix) && it.state().equals("queued"))
        .toList();
  }

  private static CatalogEntry entry(String path, byte[] bytes) {
    String title = path.substring(0, path.indexOf('/'));
    return new CatalogEntry(path, title, bytes.length, sha256(bytes), "video/mp4", Instant.EPOCH);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> asked(String path) {
    return asked.stream().filter(it -> it.startsWith(path)).toList();
  }

  private void command(Job job, String what) throws IOException {
    client.post(uri("v1/jobs/" + job.job() + "/" + what), Map.of());
  }

  private Job job(String path) throws IOException {
    return client.get(uri("v1/jobs?limit=100"), Jobs.class).jobs().stream()
        .filter(it -> it.path().equals(path))
        .findFirst()
        .orElse(new Job(0, path, "", false, 0, 0, 0, 0, ""));
  }

  private URI uri(String path) {
    return controller.endpoint().http(path);
  }

  private static ConditionFactory eventually() {
    return await().ignoreExceptions().atMost(Duration.ofSeconds(20));
  }
}
