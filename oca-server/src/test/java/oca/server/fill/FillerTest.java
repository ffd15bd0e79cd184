package oca.server.fill;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import oca.config.Current;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillReport;
import oca.protocol.FillReport.Result;
import oca.protocol.FillReport.Source;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.server.fill.SourceServer.Manner;
import oca.store.Admission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FillerTest {
  private final FillFixture fill;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));
  private final ControlListener controller;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger unchanged = new AtomicInteger();
  private final List<Result> reported = new CopyOnWriteArrayList<>();
  private volatile FillManifest manifest = FillFixture.manifest(0);
  private volatile boolean down;
  private volatile double load;

  FillerTest() throws IOException {
    fill = new FillFixture();
    controller = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
  }

  @BeforeEach
  void start() {
    controller
        .route("GET", "/v1/manifests/north-1", this::look)
        .route("POST", "/v1/fill-reports", this::report)
        .start();
  }

  @AfterEach
  void stop() {
    client.close();
    controller.close();
    fill.close();
  }

  @Test
  void manifest_withFiles_areFilledPinnedAndReported() {
    Entry a = fill.publish("t/a", 30_000);
    Entry b = fill.publish("t/b", 20_000);
    Entry fromOrigin = FillFixture.from(b, fill.origin.uri("t/b"));
    manifest = FillFixture.manifest(7, a, fromOrigin);
    try (Filler filler = start(3, Duration.ofMillis(20))) {
      await().until(() -> reported.size() == 2);
      assertTrue(fill.holds(a) && fill.holds(b));
      Result origin = resultOf(b);
      assertEquals(Source.ORIGIN, origin.source());
      assertEquals(20_000, origin.bytesFromOrigin());
      assertEquals(7, origin.manifestVersion());
      assertTrue(origin.filled());
      assertEquals(Source.PEER, resultOf(a).source());
      assertEquals(
          Set.of(FillRound.key(a.file().id()), FillRound.key(b.file().id())),
          fill.store.pins.getLast());
      FillStatus status = filler.status();
      assertEquals(7, status.manifestVersion());
      assertEquals(2, status.filled());
      assertEquals(30_000, status.bytesFromPeers());
      assertEquals(20_000, status.bytesFromOrigins());
      assertEquals(0, status.queued());
    }
  }

  @Test
  void manifest_unchanged_isNoWork() {
    manifest = FillFixture.manifest(1, fill.publish("t/a", 1000));
    try (Filler _ = start(3, Duration.ofMillis(20))) {
      await().until(() -> reported.size() == 1);
      int before = unchanged.get();
      await().until(() -> unchanged.get() >= before + 5);
      assertEquals(1, sent.get());
      assertEquals(1, fill.store.pins.size());
      assertEquals(1, fill.peer.asked.size());
    }
  }

  @Test
  void manifest_windowClosed_fetchesNothing() {
    fill.now.set(FillFixture.CLOSES);
    manifest = FillFixture.manifest(1, fill.publish("t/a", 1000));
    try (Filler filler = start(3, Duration.ofMillis(20))) {
      await().until(() -> unchanged.get() >= 5);
      assertEquals(1, filler.status().queued());
      assertFalse(filler.status().windowOpen());
      assertEquals(List.of(), fill.peer.asked);
      assertEquals(List.of(), fill.store.sessionStarts);
    }
  }

  @Test
  void manifest_forAnotherAppliance_isRefused() {
    manifest =
        new FillManifest(
            new ApplianceId("south-1"),
            1,
            FillFixture.WINDOW,
            1,
            List.of(fill.publish("t/a", 1000)));
    try (Filler filler = start(3, Duration.ofMillis(20))) {
      await().until(() -> filler.status().manifestFailures() >= 2);
      assertEquals(0, filler.status().manifestVersion());
      assertEquals(List.of(), fill.peer.asked);
    }
  }

  @Test
  void controller_downAndBack_isFollowedAgainAndToldWhatHappened() {
    Entry a = fill.publish("t/a", 1000);
    manifest = FillFixture.manifest(1, a);
    down = true;
    try (Filler filler = start(3, Duration.ofMillis(20))) {
      await().until(() -> filler.status().manifestFailures() >= 2);
      down = false;
      await().until(() -> reported.size() == 1);
      down = true;
      long failures = filler.status().manifestFailures();
      fill.store.lose(FillRound.key(a.file().id()));
      await().until(() -> filler.status().manifestFailures() > failures);
      assertEquals(1, filler.status().manifestVersion());
      down = false;
      await().until(() -> reported.size() == 2);
    }
  }

  @Test
  void file_thatNobodyHas_isTriedTheGivenTimesThenGivenUpAndReportedOnce() {
    fill.peer.manner = Manner.MISSING;
    Entry a = fill.publish("t/a", 1000);
    manifest = FillFixture.manifest(1, FillFixture.from(a, fill.peer.uri("t/a")));
    try (Filler filler = start(3, Duration.ofSeconds(10))) {
      await().until(() -> fill.peer.asked.size() == 1);
      await().until(() -> filler.status().running() == 0);
      assertEquals(List.of(), reported);
      fill.now.set(fill.now.get().plusSeconds(10));
      await().until(() -> fill.peer.asked.size() == 2);
      await().until(() -> filler.status().running() == 0);
      fill.now.set(fill.now.get().plusSeconds(20));
      await().until(() -> reported.size() == 1);
      assertEquals(3, fill.peer.asked.size());
      assertEquals(1, filler.status().givenUp());
      assertFalse(reported.getFirst().filled());
      assertEquals(Source.NONE, reported.getFirst().source());
      assertTrue(reported.getFirst().reason().contains("404"), reported.getFirst().reason());
      fill.now.set(fill.now.get().plusSeconds(3600));
      int now = unchanged.get();
      await().until(() -> unchanged.get() > now + 3);
      assertEquals(3, fill.peer.asked.size());
    }
  }

  @Test
  void file_lostWithADisk_isFetchedAgainUnderTheSameManifest() {
    Entry a = fill.publish("t/a", 1000);
    manifest = FillFixture.manifest(1, a);
    try (Filler _ = start(3, Duration.ofMillis(20))) {
      await().until(() -> reported.size() == 1);
      fill.store.lose(FillRound.key(a.file().id()));
      await().until(() -> reported.size() == 2);
      assertTrue(fill.holds(a));
    }
  }

  @Test
  void file_damagedOutsideTheWindow_isRepairedAtOnceAndCounted() {
    Entry a = fill.publish("t/a", 1000);
    manifest = FillFixture.manifest(1, a);
    try (Filler filler = start(3, Duration.ofMillis(20))) {
      await().until(() -> reported.size() == 1);
      fill.now.set(FillFixture.CLOSES);
      fill.store.lose(FillRound.key(a.file().id()));
      int before = unchanged.get();
      await().until(() -> unchanged.get() > before + 3);
      assertFalse(fill.holds(a), "the window is closed");
      assertTrue(filler.repair(FillRound.key(a.file().id())));
      await().until(() -> reported.size() == 2);
      assertTrue(fill.holds(a));
      assertEquals(1, filler.status().repaired());
      assertEquals(0, filler.status().repairs());
    }
  }

  @Test
  void file_whileTheStoreRecovers_isTriedUntilItDoes() {
    fill.store.refusal = Admission.Reason.RECOVERING;
    Entry a = fill.publish("t/a", 1000);
    manifest = FillFixture.manifest(1, a);
    try (Filler filler = start(1, Duration.ofSeconds(10))) {
      for (int i = 1; i <= 3; i++) {
        int tries = i;
        await().until(() -> fill.store.requests.size() == tries);
        await().until(() -> filler.status().running() == 0);
        if (i == 3) {
          fill.store.refusal = null;
        }
        fill.now.set(fill.now.get().plusSeconds(10));
      }
      await().until(() -> fill.holds(a));
      assertEquals(0, filler.status().givenUp());
    }
  }

  @Test
  void viewers_needTheAppliance_areMadeWayForAndTheRateComesBack() {
    manifest = FillFixture.manifest(1, fill.publish("t/a", 1000));
    try (Filler filler = start(3, Duration.ofMillis(20))) {
      await().until(() -> reported.size() == 1);
      assertEquals(1, filler.status().flow().share());
      load = 0.95;
      await().until(() -> filler.status().flow().share() == 0.05);
      long yields = filler.status().flow().yields();
      assertTrue(yields >= 10, "lowered step by step: " + yields);
      load = 0.7;
      int now = unchanged.get();
      await().until(() -> unchanged.get() > now + 3);
      assertEquals(0.05, filler.status().flow().share(), "between the thresholds it is kept");
      load = 0;
      await().until(() -> filler.status().flow().share() == 1);
      assertEquals(yields, filler.status().flow().yields());
    }
  }

  @Test
  void close_whileASourceIsSilent_returnsSoonAndKeepsWhatCame() {
    fill.peer.manner = Manner.STALLING;
    Entry a = fill.publish("t/a", 30_000);
    manifest = FillFixture.manifest(1, a);
    Filler filler = start(3, Duration.ofMillis(20), Duration.ofMinutes(10));
    await().until(() -> filler.status().bytesFromPeers() == 15_000);
    long before = System.nanoTime();
    filler.close();
    assertTrue(System.nanoTime() - before < 9_000_000_000L, "closing waited for the source");
    assertEquals(0, filler.status().sourceFailures());
    fill.peer.manner = Manner.HONEST;
    try (Filler _ = start(3, Duration.ofMillis(20))) {
      await().until(() -> fill.holds(a));
    }
    assertEquals(List.of(0L, 15_000L), fill.store.sessionStarts);
  }

  private Filler start(int attempts, Duration retry) {
    return start(attempts, retry, Duration.ofSeconds(20));
  }

  private Filler start(int attempts, Duration retry, Duration stall) {
    FillConfig base = FillFixture.config(attempts, retry, List.of(fill.origin.endpoint()));
    FillConfig config =
        new FillConfig(
            base.manifestInterval(),
            base.workers(),
            base.origins(),
            base.s3(),
            base.connect(),
            stall,
            base.buffer(),
            base.maxBlockList(),
            base.maxRepairs(),
            base.attempts(),
            base.retry(),
            base.patience(),
            base.yield(),
            base.grants(),
            base.reportInterval(),
            base.reportBacklog(),
            base.reportFlush());
    URI base0 = controller.endpoint().http("");
    return Filler.start(
        FillFixture.APPLIANCE,
        "boot",
        base0,
        Current.of(config),
        fill.store,
        FillFixture.BLOCK,
        client,
        fill.clock,
        System::nanoTime,
        () -> ViewerLoad.ofShare(load));
  }

  private Response look(Request request) {
    if (down) {
      return Response.problem(503, "down");
    }
    String etag = "\"" + manifest.version() + "\"";
    if (request.header("if-none-match").filter(etag::equals).isPresent()) {
      unchanged.incrementAndGet();
      return Response.empty(304);
    }
    sent.incrementAndGet();
    return Response.message(manifest).with("ETag", etag);
  }

  private Response report(Request request) throws IOException {
    if (down) {
      return Response.problem(503, "down");
    }
    reported.addAll(request.message(FillReport.class).results());
    return Response.empty(204);
  }

  private Result resultOf(Entry entry) {
    return Stream.ofNullable(reported)
        .flatMap(List::stream)
        .filter(result -> result.file().equals(entry.file().id()))
        .findFirst()
        .orElseThrow();
  }
}
