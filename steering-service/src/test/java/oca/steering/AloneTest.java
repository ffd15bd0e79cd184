package oca.steering;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node for a day in which only appliances and viewers reach it: database, catalogue, broker and
 * the other nodes are away. Time is the test's own.
 */
class AloneTest {
  private static final String NOBODY = "http://127.0.0.1:1";
  private static final Duration STEP = Duration.ofMinutes(5);
  private static final int STEPS = 24 * 12;
  private static final int APPLIANCES = 20;
  private static final int DIES = 60;
  private static final long SLACK = 24L << 20;

  private final AtomicLong nanos = new AtomicLong();
  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));

  @AfterEach
  void close() {
    control.close();
  }

  @Test
  void day_everythingElseAway_answersFromMemoryAndStaysSmall(@TempDir Path folder)
      throws Exception {
    ControlListener publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(new Catalog("7", List.of(entry()))));
    publisher.start();
    try (Steering steering = start(publisher.endpoint(), folder)) {
      await().until(() -> titles(steering).equals(1));
      publisher.close();
      long memory = 0;
      for (int step = 1; step <= STEPS; step++) {
        nanos.addAndGet(STEP.toNanos());
        for (int i = 0; i < APPLIANCES; i++) {
          if (i > 0 || step < DIES) {
            beat(steering, i, step);
          }
        }
        steering.tick();
        // The nearest by the order of equals is the one that dies: from then on another is named.
        List<String> urls = urls(steering);
        assertEquals(4, urls.size(), "step " + step + ": " + urls);
        assertTrue(step < DIES + 2 || urls.stream().noneMatch(it -> it.contains("127.0.1.0:")));
        if (step == 12) {
          memory = used();
        }
      }
      assertEquals(false, catalog(steering).get("reachable"));
      assertTrue(Files.exists(folder.resolve("replica")), "it is written all the while");
      assertEquals(APPLIANCES, steering.fleet().members().size());
      assertEquals(2L * APPLIANCES, steering.fleet().holders().pairs());
      long grown = used() - memory;
      assertTrue(grown < SLACK, grown + " bytes more after a day than after an hour");
    } finally {
      publisher.close();
    }
  }

  /** A heartbeat; each hour one of its two files is another. */
  private void beat(Steering steering, int i, int step) throws IOException {
    int hour = step / 12 + 1;
    Beats beats = Beats.of("north-" + i, "north", "127.0.1." + i);
    HeartbeatReply reply =
        control.post(
            steering.endpoint().http("v1/heartbeats"),
            beats.beat(step, hour),
            HeartbeatReply.class);
    ApplianceId id = new ApplianceId(beats.id());
    if (step == 1) {
      assertTrue(reply.inventoryWanted());
      control.post(
          steering.endpoint().http("v1/inventories"),
          new Inventory(id, "boot-1", hour, List.of(ContentId.ofPath("v0"), extra(hour))));
    } else if (step % 12 == 0) {
      control.post(
          steering.endpoint().http("v1/inventory-deltas"),
          new InventoryDelta(
              id, "boot-1", hour - 1, hour, List.of(extra(hour)), List.of(extra(hour - 1))));
    }
  }

  private static ContentId extra(int hour) {
    return ContentId.ofPath("hour/" + hour);
  }

  private Steering start(Endpoint publisher, Path folder) throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites: [{ id: north, latitude: 53.55, longitude: 10.00 }]
        networks: [{ prefix: 127.0.0.0/24, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        catalogInterval: 50ms
        lease: 9min
        fleet: { suspect: 6min, tick: 5min, startWait: 1s, lostWindow: 10min, freezeAtMost: 1h }
        limits: { inventoriesPerSecond: 1000 }
        registry: { jdbcUrl: "jdbc:postgresql://127.0.0.1:1/oca", startWait: 100ms }
        replica: { file: "%s", interval: 100ms, from: ["%s"] }
        """
            .formatted(publisher.http("catalog"), folder.resolve("replica"), NOBODY);
    return Steering.start(
        ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class),
        () -> Instant.EPOCH,
        nanos::get,
        7);
  }

  private List<String> urls(Steering steering) throws IOException {
    return ((List<?>) get(steering, "v1/steer?path=v0").get("urls"))
        .stream().map(String::valueOf).toList();
  }

  private Object titles(Steering steering) throws IOException {
    return catalog(steering).get("titles");
  }

  private Map<?, ?> catalog(Steering steering) throws IOException {
    return (Map<?, ?>) get(steering, "v1/status").get("catalog");
  }

  private Map<?, ?> get(Steering steering, String path) throws IOException {
    return control.get(URI.create("http://" + steering.endpoint() + "/" + path), Map.class);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static CatalogEntry entry() {
    return new CatalogEntry("v0", "harbour", 9, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
