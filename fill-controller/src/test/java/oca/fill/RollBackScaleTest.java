package oca.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import oca.config.ConfigFile;
import oca.fill.PlanEndpoint.Applied;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.ManifestDelta;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.Asked;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan is taken back while a thousand appliances hold another: how long until each of them has
 * the one before. They beat once a second and look at their manifest as appliances do: every ten
 * seconds, and when a heartbeat's answer names a newer one; by HTTP, in the same process.
 */
@Tag("long")
class RollBackScaleTest {
  private static final int APPLIANCES = 1000;
  private static final int SITES = 10;
  private static final int TITLES = 3000;
  private static final long MIB = 1 << 20;
  private static final Instant EVENING = Instant.parse("2026-11-10T20:00:00Z");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @TempDir Path folder;

  private final AtomicReference<Catalog> offered = new AtomicReference<>(catalog("1"));
  private final ControlClient client = new ControlClient(Duration.ofSeconds(60));
  private final List<Appliance> appliances = new ArrayList<>();
  private final LongAdder wholes = new LongAdder();
  private final LongAdder deltas = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile boolean over;
  private volatile String fault = "";
  private @Nullable FillController controller;

  @AfterEach
  void stop() {
    over = true;
    appliances.forEach(it -> it.thread.interrupt());
    if (controller != null) {
      controller.close();
    }
    client.close();
  }

