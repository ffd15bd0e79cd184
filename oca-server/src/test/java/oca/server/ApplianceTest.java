package oca.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillReport;
import oca.protocol.FillReport.Result;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.ServeRecord;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.server.admin.AdminListener;
import oca.server.admin.ApplianceStatus;
import oca.server.admin.Operations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole appliance on disks of its own, between a controller, an origin and a viewer. */
class ApplianceTest {
  private static final ApplianceId ID = new ApplianceId("north-1");
  private static final String PATH_A = "titles/harbour/v0.mp4";
  private static final String PATH_B = "titles/harbour/v1.mp4";

  private final byte[] bytesA = random(1, 3_000_000);
  private final byte[] bytesB = random(2, 70_000);
  private final HttpClient viewer = HttpClient.newHttpClient();
  private final ControlClient operator = new ControlClient(Duration.ofSeconds(30));
  private final TestControlPlane plane;

  private final ControlListener liar;
  @TempDir private Path folder;

  ApplianceTest() throws IOException {
    plane = new TestControlPlane(ID);
    plane.publish("/good/" + PATH_A, bytesA);
    plane.publish("/good/" + PATH_B, bytesB);
    byte[] lies = random(3, bytesA.length);
    liar =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/" + PATH_A, _ -> Response.bytes("video/mp4", lies));
    liar.start();
  }

  @AfterEach
  void stop() {
    viewer.shutdownNow();
    operator.close();
    plane.close();
    liar.close();
  }

  @Test
  void appliance_fromManifestToViewer_fillsServesTellsDrainsAndKeeps() throws Exception {
    plane.manifest = manifest();
    String firstBoot;
    try (Appliance appliance = Appliance.start(config())) {
      firstBoot = appliance.bootId();
      await().atMost(Duration.ofSeconds(60)).until(() -> plane.results().size() == 2);
      assertFilledDespiteTheLiar();
      assertServes(appliance);
      assertTold(appliance);
      assertDrains(appliance);
    }
    assertTrue(plane.heartbeats.getLast().health().draining());
    plane.manifest = null;
    try (Appliance appliance = Appliance.start(config())) {
      assertNotEquals(firstBoot, appliance.bootId());
      await().until(() -> !appliance.status().store().recovering());
      assertServes(appliance);
      assertEquals(2, appliance.status().store().files());
      await().until(() -> plane.inventories.getLast().bootId().equals(appliance.bootId()));
      await().until(() -> plane.inventories.getLast().held().size() == 2);
      assertEquals(0, appliance.status().fillBytes());
    }
  }

  @Test
  void appliance_manifestWithABlockList_holdsBothAndCouldReadTheList() throws Exception {
    String listPath = PATH_A + ".1MiB.blocks";
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (int at = 0; at < bytesA.length; at += 1 << 20) {
      byte[] block = Arrays.copyOfRange(bytesA, at, Math.min(bytesA.length, at + (1 << 20)));
      list.writeBytes(HexFormat.of().parseHex(sha256(block)));
    }
    plane.publish("/good/" + listPath, list.toByteArray());
    CatalogEntry file =
        new CatalogEntry(
            PATH_A,
            "harbour",
            bytesA.length,
            sha256(bytesA),
            "video/mp4",
            Instant.EPOCH,
            new BlockList(1 << 20, listPath));
    plane.manifest =
        manifest(
            Entry.from(file, List.of(plane.uri("good/" + PATH_A))),
            entry(listPath, list.toByteArray(), plane.uri("good/" + listPath)));
    try (Appliance appliance = Appliance.start(config())) {
      await().atMost(Duration.ofSeconds(60)).until(() -> plane.results().size() == 2);
      assertEquals(
          List.of(ContentId.ofPath(listPath), ContentId.ofPath(PATH_A)),
          plane.results().stream().map(Result::file).toList());
      assertTrue(plane.results().stream().allMatch(Result::filled));
      assertEquals(0, appliance.status().fill().listsUnread());
      assertArrayEquals(list.toByteArray(), get(appliance, listPath, null).body());
    }
  }

  @Test
  void volumes_addedAndDrainedByTheOperator_areShown() throws Exception {
    try (Appliance appliance = Appliance.start(config())) {
      URI volumes = appliance.adminEndpoint().http("v1/volumes");
      Path first = folder.resolve("disk");
      Path second = folder.resolve("disk-2");
      var added =
          operator.post(
              volumes,
              new Operations.NewVolume(second.toString(), 50_000_000, 1),
              AdminListener.Volumes.class);
      assertEquals(
          List.of(first.toString(), second.toString()),
          added.volumes().stream().map(ApplianceStatus.Volume::path).toList());
      assertEquals("in-service", added.volumes().getLast().state());
      URI drain = appliance.adminEndpoint().http("v1/volumes/drain");
      operator.post(drain, new Operations.NamedVolume(first.toString()));
      assertEquals("draining", appliance.status().store().volumes().getFirst().state());
      IOException twice =
          assertThrows(
              IOException.class,
              () ->
                  operator.post(
                      volumes, new Operations.NewVolume(second.toString(), 50_000_000, 1)));
      assertTrue(twice.getMessage().contains("409"), twice.getMessage());
      assertTrue(twice.getMessage().contains("in service already"), twice.getMessage());
      IOException odd =
          assertThrows(
              IOException.class,
              () -> operator.post(volumes, new Operations.NewVolume("disk-3", 50_000_000, 1)));
      assertTrue(odd.getMessage().contains("must be absolute"), odd.getMessage());

      plane.manifest = manifest();
      await().atMost(Duration.ofSeconds(60)).until(() -> plane.results().size() == 2);
      assertEquals(0, appliance.status().store().volumes().getFirst().files());
      assertEquals(2, appliance.status().store().volumes().getLast().files());
    }
  }

