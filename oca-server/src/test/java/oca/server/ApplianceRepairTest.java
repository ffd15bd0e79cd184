package oca.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.server.admin.ApplianceStatus;
import oca.store.ContentKey;
import oca.store.Verification;
import oca.store.disk.ContentFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two appliances that hold the same file, and a disk that forgets a part of one copy. */
class ApplianceRepairTest {
  private static final ApplianceId NORTH = new ApplianceId("north-1");
  private static final ApplianceId SOUTH = new ApplianceId("south-1");
  private static final String PATH = "titles/harbour/v0.mp4";
  private static final int BLOCK = 1 << 20;
  private static final FillWindow ALWAYS =
      new FillWindow(Instant.EPOCH, Instant.parse("3000-01-01T00:00:00Z"));
  private static final FillWindow NEVER = new FillWindow(Instant.EPOCH, Instant.EPOCH);

  private final byte[] bytes = new byte[3 * BLOCK + 500_000];
  private final HttpClient viewer = HttpClient.newHttpClient();
  private final TestControlPlane northPlane = new TestControlPlane(NORTH);
  private final TestControlPlane southPlane = new TestControlPlane(SOUTH);

  @TempDir private Path folder;

  ApplianceRepairTest() throws IOException {
    new Random(11).nextBytes(bytes);
    southPlane.publish("/origin/" + PATH, bytes);
  }

  @AfterEach
  void stop() {
    viewer.shutdownNow();
    northPlane.close();
    southPlane.close();
  }

  @Test
  void damagedBlock_isFetchedFromAPeerAloneAndServedAgain() throws Exception {
    southPlane.manifest = manifest(SOUTH, 1, ALWAYS, southPlane.uri("origin/" + PATH));
    try (Appliance south = start(SOUTH, southPlane)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> southPlane.results().size() == 1);
      var peer = south.endpoint().http(PATH);
      northPlane.manifest = manifest(NORTH, 1, ALWAYS, peer);
      try (Appliance north = start(NORTH, northPlane)) {
        await().atMost(Duration.ofSeconds(60)).until(() -> northPlane.results().size() == 1);
        northPlane.manifest = manifest(NORTH, 2, NEVER, peer);
        await().until(() -> north.status().manifestVersion() == 2);
        ApplianceStatus before = north.status();
        await().until(() -> south.status().servedBytes() >= bytes.length);
        long servedBefore = south.status().servedBytes();
        // Its scrub would find the block first, and nothing would be left to verify.
        await().until(() -> north.store().scrubStatus().getFirst().passes() > 0);

        flipByte(BLOCK + 4321);
        ContentId id = ContentId.ofPath(PATH);
        assertEquals(
            Verification.DAMAGED, north.store().verify(new ContentKey(id.high(), id.low())));

        await().atMost(Duration.ofSeconds(30)).until(() -> north.status().fill().repaired() == 1);
        HttpResponse<byte[]> whole = get(north, null);
        assertEquals(200, whole.statusCode());
        assertArrayEquals(bytes, whole.body());
        HttpResponse<byte[]> part = get(north, "bytes=" + BLOCK + "-" + (2 * BLOCK - 1));
        assertArrayEquals(Arrays.copyOfRange(bytes, BLOCK, 2 * BLOCK), part.body());
        ApplianceStatus after = north.status();
        assertEquals(
            BLOCK, after.fill().bytesFromPeers() - before.fill().bytesFromPeers(), "one block");
        assertEquals(0, after.fill().bytesFromOrigins());
        await().until(() -> south.status().servedBytes() - servedBefore >= BLOCK);
        assertEquals(BLOCK, south.status().servedBytes() - servedBefore);
        assertEquals(0, after.fill().repairs());
        assertEquals(1, after.store().files());
        assertEquals(before.store().usedBytes(), after.store().usedBytes());
      }
    }
  }

  private void flipByte(long at) throws IOException {
    Path file;
    try (Stream<Path> all = Files.walk(folder.resolve(NORTH.value()).resolve("disk"))) {
      file = all.filter(it -> it.toFile().length() > bytes.length).findFirst().orElseThrow();
    }
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.seek(ContentFile.CONTENT_OFFSET + at);
      int was = disk.read();
      disk.seek(ContentFile.CONTENT_OFFSET + at);
      disk.write(was ^ 1);
    }
  }

  private HttpResponse<byte[]> get(Appliance appliance, String range) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(appliance.endpoint().http(PATH));
    if (range != null) {
      request.header("Range", range);
    }
    return viewer.send(request.build(), BodyHandlers.ofByteArray());
  }

  private FillManifest manifest(ApplianceId of, long version, FillWindow window, java.net.URI from)
      throws NoSuchAlgorithmException {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    CatalogEntry file =
        new CatalogEntry(PATH, "harbour", bytes.length, sha256, "video/mp4", Instant.EPOCH);
    return new FillManifest(
        of, version, window, 1L << 32, List.of(Entry.from(file, List.of(from))));
  }

  private Appliance start(ApplianceId id, TestControlPlane plane) throws Exception {
    Path home = folder.resolve(id.value());
    String yaml =
        """
        id: %s
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
        fill: {manifestInterval: 50ms, reportInterval: 50ms, grants: {patience: 100ms}}
        """
            .formatted(id, home.resolve("disk"), home.resolve("index"), plane.uri(""));
    return Appliance.start(ConfigFile.parse("appliance.yaml", yaml, ApplianceConfig.class));
  }
}
