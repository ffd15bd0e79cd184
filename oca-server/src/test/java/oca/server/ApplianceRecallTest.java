package oca.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An appliance is asked where its bytes came from, and told to withdraw them. */
class ApplianceRecallTest {
  private static final ApplianceId NORTH = new ApplianceId("north-1");
  private static final String PATH = "titles/harbour/v0.mp4";
  private static final int BLOCK = 1 << 20;
  private static final FillWindow ALWAYS =
      new FillWindow(Instant.EPOCH, Instant.parse("3000-01-01T00:00:00Z"));
  private static final FillWindow NEVER = new FillWindow(Instant.EPOCH, Instant.EPOCH);

  private final byte[] bytes = new byte[3 * BLOCK + 500_000];
  private final HttpClient viewer = HttpClient.newHttpClient();
  private final TestControlPlane plane = new TestControlPlane(NORTH);

  @TempDir private Path folder;

  ApplianceRecallTest() throws IOException {
    new Random(11).nextBytes(bytes);
    plane.publish("/origin/" + PATH, bytes);
  }

  @AfterEach
  void stop() {
    viewer.shutdownNow();
    plane.close();
  }

  @Test
  void recall_ofAPeersBytes_takesThemOutAndHasThemFetchedAgain() throws Exception {
    plane.manifest = manifest(1, ALWAYS);
    try (Appliance north = start()) {
      await().atMost(Duration.ofSeconds(60)).until(() -> plane.results().size() == 1);
      plane.manifest = manifest(2, NEVER);
      await().until(() -> north.status().manifestVersion() == 2);
      String peer = plane.uri("").getAuthority();

      Json file = json(get(north, "lineage?file=" + PATH + "&range=0-1048576"));
      assertEquals("whole", file.at("state").text());
      assertEquals(bytes.length, file.at("presentBytes").number());
      assertEquals(peer, file.at("runs").items().getFirst().at("source").text());
      assertEquals(BLOCK, file.at("runs").items().getLast().at("lastByte").number());
      assertEquals(404, get(north, "lineage?file=nothing").statusCode());
      assertEquals(400, get(north, "lineage?file=x&source=y").statusCode());
      assertEquals(400, get(north, "lineage?source=" + peer + "&from=yesterday").statusCode());

      Json found = json(get(north, "lineage?source=" + peer + "&from=1h"));
      assertEquals(1, found.at("files").number());
      assertEquals(4, found.at("blocks").number());
      assertEquals(bytes.length, found.at("bytes").number());
      Json dry = json(recall(north, Map.of("source", peer, "from", "1h", "dryRun", true)));
      assertEquals(found.at("listed").toString(), dry.at("listed").toString());
      assertEquals(found.at("bytes").number(), dry.at("bytes").number());
      assertEquals(1, north.status().store().files(), "a dry run withdraws nothing");

      long fetched = north.status().fill().bytesFromPeers();
      Json done = json(recall(north, Map.of("source", peer, "from", "1h")));
      assertEquals(1, done.at("files").number(), done.toString());
      assertEquals(bytes.length, done.at("bytes").number());
      assertEquals("anna", done.at("who").text());
      assertEquals(0, done.at("open").items().size());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> north.status().fill().bytesFromPeers() - fetched == bytes.length);
      await().until(() -> north.status().store().files() == 1);
      HttpRequest whole = HttpRequest.newBuilder(north.endpoint().http(PATH)).build();
      assertArrayEquals(bytes, viewer.send(whole, BodyHandlers.ofByteArray()).body());
      String metrics = get(north, "../metrics").body();
      assertTrue(metrics.contains("oca_recall_files_total 1.0"), metrics);
      assertTrue(metrics.contains("oca_recall_open 0.0"), metrics);
      assertEquals(1, json(get(north, "recalls")).at("recalls").items().size());
    }
  }

  @Test
  void recall_thatMakesNoSense_isRefusedWithAReason() throws Exception {
    try (Appliance north = start()) {
      assertRefused(recall(north, Map.of("source", "a b", "from", "1h")), "not a source");
      assertRefused(recall(north, Map.of("source", "a", "from", "1h", "why", " ")), "why must be");
      assertRefused(
          recall(north, Map.of("source", "a", "from", "1h", "why", "x".repeat(1001))), "1000");
      assertRefused(
          recall(north, Map.of("source", "a", "from", "3000-01-01T00:00:00Z")), "no time");
      assertEquals(0, json(get(north, "recalls")).at("recalls").items().size());
    }
  }

  private static void assertRefused(HttpResponse<String> answer, String why) {
    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains(why), answer.body());
  }

  private HttpResponse<String> recall(Appliance appliance, Map<String, Object> order)
      throws Exception {
    Map<String, Object> all = new java.util.TreeMap<>(Map.of("who", "anna", "why", "it lied"));
    all.putAll(order);
    URI uri = appliance.adminEndpoint().http("v1/recalls");
    return viewer.send(
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.of(all).toString()))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(Appliance appliance, String target) throws Exception {
    URI uri = appliance.adminEndpoint().http("v1/" + target).normalize();
    return viewer.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static Json json(HttpResponse<String> answer) throws IOException {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private FillManifest manifest(long version, FillWindow window) throws NoSuchAlgorithmException {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    CatalogEntry file =
        new CatalogEntry(PATH, "harbour", bytes.length, sha256, "video/mp4", Instant.EPOCH);
    return new FillManifest(
        NORTH,
        version,
        window,
        1L << 32,
        List.of(Entry.from(file, List.of(plane.uri("origin/" + PATH)))));
  }

  private Appliance start() throws Exception {
    String yaml =
        """
        id: north-1
        site: north
        advertise: 127.0.0.1:0
        http: {listen: "127.0.0.1:0", drainTimeout: 1s, drainIdle: 0ms}
        admin: 127.0.0.1:0
        store:
          volumes: [{path: %s, capacity: 100MB, reserve: 1MiB}]
          indexFolder: %s
          maxFiles: 1000
          maxOpenFiles: 100
        controller: %s
        fill: {manifestInterval: 50ms, reportInterval: 50ms}
        """
            .formatted(folder.resolve("disk"), folder.resolve("index"), plane.uri(""));
    return Appliance.start(ConfigFile.parse("appliance.yaml", yaml, ApplianceConfig.class));
  }
}
