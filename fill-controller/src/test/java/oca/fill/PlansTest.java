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
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.PlanEndpoint.Applied;
import oca.fill.PlanEndpoint.Drafted;
import oca.fill.PlanEndpoint.Plans;
import oca.fill.placement.Explanation;
import oca.fill.placement.Reason;
import oca.fill.plan.PlanContent;
import oca.fill.plan.PlanDiff;
import oca.fill.plan.PlanHead;
import oca.fill.plan.PlanHead.State;
import oca.fill.plan.SignedPlan;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans over real HTTP: drafts, what they mean, what becomes of them, and what is refused. */
class PlansTest {
  private static final long MIB = 1 << 20;
  private static final Instant EVENING = Instant.parse("2026-11-10T20:00:00Z");
  private static final Instant OPENING = Instant.parse("2026-11-11T02:00:00Z");
  private static final List<String> APPLIANCES = List.of("n-1", "n-2", "s-1");

  @TempDir Path folder;

  private final AtomicReference<Instant> wall = new AtomicReference<>(EVENING);
  private final AtomicReference<Catalog> offered = new AtomicReference<>(catalog("1", 20));
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener origin;
  private long batch;
  private long beat;
  private FillController controller;

  PlansTest() throws IOException {
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(offered.get()));
    origin.start();
  }

  @BeforeEach
  void start() throws IOException, ConfigException {
    start("plans: {maxEvictedShare: 0.3, kept: 3}\n");
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    origin.close();
  }

  @Test
  void draft_ofANewFleet_saysWhatItMeansAndChangesNothing() throws IOException {
    ready();
    demand(10);
    Drafted drafted = draft();
    assertEquals(1, drafted.plan().version());
    assertEquals(State.DRAFT, drafted.plan().state());
    assertEquals(3, drafted.plan().appliances());
    assertEquals(0, drafted.diff().from());
    PlanDiff diff = drafted.diff();
    assertEquals(drafted.plan().bytes(), diff.bytesIn());
    assertEquals(0, diff.bytesOut());
    assertEquals(0, diff.servedBytesBefore());
    assertTrue(diff.servedBytesAfter() > 0.3 * diff.expectedBytes(), diff::toString);
    long linked = diff.links().stream().mapToLong(PlanDiff.Link::bytes).sum();
    assertEquals(diff.bytesIn(), linked);
    // To each site what it holds comes from the origin once, the rest from its own appliances.
    Map<String, Long> links =
        diff.links().stream()
            .collect(Collectors.toMap(it -> it.from() + ">" + it.to(), PlanDiff.Link::bytes));
    assertEquals(0, links.keySet().stream().filter(it -> it.startsWith("south>north")).count());
    assertTrue(links.get("origin>north") > 0, links::toString);
    assertTrue(links.containsKey("north>north"), links::toString);
    PlanDiff.AtAppliance first = diff.appliances().getFirst();
    assertEquals(-Math.floorDiv(-first.bytesIn(), 1_000_000), first.fillSeconds());
    assertEquals(1, first.windows());
    assertRefused("404", "n-1", () -> manifest("n-1"));
    assertEquals(0, plans().applied());
  }

  @Test
  void apply_thenRollback_publishesEachWhole() throws IOException {
    ready();
    demand(10);
    draft();
    assertEquals(3, apply(1, "").changedManifests());
    List<String> before = paths("n-1");
    assertFalse(before.isEmpty());
    offered.set(catalog("2", 30));
    await().until(() -> status().catalog().version().equals("2"));
    demand(25);
    Drafted second = draft();
    assertEquals(1, second.diff().from());
    assertEquals("2", second.plan().inputs().catalog());
    apply(2, "?evict=true");
    assertFalse(before.equals(paths("n-1")));
    assertEquals(2, plans().applied());
    assertEquals(State.SUPERSEDED, head(1).state());

    Applied back = client.post(uri("v1/plans/rollback"), Map.of(), Applied.class);
    assertEquals(1, back.version());
    assertEquals(before, paths("n-1"));
    assertEquals(State.APPLIED, head(1).state());
    assertRefused("409", "no plan before plan 1", () -> post("v1/plans/rollback"));
    assertRefused("409", "plan 1 is in force already", () -> apply(1, ""));
    assertEquals(1, status().plans().applied());
  }

  @Test
  void apply_planThatEvictsTooMuch_isRefusedWithTheFigureUnlessForced() throws IOException {
    ready();
    demand(10);
    draft();
    apply(1, "");
    List<String> before = paths("n-1");
    offered.set(catalog("2", 3));
    await().until(() -> status().catalog().version().equals("2"));
    Drafted drafted = draft();
    assertTrue(drafted.evictedShare() > 0.3, drafted::toString);
    assertRefused("409", "the limit is 30.0 %", () -> apply(2, ""));
    assertRefused("409", "--evict", () -> apply(2, ""));
    assertEquals(before, paths("n-1"));
    assertEquals(2, apply(2, "?evict=true").version());

    // And by itself at the opening: held, told, and made no second time.
    offered.set(catalog("3", 20));
    await().until(() -> status().catalog().version().equals("3"));
    draft();
    apply(3, "");
    offered.set(catalog("4", 2));
    await().until(() -> status().catalog().version().equals("4"));
    wall.set(OPENING.plusSeconds(1));
    beatAll();
    await().until(() -> !status().plans().alert().isEmpty());
    assertTrue(status().plans().alert().contains("takes"), () -> statusOrFail().toString());
    assertEquals(3, status().plans().applied());
    assertTrue(metrics().contains("oca_controller_plan_waiting 1.0"), metrics());
    assertTrue(metrics().contains("oca_controller_plan_version 3.0"), metrics());
    long newest = status().plans().newest();
    beatAll();
    assertEquals(newest, status().plans().newest());
    apply(newest, "?evict=true");
    await().until(() -> status().plan().problem().isEmpty());
    assertEquals("", status().plans().alert());
    assertTrue(metrics().contains("oca_controller_plan_waiting 0.0"), metrics());
  }

  @Test
  void rollback_inAnOpenWindow_staysUntilTheNext() throws IOException {
    ready();
    demand(10);
    draft();
    apply(1, "");
    wall.set(OPENING.plusSeconds(1));
    beatAll();
    await().until(() -> plans().applied() == 2);
    post("v1/plans/rollback");
    beatAll();
    assertEquals(2, status().plans().newest());
    assertEquals(1, plans().applied());
    wall.set(OPENING.plus(Duration.ofDays(1)).plusSeconds(1));
    beatAll();
    await().until(() -> plans().applied() == 3);
  }

  @Test
  void automaticOff_atTheOpening_leavesADraft() throws Exception {
    controller.close();
    start("plans: {automatic: false}\n");
    ready();
    wall.set(OPENING.plusSeconds(1));
    beatAll();
    await().until(() -> status().plans().newest() == 1);
    await().until(() -> status().plans().alert().contains("plans.automatic is off"));
    assertEquals(0, status().plans().applied());
    apply(1, "");
    assertEquals("", status().plans().alert());
    assertEquals(OPENING, manifest("n-1").window().opens());
  }

  @Test
  void why_heldAndNot_givesTheFactorsThatDecide() throws IOException {
    ready();
    demand(10);
    assertRefused("409", "no plan is in force yet", () -> why("t-0/a.mp4", "n-1"));
    draft();
    apply(1, "");
    List<String> held = paths("n-1");
    Explanation on = why(held.getFirst(), "n-1");
    assertTrue(on.held());
    assertEquals(1, on.rank());
    assertTrue(on.reason().placed());
    assertFalse(on.decides().isEmpty());
    assertEquals(2, on.order().size());
    String absent = "t-19/a.mp4";
    Explanation off = why(absent, "n-1");
    assertFalse(off.held());
    assertTrue(off.sentence().contains("would turn it"), off.sentence());
    assertEquals(off, why(ContentId.ofPath(absent).toString(), "n-1"));
    assertEquals(off, why("t-19", "n-1"));
    assertRefused("404", "give a path, an id or a title", () -> why("nothing", "n-1"));
    assertRefused("404", "but for n-1, n-2, s-1", () -> why(absent, "n-9"));
    assertRefused("400", "name both", () -> why("", "n-1"));
    assertRefused("400", "appliance id", () -> why(absent, "N_1"));
  }

  @Test
  void pinned_titles_areHeldWhereTheyArePinnedOrThePlanIsRefused() throws Exception {
    controller.close();
    start("placement: {pinned: [{titles: [t-19, gone], sites: [north, nowhere], copies: 2}]}\n");
    ready();
    demand(10);
    Drafted drafted = draft();
    assertEquals(
        List.of(
            "pinned but not in the catalogue: gone",
            "pinned to the site nowhere, where no appliance is alive"),
        drafted.plan().notes());
    apply(1, "");
    assertEquals(Reason.PINNED, why("t-19", "n-1").reason());
    assertTrue(paths("n-1").contains("t-19/a.mp4"));
    assertTrue(paths("n-2").contains("t-19/a.mp4"));
    controller.close();
    String all = "t-0, t-1, t-2, t-3, t-4, t-5, t-6, t-7, t-8, t-9, t-10, t-11, t-12";
    start("placement: {pinned: [{titles: [" + all + "], sites: [south]}]}\n");
    beatAll();
    assertRefused("409", "pin less in placement.pinned, or add capacity", this::draft);
    assertEquals(1, plans().applied());
  }

  @Test
  void plan_whole_canBeCheckedAndIsRefusedWhenTamperedWith() throws Exception {
    ready();
    demand(10);
    draft();
    SignedPlan plan = client.get(uri("v1/plans/1"), SignedPlan.class);
    assertEquals(plan.head().digest(), plan.content().digest());
    assertEquals(plans().publicKey(), plan.head().publicKey());
    client.post(uri("v1/plans/verify"), plan);
    int[][] held = plan.content().held().clone();
    held[0] = new int[] {0};
    PlanContent content = plan.content();
    PlanContent tampered =
        new PlanContent(1, content.madeAt(), content.inputs(), content.task(), held);
    assertRefused(
        "409",
        "its content has the digest",
        () -> client.post(uri("v1/plans/verify"), new SignedPlan(plan.head(), tampered)));
    PlanHead h = plan.head();
    PlanHead forged = head(h, tampered.digest());
    assertRefused(
        "409",
        "its signature does not fit",
        () -> client.post(uri("v1/plans/verify"), new SignedPlan(forged, tampered)));
    assertRefused("404", "there is no plan 9", () -> client.get(uri("v1/plans/9"), Map.class));
    assertRefused("400", "not a plan's version", () -> client.get(uri("v1/plans/x"), Map.class));
    assertRefused("404", "rollback or", () -> post("v1/plans/1/burn"));

    // Changed where it is kept: it does not come into force.
    controller.close();
    try (StateStore store = Stores.open(folder.resolve("state"))) {
      store.write(
          connection -> {
            StateStore.keep(connection, "plan-head/1", oca.protocol.Wire.write(forged));
            return true;
          });
    }
    start();
    beatAll();
    assertRefused("409", "plan 1 is not as it was made", () -> apply(1, ""));
  }

  @Test
  void plans_beyondTheLimit_oldestGoButNotTheOneInForceOrBefore() throws Exception {
    ready();
    draft();
    apply(1, "");
    draft();
    apply(2, "");
    for (int i = 0; i < 6; i++) {
      draft();
    }
    assertEquals(
        List.of(8L, 7L, 6L, 2L, 1L), plans().plans().stream().map(PlanHead::version).toList());
    controller.close();
    start();
    assertEquals(5, plans().plans().size());
    beatAll();
    assertEquals(9, draft().plan().version());
  }

  private static PlanHead head(PlanHead h, String digest) {
    return new PlanHead(
        h.version(),
        h.state(),
        h.madeAt(),
        h.appliedAt(),
        h.before(),
        h.inputs(),
        h.appliances(),
        h.units(),
        h.copies(),
        h.bytes(),
        h.expectedBytes(),
        h.servedBytes(),
        h.notes(),
        digest,
        h.signature(),
        h.publicKey());
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
        fillRate: 1MB
        settle: 0s
        lease: 5min
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", Stores.yaml(yaml + more), FillConfig.class),
            wall::get,
            System::nanoTime);
  }

  private void ready() throws IOException {
    await().until(() -> status().catalog().files() > 0);
    beatAll();
  }

  private void beatAll() throws IOException {
    beat++;
    for (String id : APPLIANCES) {
      client.post(
          uri("v1/heartbeats"),
          new Heartbeat(
              new ApplianceId(id),
              new SiteId(id.startsWith("n") ? "north" : "south"),
              new Endpoint(id, 8440),
              "boot",
              beat,
              EVENING,
              new Health(false, 0, 100, 0, 1_000_000),
              100 * MIB,
              0,
              0));
    }
  }

  /** Falls with the title's distance from {@code favourite}. */
  private void demand(int favourite) throws IOException {
    List<ServeRecord> records = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      for (String network : List.of("10.1.7.0", "10.2.7.0")) {
        records.add(
            new ServeRecord(
                wall.get().minusSeconds(60),
                ContentId.ofPath("t-" + i + "/a.mp4"),
                network,
                206,
                0,
                400 * MIB / (1 + Math.abs(i - favourite) * 3),
                true,
                900,
                "part"));
      }
    }
    client.post(
        uri("v1/serve-records"),
        new ServeRecords(new ApplianceId("origin"), "boot", ++batch, 0, records));
  }

  private static Catalog catalog(String version, int titles) {
    List<CatalogEntry> files = new ArrayList<>();
    for (int i = 0; i < titles; i++) {
      files.add(
          new CatalogEntry(
              "t-" + i + "/a.mp4", "t-" + i, 10 * MIB, "ab".repeat(32), "video/mp4", EVENING));
    }
    return new Catalog(version, files);
  }

  private Drafted draft() throws IOException {
    return client.post(uri("v1/plans"), Map.of(), Drafted.class);
  }

  private Applied apply(long version, String query) throws IOException {
    return client.post(uri("v1/plans/" + version + "/apply" + query), Map.of(), Applied.class);
  }

  private void post(String path) throws IOException {
    client.post(uri(path), Map.of());
  }

  private Plans plans() throws IOException {
    return client.get(uri("v1/plans"), Plans.class);
  }

  private PlanHead head(long version) throws IOException {
    return plans().plans().stream().filter(it -> it.version() == version).findFirst().orElseThrow();
  }

  private Explanation why(String file, String appliance) throws IOException {
    return client.get(
        uri("v1/plans/why?file=" + file + "&appliance=" + appliance), Explanation.class);
  }

  private List<String> paths(String id) throws IOException {
    return manifest(id).entries().stream().map(it -> it.file().path()).toList();
  }

  private FillManifest manifest(String id) throws IOException {
    return client.get(uri("v1/manifests/" + id), FillManifest.class);
  }

  private FillStatus status() throws IOException {
    return client.get(uri("v1/status"), FillStatus.class);
  }

  private String metrics() throws IOException {
    try (var in = uri("metrics").toURL().openStream()) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private FillStatus statusOrFail() {
    try {
      return status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private URI uri(String path) {
    return controller.endpoint().http(path);
  }

  private interface Call {
    void run() throws IOException;
  }

  private static void assertRefused(String status, String text, Call call) {
    IOException e = assertThrows(IOException.class, call::run);
    assertTrue(String.valueOf(e.getMessage()).contains(": " + status + " "), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
  }
}
