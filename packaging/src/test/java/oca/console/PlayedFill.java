package oca.console;

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
import oca.model.ApplianceId;
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
      played.beat(client, "north-1", "north");
      played.beat(client, "north-2", "north");
      played.beat(client, "south-1", "south");
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
