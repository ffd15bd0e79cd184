package oca.bench.fill;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;

/**
 * A controller, an origin and appliances of one site that are all to hold all that is published.
 */
final class FillFleet implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<FillBox> boxes = new ArrayList<>();
  private final CountingOrigin origin;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));
  private final URI controller;

  /**
   * Starts all of them; nothing is planned yet.
   *
   * @param rate what an appliance may fetch, in bytes per second
   * @param flow further settings of {@code flow}
   */
  FillFleet(Published published, int appliances, int block, long rate, String flow, Path folder)
      throws IOException, ConfigException {
    origin = opened(new CountingOrigin(published));
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 200ms}
        regions:
          - {id: viewers, prefixes: [10.1.0.0/16], sites: [north]}
        window: {opens: "00:00", closes: "00:00"}
        fillRate: %dB
        placement: {minCopies: %d, maxCopiesPerSite: %d}
        lease: 1500ms
        settle: 30s
        flow: {%s}
        """
            .formatted(
                folder.resolve("controller"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http(""),
                rate,
                appliances,
                appliances,
                flow);
    FillController started =
        opened(FillController.start(ConfigFile.parse("fill.yaml", yaml, FillConfig.class)));
    controller = started.endpoint().http("");
    for (int i = 1; i <= appliances; i++) {
      String id = "n-" + i;
      boxes.add(opened(new FillBox(id, "north", folder.resolve(id), block, controller)));
    }
  }

  CountingOrigin origin() {
    return origin;
  }

  List<FillBox> boxes() {
    return boxes;
  }

  /** Tells the controller that all is asked for, and has it plan once all are there. */
  void plan(Published published) throws IOException, InterruptedException {
    List<ServeRecord> asked = new ArrayList<>();
    Instant yesterday = Instant.now().minus(Duration.ofMinutes(1));
    for (CatalogEntry file : published.catalog().files()) {
      asked.add(
          new ServeRecord(
              yesterday,
              ContentId.ofPath(file.path()),
              "10.1.7.0",
              200,
              0,
              file.length() * 1000,
              true,
              900,
              "whole"));
    }
    client.post(
        URI.create(controller + "v1/serve-records"),
        new ServeRecords(new ApplianceId("origin"), "boot", 1, 0, asked));
    Instant until = Instant.now().plusSeconds(60);
    while (Instant.now().isBefore(until)) {
      try {
        String made =
            new String(
                client.post(URI.create(controller + "v1/plan"), List.of()),
                java.nio.charset.StandardCharsets.UTF_8);
        if (made.contains("\"appliances\":" + boxes.size() + ",")) {
          return;
        }
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains("409")) {
          throw e;
        }
      }
      Thread.sleep(100);
    }
    throw new IOException("the controller made no plan for all within a minute");
  }

  /** Where the controller answers. */
  URI controller() {
    return controller;
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    client.close();
  }

  private <T extends AutoCloseable> T opened(T it) {
    opened.push(it);
    return it;
  }
}
