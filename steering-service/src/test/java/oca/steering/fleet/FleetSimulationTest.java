package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntPredicate;
import oca.model.ApplianceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two thousand appliances, one steering service and a network between them, in virtual time. The
 * invariants are checked every hundred milliseconds and have names; a seed that broke one is in the
 * message, and {@code -Doca.fleet.seed=} runs it again.
 */
class FleetSimulationTest {
  private static final int APPLIANCES = 2000;
  private static final long MILLI = 1_000_000;
  private static final long TICK = 100 * MILLI;

  /** The longest that a heartbeat is on its way. */
  private static final long LATENCY = 20 * MILLI;

  private final long seed = Long.getLong("oca.fleet.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Duration grace = Duration.ofSeconds(5);
  private final LossRules rules =
      new LossRules(0.15, 2, Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMillis(200));

  private record Arrival(long at, int appliance, long sequence) {}

  // The world.
  private long nanos = 1_000_000_000_000L;
  private final long began = nanos;
  private final PriorityQueue<Arrival> network =
      new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
  private final long[] nextBeat = new long[APPLIANCES];
  private final long[] sequence = new long[APPLIANCES];
  private final long[] diedAt = new long[APPLIANCES];
  private final boolean[] dead = new boolean[APPLIANCES];
  private final boolean[] cut = new boolean[APPLIANCES];

  /**
   * The share of heartbeats that the network loses, never two of one appliance in a row: by the
   * rules who is not heard for three seconds is out, and two lost ones may be just that.
   */
  private double loss = 0.001;

  private final boolean[] lostLast = new boolean[APPLIANCES];

  // The service.
  private final int[] number = new int[APPLIANCES];
  private ObservedClock clock;
  private HeartbeatIntake intake;
  private boolean frozenBefore;
  private long longestDeath;

  FleetSimulationTest() {
    startSteering();
    for (int i = 0; i < APPLIANCES; i++) {
      nextBeat[i] = nanos + random.nextLong(1000 * MILLI);
    }
    run(Duration.ofSeconds(3));
  }

  @AfterEach
  void print() {
    System.out.printf(
        "fleet simulation: seed %d, %d s of virtual time, longest from death to out %d ms%n",
        seed, (nanos - began) / 1_000_000_000, longestDeath / MILLI);
  }

  @Test
  void oneDies_always_isOutWithinThreeSeconds() {
    for (int i = 0; i < 20; i++) {
      kill(random.nextInt(APPLIANCES));
      run(Duration.ofMillis(1000 + random.nextInt(3000)), "alive", "deadIsOut", "notFrozen");
    }
    run(Duration.ofSeconds(4), "alive", "deadIsOut", "notFrozen");
    assertTrue(longestDeath <= 3000 * MILLI + LATENCY, "seed " + seed);
  }

  @Test
  void tenthCutOff_always_isEvictedAndComesBack() {
    cutOff(200);
    run(Duration.ofSeconds(4), "alive", "notFrozen");
    assertEquals(APPLIANCES - 200, inAnswers(), "seed " + seed);
    heal();
    run(Duration.ofSeconds(3), "notFrozen");
    assertEquals(APPLIANCES, inAnswers(), "seed " + seed);
  }

  @Test
  void sixteenPercentCutOff_always_freezesBeforeAnybodyIsOut() {
    cutOff(320);
    run(Duration.ofSeconds(60), "nobodyOut", "neverEmpty");
    assertTrue(freeze().frozen(), "seed " + seed);
    assertTrue(freeze().lost() >= 320 && freeze().lost() < 340, "a few more lost one heartbeat");
    kill(notCut());
    run(Duration.ofSeconds(5), "nobodyOut");
    heal();
    run(Duration.ofSeconds(15), "neverEmpty");
    assertFalse(freeze().frozen(), "they are back");
    run(Duration.ofSeconds(1), "alive", "deadIsOut");
    assertEquals(1, intake.freezes());
  }

  @Test
  void sixtyPercentCutOffForGood_always_isEvictedWhenTheTimeIsOver() {
    cutOff(1200);
    run(Duration.ofSeconds(60), "nobodyOut", "neverEmpty");
    assertTrue(freeze().frozen(), "seed " + seed);
    run(rules.atMost(), "alive", "neverEmpty");
    assertFalse(freeze().frozen(), "seed " + seed);
    assertEquals(800, inAnswers());
    run(Duration.ofSeconds(20), "alive", "notFrozen", "neverEmpty");
    heal();
    run(Duration.ofSeconds(3), "notFrozen");
    assertEquals(APPLIANCES, inAnswers());
  }

  @Test
  void operatorThaws_always_evictsTheSilentAndFreezesNotAgain() {
    cutOff(1200);
    run(Duration.ofSeconds(5), "nobodyOut");
    assertTrue(intake.thaw());
    assertFalse(intake.thaw());
    assertEquals(800, inAnswers());
    run(Duration.ofSeconds(20), "alive", "notFrozen");
    cutOff(800 / 5, i -> !cut[i]);
    run(Duration.ofSeconds(5), "neverEmpty");
    assertTrue(freeze().frozen(), "a second cut is seen among those left; seed " + seed);
    assertEquals(800, inAnswers());
  }

  @Test
  void operatorThaws_beforeAnyLeaseHasEnded_freezesNotAgain() {
    cutOff(1200);
    for (int i = 0; i < 50 && !freeze().frozen(); i++) {
      run(Duration.ofMillis(100), "nobodyOut");
    }
    assertTrue(intake.thaw(), "seed " + seed);
    assertEquals(APPLIANCES, inAnswers(), "seed " + seed);
    run(Duration.ofSeconds(20), "notFrozen");
    assertEquals(800, inAnswers(), "seed " + seed);
  }

  @Test
  void allCutOff_always_leavesSomebodyForADay() {
    cutOff(APPLIANCES);
    run(Duration.ofSeconds(30), "nobodyOut", "neverEmpty");
    run(rules.atMost(), "neverEmpty");
    assertEquals(0, inAnswers());
    assertEquals(Standing.KNOWN, best(), "seed " + seed);
    // The rest of the day in larger steps: nothing comes in, and the watchdog goes on looking.
    watchdogOnly(Duration.ofHours(24).minusMinutes(5));
    assertEquals(Standing.KNOWN, best());
    watchdogOnly(Duration.ofMinutes(5));
    assertEquals(Standing.GONE, best(), "not heard for a day");
  }

  @Test
  void steeringPauses_always_evictsNobody() {
    for (long seconds : new long[] {5, 60, 1, 5, 5}) {
      pause(Duration.ofSeconds(seconds), 0);
      assertEquals(APPLIANCES, inAnswers(), "before the watchdog came; seed " + seed);
      run(Duration.ofSeconds(5), "alive", "nobodyOut", "notFrozen");
    }
    assertEquals(5, clock.pauses());
    pause(Duration.ofSeconds(60), 1);
    run(Duration.ofSeconds(5), "alive", "nobodyOut", "notFrozen");
  }

  @Test
  void steeringStutters_always_evictsTheDeadNevertheless() {
    kill(7);
    long end = nanos + Duration.ofSeconds(15).toNanos();
    while (nanos < end) {
      pause(Duration.ofMillis(600), 1);
      run(Duration.ofMillis(900), "alive", "notFrozen");
    }
    assertFalse(standing(7).inAnswers(), "seed " + seed);
  }

  @Test
  void steeringPausesWhileOneDies_always_itIsOutThreeSecondsOfRunningLater() {
    pause(Duration.ofSeconds(60), 0);
    kill(3);
    run(Duration.ofSeconds(5), "alive", "notFrozen");
    assertFalse(standing(3).inAnswers(), "seed " + seed);
  }

  @Test
  void steeringRestarts_withTheSavedFleet_answersAtOnceAndEvictsOnlyTheDead() {
    kill(1);
    run(Duration.ofSeconds(4), "deadIsOut");
    FleetRecord saved = intake.record(Instant.EPOCH);
    kill(2);
    nanos += Duration.ofSeconds(20).toNanos();
    lose();
    startSteering();
    assertEquals(APPLIANCES - 1, intake.restore(saved, Instant.EPOCH.plusSeconds(20), grace));
    StartGate gate = new StartGate(APPLIANCES - 1, 0.8, grace, clock.getAsLong());
    assertEquals(Standing.SUSPECT, best(), "answers at once");
    assertEquals(APPLIANCES - 1, inAnswers());
    assertFalse(gate.isOpen(intake.snapshot(), clock.getAsLong()));
    run(Duration.ofSeconds(5), "alive", "notFrozen", "neverEmpty");
    assertTrue(gate.isOpen(intake.snapshot(), clock.getAsLong()), "by time: nobody told content");
    run(Duration.ofMillis(200), "alive", "notFrozen");
    assertFalse(standing(2).inAnswers(), "seed " + seed);
    assertFalse(standing(1).inAnswers());
    assertEquals(APPLIANCES - 2, inAnswers());
  }

  @Test
  void steeringRestarts_cutOffFromMost_evictsNobody() {
    FleetRecord saved = intake.record(Instant.EPOCH);
    cutOff(1200);
    startSteering();
    intake.restore(saved, Instant.EPOCH, grace);
    run(Duration.ofSeconds(30), "nobodyOut", "neverEmpty");
    assertTrue(freeze().frozen(), "seed " + seed);
  }

  @Test
  void steeringRestarts_withoutASavedFleet_knowsAllAfterOneInterval() {
    startSteering();
    assertEquals(Standing.GONE, best());
    run(Duration.ofMillis(2500));
    assertEquals(APPLIANCES, inAnswers(), "seed " + seed);
  }

  // Invariants, each checked after each tick.

  private void check(String invariant) {
    String where =
        invariant + " broken " + (nanos - began) / MILLI + " ms after the start; seed " + seed;
    switch (invariant) {
      case "alive" -> {
        for (int i = 0; i < APPLIANCES; i++) {
          assertTrue(dead[i] || cut[i] || standing(i).inAnswers(), () -> where);
        }
      }
      case "deadIsOut" -> {
        for (int i = 0; i < APPLIANCES; i++) {
          boolean in = standing(i).inAnswers();
          assertFalse(dead[i] && nanos - diedAt[i] > 3000 * MILLI + LATENCY && in, where);
          if (dead[i] && in) {
            longestDeath = Math.max(longestDeath, nanos - diedAt[i]);
          }
        }
      }
      case "nobodyOut" ->
          // One whose last heartbeat before a cut was lost is like one that died a second earlier:
          // it is out until the cut is known for one, and then back.
          assertTrue(inAnswers() >= APPLIANCES - (freeze().frozen() ? 0 : 5), where);
      case "notFrozen" -> assertFalse(freeze().frozen(), where);
      case "neverEmpty" -> assertTrue(best() != Standing.GONE, where);
      default -> throw new AssertionError(invariant);
    }
  }

  // The world goes on.

  private void run(Duration time, String... invariants) {
    long end = nanos + time.toNanos();
    while (nanos < end) {
      long until = Math.min(end, nanos + TICK);
      beatUntil(until);
      while (!network.isEmpty() && network.peek().at() <= until) {
        Arrival arrival = network.poll();
        nanos = Math.max(nanos, arrival.at());
        deliver(arrival);
      }
      nanos = until;
      // What answers say is looked at before the watchdog comes as well.
      List.of(invariants).forEach(this::check);
      tick();
      List.of(invariants).forEach(this::check);
    }
  }

  private void beatUntil(long until) {
    for (int i = 0; i < APPLIANCES; i++) {
      while (nextBeat[i] <= until) {
        sequence[i]++;
        lostLast[i] = !lostLast[i] && random.nextDouble() < loss;
        if (!dead[i] && !cut[i] && !lostLast[i]) {
          network.add(new Arrival(nextBeat[i] + random.nextLong(LATENCY), i, sequence[i]));
        }
        nextBeat[i] += (long) (1000 * MILLI * (0.9 + 0.2 * random.nextDouble()));
      }
    }
  }

  /** Nobody is heard, and the watchdog looks only just often enough. */
  private void watchdogOnly(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 400) {
      nanos += 400 * MILLI;
      tick();
    }
  }

