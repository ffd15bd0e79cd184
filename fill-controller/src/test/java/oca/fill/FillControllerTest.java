package oca.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillStatus.ApplianceLine;
import oca.fill.viewers.ViewerFigure;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.BlockList;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillManifest;
import oca.protocol.FillProgress;
import oca.protocol.FillReport;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller over real HTTP, its wall clock in the test's hand. */
class FillControllerTest {
  private static final long MIB = 1 << 20;
  private static final Instant EVENING = Instant.parse("2026-11-10T20:00:00Z");
  private static final Instant OPENING = Instant.parse("2026-11-11T02:00:00Z");
  private static final Map<String, String> SITES =
      Map.of("n-1", "north", "n-2", "north", "s-1", "south", "s-2", "south");

  @TempDir Path folder;

  private final AtomicReference<Instant> wall = new AtomicReference<>(EVENING);
  private final AtomicReference<Catalog> offered = new AtomicReference<>(catalog("1"));
  private final Map<String, Long> sequences = new HashMap<>();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener origin;
  private FillController controller;

  FillControllerTest() throws IOException {
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", request -> catalogAnswer(request.header("if-none-match")));
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
          - {id: south-net, prefixes: [10.2.0.0/16], sites: [south]}
        excluded: [127.0.0.0/8]
        settle: 0s
        lease: 5min
        jobs: {inventories: 100ms}
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", yaml, FillConfig.class), wall::get, System::nanoTime);
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    origin.close();
  }

