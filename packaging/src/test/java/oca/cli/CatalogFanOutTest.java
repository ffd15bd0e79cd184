package oca.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.Steering;
import oca.steering.SteeringConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publisher, a controller that serves what is in force, and steering that follows that. */
class CatalogFanOutTest {
  private static final int FLIPS = 25;

  private final AtomicReference<Catalog> offered = new AtomicReference<>(catalog(0));
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener publisher;

  CatalogFanOutTest() throws IOException {
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(offered.get()));
    publisher.start();
  }

  @AfterEach
  void close() {
    client.close();
    publisher.close();
  }

  @Test
  void catalogue_changesAgainAndAgain_reachesSteeringByWhatChanged(@TempDir Path folder)
      throws Exception {
    try (FillController controller = controller(folder);
        Steering steering = steering(controller)) {
      for (int version = 0; version < FLIPS; version++) {
        offered.set(catalog(version));
        Object wanted = "" + version;
        await()
            .pollInterval(Duration.ofMillis(10))
            .atMost(Duration.ofSeconds(20))
            .until(() -> inForce(steering).get("version").equals(wanted));
        assertEquals(10, inForce(steering).get("titles"));
      }
      String page = page(steering.endpoint());
      double deltas = value(page, "oca_steering_catalog_taken_total{how=\"delta\"}");
      assertEquals(0, value(page, "oca_steering_catalog_taken_total{how=\"misfit\"}"));
      assertTrue(deltas >= FLIPS - 3, deltas + " deltas");
      String controllers = page(controller.endpoint());
      assertEquals(
          deltas, value(controllers, "oca_controller_catalog_answers_total{how=\"delta\"}"));
    }
  }

  private String page(Endpoint at) throws IOException {
    return new String(client.getBytes(at.http("metrics")).bytes(), UTF_8);
  }

  private static double value(String page, String name) {
    return page.lines()
        .filter(it -> it.startsWith(name + " "))
        .mapToDouble(it -> Double.parseDouble(it.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in\n" + page));
  }

  private Map<?, ?> inForce(Steering steering) throws IOException {
    URI status = steering.endpoint().http("v1/status");
    return (Map<?, ?>) client.get(status, Map.class).get("catalog");
  }

  private FillController controller(Path folder) throws Exception {
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "http://127.0.0.1:1/", interval: 20ms}
        regions: []
        """
            .formatted(folder.resolve("state"), publisher.endpoint().http("catalog"));
    return FillController.start(ConfigFile.parse("fill.yaml", yaml, FillConfig.class));
  }

  private static Steering steering(FillController controller) throws Exception {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        catalogInterval: 20ms
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        """
            .formatted(controller.endpoint().http("v1/catalog"));
    return Steering.start(ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class));
  }

  /** Ten titles, of which one goes and one comes with each version. */
  private static Catalog catalog(int version) {
    List<CatalogEntry> files = new ArrayList<>();
    for (int title = version; title < version + 10; title++) {
      String path = "titles/t-" + title + "/v.mp4";
      files.add(
          new CatalogEntry(path, "t-" + title, 9, "ab".repeat(32), "video/mp4", Instant.EPOCH));
    }
    return new Catalog("" + version, files);
  }
}
