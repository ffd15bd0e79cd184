package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import org.junit.jupiter.api.Test;

class HeartbeatIntakeTest {
  private static final ApplianceId NORTH_1 = new ApplianceId("north-1");
  private static final Beats NORTH = Beats.of("north-1", "north", "127.0.0.11");
  private static final ContentId FILE = ContentId.ofPath("a");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final HeartbeatIntake intake = intake(3, 2, 3);

  private HeartbeatIntake intake(int appliances, int filesPerAppliance, long filesInAll) {
    return new HeartbeatIntake(
        nanos::get,
        new HeartbeatIntake.Limits(appliances, filesPerAppliance, filesInAll),
        "origin");
  }

  @Test
  void heartbeat_first_isTakenAndAsksForTheInventory() {
    assertEquals(new Outcome(Verdict.ACCEPTED, true), intake.heartbeat(NORTH.beat(1, 7)));
    assertEquals(Verdict.ACCEPTED, intake.inventory(inventory("boot-1", 7, FILE)));
    assertEquals(new Outcome(Verdict.ACCEPTED, false), intake.heartbeat(NORTH.beat(2, 7)));
    assertEquals(new Outcome(Verdict.ACCEPTED, true), intake.heartbeat(NORTH.beat(3, 8)));
    assertTrue(holdsFile(), "what was held stays known until the new inventory comes");
  }

  @Test
  void heartbeat_repeatedOrOvertaken_changesNothingAndRenewsNoLease() {
    intake.heartbeat(NORTH.beat(5, 1));
    FleetSnapshot before = intake.snapshot();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertEquals(Verdict.REPLAYED, intake.heartbeat(NORTH.beat(5, 1)).verdict());
    assertEquals(Verdict.OVERTAKEN, intake.heartbeat(NORTH.beat(4, 1, true, 1)).verdict());
    assertEquals(Verdict.MALFORMED, intake.heartbeat(NORTH.beat(0, 1)).verdict());
    assertEquals(before, intake.snapshot());
    assertEquals(Standing.SUSPECT, intake.snapshot().standing(member(), nanos.get()));
    long before2s = nanos.get() - 1;
    assertEquals(
        Standing.ALIVE, before.standing(member(), before2s), "over the clock's wrap as well");
    assertEquals(1, intake.heartbeats(Verdict.REPLAYED));
    assertEquals(1, intake.heartbeats(Verdict.OVERTAKEN));
    assertEquals(1, intake.heartbeats(Verdict.ACCEPTED));
  }

  @Test
  void heartbeat_newBoot_startsAgainAndForgetsTheContent() {
    intake.heartbeat(NORTH.beat(9, 7));
    intake.inventory(inventory("boot-1", 7, FILE));
    Beats again = NORTH.boot("boot-2");
    assertEquals(new Outcome(Verdict.ACCEPTED, true), intake.heartbeat(again.beat(1, 7)));
    assertFalse(holdsFile());
    assertEquals(Verdict.FORMER_BOOT, intake.heartbeat(NORTH.beat(10, 7)).verdict());
    assertEquals(Verdict.FORMER_BOOT, intake.inventory(inventory("boot-1", 7, FILE)));
    assertEquals("boot-2", member().heartbeat().bootId());
  }

  @Test
  void heartbeat_draining_isInTheNextSnapshot() {
    intake.heartbeat(NORTH.beat(1, 7));
    intake.heartbeat(NORTH.beat(2, 7, true, 1));
    assertTrue(member().health().draining());
  }

  @Test
  void heartbeat_changedHost_getsANewPathwayForEver() {
    Beats moved = NORTH.host("127.0.0.99");
    intake.heartbeat(NORTH.beat(1, 7));
    assertEquals("north-1", member().pathway());
    intake.heartbeat(moved.beat(2, 7));
    assertEquals("north-1.2", member().pathway());
    intake.heartbeat(moved.port(9000).beat(3, 7));
    assertEquals("north-1.2", member().pathway());
    intake.heartbeat(NORTH.boot("boot-2").beat(1, 7));
    assertEquals("north-1.3", member().pathway());
  }

  @Test
  void heartbeat_applianceNamedLikeTheOrigin_getsAnotherPathway() {
    intake.heartbeat(Beats.of("origin", "north", "127.0.0.12").beat(1, 7));
    assertEquals("origin.2", intake.snapshot().members().getFirst().pathway());
  }

