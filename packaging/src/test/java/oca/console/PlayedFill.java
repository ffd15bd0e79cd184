package oca.console;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.fill.FillStatus;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import oca.protocol.SteeringRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;

/**
 * A fill controller in the middle of its window, with three appliances that send a heartbeat and an
 * inventory of nothing: all they are to hold is still to come.
 */
final class PlayedFill implements AutoCloseable {
  private static final Instant NOW = Instant.parse("2026-11-11T03:00:00Z");
  private static final long MIB = 1 << 20;

  private final ControlListener origin;
  private final FillController controller;

  private PlayedFill(ControlListener origin, FillController controller) {
    this.origin = origin;
    this.controller = controller;
  }

  static PlayedFill start(Path folder) throws IOException, ConfigException {
    List<CatalogEntry> files = new ArrayList<>();
    for (String title : List.of("aurora", "foundry", "harbour")) {
      for (String file : List.of("v0", "v1", "a0")) {
        files.add(
            new CatalogEntry(
                title + "/" + file + ".mp4",
                title,
                20 * MIB,
                "ab".repeat(32),
                "video/mp4",
                Instant.EPOCH));
      }
    }
    ControlListener origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(new Catalog("7", files)));
    origin.start();
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 100ms}
        regions:
          - {id: north-net, prefixes: [10.1.0.0/16], sites: [north]}
          - {id: south-net, prefixes: [10.2.0.0/16], sites: [south]}
        excluded: []
        settle: 0s
        lease: 10min
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    InstantSource wall = () -> NOW;
    FillController controller =
        FillController.start(
            ConfigFile.parse("fill.yaml", yaml, FillConfig.class), wall, System::nanoTime);
    PlayedFill played = new PlayedFill(origin, controller);
    try (ControlClient client = new ControlClient(Duration.ofSeconds(10))) {
      // What is watched is told apart by titles, which the catalogue knows.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  client
                      .get(controller.endpoint().http("v1/status"), FillStatus.class)
                      .catalog()
                      .version()
                      .equals("7"));
      played.beat(client, "north-1", "north");
      played.beat(client, "north-2", "north");
      played.beat(client, "south-1", "south");
      played.view(client);
      played.watch(client);
    }
    return played;
  }

  String base() {
    return controller.endpoint().http("").toString();
  }

  @Override
  public void close() {
    controller.close();
    origin.close();
  }

  /** Some viewers of ten minutes ago, who were not all served from near. */
  private void view(ControlClient client) throws IOException {
    List<SteeringRecord> answers = new ArrayList<>();
    List<ServeRecord> near = new ArrayList<>();
    List<ServeRecord> far = new ArrayList<>();
    Why[] whys = {Why.DRAINING, Why.NOT_HELD, Why.NO_HEADROOM, Why.LEASE_EXPIRED, Why.FILLING};
    for (int i = 0; i < 40; i++) {
      String title = List.of("aurora", "foundry", "harbour").get(i % 3);
      ContentId file = ContentId.ofPath(title + "/v0.mp4");
      Instant at = NOW.minusSeconds(600 + 60L * i);
      String network = "10.1." + i + ".0";
      boolean isNear = i % 4 != 0;
      Why why = whys[i / 4 % whys.length];
      Content content =
          why == Why.NOT_HELD
              ? Content.MISSING
              : why == Why.FILLING ? Content.FILLING : Content.HELD;
      String server = isNear ? "north-1" : "south-1";
      answers.add(
          new SteeringRecord(
              at,
              i + 1,
              null,
              network,
              "10.1.0.0/16",
              title,
              file,
              new SiteId("north"),
              List.of(
                  new Named(new ApplianceId(server), new SiteId(isNear ? "north" : "south"), 1)),
              isNear
                  ? List.of()
                  : List.of(
                      new Passed(new ApplianceId("north-1"), new SiteId("north"), why, content, 1)),
              0,
              30,
              0,
              false,
              "00000000"));
      (isNear ? near : far)
          .add(
              new ServeRecord(
                  at.plusSeconds(5),
                  file,
                  network,
                  206,
                  0,
                  (i + 1L) * 40 * MIB,
                  true,
                  900_000,
                  "part",
                  new Playback(null, null, "video", "vod", 4000, null, null, false, false)));
    }
    client.post(
        controller.endpoint().http("v1/steering-records"),
        new SteeringRecords(new ApplianceId("steering"), "boot", 1, 0, answers));
    client.post(
        controller.endpoint().http("v1/serve-records"),
        new ServeRecords(new ApplianceId("north-1"), "boot", 1, 0, near));
    client.post(
        controller.endpoint().http("v1/serve-records"),
        new ServeRecords(new ApplianceId("south-1"), "boot", 1, 0, far));
  }

  /** Viewers of the last ten minutes; some at the south are answered 503 of late. */
  private void watch(ControlClient client) throws IOException {
    for (String server : List.of("north-1", "south-1")) {
      List<ServeRecord> records = new ArrayList<>();
      for (int i = 0; i < 1200; i++) {
        boolean refused = server.startsWith("south") && i < 80 && i % 4 == 0;
        double wave = 1 + Math.sin(i / 90.0);
        String session = server + i / 40;
        records.add(
            new ServeRecord(
                NOW.minusMillis(500L * i),
                ContentId.ofPath("aurora/v0.mp4"),
                server.startsWith("north") ? "10.1.3.0" : "10.2.3.0",
                refused ? 503 : 206,
                0,
                refused ? 0 : (long) (MIB * (1 + wave)),
                true,
                i % 50 == 7 ? 9_000_000 : 600_000,
                refused ? "busy" : "part",
                new Playback(session, null, "video", "vod", 4000, null, null, i % 300 == 0, false),
                refused ? null : ServeRecord.DISK,
                refused ? null : (long) (800 + 30_000 * wave * wave)));
      }
      client.post(
          controller.endpoint().http("v1/serve-records"),
          new ServeRecords(new ApplianceId(server), "boot", 2, 0, records));
    }
  }

  private void beat(ControlClient client, String id, String site) throws IOException {
    ApplianceId appliance = new ApplianceId(id);
    client.post(
        controller.endpoint().http("v1/heartbeats"),
        new Heartbeat(
            appliance,
            new SiteId(site),
            new Endpoint("127.0.0.1", 80),
            "boot",
            1,
            NOW,
            new Health(false, 0, 100, 0, 1000),
            1024 * MIB,
            0,
            1));
    client.post(
        controller.endpoint().http("v1/inventories"),
        new Inventory(appliance, "boot", 1, List.of()));
  }
}