  @Test
  void journey_demandThenOpening_placesPopularTitlesWhereTheyAreAskedFor() throws IOException {
    awaitCatalog("1");
    beatAll();
    sendDemand("origin", 1);
    assertThrows(IOException.class, () -> manifest("n-1"), "no window has opened yet");

    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);
    for (String id : SITES.keySet()) {
      FillManifest manifest = manifest(id);
      long bytes = manifest.entries().stream().mapToLong(e -> e.file().length()).sum();
      assertTrue(bytes <= 95 * MIB, id + " is over its capacity: " + bytes);
      assertTrue(bytes > 60 * MIB, id + " is left empty: " + bytes);
      assertEquals(OPENING, manifest.window().opens());
      assertEquals(150_000_000, manifest.bytesPerSecond());
      manifest
          .entries()
          .forEach(
              e ->
                  assertEquals(
                      origin.endpoint().http("content/" + e.file().path()),
                      e.sources().getLast().uri()));
    }
    int files = 0;
    for (String id : SITES.keySet()) {
      files += manifest(id).entries().size();
    }
    FillStatus.JobsLine waiting = new FillStatus.JobsLine(files, 0);
    await().until(() -> status().jobs().equals(waiting));
    assertEquals(Set.of("n-1", "n-2"), holders("north-hit", "north"));
    assertEquals(Set.of("s-1", "s-2"), holders("south-hit", "south"));
    assertEquals("north-hit", manifest("n-1").entries().getFirst().file().title());
    assertEquals(2, manifest("n-1").entries().getFirst().sources().size());
    PlacementAnswer answer = placement("path=north-hit/a.mp4");
    assertEquals("POPULAR", answer.sites().getFirst().reason());
    assertTrue(answer.sites().getFirst().why().startsWith("rank 1 at north with"));
  }

  @Test
  void window_open_nothingChangesUntilTheNext() throws IOException {
    awaitCatalog("1");
    beatAll();
    sendDemand("origin", 1);
    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);
    FillManifest first = manifest("n-1");
    sendDemand("origin", 2);
    wall.set(OPENING.plusSeconds(3600));
    beatAll();
    assertEquals(
        Set.of(1L),
        Set.copyOf(status().appliances().stream().map(a -> a.manifestVersion()).toList()));
    assertTrue(client.getIfChanged(uri("v1/manifests/n-1"), "\"1\"", FillManifest.class).isEmpty());

    beat("n-3", "north", Set.of());
    await().until(() -> version("n-3") == 1);
    wall.set(OPENING.plus(Duration.ofDays(1)));
    beatAll();
    await().until(() -> manifest("n-1").version() > first.version());
    await().until(() -> manifest("n-1").window().opens().equals(OPENING.plus(Duration.ofDays(1))));
  }

  @Test
  void plan_forcedOutsideTheWindow_isForTheNextAndMadeAnewAtItsOpening() throws IOException {
    assertThrows(IOException.class, () -> client.post(uri("v1/plan"), Map.of()));
    awaitCatalog("1");
    beatAll();
    sendDemand("origin", 1);
    client.post(uri("v1/plan"), Map.of());
    assertEquals(1, manifest("n-1").version());
    assertEquals(OPENING, manifest("n-1").window().opens());
    assertFalse(status().plan().windowOpen());
    Instant forced = Instant.parse(status().plan().madeAt());
    wall.set(OPENING.plusSeconds(1));
    await().until(() -> Instant.parse(status().plan().madeAt()).isAfter(forced));
    assertEquals(1, manifest("n-1").version(), "the same content keeps its version");
  }

  @Test
  void restart_always_keepsDemandVersionsAndReasons() throws Exception {
    awaitCatalog("1");
    beatAll();
    sendDemand("origin", 1);
    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);
    FillManifest before = manifest("s-1");
    PlacementAnswer why = placement("title=south-hit");
    controller.close();
    start();
    assertEquals(before, manifest("s-1"));
    assertEquals(why, placement("title=south-hit"));
    sendDemand("origin", 1);
    FillStatus status = status();
    assertEquals(1, status.demand().duplicateBatches());
    assertEquals(1, status.demand().batches());
    beatAll();
    assertEquals(before, manifest("s-1"));
  }

  @Test
  void catalog_knownPathWithOtherBytes_isRefusedAndTheOldStays() throws IOException {
    awaitCatalog("1");
    List<CatalogEntry> changed = new ArrayList<>(catalog("2").files());
    CatalogEntry first = changed.getFirst();
    changed.set(0, entry(first.path(), first.title(), first.length() + 1));
    offered.set(new Catalog("2", changed));
    await().until(() -> status().catalog().problem().contains(first.path()));
    assertEquals("1", status().catalog().version());
    assertTrue(status().catalog().problem().contains("under a new path"));
    offered.set(catalog("3"));
    awaitCatalog("3");
    await().until(() -> status().catalog().problem().isEmpty());
  }

  @Test
  void blockLists_inTheCatalogue_goWithTheirFileAndCountAsBytesButNotAsDemand() throws IOException {
    List<CatalogEntry> files = new ArrayList<>(catalog("1").files());
    files.removeFirst();
    files.add(listed("north-hit/a.mp4", "north-hit", 20 * MIB, "north-hit/a.blocks"));
    files.addFirst(entry("north-hit/a.blocks", "north-hit", 20 * 32));
    files.add(listed("quiet/a.mp4", "quiet", MIB + 1, "quiet/a.blocks"));
    files.add(entry("quiet/a.blocks", "quiet", 2 * 32));
    offered.set(new Catalog("2", files));
    awaitCatalog("2");
    beatAll();
    sendDemand("origin", 1);
    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);

    for (String id : holders("north-hit", "north")) {
      List<String> paths =
          manifest(id).entries().stream()
              .map(e -> e.file())
              .filter(file -> file.title().equals("north-hit"))
              .map(CatalogEntry::path)
              .toList();
      assertEquals(List.of("north-hit/a.blocks", "north-hit/a.mp4", "north-hit/b.mp4"), paths);
      assertEquals(
          new BlockList((int) MIB, "north-hit/a.blocks"),
          manifest(id).entries().stream()
              .filter(e -> e.file().path().equals("north-hit/a.mp4"))
              .findFirst()
              .orElseThrow()
              .file()
              .blocks());
    }
    assertTrue(!holders("north-hit", "north").isEmpty());
    assertEquals(30 * MIB + 20 * 32, placement("title=north-hit").bytes());
    PlacementAnswer quiet = placement("title=quiet");
    assertEquals(MIB + 1 + 2 * 32, quiet.bytes());
    quiet.sites().forEach(site -> assertEquals(1.0, site.expectedBytes(), "the prior of one file"));
    assertEquals(2, quiet.sites().size());
  }

  @Test
  void heldFiles_inInventories_becomePeersInTheSources() throws IOException {
    awaitCatalog("1");
    ContentId file = ContentId.ofPath("north-hit/a.mp4");
    beatAll();
    beat("n-2", "north", Set.of(file));
    sendDemand("origin", 1);
    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);
    FillManifest.Entry entry =
        manifest("n-1").entries().stream()
            .filter(e -> e.file().id().equals(file))
            .findFirst()
            .orElseThrow();
    assertEquals(endpoint("n-2").http("north-hit/a.mp4"), entry.sources().getFirst().uri());
    assertEquals(1, line("n-2").heldOfPlanned());
  }

  @Test
  void reports_always_areInTheStatus() throws IOException {
    client.post(
        uri("v1/fill-reports"),
        new FillReport(
            new ApplianceId("n-1"),
            List.of(
                new FillReport.Result(
                    EVENING, 1, ContentId.ofPath("x"), true, FillReport.Source.PEER, 10, 3, ""))));
    assertEquals(7, status().fill().peerBytes());
    assertEquals(3, status().fill().originBytes());
  }

  @Test
  void jobs_ofAPlan_areGrantedToWhoAsksAndDoneWhenHeld() throws IOException {
    awaitCatalog("1");
    beatAll();
    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);
    int files = manifest("n-1").entries().size();
    await().until(() -> page("appliance=n-1&state=queued&limit=1000").jobs().size() == files);
    assertEquals(3, page("appliance=n-1&limit=3").jobs().size());
    Long next = page("appliance=n-1&limit=3").next();
    assertEquals(files - 3, page("appliance=n-1&limit=1000&cursor=" + next).jobs().size());

    FillAsk ask = new FillAsk(new ApplianceId("n-1"), "boot", 2, 0, List.of());
    FillGrant granted = client.post(uri("v1/fill/asks"), ask, FillGrant.class);
    assertEquals(2, granted.grants().size());
    FillGrant.Grant first = granted.grants().getFirst();
    CatalogEntry wanted = manifest("n-1").entries().getFirst().file();
    assertEquals(wanted.path(), first.path());
    assertEquals(wanted.sha256(), first.sha256());
    assertEquals(1, job(first.job()).plan(), "as the plan's makers know it");
    client.post(
        uri("v1/fill/progress"),
        new FillProgress(
            new ApplianceId("n-1"),
            List.of(
                new FillProgress.Item(
                    first.job(),
                    first.generation(),
                    first.attempt(),
                    FillProgress.State.HELD,
                    wanted.length(),
                    0,
                    ""))));
    assertEquals("done", job(first.job()).state());
    assertEquals(1, page("appliance=n-1&state=granted").jobs().size());

    long second = granted.grants().getLast().job();
    client.post(uri("v1/jobs/" + second + "/pause"), Map.of());
    assertTrue(job(second).paused());
    assertEquals("queued", job(second).state());
    client.post(
        uri("v1/jobs/" + second + "/reprioritise"),
        Map.of("value", 7, "deadline", "2026-11-12T00:00:00Z"));
    assertEquals(7, job(second).value());
    client.post(uri("v1/jobs/" + second + "/resume"), Map.of());
    client.post(uri("v1/jobs/" + second + "/cancel"), Map.of());
    assertEquals("cancelled", job(second).state());
    assertTrue(job(second).why().startsWith("cancel by 127."), job(second).why());
    assertFails("409", "has ended", () -> client.post(uri("v1/jobs/" + second + "/pause"), ""));
    assertFails("404", "no job 999", () -> job(999));
    assertFails("400", "no command jump", () -> client.post(uri("v1/jobs/1/jump"), ""));
  }

  @Test
  void jobs_filledByManifest_followReportsAndInventories() throws IOException {
    awaitCatalog("1");
    beatAll();
    wall.set(OPENING.plusSeconds(1));
    awaitVersions(1);
    await().until(() -> !page("appliance=s-1&state=queued").jobs().isEmpty());
    List<FillManifest.Entry> entries = manifest("s-1").entries();
    ContentId reported = entries.getFirst().file().id();
    client.post(
        uri("v1/fill-reports"),
        new FillReport(
            new ApplianceId("s-1"),
            List.of(
                new FillReport.Result(
                    EVENING, 1, reported, true, FillReport.Source.ORIGIN, 10, 10, ""))));
    assertEquals(
        List.of(reported.toString()),
        page("appliance=s-1&state=done").jobs().stream().map(JobAnswer::file).toList());
    beat("s-1", "south", Set.of(reported, entries.get(1).file().id()));
    await().until(() -> page("appliance=s-1&state=done").jobs().size() == 2);
    assertEquals("", client.get(uri("v1/engine"), JobRoom.Status.class).fault());
  }

  private JobAnswer.Page page(String query) throws IOException {
    return client.get(uri("v1/jobs?" + query), JobAnswer.Page.class);
  }

  private JobAnswer job(long number) throws IOException {
    return client.get(uri("v1/jobs/" + number), JobAnswer.class);
  }

  @Test
  void requests_malformedOrUnknown_areToldApart() {
    assertFails("400", "line 1", () -> client.post(uri("v1/heartbeats"), "text"));
    assertFails("404", "n-9", () -> client.get(uri("v1/manifests/n-9"), FillManifest.class));
    assertFails("404", "x", () -> placement("title=x"));
    assertFails("400", "name a title", () -> placement(""));
    assertFails("409", "catalogue", this::planWithoutCatalog);
  }

  @Test
  void start_databaseInUse_namesItAndFreesTheAddress() {
    IOException e = assertThrows(IOException.class, this::start);
    assertTrue(e.getMessage().contains("in use by another process"), e.getMessage());
  }

  private void planWithoutCatalog() throws IOException {
    controller.close();
    offered.set(new Catalog("", List.of()));
    folder = folder.resolve("other");
    try {
      start();
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
    client.post(uri("v1/plan"), Map.of());
  }

  @Test
  void viewers_ofPostedRecords_areShownBySiteWithWhatIsWrong() throws IOException {
    beatAll();
    List<ServeRecord> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      records.add(
          new ServeRecord(
              wall.get().minusSeconds(3),
              ContentId.ofPath("north-hit/a.mp4"),
              i == 0 ? "127.0.0.0" : "10.1.7.0",
              i < 30 ? 206 : 503,
              0,
              MIB,
              true,
              900,
              "part",
              new Playback("s" + i % 5, null, "video", "vod", 4000, null, null, false, false),
              ServeRecord.DISK,
              2_000L));
    }
    ServeRecords batch = new ServeRecords(new ApplianceId("n-1"), "boot", 1, 0, records);
    client.post(uri("v1/serve-records"), batch);
    client.post(uri("v1/serve-records"), batch);

    ViewersAnswer answer = client.get(uri("v1/viewers"), ViewersAnswer.class);
    ViewerFigure now = answer.report().now();
    assertEquals(39, now.responses(), "once, and without monitors");
    assertEquals(5, now.starts());
    assertEquals(10, now.failed());
    assertEquals(39 * MIB, now.timedBytes());
    assertEquals(0, now.lateBytes());
    assertEquals(2_500, now.firstByteP99Micros());
    assertEquals("north", answer.report().sites().getFirst().site());
    assertEquals(List.of("north", "south"), answer.map().stream().map(it -> it.site()).toList());
    assertEquals("failed north", answer.concerns().getFirst().id());
    assertEquals(wall.get(), answer.concerns().getFirst().since());
    wall.updateAndGet(at -> at.plusSeconds(30));
    assertEquals(
        EVENING, client.get(uri("v1/viewers"), ViewersAnswer.class).concerns().getFirst().since());
    wall.updateAndGet(at -> at.plusSeconds(60));
    assertEquals(
        List.of(), client.get(uri("v1/viewers"), ViewersAnswer.class).concerns(), "a minute later");
    IOException refused =
        assertThrows(
            IOException.class, () -> client.get(uri("v1/viewers?over=soon"), ViewersAnswer.class));
    assertTrue(refused.toString().contains("30s, 15m or 1h, not soon"), refused::toString);
  }

  private void sendDemand(String server, long sequence) throws IOException {
    List<ServeRecord> records = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      records.add(served("north-hit/a.mp4", "10.1.7.0", 4 * MIB));
      records.add(served("south-hit/a.mp4", "10.2.7.0", 4 * MIB));
    }
    for (int i = 0; i < 20; i++) {
      records.add(served("tail-" + i + "/a.mp4", "10.1.7.0", (40 - i) * MIB / 10));
      records.add(served("tail-" + i + "/a.mp4", "10.2.7.0", (20 + i) * MIB / 10));
    }
    records.add(served("north-hit/a.mp4", "127.0.0.0", 4 * MIB));
    client.post(
        uri("v1/serve-records"),
        new ServeRecords(new ApplianceId(server), "boot", sequence, 0, records));
  }

  private ServeRecord served(String path, String network, long bytes) {
    Instant at = wall.get().minusSeconds(60);
    ContentId file = ContentId.ofPath(path);
    return new ServeRecord(at, file, network, 206, 0, bytes, true, 900, "part");
  }

  private void beatAll() throws IOException {
    for (Map.Entry<String, String> appliance : SITES.entrySet()) {
      beat(appliance.getKey(), appliance.getValue(), Set.of());
    }
  }

  private void beat(String id, String site, Set<ContentId> held) throws IOException {
    long sequence = sequences.merge(id, 1L, Long::sum);
    Heartbeat heartbeat =
        new Heartbeat(
            new ApplianceId(id),
            new SiteId(site),
            endpoint(id),
            "boot",
            sequence,
            EVENING,
            new Health(false, 0, 100, 0, 1_000_000),
            100 * MIB,
            0,
            held.size());
    HeartbeatReply reply = client.post(uri("v1/heartbeats"), heartbeat, HeartbeatReply.class);
    if (reply.inventoryWanted()) {
      client.post(
          uri("v1/inventories"),
          new Inventory(new ApplianceId(id), "boot", held.size(), List.copyOf(held)));
    }
  }

  private void awaitCatalog(String version) {
    await().until(() -> status().catalog().version().equals(version));
  }

  private void awaitVersions(long version) {
    await().until(() -> SITES.keySet().stream().allMatch(id -> versionOrZero(id) == version));
  }

  private long versionOrZero(String id) {
    try {
      return version(id);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private long version(String id) throws IOException {
    return line(id).manifestVersion();
  }

  private ApplianceLine line(String id) throws IOException {
    return status().appliances().stream().filter(a -> a.id().equals(id)).findFirst().orElseThrow();
  }

  private Set<String> holders(String title, String site) throws IOException {
    return placement("title=" + title).sites().stream()
        .filter(at -> at.site().value().equals(site))
        .flatMap(at -> at.holders().stream())
        .map(ApplianceId::value)
        .collect(java.util.stream.Collectors.toSet());
  }

  private FillStatus status() throws IOException {
    return client.get(uri("v1/status"), FillStatus.class);
  }

  private PlacementAnswer placement(String query) throws IOException {
    return client.get(uri("v1/placement?" + query), PlacementAnswer.class);
  }

  private FillManifest manifest(String id) throws IOException {
    return client.get(uri("v1/manifests/" + id), FillManifest.class);
  }

  private URI uri(String path) {
    return controller.endpoint().http(path);
  }

  private static Endpoint endpoint(String id) {
    return new Endpoint(id, 8440);
  }

  private Response catalogAnswer(java.util.Optional<String> ifNoneMatch) {
    Catalog catalog = offered.get();
    String etag = "\"" + catalog.version() + "\"";
    return ifNoneMatch.equals(java.util.Optional.of(etag))
        ? Response.empty(304)
        : Response.message(catalog).with("ETag", etag);
  }

  private static Catalog catalog(String version) {
    List<CatalogEntry> files = new ArrayList<>();
    for (String title : List.of("north-hit", "south-hit")) {
      files.add(entry(title + "/a.mp4", title, 20 * MIB));
      files.add(entry(title + "/b.mp4", title, 10 * MIB));
    }
    for (int i = 0; i < 20; i++) {
      files.add(entry("tail-" + i + "/a.mp4", "tail-" + i, 10 * MIB));
    }
    return new Catalog(version, files);
  }

  private static CatalogEntry entry(String path, String title, long length) {
    return new CatalogEntry(path, title, length, "ab".repeat(32), "video/mp4", EVENING);
  }

  private static CatalogEntry listed(String path, String title, long length, String list) {
    BlockList blocks = new BlockList((int) MIB, list);
    return new CatalogEntry(path, title, length, "ab".repeat(32), "video/mp4", EVENING, blocks);
  }

  private interface Call {
    void run() throws IOException;
  }

  private static void assertFails(String status, String text, Call call) {
    IOException e = assertThrows(IOException.class, call::run);
    assertTrue(String.valueOf(e.getMessage()).contains(": " + status + " "), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
  }
}