  @Test
  void heartbeat_oneApplianceTooMany_isRefusedAndTheOthersGoOn() {
    for (int i = 1; i <= 3; i++) {
      intake.heartbeat(Beats.of("n" + i, "north", "127.0.0." + i).beat(1, 1));
    }
    Outcome refused = intake.heartbeat(NORTH.beat(1, 1));
    assertEquals(new Outcome(Verdict.TOO_MANY_APPLIANCES, false), refused);
    assertEquals(
        Verdict.ACCEPTED, intake.heartbeat(Beats.of("n1", "north", "h").beat(2, 1)).verdict());
    assertEquals(3, intake.snapshot().members().size());
  }

  @Test
  void inventory_beforeAnyHeartbeat_isDropped() {
    assertEquals(Verdict.NO_HEARTBEAT, intake.inventory(inventory("boot-1", 7, FILE)));
    intake.heartbeat(NORTH.beat(1, 7));
    assertEquals(Verdict.NO_HEARTBEAT, intake.inventory(inventory("boot-2", 7, FILE)));
    assertFalse(holdsFile());
  }

  @Test
  void inventory_repeatedOrOvertaken_isDropped() {
    intake.heartbeat(NORTH.beat(1, 7));
    assertEquals(
        Verdict.ACCEPTED, intake.inventory(inventory("boot-1", 8, FILE)), "announced next");
    assertEquals(Verdict.REPLAYED, intake.inventory(inventory("boot-1", 8)));
    intake.heartbeat(NORTH.beat(2, 8));
    assertEquals(Verdict.OVERTAKEN, intake.inventory(inventory("boot-1", 7)));
    assertTrue(holdsFile());
    assertEquals(1, intake.inventories(Verdict.OVERTAKEN));
  }

  @Test
  void inventory_tooLarge_isRefusedAndNotAskedForAgain() {
    intake.heartbeat(NORTH.beat(1, 7));
    ContentId[] three = {FILE, ContentId.ofPath("b"), ContentId.ofPath("c")};
    assertEquals(Verdict.TOO_MANY_FILES, intake.inventory(inventory("boot-1", 7, three)));
    assertFalse(intake.heartbeat(NORTH.beat(2, 7)).inventoryWanted());
    assertTrue(intake.heartbeat(NORTH.beat(3, 8)).inventoryWanted());
  }

  @Test
  void inventory_tooManyInAll_isRefusedForTheOneThatExceeds() {
    Beats other = Beats.of("north-2", "north", "127.0.0.12");
    intake.heartbeat(NORTH.beat(1, 7));
    intake.heartbeat(other.beat(1, 7));
    ContentId b = ContentId.ofPath("b");
    assertEquals(Verdict.ACCEPTED, intake.inventory(inventory("boot-1", 7, FILE, b)));
    Inventory two = new Inventory(new ApplianceId("north-2"), "boot-1", 7, List.of(FILE, b));
    assertEquals(Verdict.TOO_MANY_FILES, intake.inventory(two));
    assertEquals(2, intake.snapshot().holders().pairs());
  }

  /** Whatever order a network makes of them, the newest of the newest boot is what is known. */
  @Property(tries = 200)
  void heartbeat_anyOrderOfOneBoot_endsWithTheNewest(@ForAll long seed) {
    Random random = new Random(seed);
    List<Heartbeat> sent = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      Heartbeat beat = NORTH.beat(i, 1, random.nextBoolean(), random.nextDouble());
      sent.addAll(Collections.nCopies(1 + random.nextInt(2), beat));
    }
    Collections.shuffle(sent, random);
    HeartbeatIntake shuffled = intake(3, 2, 3);
    sent.forEach(shuffled::heartbeat);
    Member member = shuffled.snapshot().member(NORTH_1);
    assertNotNull(member);
    assertEquals(20, member.heartbeat().sequence(), "seed " + seed);
    long counted = 0;
    for (Verdict verdict : Verdict.values()) {
      counted += shuffled.heartbeats(verdict);
    }
    assertEquals(sent.size(), counted);
  }

  @Test
  void heartbeat_manyAtOnce_losesNone() throws InterruptedException {
    HeartbeatIntake wide = intake(1000, 2, 3);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        Beats each = Beats.of("n" + i, "north", "127.0.0.1");
        threads.execute(() -> wide.heartbeat(each.beat(1, 1)));
      }
      threads.shutdown();
      assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    }
    assertEquals(500, wide.snapshot().members().size());
    assertNotNull(wide.snapshot().member(new ApplianceId("n250")));
  }

  private Member member() {
    Member member = intake.snapshot().member(NORTH_1);
    assertNotNull(member);
    return member;
  }

  private boolean holdsFile() {
    return intake.snapshot().holders().holds(member().number(), FILE);
  }

  private static Inventory inventory(String boot, long version, ContentId... held) {
    return new Inventory(NORTH_1, boot, version, List.of(held));
  }
}