  /**
   * Steering stands still. Of the heartbeats of that time so many wait for it, the rest is lost.
   */
  private void pause(Duration time, double waiting) {
    beatUntil(nanos + time.toNanos());
    nanos += time.toNanos();
    List<Arrival> late = new ArrayList<>();
    while (!network.isEmpty() && network.peek().at() <= nanos) {
      Arrival arrival = network.poll();
      if (random.nextDouble() < waiting) {
        late.add(
            new Arrival(nanos + random.nextLong(LATENCY), arrival.appliance(), arrival.sequence()));
      } else {
        // The network never loses two in a row.
        lostLast[arrival.appliance()] = true;
      }
    }
    network.addAll(late);
  }

  /** Nobody was there to hear. */
  private void lose() {
    beatUntil(nanos);
    network.clear();
  }

  private void deliver(Arrival arrival) {
    intake.heartbeat(
        Beats.of("n" + arrival.appliance(), "north", "h" + arrival.appliance())
            .beat(arrival.sequence(), 1));
  }

  private void tick() {
    clock.tick();
    intake.tick();
    if (freeze().frozen() && !frozenBefore) {
      System.out.printf("frozen %d ms after the start%n", (nanos - began) / MILLI);
    }
    frozenBefore = freeze().frozen();
  }

  private void startSteering() {
    clock = new ObservedClock(() -> nanos, Duration.ofMillis(400), Duration.ofSeconds(1));
    intake =
        new HeartbeatIntake(
            clock,
            new HeartbeatIntake.Limits(APPLIANCES, 10, 100),
            "origin",
            Liveness.DEFAULT,
            rules,
            seed);
    Arrays.fill(number, -1);
  }