  @Test
  void supervised_withoutKeysOrCertificate_answersAndReloads() throws Exception {
    try (Appliance appliance = Appliance.start(config())) {
      appliance.store().recovery().join();
      assertEquals(Optional.empty(), appliance.standstill(Duration.ofSeconds(10)));
      assertTrue(appliance.summary().contains(" on 1 of 1 volumes, "), appliance.summary());
      appliance.reload();
    }
  }

  @Test
  void start_adminAddressInUse_leavesNothingRunning() throws Exception {
    try (Appliance first = Appliance.start(config())) {
      Path other = folder.resolve("other");
      String yaml = yaml(other).replace("admin: 127.0.0.1:0", "admin: " + first.adminEndpoint());
      ApplianceConfig taken = ConfigFile.parse("a.yaml", yaml, ApplianceConfig.class);
      assertThrows(IOException.class, () -> Appliance.start(taken));
      Appliance.start(ConfigFile.parse("a.yaml", yaml(other), ApplianceConfig.class)).close();
    }
  }

  private void assertFilledDespiteTheLiar() {
    Map<String, FillReport.Source> sources =
        Map.of(PATH_A, FillReport.Source.PEER, PATH_B, FillReport.Source.PEER);
    for (Result result : plane.results()) {
      assertTrue(result.filled(), result.reason());
      assertTrue(sources.containsValue(result.source()));
      assertEquals(4, result.manifestVersion());
    }
    long fetched = plane.results().stream().mapToLong(Result::bytesFetched).sum();
    assertEquals(2L * bytesA.length + bytesB.length, fetched, "the liar's bytes count too");
  }

  private void assertServes(Appliance appliance) throws Exception {
    HttpResponse<byte[]> part = get(appliance, PATH_A, "bytes=1000000-1999999");
    assertEquals(206, part.statusCode());
    assertArrayEquals(Arrays.copyOfRange(bytesA, 1_000_000, 2_000_000), part.body());
    HttpResponse<byte[]> whole = get(appliance, PATH_B, null);
    assertEquals(200, whole.statusCode());
    assertArrayEquals(bytesB, whole.body());
    assertEquals(404, get(appliance, "titles/none.mp4", null).statusCode());
  }

  private void assertTold(Appliance appliance) throws IOException {
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    List.of("not-here", "part", "whole"),
                    plane.records().stream().map(ServeRecord::outcome).sorted().toList()));
    await().until(() -> plane.inventories.stream().anyMatch(it -> it.held().size() == 2));
    Inventory inventory = plane.inventories.getLast();
    Heartbeat beat = plane.heartbeats.getLast();
    assertEquals(appliance.endpoint(), beat.endpoint());
    assertEquals(appliance.bootId(), inventory.bootId());
    assertFalse(beat.health().draining());
    assertTrue(beat.usedBytes() >= bytesA.length + bytesB.length);
    ApplianceStatus status =
        operator.get(appliance.adminEndpoint().http("v1/status"), ApplianceStatus.class);
    assertEquals("serving", status.state());
    assertEquals(2, status.store().files());
    assertEquals(1_000_000 + bytesB.length, status.servedBytes());
    assertEquals(1L, status.outcomes().get("part"));
    assertEquals(4, status.manifestVersion());
    assertEquals(1, status.fill().sourceFailures());
  }

  private void assertDrains(Appliance appliance) throws IOException {
    URI admin = appliance.adminEndpoint().http("");
    operator.post(admin.resolve("v1/drain"), Map.of());
    await().until(() -> plane.heartbeats.getLast().health().draining());
    operator.post(admin.resolve("v1/undrain"), Map.of());
    await().until(() -> !plane.heartbeats.getLast().health().draining());
  }

  private HttpResponse<byte[]> get(Appliance appliance, String path, String range)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(appliance.endpoint().http(path));
    if (range != null) {
      request.header("Range", range);
    }
    return viewer.send(request.build(), BodyHandlers.ofByteArray());
  }

  private FillManifest manifest() {
    Entry a = entry(PATH_A, bytesA, liar.endpoint().http(PATH_A), plane.uri("good/" + PATH_A));
    Entry b = entry(PATH_B, bytesB, plane.uri("good/" + PATH_B));
    return manifest(a, b);
  }

  private static FillManifest manifest(Entry... entries) {
    FillWindow always = new FillWindow(Instant.EPOCH, Instant.parse("3000-01-01T00:00:00Z"));
    return new FillManifest(ID, 4, always, 1L << 32, List.of(entries));
  }

  private static Entry entry(String path, byte[] bytes, URI... sources) {
    CatalogEntry file =
        new CatalogEntry(path, "harbour", bytes.length, sha256(bytes), "video/mp4", Instant.EPOCH);
    return Entry.from(file, List.of(sources));
  }

  private ApplianceConfig config() throws Exception {
    return ConfigFile.parse("appliance.yaml", yaml(folder), ApplianceConfig.class);
  }

  private String yaml(Path in) {
    return """
    id: north-1
    site: north
    advertise: 127.0.0.1:0
    http: {listen: "127.0.0.1:0", drainTimeout: 1s, drainIdle: 0ms}
    admin: 127.0.0.1:0
    store:
      volumes: [{path: %s, capacity: 100MB}]
      indexFolder: %s
      maxFiles: 1000
      maxOpenFiles: 100
    controller: %s
    heartbeat: {interval: 100ms}
    fill: {manifestInterval: 100ms, reportInterval: 50ms, grants: {patience: 100ms}}
    records: {target: "%s", interval: 50ms}
    """
        .formatted(
            in.resolve("disk"), in.resolve("index"), plane.uri(""), plane.uri("v1/serve-records"));
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
