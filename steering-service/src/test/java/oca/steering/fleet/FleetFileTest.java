package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import oca.model.ApplianceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileTest {
  private static final Instant NOW = Instant.parse("2026-11-22T16:00:00Z");
  private static final Beats NORTH = Beats.of("north-1", "north", "h1");

  @TempDir private Path folder;
  private final AtomicLong nanos = new AtomicLong(-7);

  @Test
  void load_saved_isTheSame() throws IOException {
    FleetRecord record = fleet().record(NOW);
    file().save(record);
    file().save(record);
    assertEquals(Optional.of(record), file().load());
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("fleet")), all.toList(), "nothing is left beside it");
    }
  }

  @Test
  void load_nothingDamagedCutOrForeign_isEmpty() throws IOException {
    assertEquals(Optional.empty(), file().load());
    file().save(fleet().record(NOW));
    Path path = folder.resolve("fleet");
    byte[] good = Files.readAllBytes(path);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] bad = random.nextBoolean() ? good.clone() : new byte[random.nextInt(good.length)];
      System.arraycopy(good, 0, bad, 0, bad.length);
      if (bad.length == good.length) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(7));
      }
      Files.write(path, bad);
      assertEquals(Optional.empty(), file().load(), "seed " + seed + " round " + i);
    }
    String newer = new String(good, StandardCharsets.UTF_8).replace("oca-fleet 1", "oca-fleet 2");
    Files.writeString(path, newer);
    assertEquals(Optional.empty(), file().load());
    Files.write(path, new byte[0]);
    assertEquals(Optional.empty(), file().load());
  }

  @Test
  void save_beyondTheLimitOrNowhere_keepsTheOneBefore() throws IOException {
    FleetRecord record = fleet().record(NOW);
    file().save(record);
    FleetFile small = new FleetFile(folder.resolve("fleet"), 10);
    assertThrows(IOException.class, () -> small.save(record));
    assertEquals(Optional.empty(), small.load());
    assertEquals(Optional.of(record), file().load());
    Path below = folder.resolve("fleet").resolve("x");
    assertThrows(IOException.class, () -> new FleetFile(below, 1000).save(record));
  }

  @Test
  void restore_afterARestart_goesOnWithBootsSequencesAndPathways() {
    HeartbeatIntake before = fleet();
    before.heartbeat(NORTH.boot("boot-2").host("h2").beat(5, 1));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    FleetRecord record = before.record(NOW);
    HeartbeatIntake after = intake();
    assertEquals(1, after.restore(record, NOW.plusSeconds(60), Duration.ofSeconds(5)));
    FleetSnapshot fleet = after.snapshot();
    Member restored = fleet.members().getFirst();
    assertEquals("north-1.2", restored.pathway());
    assertEquals(Standing.SUSPECT, fleet.standing(restored, nanos.get()));
    assertEquals(
        Duration.ofSeconds(61).toNanos(), Liveness.ageNanos(restored, nanos.get()), "its true age");
    long inTime = nanos.get() + Duration.ofSeconds(5).toNanos() - 1;
    assertEquals(Standing.SUSPECT, fleet.standing(restored, inTime));
    assertEquals(Standing.KNOWN, fleet.standing(restored, inTime + 1));
    assertEquals(Standing.GONE, fleet.standing(restored, inTime + Duration.ofHours(24).toNanos()));

    assertEquals(Verdict.FORMER_BOOT, after.heartbeat(NORTH.beat(99, 1)).verdict());
    Beats second = NORTH.boot("boot-2").host("h2");
    assertEquals(Verdict.REPLAYED, after.heartbeat(second.beat(5, 1)).verdict());
    assertEquals(Verdict.ACCEPTED, after.heartbeat(second.beat(6, 1)).verdict());
    assertEquals(Standing.ALIVE, after.snapshot().best(nanos.get()));
    after.heartbeat(second.host("h1").beat(7, 1));
    Member back = after.snapshot().member(new ApplianceId("north-1"));
    assertEquals("north-1.3", back == null ? "" : back.pathway(), "never the id of another host");
    assertThrows(
        IllegalStateException.class, () -> after.restore(record, NOW, Duration.ofSeconds(5)));
  }

  @Test
  void restore_wallClockWentBack_makesNobodyYounger() {
    HeartbeatIntake before = fleet();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    HeartbeatIntake after = intake();
    assertEquals(
        0, after.restore(before.record(NOW), NOW.minusSeconds(3600), Duration.ofSeconds(5)));
    Member member = after.snapshot().members().getFirst();
    assertEquals(Duration.ofSeconds(10).toNanos(), Liveness.ageNanos(member, nanos.get()));
    assertEquals(Standing.KNOWN, after.snapshot().standing(member, nanos.get()));
  }

  @Test
  void gate_untilEnoughWasHeard_isClosed() {
    FleetSnapshot none = intake().snapshot();
    long now = nanos.get();
    StartGate unknown = new StartGate(0, 0.8, Duration.ofSeconds(5), now);
    assertTrue(!unknown.isOpen(none, now + Duration.ofSeconds(5).toNanos() - 1));
    assertTrue(unknown.isOpen(none, now + Duration.ofSeconds(5).toNanos()));
    assertTrue(unknown.isOpen(none, now), "once open it stays open");

    HeartbeatIntake after = intake();
    int expected = after.restore(fleet().record(NOW), NOW, Duration.ofSeconds(5));
    StartGate gate = new StartGate(expected, 0.8, Duration.ofSeconds(5), now);
    after.heartbeat(NORTH.beat(2, 1));
    assertTrue(!gate.isOpen(after.snapshot(), now), "heard, but nobody knows what it holds");
    after.inventory(new oca.protocol.Inventory(new ApplianceId("north-1"), "boot-1", 1, List.of()));
    assertTrue(gate.isOpen(after.snapshot(), now));
  }

  private HeartbeatIntake fleet() {
    HeartbeatIntake intake = intake();
    intake.heartbeat(NORTH.beat(1, 1));
    return intake;
  }

  private HeartbeatIntake intake() {
    return new HeartbeatIntake(nanos::get, new HeartbeatIntake.Limits(10, 10, 100), "origin");
  }

  private FleetFile file() {
    return new FleetFile(folder.resolve("fleet"), 100_000);
  }
}
