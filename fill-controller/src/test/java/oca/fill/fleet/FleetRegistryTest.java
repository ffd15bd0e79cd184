package oca.fill.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import org.junit.jupiter.api.Test;

class FleetRegistryTest {
  private static final ContentId FILE = ContentId.ofPath("a");
  private static final ContentId OTHER = ContentId.ofPath("b");
  private static final ApplianceId N_1 = new ApplianceId("n-1");

  private final AtomicLong nanos = new AtomicLong(-5);
  private final FleetRegistry fleet = new FleetRegistry(Duration.ofSeconds(10), 2, nanos::get);

  @Test
  void take_unknownInventoryVersion_isWanted() {
    assertTrue(fleet.take(beat("n-1", "x", 1, 7)).inventoryWanted());
    assertTrue(fleet.take(new Inventory(new ApplianceId("n-1"), "x", 7, List.of(FILE))));
    assertFalse(fleet.take(beat("n-1", "x", 2, 7)).inventoryWanted());
    assertTrue(fleet.take(beat("n-1", "x", 3, 8)).inventoryWanted());
    assertTrue(fleet.take(beat("n-1", "y", 1, 7)).inventoryWanted());
    assertEquals(Set.of(FILE), fleet.snapshot().members().getFirst().held());
  }

  @Test
  void take_outOfOrderOrOfTheBootBefore_isDroppedAndCounted() {
    fleet.take(beat("n-1", "x", 5, 1));
    fleet.take(beat("n-1", "x", 5, 1));
    fleet.take(beat("n-1", "x", 4, 1));
    fleet.take(beat("n-1", "y", 1, 1));
    fleet.take(beat("n-1", "x", 6, 1));
    assertEquals(new FleetRegistry.Dropped(3, 0, 0), fleet.dropped());
  }

  @Test
  void snapshot_heartbeatOlderThanTheLease_isNotAlive() {
    fleet.take(beat("n-1", "x", 1, 1));
    nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
    assertEquals(1, fleet.snapshot().alive().size());
    nanos.incrementAndGet();
    assertEquals(0, fleet.snapshot().alive().size());
    assertEquals(1, fleet.snapshot().members().size());
    fleet.take(beat("n-1", "x", 2, 1));
    assertEquals(1, fleet.snapshot().alive().size());
  }

  @Test
  void take_outOfOrder_doesNotRenewTheLease() {
    fleet.take(beat("n-1", "x", 2, 1));
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    fleet.take(beat("n-1", "x", 1, 1));
    assertEquals(0, fleet.snapshot().alive().size());
  }

  @Test
  void settledFor_applianceAppears_startsAgain() {
    fleet.take(beat("n-1", "x", 1, 1));
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    fleet.take(beat("n-1", "x", 2, 1));
    assertEquals(Duration.ofSeconds(3), fleet.settledFor());
    fleet.take(beat("n-2", "x", 1, 1));
    assertEquals(Duration.ZERO, fleet.settledFor());
  }

  @Test
  void take_beyondTheLimit_isRefusedAndCounted() {
    fleet.take(beat("n-1", "x", 1, 1));
    fleet.take(beat("n-2", "x", 1, 1));
    assertThrows(IllegalArgumentException.class, () -> fleet.take(beat("n-3", "x", 1, 1)));
    assertFalse(fleet.take(new Inventory(new ApplianceId("n-3"), "x", 7, List.of(FILE))));
    assertFalse(fleet.take(new Inventory(new ApplianceId("n-1"), "y", 7, List.of(FILE))));
    assertEquals(new FleetRegistry.Dropped(0, 1, 2), fleet.dropped());
  }

