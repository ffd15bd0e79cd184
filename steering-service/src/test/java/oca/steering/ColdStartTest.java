package oca.steering;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.fleet.Beats;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cold node of a fleet of 5,000 appliances with 1,000 files each, of a catalogue of 100,000: from
 * its start until it is ready and answers as the other does.
 */
@Tag("long")
class ColdStartTest {
  private static final int APPLIANCES = 5000;
  private static final int SITES = 1000;
  private static final int HELD = 100;
  private static final int TITLES = 10_000;
  private static final int FILES = 10;
  private static final String NOBODY = "http://127.0.0.1:1";

  private final ControlClient control = new ControlClient(Duration.ofSeconds(60));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile Instant now = Instant.parse("2026-11-22T16:00:00Z");

  @Test
  @SuppressWarnings("try") // the warm node is gone before its file is begun with
  void start_largeFleet_isReadyAndRightWithinFiveSeconds(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("replica");
    List<CatalogEntry> files = new ArrayList<>();
    for (int t = 0; t < TITLES; t++) {
      for (int f = 0; f < FILES; f++) {
        String path = "titles/t-" + t + "/v" + f + ".mp4";
        files.add(new CatalogEntry(path, "t-" + t, 9, "ab".repeat(32), "video/mp4", Instant.EPOCH));
      }
    }
    Response catalog = Response.message(new Catalog("7", files)).with("ETag", "\"7\"");
    try (ControlListener publisher =
            ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
                .route("GET", "/catalog", _ -> catalog);
        Steering warm =
            start(publisher, "replica: { file: \"%s\", interval: 1h }".formatted(file))) {
      fill(warm);
      await().atMost(Duration.ofSeconds(30)).until(() -> status(warm, "/readyz") == 204);
      await().atMost(Duration.ofSeconds(30)).until(() -> urls(warm, 17, 3).size() > 1);
      long began = System.nanoTime();
      int bytes =
          control.getBytes(URI.create("http://" + warm.endpoint() + "/v1/snapshot")).bytes().length;
      System.out.printf(
          "%,d appliances, %,d files held, %,d in the catalogue: snapshot of %,d bytes made and"
              + " fetched in %.2f s%n",
          warm.fleet().members().size(),
          warm.fleet().holders().pairs(),
          files.size(),
          bytes,
          (System.nanoTime() - began) / 1e9);
      measure(
          "another node", warm, "replica: { from: [\"http://%s\"] }".formatted(warm.endpoint()));
      warm.close();
      now = now.plusSeconds(1);
      measure(
          "its file", warm, "replica: { file: \"%s\", from: [\"%s\"] }".formatted(file, NOBODY));
      assertTrue(Files.size(file) > 1_000_000);
    } finally {
      control.close();
      http.close();
    }
  }

  private void measure(String from, Steering warm, String replica) throws Exception {
    long began = System.nanoTime();
    try (Steering cold = start(null, replica)) {
      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(30))
          .until(() -> status(cold, "/readyz") == 204);
      double took = (System.nanoTime() - began) / 1e9;
      System.out.printf("cold start from %s: ready after %.2f s%n", from, took);
      assertEquals(warm.fleet().members().size(), cold.fleet().members().size());
      assertEquals(warm.fleet().holders().pairs(), cold.fleet().holders().pairs());
      Random random = new Random(4);
      for (int i = 0; i < 50; i++) {
        int title = random.nextInt(TITLES);
        assertTrue(urls(cold, title, i % FILES).size() > 1, "title " + title);
      }
      assertTrue(titlePathways(cold).size() > 2, "titles are known");
      assertTrue(took < 5, "ready after " + took + " s");
    }
  }

  /** Each appliance holds a hundred titles, those of its site most of them. */
  private void fill(Steering warm) throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < APPLIANCES; i++) {
      Beats beats = Beats.of("a-" + i, "s-" + i % SITES, "10." + i / 250 + "." + i % 250 + ".1");
      control.post(warm.endpoint().http("v1/heartbeats"), beats.beat(1, 1));
      List<ContentId> held = new ArrayList<>();
      for (int t = 0; t < HELD; t++) {
        // Popular titles are everywhere.
        int title = t < 20 ? t : (int) (TITLES * Math.pow(random.nextDouble(), 2));
        for (int f = 0; f < FILES; f++) {
          held.add(ContentId.ofPath("titles/t-" + title + "/v" + f + ".mp4"));
        }
      }
      control.post(
          warm.endpoint().http("v1/inventories"),
          new Inventory(
              new ApplianceId(beats.id()), "boot-1", 1, held.stream().distinct().toList()));
    }
  }

  private Steering start(@Nullable ControlListener publisher, String replica)
      throws IOException, ConfigException {
    if (publisher != null) {
      publisher.start();
    }
    StringBuilder sites = new StringBuilder();
    for (int i = 0; i < SITES; i++) {
      sites.append("  - { id: s-%d, latitude: %d, longitude: %d }%n".formatted(i, i % 90, i % 180));
    }
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites:
        %snetworks: [{ prefix: 127.0.0.0/24, site: s-1 }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        lease: 1h
        %s
        """
            .formatted(
                publisher == null ? NOBODY + "/catalog" : publisher.endpoint().http("catalog"),
                sites,
                replica);
    return Steering.start(
        ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class),
        () -> now,
        System::nanoTime,
        new Random().nextLong());
  }

  private List<?> urls(Steering steering, int title, int file) throws IOException {
    String path = "v1/steer?path=titles/t-" + title % 20 + "/v" + file + ".mp4";
    return (List<?>)
        control
            .get(URI.create("http://" + steering.endpoint() + "/" + path), Map.class)
            .get("urls");
  }

  private List<?> titlePathways(Steering steering) throws IOException {
    return (List<?>)
        control
            .get(URI.create("http://" + steering.endpoint() + "/v1/hls/t-5"), Map.class)
            .get("PATHWAY-PRIORITY");
  }

  private int status(Steering steering, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://" + steering.endpoint() + path)).build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}
