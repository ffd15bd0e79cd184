package oca.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.fill.FillStatus;
import oca.fill.placement.Explanation;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The subcommands of {@code oca fill} against a controller that runs. */
class FillCommandsTest {
  private static final Instant EVENING = Instant.parse("2026-11-10T20:00:00Z");

  @TempDir Path folder;

  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private ControlListener origin;
  private FillController controller;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void start() throws Exception {
    List<CatalogEntry> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      files.add(
          new CatalogEntry(
              "t-" + i + "/a.mp4", "t-" + i, 10 << 20, "ab".repeat(32), "video/mp4", EVENING));
    }
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(new Catalog("1", files)));
    origin.start();
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions: [{id: net, prefixes: [10.1.0.0/16], sites: [north]}]
        lease: 5min
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", yaml, FillConfig.class), () -> EVENING, System::nanoTime);
    await()
        .until(
            () -> client.get(uri("v1/status"), FillStatus.class).catalog().version().equals("1"));
    client.post(
        uri("v1/heartbeats"),
        new Heartbeat(
            new ApplianceId("north-1"),
            new SiteId("north"),
            new Endpoint("north-1", 8440),
            "boot",
            1,
            EVENING,
            new Health(false, 0, 100, 0, 1_000_000),
            100 << 20,
            0,
            0));
  }

  @AfterEach
  void stop() {
    controller.close();
    client.close();
    origin.close();
  }

  @Test
  void fill_planDiffApplyWhyRollback_tellPeopleAndPrograms() throws Exception {
    assertEquals(1, run("why", "t-0", "north-1"));
    assertTrue(err.toString().contains("no plan is in force yet"), err.toString());

    assertEquals(0, run("plan"));
    assertTrue(out.toString().startsWith("plan 1, a draft: 1 appliances, 12 titles, 9 copies"));
    assertTrue(out.toString().contains("origin  north  94.4 MB"), out.toString());
    assertTrue(out.toString().contains("to put it in force: oca fill apply 1"), out.toString());
    assertEquals(0, run("apply", "1"));
    assertEquals("plan 1 is in force, 1 manifests changed\n", out.toString());
    assertEquals(1, run("apply", "1"));
    assertTrue(err.toString().contains("plan 1 is in force already"), err.toString());

    assertEquals(0, run("why", "t-0/a.mp4", "north-1"));
    assertTrue(out.toString().startsWith("t-0 is on north-1: rank 1 of 12"), out.toString());
    assertTrue(out.toString().contains("what would turn it"), out.toString());
    assertEquals(0, run("why-not", "t-9", "north-1", "--json"));
    Explanation why =
        Wire.read(
            out.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8), Explanation.class);
    assertTrue(why.decides().size() > 0, out.toString());
    assertEquals(1, run("why-not", "t-99", "north-1"));
    assertTrue(err.toString().contains("404"), err.toString());

    assertEquals(0, run("diff"));
    assertTrue(out.toString().contains("from plan 1 to plan 2:"), out.toString());
    assertEquals(0, run("diff", "0", "1"));
    assertTrue(out.toString().contains("from nothing to plan 1:"), out.toString());
    assertEquals(0, run("apply", "2", "--evict"));
    assertEquals(0, run("rollback"));
    assertEquals("plan 1 is in force again, 0 manifests changed\n", out.toString());
    assertEquals(0, run("plans"));
    assertTrue(out.toString().contains("superseded"), out.toString());
    assertTrue(out.toString().lines().allMatch(it -> it.length() <= 80), out.toString());
    assertEquals(0, run("plans", "-o", "json"));
    assertEquals(
        2,
        oca.protocol.Json.parse(out.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .at("plans")
            .items()
            .size());
    assertEquals(2, run("apply"));
    assertEquals(2, run("apply", "x"));
  }

  @Test
  void fill_controllerAway_exitsThreeAndNamesIt() {
    controller.close();
    assertEquals(3, run("plans"));
    assertTrue(err.toString().contains("the fill controller does not answer at"), err.toString());
  }

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("fill"));
    all.addAll(List.of(args));
    all.addAll(List.of("--controller", uri("").toString()));
    return Oca.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private URI uri(String path) {
    return controller.endpoint().http(path);
  }
}