  @Test
  void take_versionBehindOfASenderWithDigests_asksForADeltaFromWhatIsKnown() {
    assertEquals(new HeartbeatReply(true), fleet.take(beat("x", 1, 7, FILE)));
    fleet.take(new Inventory(N_1, "x", 7, List.of(FILE)));
    assertEquals(new HeartbeatReply(true, 7L), fleet.take(beat("x", 2, 8, FILE, OTHER)));
    assertTrue(fleet.take(new InventoryDelta(N_1, "x", 7, 8, List.of(OTHER), List.of())));
    assertEquals(new HeartbeatReply(false), fleet.take(beat("x", 3, 8, FILE, OTHER)));
    assertTrue(fleet.take(new InventoryDelta(N_1, "x", 8, 9, List.of(), List.of(FILE))));
    assertEquals(new HeartbeatReply(false), fleet.take(beat("x", 4, 9, OTHER)));
    assertEquals(Set.of(OTHER), fleet.snapshot().members().getFirst().held());
    assertEquals(Optional.of(new Inventory(N_1, "x", 9, List.of(OTHER))), fleet.inventory(N_1));
  }

  @Test
  void take_deltaThatDoesNotStartFromWhatIsKnown_isDroppedAndCounted() {
    InventoryDelta delta = new InventoryDelta(N_1, "x", 7, 8, List.of(OTHER), List.of());
    assertFalse(fleet.take(delta));
    fleet.take(beat("x", 1, 8, FILE, OTHER));
    assertFalse(fleet.take(delta));
    fleet.take(new Inventory(N_1, "x", 6, List.of(FILE)));
    assertFalse(fleet.take(delta));
    fleet.take(new Inventory(N_1, "x", 7, List.of(FILE)));
    assertFalse(fleet.take(new InventoryDelta(N_1, "y", 7, 8, List.of(OTHER), List.of())));
    assertFalse(fleet.take(new InventoryDelta(N_1, "x", 7, 7, List.of(OTHER), List.of())));
    assertEquals(Set.of(FILE), fleet.snapshot().members().getFirst().held());
    assertEquals(new FleetRegistry.Dropped(0, 0, 5), fleet.dropped());
    assertTrue(fleet.take(delta));
  }

  @Test
  void take_deltasThatDoNotAddUp_asksForTheWholeOnce() {
    fleet.take(beat("x", 1, 7, FILE));
    fleet.take(new Inventory(N_1, "x", 7, List.of(FILE)));
    fleet.take(new InventoryDelta(N_1, "x", 7, 8, List.of(), List.of()));
    assertEquals(new HeartbeatReply(true), fleet.take(beat("x", 2, 8, FILE, OTHER)));
    // The whole contradicts its digest still: asking again would bring the same.
    fleet.take(new Inventory(N_1, "x", 8, List.of(FILE)));
    assertEquals(new HeartbeatReply(false), fleet.take(beat("x", 3, 8, FILE, OTHER)));
  }

  @Test
  void take_startedAgainWithTheSameFiles_nothingIsSent() {
    fleet.take(beat("x", 1, 7, FILE));
    fleet.take(new Inventory(N_1, "x", 7, List.of(FILE)));
    assertEquals(new HeartbeatReply(false), fleet.take(beat("y", 1, 2, FILE)));
    assertEquals(new HeartbeatReply(true, 2L), fleet.take(beat("y", 2, 3, FILE, OTHER)));
    assertEquals(new HeartbeatReply(true), fleet.take(beat("z", 1, 1, OTHER)));
  }

  private static Heartbeat beat(String boot, long sequence, long inventory, ContentId... held) {
    Heartbeat plain = beat("n-1", boot, sequence, inventory);
    return new Heartbeat(
        plain.appliance(),
        plain.site(),
        plain.endpoint(),
        boot,
        sequence,
        plain.sent(),
        plain.health(),
        plain.capacityBytes(),
        plain.usedBytes(),
        inventory,
        InventoryDigest.of(List.of(held)),
        List.of(),
        null);
  }

  private static Heartbeat beat(String id, String boot, long sequence, long inventory) {
    return new Heartbeat(
        new ApplianceId(id),
        new SiteId("north"),
        new Endpoint("127.0.0.11", 8440),
        boot,
        sequence,
        Instant.EPOCH,
        new Health(false, 0, 100, 0, 100),
        1000,
        0,
        inventory);
  }
}
