package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import org.junit.jupiter.api.Test;

/** What another process knows after it read what this one wrote. */
class FleetImageTest {
  private static final Instant NOW = Instant.parse("2026-11-22T16:00:00Z");
  private static final int MOST = 1 << 20;
  private static final HeartbeatIntake.Limits LIMITS =
      new HeartbeatIntake.Limits(200, 1000, 100_000);

  private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());

  /** Any fleet, with another seed of the index: the same members hold the same files. */
  @Property(tries = 60)
  void read_anyFleet_holdsWhatItHeld(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    HeartbeatIntake before = intake(seed, LIMITS);
    int members = 1 + random.nextInt(150);
    int universe = 1 + random.nextInt(400);
    for (int i = members - 1; i >= 0; i--) {
      before.heartbeat(beats(i).beat(1, 1));
      if (random.nextInt(5) > 0) {
        before.inventory(new Inventory(id(i), "boot-1", 1, some(random, universe)));
      }
      if (random.nextInt(10) == 0) {
        before.heartbeat(beats(i).boot("boot-2").beat(1, 1));
      }
    }
    before.order(id(0), Order.DRAIN);
    before.order(new ApplianceId("never-heard"), Order.RETIRED);

    HeartbeatIntake after = intake(~seed, LIMITS);
    FleetImage image = after.readImage(before.image(NOW).write(MOST));
    after.restore(image, NOW, Duration.ofSeconds(3));

    FleetSnapshot was = before.snapshot();
    FleetSnapshot is = after.snapshot();
    assertEquals(was.members().size(), is.members().size(), "seed " + seed);
    assertEquals(before.orders(), after.orders());
    for (Member member : was.members()) {
      Member same = Objects.requireNonNull(is.member(member.id()));
      assertEquals(member.heartbeat(), same.heartbeat());
      assertEquals(member.order(), same.order());
      assertEquals(
          was.holders().of(member.number()), is.holders().of(same.number()), "seed " + seed);
      for (int file = 0; file < universe; file++) {
        assertEquals(
            was.holders().holds(member.number(), file(file)),
            is.holders().holds(same.number(), file(file)),
            "seed " + seed);
      }
    }
  }

  @Test
  void restore_deltaFromTheVersionThatWasKnown_fits() throws IOException {
    HeartbeatIntake before = fleet();
    HeartbeatIntake after = intake(2, LIMITS);
    after.restore(after.readImage(before.image(NOW).write(MOST)), NOW, Duration.ofSeconds(3));
    Outcome outcome = after.heartbeat(beats(1).beat(2, 1));
    assertFalse(outcome.inventoryWanted(), "what it holds is known");
    assertEquals(
        Verdict.ACCEPTED,
        after.delta(new InventoryDelta(id(1), "boot-1", 1, 2, List.of(file(7)), List.of(file(1)))));
    Member member = Objects.requireNonNull(after.snapshot().member(id(1)));
    assertTrue(after.snapshot().holders().holds(member.number(), file(7)));
    assertFalse(after.snapshot().holders().holds(member.number(), file(1)));
  }

  @Test
  void restore_heardJustBefore_isAliveUntilItIsLateAndOutAfterALease() throws IOException {
    HeartbeatIntake before = fleet();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    before.heartbeat(beats(2).beat(2, 1));
    HeartbeatIntake after = intake(2, LIMITS);
    assertEquals(
        2,
        after.restore(
            after.readImage(before.image(NOW).write(MOST)),
            NOW.plusMillis(500),
            Duration.ofSeconds(3)));
    Member late = Objects.requireNonNull(after.snapshot().member(id(1)));
    Member heard = Objects.requireNonNull(after.snapshot().member(id(2)));
    assertEquals(Standing.SUSPECT, standing(after, late));
    assertEquals(Standing.ALIVE, standing(after, heard));
    assertEquals(Duration.ofMillis(2500).toNanos(), Liveness.ageNanos(late, nanos.get()));
    assertTrue(heard.restored());
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertEquals(Standing.SUSPECT, standing(after, heard));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(Standing.KNOWN, standing(after, heard), "a lease, and no more");
    after.heartbeat(beats(2).beat(3, 1));
    assertEquals(
        Standing.ALIVE, standing(after, Objects.requireNonNull(after.snapshot().member(id(2)))));
  }

  @Test
  void restore_notHeardForLonger_isASuspect() throws IOException {
    HeartbeatIntake after = intake(2, LIMITS);
    FleetImage image = after.readImage(fleet().image(NOW).write(MOST));
    after.restore(image, NOW.plusSeconds(60), Duration.ofSeconds(3));
    assertEquals(Standing.SUSPECT, after.snapshot().best(nanos.get()));
  }

  @Test
  void read_beyondALimit_namesIt() throws IOException {
    byte[] bytes = fleet().image(NOW).write(MOST);
    Map.of(
            "limits.appliances", new HeartbeatIntake.Limits(1, 1000, 100_000),
            "limits.filesPerAppliance", new HeartbeatIntake.Limits(200, 1, 100_000),
            "limits.filesInAll", new HeartbeatIntake.Limits(200, 1000, 3, 1000, 100),
            "limits.files", new HeartbeatIntake.Limits(200, 1000, 100_000, 1, 100))
        .forEach(
            (name, limits) -> {
              IOException e =
                  assertThrows(IOException.class, () -> FleetImage.read(bytes, limits, 1));
              assertTrue(String.valueOf(e.getMessage()).contains(name), e.getMessage());
            });
    assertThrows(IOException.class, () -> fleet().image(NOW).write(100));
  }

  /** Whatever is wrong in it is an {@link IOException}: the sum over files finds the rest. */
  @Property(tries = 300)
  void read_anyDamage_isRefusedOrTheSame(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = fleet().image(NOW).write(MOST);
    byte[] damaged =
        random.nextBoolean() ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
    for (int i = random.nextInt(3); i >= 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    try {
      FleetImage read = FleetImage.read(damaged, LIMITS, 1);
      assertTrue(read.fleet().entries().size() <= 200);
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 3);
    }
  }

  private Standing standing(HeartbeatIntake intake, Member member) {
    return intake.snapshot().standing(member, nanos.get());
  }

  private HeartbeatIntake fleet() {
    HeartbeatIntake intake = intake(1, LIMITS);
    for (int i = 1; i <= 2; i++) {
      intake.heartbeat(beats(i).beat(1, 1));
      intake.inventory(new Inventory(id(i), "boot-1", 1, List.of(file(1), file(2))));
    }
    return intake;
  }

  private HeartbeatIntake intake(long seed, HeartbeatIntake.Limits limits) {
    return new HeartbeatIntake(
        nanos::get, limits, "origin", Liveness.DEFAULT, LossRules.DEFAULT, seed);
  }

  private static List<ContentId> some(Random random, int universe) {
    List<ContentId> files = new ArrayList<>();
    for (int i = 0; i < universe; i++) {
      if (random.nextInt(3) == 0) {
        files.add(file(i));
      }
    }
    return files;
  }

  private static Beats beats(int i) {
    return Beats.of(id(i).value(), "north", "h" + i);
  }

  private static ApplianceId id(int i) {
    return new ApplianceId("north-" + i);
  }

  private static ContentId file(int i) {
    return ContentId.ofPath("titles/" + i);
  }
}
