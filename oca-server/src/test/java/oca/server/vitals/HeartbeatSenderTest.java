package oca.server.vitals;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatSenderTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final ContentId A = new ContentId(1, 2);
  private static final ContentId B = new ContentId(3, 4);
  private static final Inventory INVENTORY =
      new Inventory(new ApplianceId("north-1"), "boot", 2, List.of(A));

  private final List<ContentId> held = new CopyOnWriteArrayList<>(List.of(A));
  private final HeldJournal journal =
      new HeldJournal(
          new ApplianceId("north-1"), "boot", held::size, () -> List.copyOf(held), 10, () -> 0);
  private final List<URI> withOrders = new CopyOnWriteArrayList<>();
  private final List<Long> manifests = new CopyOnWriteArrayList<>();
  private final Target first = new Target();
  private final Target second = new Target();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));

  HeartbeatSenderTest() throws IOException {}

  @AfterEach
  void stop() {
    first.leave.countDown();
    second.leave.countDown();
    client.close();
    first.listener.close();
    second.listener.close();
  }

  @Test
  void start_always_beatsAtOnceAndThenEveryIntervalInSequence() {
    try (HeartbeatSender sender = start(SHORT, first.uri())) {
      await().until(() -> first.beats.size() >= 3);
      assertEquals(0, sender.failures());
    }
    List<Long> sequences = first.beats.stream().map(Heartbeat::sequence).toList();
    assertEquals(LongStream.rangeClosed(1, sequences.size()).boxed().toList(), sequences);
  }

  @Test
  void beatNow_beforeTheInterval_beats() {
    try (HeartbeatSender sender = start(LONG, first.uri())) {
      await().until(() -> first.beats.size() == 1);
      sender.beatNow();
      await().until(() -> first.beats.size() == 2);
    }
  }

  @Test
  void reply_ordersWaiting_isToldWithItsTarget() {
    second.hasOrders = true;
    try (HeartbeatSender _ = start(SHORT, first.uri(), second.uri())) {
      await().until(() -> first.beats.size() >= 2 && second.beats.size() >= 2);
    }
    assertTrue(withOrders.size() >= 2, withOrders::toString);
    assertEquals(List.of(second.uri()), withOrders.stream().distinct().toList());
  }

  @Test
  void reply_withAManifest_isPassedOn() {
    second.manifest = 7L;
    try (HeartbeatSender _ = start(Duration.ofMillis(5), first.uri(), second.uri())) {
      await().until(() -> first.beats.size() >= 2 && manifests.size() >= 2);
    }
    assertEquals(List.of(7L), manifests.stream().distinct().toList());
  }

  @Test
  void reply_inventoryWanted_isFollowedByTheInventory() {
    first.wantsInventory = true;
    try (HeartbeatSender _ = start(LONG, first.uri())) {
      await().untilAsserted(() -> assertEquals(List.of(INVENTORY), first.inventories));
    }
  }

  @Test
  void reply_inventoryNotWanted_isNotFollowedByOne() {
    try (HeartbeatSender _ = start(SHORT, first.uri())) {
      await().until(() -> first.beats.size() >= 3);
    }
    assertEquals(List.of(), first.inventories);
  }

  @Test
  void reply_deltaWanted_isFollowedByWhatChanged() {
    first.wantsInventory = true;
    try (HeartbeatSender sender = start(LONG, first.uri())) {
      await().untilAsserted(() -> assertEquals(List.of(INVENTORY), first.inventories));
      held.add(B);
      first.deltaFrom = 2L;
      sender.beatNow();
      InventoryDelta delta =
          new InventoryDelta(new ApplianceId("north-1"), "boot", 2, 3, List.of(B), List.of());
      await().untilAsserted(() -> assertEquals(List.of(delta), first.deltas));
      first.deltaFrom = 77L;
      sender.beatNow();
      await().until(() -> first.inventories.size() == 2);
      assertEquals(3, first.inventories.getLast().version());
      assertEquals(1, first.deltas.size(), "a version that never was can only be answered whole");
    }
  }

  @Test
  void inventory_thatHangs_doesNotHoldUpHeartbeats() {
    first.wantsInventory = true;
    first.inventoryHangs = true;
    try (HeartbeatSender _ = start(SHORT, first.uri())) {
      await().until(() -> first.inventories.size() == 1);
      int before = first.beats.size();
      await().until(() -> first.beats.size() >= before + 5);
      assertEquals(1, first.inventories.size(), "one at a time");
      first.leave.countDown();
    }
  }

  @Test
  void target_thatHangs_isBeatenAgainAfterTheTimeout() {
    first.hangs = true;
    HeartbeatConfig config =
        new HeartbeatConfig(List.of(), LONG, 0, SHORT, Duration.ofSeconds(5), 10);
    try (HeartbeatSender sender = start(config, 0.5, first.uri())) {
      await().until(() -> sender.failures() >= 1);
      first.hangs = false;
      first.leave.countDown();
      int before = first.beats.size();
      // On a machine that is busy the next may be late too.
      await()
          .until(
              () -> {
                sender.beatNow();
                return first.beats.size() > before;
              });
    }
  }

  @Test
  void interval_withJitter_isStretchedByTheRandomNumber() {
    Duration hour = Duration.ofHours(1);
    HeartbeatConfig halved =
        new HeartbeatConfig(List.of(), SHORT, 0.5, hour, Duration.ofSeconds(5), 10);
    long began = System.nanoTime();
    try (HeartbeatSender _ = start(halved, 1, first.uri())) {
      await().until(() -> first.beats.size() >= 11);
    }
    long took = System.nanoTime() - began;
    assertTrue(took >= 10 * 30_000_000L, "ten intervals of 20 ms and a half took " + took);
  }

  @Test
  void target_thatHangs_doesNotDelayAnother() {
    first.hangs = true;
    try (HeartbeatSender _ = start(SHORT, first.uri(), second.uri())) {
      await().until(() -> second.beats.size() >= 5);
      assertTrue(first.beats.size() <= 1);
      first.leave.countDown();
    }
  }

  @Test
  void target_downAndBack_isCountedAndBeatenAgain() {
    first.down = true;
    try (HeartbeatSender sender = start(SHORT, first.uri(), second.uri())) {
      await().until(() -> sender.failures() >= 2);
      assertEquals(List.of(), first.beats);
      first.down = false;
      await().until(() -> first.beats.size() >= 2);
    }
  }

  @Test
  void close_always_saysDrainingLast() {
    HeartbeatSender sender = start(LONG, first.uri(), second.uri());
    await().until(() -> first.beats.size() == 1 && second.beats.size() == 1);
    sender.close();
    assertEquals(
        List.of(false, true), first.beats.stream().map(beat -> beat.health().draining()).toList());
    assertEquals(
        List.of(false, true), second.beats.stream().map(beat -> beat.health().draining()).toList());
  }

  private HeartbeatSender start(Duration interval, URI... targets) {
    HeartbeatConfig config =
        new HeartbeatConfig(List.of(), interval, 0.1, LONG, Duration.ofSeconds(5), 10);
    return start(config, 0.5, targets);
  }

  private HeartbeatSender start(HeartbeatConfig config, double random, URI... targets) {
    return HeartbeatSender.start(
        List.of(targets),
        () -> config,
        this::beat,
        journal,
        client,
        () -> random,
        withOrders::add,
        manifests::add);
  }

  private Heartbeat beat(long sequence, boolean leaving) {
    HeldJournal.Mark mark = journal.look();
    return new Heartbeat(
        new ApplianceId("north-1"),
        new SiteId("north"),
        new Endpoint("127.0.0.1", 80),
        "boot",
        sequence,
        Instant.EPOCH,
        new Health(leaving, 0, 1, 0, 1),
        10,
        5,
        mark.version(),
        mark.digest(),
        List.of(),
        1L);
  }

  /** A steering service that can be down, hang, or want inventories. */
  private static final class Target {
    final List<Heartbeat> beats = new CopyOnWriteArrayList<>();
    final List<Inventory> inventories = new CopyOnWriteArrayList<>();
    final List<InventoryDelta> deltas = new CopyOnWriteArrayList<>();
    final CountDownLatch leave = new CountDownLatch(1);
    final ControlListener listener;
    volatile boolean down;
    volatile boolean hangs;
    volatile boolean wantsInventory;
    volatile boolean hasOrders;
    volatile @Nullable Long manifest;
    volatile boolean inventoryHangs;
    volatile Long deltaFrom;

    Target() throws IOException {
      listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
      listener
          .route("POST", "/v1/heartbeats", request -> take(request.message(Heartbeat.class)))
          .route(
              "POST",
              "/v1/inventories",
              request -> {
                inventories.add(request.message(Inventory.class));
                if (inventoryHangs) {
                  hang();
                }
                return Response.empty(204);
              })
          .route(
              "POST",
              "/v1/inventory-deltas",
              request -> {
                deltas.add(request.message(InventoryDelta.class));
                return Response.empty(204);
              })
          .start();
    }

    URI uri() {
      return listener.endpoint().http("");
    }

    private Response take(Heartbeat beat) {
      if (down) {
        return Response.problem(503, "down");
      }
      beats.add(beat);
      if (hangs) {
        hang();
      }
      HeartbeatReply plain = new HeartbeatReply(wantsInventory, deltaFrom);
      HeartbeatReply reply = manifest == null ? plain : plain.withManifest(manifest);
      return Response.message(hasOrders ? reply.withOrders() : reply);
    }

    private void hang() {
      try {
        leave.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
