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
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatSenderTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Inventory INVENTORY =
      new Inventory(new ApplianceId("north-1"), "boot", 5, List.of(new ContentId(1, 2)));

  private final Target first = new Target();
  private final Target second = new Target();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(5));

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
    return HeartbeatSender.start(
        List.of(targets),
        new HeartbeatConfig(List.of(), interval, Duration.ofSeconds(5)),
        HeartbeatSenderTest::beat,
        () -> INVENTORY,
        client);
  }

  private static Heartbeat beat(long sequence, boolean leaving) {
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
        5);
  }

  /** A steering service that can be down, hang, or want inventories. */
  private static final class Target {
    final List<Heartbeat> beats = new CopyOnWriteArrayList<>();
    final List<Inventory> inventories = new CopyOnWriteArrayList<>();
    final CountDownLatch leave = new CountDownLatch(1);
    final ControlListener listener;
    volatile boolean down;
    volatile boolean hangs;
    volatile boolean wantsInventory;

    Target() throws IOException {
      listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
      listener
          .route("POST", "/v1/heartbeats", request -> take(request.message(Heartbeat.class)))
          .route(
              "POST",
              "/v1/inventories",
              request -> {
                inventories.add(request.message(Inventory.class));
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
        try {
          leave.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return Response.message(new HeartbeatReply(wantsInventory));
    }
  }
}
