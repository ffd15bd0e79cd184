package oca.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.cli.LiveCase.Look;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each key of a fill controller that is said to change while it runs does so. */
class FillLiveTest {
  private static final String FILE = "harbour/a.mp4";
  private static final Map<String, String> SITES =
      Map.of(
          "n-1", "north", "n-2", "north", "n-3", "north", "n-4", "north", "n-5", "north", "s-1",
          "south", "w-1", "west");

  @TempDir Path folder;

  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private ControlListener origin;
  private LiveProcess<FillConfig> process;
  private FillController controller;

  @BeforeEach
  void start() throws Exception {
    CatalogEntry file =
        new CatalogEntry(FILE, "harbour", 1 << 20, "ab".repeat(32), "video/mp4", Instant.EPOCH);
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(new Catalog("1", List.of(file))));
    origin.start();
    String text =
        """
        listen: "127.0.0.1:0"
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions: [{id: net, prefixes: [10.1.0.0/16], sites: [north, south, west]}]
        window: "00:00-00:00 UTC"
        placement: {pinned: [{titles: [harbour], copies: 5}]}
        plans: {maxEvictedShare: 1}
        settle: 0s
        lease: 1h
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    process = new LiveProcess<>(folder, text, FillConfig.class);
    controller = FillController.start(process.running());
    for (Map.Entry<String, String> one : new TreeMap<>(SITES).entrySet()) {
      report(one.getKey(), one.getValue());
    }
    await().until(() -> plan().equals("made"));
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    origin.close();
  }

  @Test
  void liveKeys_ofAFillController_areTheseAndEachMakesADifference() throws Exception {
    List<LiveCase> cases = cases();
    Set<String> tried = new TreeSet<>();
    cases.forEach(it -> tried.add(it.key()));
    assertEquals(LiveKeys.of(ProcessKind.FILL), tried);
    for (LiveCase one : cases) {
      one.check(process::set);
    }
  }

  private List<LiveCase> cases() {
    List<LiveCase> cases = new ArrayList<>();
    Look told = this::manifests;
    cases.add(LiveCase.of("window.opens", "\"00:00\"", "\"00:01\"", told));
    cases.add(LiveCase.of("window.closes", "\"00:00\"", "\"23:59\"", told));
    cases.add(LiveCase.of("window.zone", "UTC", "Europe/Berlin", told));
    cases.add(LiveCase.of("fillRate", "150MB", "1MB", told));
    cases.add(LiveCase.of("flow.masters", "1", "2", told));
    cases.add(LiveCase.of("flow.fanout", "1", "2", told));
    cases.add(LiveCase.of("flow.siteAfter", "10min", "1min", told));
    cases.add(LiveCase.of("flow.originAfter", "30min", "20min", told));
    cases.add(LiveCase.of("flow.step", "10min", "1min", told));
    cases.add(LiveCase.of("flow.hops", "[]", "[{site: north, from: [south]}]", told));
    String cheap = "[{from: south, to: north, cost: 1}]";
    String dear = "[{from: south, to: north, cost: 500}]";
    cases.add(LiveCase.of("flow.costs", cheap, dear, told));
    cases.add(
        LiveCase.of(
            "flow.defaultCost",
            "100",
            "10",
            told,
            "flow.costs=[{from: south, to: north, cost: 50}]"));
    cases.add(LiveCase.of("flow.sites", "[]", "[{site: north, rate: 1MB}]", told));
    cases.add(LiveCase.of("flow.links", "[]", "[{name: up, sites: [north], rate: 1MB}]", told));
    cases.add(
        LiveCase.of(
            "flow.windows",
            "[]",
            "[{sites: [north], opens: \"00:00\", closes: \"23:58\", zone: UTC, days: []}]",
            told));
    Look inputs = this::inputs;
    cases.add(LiveCase.of("forecast.hysteresis", "1.3", "1.5", inputs));
    cases.add(LiveCase.of("placement.minCopies", "1", "2", inputs));
    cases.add(LiveCase.of("placement.maxCopiesPerSite", "16", "4", inputs));
    cases.add(LiveCase.of("placement.spread", "4", "2", inputs));
    cases.add(LiveCase.of("placement.reserve", "0.05", "0.5", inputs));
    cases.add(LiveCase.of("placement.headShare", "0.8", "0.5", inputs));
    cases.add(LiveCase.of("placement.balance", "1.03", "1.5", inputs));
    String types = "{a: {throughput: 5, storage: 7}}";
    String fitting = "{a: {throughput: 5, storage: 7, capacityFrom: 1MB}}";
    cases.add(LiveCase.of("placement.types", types, fitting, inputs));
    cases.add(
        LiveCase.of("placement.servers", "{}", "{n-1: a}", inputs, "placement.types=" + types));
    cases.add(
        LiveCase.of(
            "placement.pinned",
            "[{titles: [harbour], copies: 5}]",
            "[{titles: [harbour], sites: [south]}]",
            inputs));
    cases.add(LiveCase.of("forecast.horizon", "0", "7", () -> get("v1/forecast")));
    cases.add(LiveCase.of("plans.automatic", "true", "false", this::plan));
    cases.add(
        LiveCase.of("plans.maxEvictedShare", "1", "0.3", () -> draft().get("maxEvictedShare")));
    return cases;
  }

  private void report(String id, String site) throws IOException {
    ApplianceId name = new ApplianceId(id);
    client.post(
        uri("v1/heartbeats"),
        new Heartbeat(
            name,
            new SiteId(site),
            new Endpoint(id, 8440),
            "boot",
            1,
            Instant.EPOCH,
            new Health(false, 0, 100, 0, 1_000_000),
            100 << 20,
            0,
            1));
    boolean holds = !site.equals("north");
    client.post(
        uri("v1/inventories"),
        new Inventory(name, "boot", 1, holds ? List.of(ContentId.ofPath(FILE)) : List.of()));
  }

  /** Has a plan made, as an opening window does. */
  private String plan() {
    try {
      client.post(uri("v1/plan"), Map.of());
      return "made";
    } catch (IOException e) {
      return "waits";
    }
  }

  /** What the appliances of the north are told by a new plan. */
  private Map<String, Object> manifests() throws IOException {
    assertEquals("made", plan());
    Map<String, Object> all = new TreeMap<>();
    for (String id : SITES.keySet()) {
      if (id.startsWith("n")) {
        Map<Object, Object> manifest = new LinkedHashMap<>(get("v1/manifests/" + id));
        manifest.remove("version");
        all.put(id, manifest);
      }
    }
    return all;
  }

  /** Digests of all that a draft follows from. */
  private Object inputs() throws IOException {
    return ((Map<?, ?>) draft().get("plan")).get("inputs");
  }

  private Map<?, ?> draft() throws IOException {
    return client.post(uri("v1/plans"), Map.of(), Map.class);
  }

  private Map<?, ?> get(String path) throws IOException {
    return client.get(uri(path), Map.class);
  }

  private URI uri(String path) {
    return controller.endpoint().http(path);
  }
}