  private void kill(int appliance) {
    if (!dead[appliance]) {
      dead[appliance] = true;
      diedAt[appliance] = nanos;
    }
  }

  private void cutOff(int count) {
    cutOff(count, _ -> true);
  }

  private void cutOff(int count, IntPredicate among) {
    for (int left = count; left > 0; ) {
      int appliance = random.nextInt(APPLIANCES);
      if (!cut[appliance] && among.test(appliance)) {
        cut[appliance] = true;
        left--;
      }
    }
  }

  private int notCut() {
    int appliance = random.nextInt(APPLIANCES);
    while (cut[appliance]) {
      appliance = random.nextInt(APPLIANCES);
    }
    return appliance;
  }

  private void heal() {
    Arrays.fill(cut, false);
  }

  private Freeze freeze() {
    return intake.snapshot().freeze();
  }

  private Standing best() {
    return intake.snapshot().best(clock.getAsLong());
  }

  private Standing standing(int appliance) {
    FleetSnapshot fleet = intake.snapshot();
    if (number[appliance] < 0) {
      Member found = fleet.member(new ApplianceId("n" + appliance));
      number[appliance] = found == null ? -1 : found.number();
    }
    Member member = fleet.member(number[appliance]);
    return member == null ? Standing.GONE : fleet.standing(member, clock.getAsLong());
  }

  private int inAnswers() {
    FleetSnapshot fleet = intake.snapshot();
    long now = clock.getAsLong();
    int count = 0;
    for (Member member : fleet.members()) {
      count += fleet.standing(member, now).inAnswers() ? 1 : 0;
    }
    return count;
  }
}
