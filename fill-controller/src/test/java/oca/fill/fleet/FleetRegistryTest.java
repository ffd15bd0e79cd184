package oca.fill.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import org.junit.jupiter.api.Test;

class FleetRegistryTest {
  private static final ContentId FILE = ContentId.ofPath("a");

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
