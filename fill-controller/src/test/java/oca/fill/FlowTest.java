package oca.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.placement.Explanation;
import oca.fill.ready.TitleReadiness;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the whole controller makes of windows, of masters that die and of releases. */
class FlowTest {
  private static final long MIB = 1 << 20;
  private static final Instant EVENING = Instant.parse("2026-11-11T20:00:00Z");
  private static final Instant OPENING = Instant.parse("2026-11-12T02:00:00Z");

  @TempDir Path folder;

  private final AtomicReference<Instant> wall = new AtomicReference<>(EVENING);
  private final Map<String, Long> sequences = new HashMap<>();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener origin;
  private final List<FillController> controllers = new ArrayList<>();

  FlowTest() throws IOException {
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(catalog()));
    origin.start();
  }

  @AfterEach
  void stop() {
    controllers.forEach(FillController::close);
    client.close();
    origin.close();
  }

  @Test
  void windows_ofSingleSites_openByThemselves() throws Exception {
    start(
        "lease: 5min\nflow: {windows: [{sites: [south], opens: \"04:00\", closes: \"06:00\", zone:"
            + " UTC}]}\n");
    beat("n-1", "north");
    beat("s-1", "south");
    sendDemand();
    wall.set(OPENING.plusSeconds(1));
    await().until(() -> version("n-1") == 1 && version("s-1") == 1);
    assertEquals(OPENING, manifest("n-1").window().opens());
    Instant south = OPENING.plus(Duration.ofHours(2));
    assertEquals(south, manifest("s-1").window().opens());
    Instant made = madeAt();
    wall.set(south.plusSeconds(1));
    await().until(() -> madeAt().isAfter(made));
  }

  @Test
  void master_thatDies_isReplacedByANewManifestInTheSameWindow() throws Exception {
    start("lease: 1s\nplacement: {minCopies: 2, maxCopiesPerSite: 2}\n");
    ScheduledExecutorService both = beating("n-1", "n-2");
    sendDemand();
    wall.set(OPENING.plusSeconds(1));
    await().until(() -> version("n-1") > 0 && version("n-2") > 0);
    assertTrue(
        manifest("n-2").entries().stream()
            .anyMatch(it -> it.sources().getLast().afterMillis() > 0));
    both.close();
    ScheduledExecutorService alone = beating("n-2");
    await()
        .until(
            () ->
                manifest("n-2").entries().stream()
                    .allMatch(it -> it.sources().getLast().afterMillis() == 0));
    alone.close();
  }

  @Test
  void release_beforeTheNextWindow_isStatedToldAndCounted() throws Exception {
    Path calendar = folder.resolve("releases.csv");
    Files.writeString(
        calendar,
        """
        file,release_period,kind
        t-1,2026-11-12T18:00:00Z,film
        t-2,2026-11-20T18:00:00Z,film
        t-3,2026-11-12T02:00:00Z,film
        """);
    start(
        "lease: 5min\nforecast: {calendar: \"%s\"}\nplacement: {minCopies: 1}\n"
            .formatted(calendar));
    beat("n-1", "north");
    sendDemand();
    wall.set(OPENING.plusSeconds(1));
    await().until(() -> version("n-1") == 1);
    Map<String, Instant> due = new HashMap<>();
    manifest("n-1").entries().stream()
        .filter(it -> it.due() != null)
        .forEach(it -> due.put(it.file().title(), it.due()));
    Instant released = Instant.parse("2026-11-12T18:00:00Z");
    assertEquals(Map.of("t-1", released, "t-3", OPENING), due, "t-2 has eight more windows");
    assertTrue(why("t-1").endsWith("in time."), why("t-1"));
    assertTrue(why("t-3").contains("cannot be there by then"), why("t-3"));
    assertFalse(why("t-2").contains("due"), why("t-2"));
    TitleReadiness readiness = client.get(uri("v1/titles/t-3/readiness"), TitleReadiness.class);
    TitleReadiness.Missing missing = readiness.sites().getFirst().missing().getFirst();
    assertEquals("after its release at " + OPENING, missing.why());
    List<String> notes =
        client.get(uri("v1/plans"), PlanEndpoint.Plans.class).plans().getFirst().notes();
    assertTrue(
        notes.getFirst().startsWith("1 files cannot be on n-1 when they are released"),
        notes.toString());
    try (InputStream metrics = uri("metrics").toURL().openStream()) {
      String text = new String(metrics.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(text.contains("oca_controller_fill_late 1.0"), text);
    }
  }

  private String why(String title) throws IOException {
    return client
        .get(uri("v1/plans/why?appliance=n-1&file=" + title), Explanation.class)
        .sentence();
  }

  private void start(String more) throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions:
          - {id: north-net, prefixes: [10.1.0.0/16], sites: [north]}
          - {id: south-net, prefixes: [10.2.0.0/16], sites: [south]}
        settle: 0s
        %s\
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"),
                more);
    controllers.add(
        FillController.start(
            ConfigFile.parse("fill.yaml", yaml, FillConfig.class), wall::get, System::nanoTime));
    await().until(() -> status().catalog().version().equals("1"));
  }

  /** Heartbeats of these until it is closed; one that fails ends them, and the test notices. */
  private ScheduledExecutorService beating(String... ids) {
    ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    ScheduledFuture<?> _ =
        beats.scheduleAtFixedRate(
            () -> {
              for (String id : ids) {
                try {
                  beat(id, "north");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            },
            0,
            100,
            TimeUnit.MILLISECONDS);
    return beats;
  }

  private void beat(String id, String site) throws IOException {
    long sequence = sequences.merge(id, 1L, Long::sum);
    Heartbeat heartbeat =
        new Heartbeat(
            new ApplianceId(id),
            new SiteId(site),
            new Endpoint(id, 8440),
            "boot",
            sequence,
            EVENING,
            new Health(false, 0, 100, 0, 1_000_000),
            100 * MIB,
            0,
            0);
    if (client.post(uri("v1/heartbeats"), heartbeat, HeartbeatReply.class).inventoryWanted()) {
      client.post(uri("v1/inventories"), new Inventory(new ApplianceId(id), "boot", 0, List.of()));
    }
  }

  private void sendDemand() throws IOException {
    List<ServeRecord> records = new ArrayList<>();
    for (CatalogEntry file : catalog().files()) {
      for (String network : List.of("10.1.7.0", "10.2.7.0")) {
        records.add(
            new ServeRecord(
                EVENING.minusSeconds(60),
                ContentId.ofPath(file.path()),
                network,
                206,
                0,
                40 * MIB,
                true,
                900,
                "part"));
      }
    }
    client.post(
        uri("v1/serve-records"),
        new ServeRecords(new ApplianceId("origin"), "boot", 1, 0, records));
  }

  private static Catalog catalog() {
    return new Catalog(
        "1",
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    new CatalogEntry(
                        "t-" + i + "/a.mp4",
                        "t-" + i,
                        10 * MIB,
                        "ab".repeat(32),
                        "video/mp4",
                        EVENING))
            .toList());
  }

  private long version(String id) throws IOException {
    return status().appliances().stream()
        .filter(it -> it.id().equals(id))
        .mapToLong(FillStatus.ApplianceLine::manifestVersion)
        .sum();
  }

  private Instant madeAt() throws IOException {
    return Instant.parse(status().plan().madeAt());
  }

  private FillStatus status() throws IOException {
    return client.get(uri("v1/status"), FillStatus.class);
  }

  private FillManifest manifest(String id) throws IOException {
    return client.get(uri("v1/manifests/" + id), FillManifest.class);
  }

  private URI uri(String path) {
    return controllers.getLast().endpoint().http(path);
  }
}