  @Test
  void rollback_aThousandAppliances_haveThePlanBeforeWithinTenSeconds() throws Exception {
    try (ControlListener origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(offered.get()))) {
      origin.start();
      FillController running = start(origin);
      controller = running;
      await().until(() -> status(running).catalog().files() > 0);
      for (int i = 0; i < APPLIANCES; i++) {
        appliances.add(new Appliance(i, running));
      }
      appliances.forEach(it -> it.thread.start());
      await().atMost(Duration.ofSeconds(60)).until(() -> running.summary().contains("1,000 app"));
      demand(running, 100, 1);
      plan(running, 1);
      awaitVersion(1);
      List<String> before = appliances.stream().map(Appliance::paths).toList();
      demand(running, 400, 2);
      demand(running, 400, 3);
      plan(running, 2);
      awaitVersion(2);
      long changed =
          appliances.stream().filter(it -> !it.paths().equals(before.get(it.number))).count();
      assertTrue(changed > APPLIANCES / 2, "the plans must differ: " + changed);

      deltas.reset();
      failures.reset();
      wholes.reset();
      long begun = System.nanoTime();
      Applied back = client.post(uri(running, "v1/plans/rollback"), Map.of(), Applied.class);
      long answered = System.nanoTime();
      awaitVersion(3);
      long[] took =
          appliances.stream()
              .mapToLong(it -> it.changedAt - begun)
              .filter(it -> it > 0)
              .sorted()
              .toArray();
      assertEquals(1, back.version());
      for (Appliance each : appliances) {
        assertEquals(before.get(each.number), each.paths(), "appliance " + each.number);
      }
      double last = took[took.length - 1] / 1e9;
      System.out.printf(
          "rolled back: answered after %.2f s; %d appliances of %d files had the plan before after"
              + " %.2f s (median), %.2f s (last); %d deltas, %d wholes, %d failures %s%n",
          (answered - begun) / 1e9,
          took.length,
          appliances.getFirst().files(),
          took[took.length / 2] / 1e9,
          last,
          deltas.sum(),
          wholes.sum(),
          failures.sum(),
          fault);
      assertTrue(last < 10, "the last one after " + last + " s; " + Arrays.toString(took));
    }
  }

  /** One that beats and looks. */
  private final class Appliance {
    final int number;
    final ApplianceId id;
    final FillController to;
    final Thread thread;
    volatile @Nullable FillManifest manifest;
    volatile long changedAt;
    private @Nullable String etag;
    private long sequence;

    Appliance(int number, FillController to) {
      this.number = number;
      this.id = new ApplianceId("a-" + number);
      this.to = to;
      this.thread = Thread.ofVirtual().name("a-" + number).unstarted(this::run);
    }

    String paths() {
      FillManifest now = manifest;
      return now == null
          ? ""
          : String.join("\n", now.entries().stream().map(it -> it.file().path()).toList());
    }

    int files() {
      FillManifest now = manifest;
      return now == null ? 0 : now.entries().size();
    }

    private void run() {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(SECOND));
      long look = System.nanoTime() + ThreadLocalRandom.current().nextLong(10 * SECOND);
      while (!over) {
        try {
          Long newest = beat();
          FillManifest now = manifest;
          boolean heard = newest != null && (now == null || newest > now.version());
          if (heard || System.nanoTime() - look >= 0) {
            look();
            look = System.nanoTime() + 10 * SECOND;
          }
        } catch (IOException e) {
          if (!over) {
            failures.increment();
            fault = String.valueOf(e.getMessage());
          }
        }
        LockSupport.parkNanos(SECOND);
      }
    }

    private @Nullable Long beat() throws IOException {
      Heartbeat beat =
          new Heartbeat(
              id,
              new SiteId("s-" + number % SITES),
              new Endpoint("h-" + number, 8440),
              "boot",
              ++sequence,
              EVENING,
              new Health(false, 0, 100, 0, 1_000_000),
              2000 * MIB,
              0,
              0);
      return client.post(uri(to, "v1/heartbeats"), beat, HeartbeatReply.class).manifestVersion();
    }

    private void look() throws IOException {
      URI from = uri(to, "v1/manifests/" + id);
      switch (client.ask(
          from, etag, FillManifest.class, ManifestDelta.class, ManifestDelta.MANIPULATION)) {
        case Asked.Same<FillManifest, ManifestDelta> _ -> {}
        case Asked.Whole<FillManifest, ManifestDelta> whole -> {
          wholes.increment();
          take(whole.message(), whole.etag());
        }
        case Asked.Delta<FillManifest, ManifestDelta> delta -> {
          FillManifest now = manifest;
          if (now != null) {
            deltas.increment();
            take(delta.message().applyTo(now), delta.etag());
          }
        }
      }
    }

    private void take(FillManifest next, @Nullable String tag) {
      etag = tag;
      manifest = next;
      changedAt = System.nanoTime();
    }
  }

  private void awaitVersion(long version) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                appliances.stream()
                    .allMatch(it -> it.manifest != null && it.manifest.version() >= version));
  }

  private void plan(FillController running, long version) throws IOException {
    client.post(uri(running, "v1/plans"), Map.of());
    Applied applied =
        client.post(
            uri(running, "v1/plans/" + version + "/apply?evict=true"), Map.of(), Applied.class);
    assertEquals(version, applied.version());
  }

  private FillController start(ControlListener origin) throws Exception {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", interval: 1s}
        fillRate: 1MB
        settle: 0s
        lease: 60s
        connections: {connections: 8000, perAddress: 8000}
        plans: {automatic: false}
        regions:
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content")));
    for (int i = 0; i < SITES; i++) {
      yaml.append("  - {id: n-%d, prefixes: [10.%d.0.0/16], sites: [s-%d]}%n".formatted(i, i, i));
    }
    return FillController.start(
        ConfigFile.parse("fill.yaml", yaml.toString(), FillConfig.class),
        () -> EVENING,
        System::nanoTime);
  }

  /** Viewers of every network ask for titles around {@code favourite}. */
  private void demand(FillController running, int favourite, long batch) throws IOException {
    List<ServeRecord> records = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      for (int i = favourite - 90; i < favourite + 90; i++) {
        records.add(
            new ServeRecord(
                EVENING.minusSeconds(60),
                ContentId.ofPath("t-" + i + "/a.mp4"),
                "10." + site + ".7.0",
                206,
                0,
                40_000 * MIB / (10 + Math.abs(i - favourite)),
                true,
                900,
                "part"));
      }
    }
    client.post(
        uri(running, "v1/serve-records"),
        new ServeRecords(new ApplianceId("origin"), "boot", batch, 0, records));
  }

  private FillStatus status(FillController running) throws IOException {
    return client.get(uri(running, "v1/status"), FillStatus.class);
  }

  private static Catalog catalog(String version) {
    List<CatalogEntry> files = new ArrayList<>();
    for (int i = 0; i < TITLES; i++) {
      files.add(
          new CatalogEntry(
              "t-" + i + "/a.mp4", "t-" + i, 10 * MIB, "ab".repeat(32), "video/mp4", EVENING));
    }
    return new Catalog(version, files);
  }

  private static URI uri(FillController running, String path) {
    return running.endpoint().http(path);
  }
}
