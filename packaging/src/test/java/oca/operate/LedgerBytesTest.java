package oca.operate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigFile;
import oca.fill.FillConfig;
import oca.fill.FillController;
import oca.model.Endpoint;
import oca.operate.Stage.Told;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Json;
import oca.protocol.http.ControlListener;
import oca.protocol.http.PlainClient;
import oca.protocol.http.Response;
import oca.server.Appliance;
import oca.server.ApplianceConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real appliance, filled by a real controller, serves sockets that count what they get; the
 * ledger of the day says the same, and the command checks it without either of them.
 */
class LedgerBytesTest {
  private static final String PATH = "harbour/v0.mp4";
  private static final int LENGTH = 16 << 20;
  private static final int WHOLE = 64;
  private static final int PARTS = 200;

  /** What is in the kernel's buffers when a viewer leaves was served, and nobody got it. */
  private static final int BROKEN_OFF = 1;

  private static final double BAR = 0.005;

  @TempDir Path folder;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final byte[] bytes = new byte[LENGTH];
  private ControlListener origin;
  private FillController controller;
  private Appliance appliance;
  private boolean closed;

  @AfterEach
  void stop() {
    appliance.close();
    if (!closed) {
      controller.close();
    }
    origin.close();
  }

  @Test
  void ledger_ofADay_saysWhatSocketsGot() throws Exception {
    start();
    await().atMost(Duration.ofSeconds(60)).until(() -> appliance.status().store().files() == 1);
    long got = 0;
    for (int i = 0; i < WHOLE; i++) {
      got += download("bytes=0-", Long.MAX_VALUE);
    }
    Random random = new Random(5);
    for (int i = 0; i < PARTS; i++) {
      int first = random.nextInt(LENGTH - 100_000);
      got += download("bytes=" + first + "-" + (first + random.nextInt(100_000)), Long.MAX_VALUE);
    }
    for (int i = 0; i < BROKEN_OFF; i++) {
      got += download("bytes=0-", 1_000_000);
    }
    long responses = WHOLE + PARTS + BROKEN_OFF;
    Door door = door();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> door.get("/v1/ledger").at("soFar", "responses").number() == responses);
    String day = Instant.now().atZone(ZoneOffset.UTC).toLocalDate().toString();
    ahead.set(Duration.ofDays(1));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !door.get("/v1/ledger").at("days").items().isEmpty());

    Json total = door.get("/v1/ledger/" + day).at("content", "total");
    long told = total.at("bytes").number();
    long kernel = appliance.status().servedBytes();
    System.out.printf(
        Locale.ROOT,
        "LedgerBytesTest: ledger %,d, handed to the kernel %,d, got by sockets %,d: off by"
            + " %.4f %% and %.4f %%%n",
        told,
        kernel,
        got,
        100.0 * Math.abs(told - kernel) / kernel,
        100.0 * Math.abs(told - got) / got);
    assertTrue(Math.abs(told - kernel) <= BAR * kernel, told + " of " + kernel);
    assertTrue(Math.abs(told - got) <= BAR * got, told + " of " + got);
    assertEquals(0, total.at("doubt", "droppedRecords").number());
    assertEquals(0, total.at("beyondBytes").number());
    Json fill = total.at("fill");
    assertEquals(
        LENGTH, fill.at("originBytesInWindow").number() + fill.at("originBytesOutside").number());
    assertEquals(1, fill.at("files").number());

    checkOffline(day);
  }

  private void checkOffline(String day) throws IOException {
    String url = controller.endpoint().http("").toString();
    Told table = Stage.run(new LedgerCommand(), "--controller", url, day);
    assertEquals(0, table.status(), table.all());
    assertTrue(table.out().contains("offload"), table.out());
    assertTrue(table.out().lines().allMatch(it -> it.length() <= 80), table.out());
    Told list = Stage.run(new LedgerCommand(), "--controller", url);
    assertTrue(list.out().contains(day), list.all());
    Told csv = Stage.run(new LedgerCommand(), "--controller", url, "--csv", day);
    assertTrue(csv.out().startsWith("day,of,site,appliance,bytes,"), csv.all());
    Path saved = folder.resolve("saved");
    Told save = Stage.run(new LedgerCommand(), "--controller", url, "--save", saved.toString());
    assertEquals(0, save.status(), save.all());
    String key = folder.resolve("state.plan-key").toString();
    closed = true;
    controller.close();
    Told good = verify(key, saved);
    assertEquals(0, good.status(), good.all());
    assertTrue(good.out().contains("are as they were signed"), good.out());
    Path file = saved.resolve(day + ".json");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"responses\" : \\d+", "\"responses\" : 1"));
    Told bad = verify(key, saved);
    assertEquals(1, bad.status(), bad.all());
    assertTrue(bad.out().contains("was altered"), bad.out());
    assertEquals(2, Stage.run(new LedgerCommand(), "--verify").status());
    assertEquals(2, Stage.run(new LedgerCommand(), "--csv").status());
    assertEquals(3, Stage.run(new LedgerCommand(), "--controller", url).status());
  }

  private static Told verify(String key, Path saved) {
    return Stage.run(new LedgerCommand(), "--verify", "--key", key, "--in", saved.toString());
  }

  private Door door() throws IOException {
    return new Door(
        new PlainClient(
            controller.endpoint().http("").toString(),
            Duration.ofSeconds(10),
            java.util.Optional.empty()));
  }

  /** Asks on a socket of its own, and counts the bytes of the body that came. */
  private long download(String range, long most) throws IOException {
    URI uri = appliance.endpoint().http(PATH);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(1 << 16);
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      String head =
          "GET %s HTTP/1.1\r\nHost: %s\r\nRange: %s\r\nConnection: close\r\n\r\n"
              .formatted(uri.getPath(), uri.getAuthority(), range);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      for (int ends = 0; ends < 4; ) {
        int next = in.read();
        ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
      }
      byte[] buffer = new byte[1 << 16];
      long got = 0;
      for (int read = in.read(buffer); read >= 0; read = got < most ? in.read(buffer) : -1) {
        got += read;
      }
      return got;
    }
  }

  private void start() throws Exception {
    new Random(3).nextBytes(bytes);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Catalog catalog =
        new Catalog(
            "1",
            List.of(new CatalogEntry(PATH, "harbour", LENGTH, sha256, "video/mp4", Instant.EPOCH)));
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(catalog))
            .route("GET", "/" + PATH, _ -> Response.bytes("video/mp4", bytes));
    origin.start();
    String fill =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 100ms}
        regions: [{id: net, prefixes: [127.0.0.0/8], sites: [north]}]
        window: {opens: "00:00", closes: "00:00", zone: UTC}
        fillRate: 1GB
        settle: 0s
        ledger: {grace: 0s}
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http(""));
    controller =
        FillController.start(
            ConfigFile.parse("fill", fill, FillConfig.class),
            () -> Instant.now().plus(ahead.get()),
            System::nanoTime);
    String server =
        """
        id: north-1
        site: north
        advertise: "127.0.0.1:0"
        http: {listen: "127.0.0.1:0", transport: nio, eventLoops: 1, drainTimeout: 0s}
        store:
          indexFolder: %s
          volumes: [{path: %s, capacity: 100MB, reserve: 1MiB}]
        admin: "127.0.0.1:0"
        controller: "%s"
        heartbeat: {interval: 100ms}
        records: {target: "%s", interval: 100ms}
        fill: {manifestInterval: 100ms, reportInterval: 100ms}
        """
            .formatted(
                folder.resolve("index"),
                folder.resolve("disk"),
                controller.endpoint().http(""),
                controller.endpoint().http("v1/serve-records"));
    appliance = Appliance.start(ConfigFile.parse("appliance", server, ApplianceConfig.class));
  }
}
