package oca.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.state.OnPostgres;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Json;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that dies, and another one that stood by for its schema. */
@OnPostgres
class TakeoverPostgresTest {
  private static final long MIB = 1 << 20;

  /** No window is open then: plans are made when the test has them made. */
  private static final Instant EVENING = Instant.parse("2026-11-10T20:00:00Z");

  private static final ContentId FILE = ContentId.ofPath("t-3/a.mp4");

  @TempDir Path folder;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final HttpClient http = HttpClient.newHttpClient();
  private final ControlListener origin;

  TakeoverPostgresTest() throws IOException {
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(catalog()));
    origin.start();
  }

  @AfterEach
  void stop() {
    client.close();
    http.close();
    origin.close();
  }

  @Test
  void kill_whileAnotherStandsBy_goesOnWithPlanDemandAndLedger() throws Exception {
    try (Child first = Child.start(yaml("first"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<FillController> second = threads.submit(() -> start(yaml("second")));
      await().until(() -> get(first.uri("v1/status")).at("catalog", "files").number() == 12);
      client.post(first.uri("v1/heartbeats"), heartbeat());
      client.post(first.uri("v1/plan"), Map.of());
      FillManifest manifest = client.get(first.uri("v1/manifests/n-1"), FillManifest.class);
      assertFalse(manifest.entries().isEmpty());
      long acknowledged = 0;
      for (int sequence = 1; sequence <= 30; sequence++) {
        client.post(first.uri("v1/serve-records"), demand(sequence));
        acknowledged++;
      }
      assertFalse(second.isDone());
      first.kill();

      try (FillController controller = second.get()) {
        assertEquals(1, get(uri(controller, "v1/plans")).at("applied").number());
        assertEquals(manifest, client.get(uri(controller, "v1/manifests/n-1"), FillManifest.class));
        assertTrue(
            get(uri(controller, "v1/plans/why?file=t-3/a.mp4&appliance=n-1"))
                .toString()
                .contains("t-3"));
        assertEquals(acknowledged * MIB, bytes(controller));
        assertEquals(acknowledged * MIB, ledger(controller));
        // Sent again, for its answer was lost; and what comes next.
        client.post(uri(controller, "v1/serve-records"), demand(30));
        client.post(uri(controller, "v1/serve-records"), demand(31));
        assertEquals((acknowledged + 1) * MIB, bytes(controller));
        assertEquals((acknowledged + 1) * MIB, ledger(controller));
        client.post(uri(controller, "v1/heartbeats"), heartbeat());
        client.post(uri(controller, "v1/plan"), Map.of());
        assertEquals(2, get(uri(controller, "v1/plans")).at("applied").number());
      }
    }
  }

  private long bytes(FillController controller) throws Exception {
    return get(uri(controller, "v1/status")).at("demand", "bytes").number();
  }

  private long ledger(FillController controller) throws Exception {
    return get(uri(controller, "v1/ledger")).at("soFar", "bytes").number();
  }

  private Json get(URI uri) throws IOException, InterruptedException {
    return Json.parse(
        http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray())
            .body());
  }

  private static URI uri(FillController controller, String path) {
    return controller.endpoint().http(path);
  }

  /** Both have one schema and one key, and jobs of their own. */
  private String yaml(String name) throws IOException {
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 50ms}
        regions: [{id: north-net, prefixes: [10.1.0.0/16], sites: [north]}]
        fillRate: 1MB
        settle: 0s
        lease: 5min
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"));
    return Stores.yaml(yaml)
        .replace(
            "database: " + folder.resolve("state"), "database: " + folder.resolve(name + "/state"))
        .replace("standby: 5s", "standby: 90s");
  }

  private static FillController start(String yaml) throws IOException, ConfigException {
    return FillController.start(
        ConfigFile.parse("fill.yaml", yaml, FillConfig.class), () -> EVENING, System::nanoTime);
  }

  private static Heartbeat heartbeat() {
    return new Heartbeat(
        new ApplianceId("n-1"),
        new SiteId("north"),
        new Endpoint("n-1", 8440),
        "boot",
        1,
        EVENING,
        new Health(false, 0, 100, 0, 1_000_000),
        100 * MIB,
        0,
        0);
  }

  private static ServeRecords demand(int sequence) {
    return new ServeRecords(
        new ApplianceId("n-1"),
        "boot",
        sequence,
        0,
        List.of(
            new ServeRecord(
                EVENING.minusSeconds(1), FILE, "10.1.7.0", 206, 0, MIB, true, 900, "part")));
  }

  private static Catalog catalog() {
    List<CatalogEntry> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      files.add(
          new CatalogEntry(
              "t-" + i + "/a.mp4",
              "t-" + i,
              10 * MIB,
              "ab".repeat(32),
              "video/mp4",
              Instant.EPOCH));
    }
    return new Catalog("1", files);
  }

  /** A controller in a process of its own. */
  static final class Child implements AutoCloseable {
    private final Process process;
    private final URI base;

    private Child(Process process, URI base) {
      this.process = process;
      this.base = base;
    }

    static Child start(String yaml) throws IOException {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Process process =
          new ProcessBuilder(
                  java.toString(),
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Child.class.getName(),
                  yaml)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("http://")) {
          return new Child(process, URI.create(line));
        }
      }
      throw new IOException("the controller did not start");
    }

    URI uri(String path) {
      return base.resolve(path);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
      process.toHandle().destroyForcibly();
      process.waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }

    /** The child's side. */
    public static void main(String[] args) throws Exception {
      FillController controller = TakeoverPostgresTest.start(args[0]);
      System.out.println(controller.endpoint().http(""));
      System.out.flush();
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }
}
