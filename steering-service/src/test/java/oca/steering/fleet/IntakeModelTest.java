package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;

/**
 * Appliances that fill, evict, restart and lie, over a network that loses, repeats and reorders:
 * after each message the intake says and knows what {@link NaiveFleet} does, and once the network
 * is good again it knows the truth within three heartbeats.
 */
class IntakeModelTest {
  private static final int UNIVERSE = 12;

  /** An appliance that really is: what it holds, and what it held at each version of this boot. */
  private static final class Real {
    final ApplianceId id;
    final List<Set<ContentId>> history = new ArrayList<>();
    Set<ContentId> held = new HashSet<>();
    String boot = "";
    int boots;
    long sequence;
    boolean old;

    Real(String id) {
      this.id = new ApplianceId(id);
    }

    /** Starts again with what the disks hold. */
    void start(Random random) {
      boot = id + "-boot-" + ++boots;
      sequence = 0;
      history.clear();
      history.add(Set.copyOf(held));
      old = random.nextInt(4) == 0;
    }

    void change(Random random) {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        ContentId file = id(random.nextInt(UNIVERSE));
        if (!held.remove(file)) {
          held.add(file);
        }
      }
      history.add(Set.copyOf(held));
    }

    Heartbeat beat() {
      return new Heartbeat(
          id,
          new SiteId("north"),
          new Endpoint("h", 80),
          boot,
          ++sequence,
          Instant.EPOCH,
          new Health(false, 0, 1, 0, 1),
          1,
          1,
          history.size(),
          old ? null : InventoryDigest.of(held),
          List.of(),
          old ? null : 1L);
    }

    Inventory inventory() {
      return new Inventory(id, boot, history.size(), List.copyOf(held));
    }

    /** Null when that version never was in this boot. */
    InventoryDelta since(long version) {
      if (version < 1 || version >= history.size()) {
        return null;
      }
      Set<ContentId> before = history.get((int) version - 1);
      return new InventoryDelta(
          id, boot, version, history.size(), minus(held, before), minus(before, held));
    }
  }

  @Property(tries = 400)
  void intake_anyMessages_isThatOfTheModel(@ForAll long seed) {
    Random random = new Random(seed);
    HeartbeatIntake.Limits limits =
        random.nextBoolean()
            ? new HeartbeatIntake.Limits(3, 6, 13, 8, 1_000_000)
            : new HeartbeatIntake.Limits(4, 100, 1000, 1000, 1_000_000);
    Run run = new Run(seed, random, limits);
    for (int step = 0; step < 150; step++) {
      run.step();
    }
    if (limits.files() == 1000) {
      run.converge();
    }
  }

  private static final class Run {
    final long seed;
    final Random random;
    final HeartbeatIntake intake;
    final NaiveFleet model;
    final List<Real> fleet = new ArrayList<>();
    final List<Object> network = new ArrayList<>();

    Run(long seed, Random random, HeartbeatIntake.Limits limits) {
      this.seed = seed;
      this.random = random;
      this.intake =
          new HeartbeatIntake(
              () -> 0, limits, "origin", Liveness.DEFAULT, LossRules.DEFAULT, random.nextLong());
      this.model = new NaiveFleet(limits);
      for (int i = 0; i < 4; i++) {
        Real real = new Real("n" + i);
        real.start(random);
        fleet.add(real);
      }
    }

    void step() {
      Real real = fleet.get(random.nextInt(fleet.size()));
      switch (random.nextInt(10)) {
        case 0 -> real.change(random);
        case 1 -> {
          if (random.nextInt(6) == 0) {
            real.start(random);
          }
        }
        case 2 -> network.add(forged(real));
        case 3, 4, 5 -> network.add(real.beat());
        default -> {
          if (!network.isEmpty()) {
            int at = random.nextInt(network.size());
            Object message = network.get(at);
            switch (random.nextInt(6)) {
              case 0 -> network.remove(at);
              case 1 -> deliver(message);
              default -> {
                network.remove(at);
                deliver(message);
              }
            }
          }
        }
      }
    }

    /** What no appliance sends, or what one sends whose memory is broken. */
    Object forged(Real real) {
      List<ContentId> some = new ArrayList<>();
      for (int i = random.nextInt(9); i > 0; i--) {
        some.add(id(random.nextInt(UNIVERSE)));
      }
      long version = random.nextInt(real.history.size() + 2);
      String boot = random.nextInt(4) == 0 ? "nobody's" : real.boot;
      return switch (random.nextInt(5)) {
        case 0 -> new Inventory(real.id, boot, version, some);
        case 1 -> new Inventory(real.id, real.boot, real.history.size(), some);
        case 2 -> {
          long to = random.nextInt(real.history.size() + 2);
          yield new InventoryDelta(real.id, boot, version, to, some, real.inventory().held());
        }
        case 3 -> Beats.of("n" + random.nextInt(6), "north", "h").boot("x").beat(-1, version);
        default -> new Inventory(new ApplianceId("stranger"), boot, version, some);
      };
    }

    void deliver(Object message) {
      switch (message) {
        case Heartbeat beat -> {
          Outcome expected = model.heartbeat(beat);
          Outcome outcome = intake.heartbeat(beat);
          assertEquals(expected, outcome, "seed " + seed + ": " + beat);
          answer(beat, outcome);
        }
        case Inventory inventory ->
            assertEquals(model.inventory(inventory), intake.inventory(inventory), "seed " + seed);
        case InventoryDelta delta ->
            assertEquals(model.delta(delta), intake.delta(delta), "seed " + seed);
        default -> throw new AssertionError(message);
      }
      check();
    }

    void answer(Heartbeat beat, Outcome outcome) {
      // One whose name was forged does not answer.
      Real real =
          fleet.stream().filter(it -> it.id.equals(beat.appliance())).findFirst().orElse(null);
      if (real != null && outcome.inventoryWanted()) {
        InventoryDelta delta = outcome.deltaFrom() == null ? null : real.since(outcome.deltaFrom());
        network.add(delta == null ? real.inventory() : delta);
      }
    }

    void check() {
      FleetSnapshot known = intake.snapshot();
      assertEquals(model.names().size(), known.members().size(), "seed " + seed);
      Map<String, Set<ContentId>> held = new HashMap<>();
      for (Member member : known.members()) {
        held.put(member.id().value(), model.held(member.id().value()));
        for (int i = 0; i < UNIVERSE; i++) {
          Set<ContentId> expected = held.get(member.id().value());
          assertEquals(
              expected != null && expected.contains(id(i)),
              known.holders().holds(member.number(), id(i)),
              () -> "seed " + seed + ": " + member.id());
        }
      }
    }

    /** A good network, one heartbeat after the other, each followed by what it asked for. */
    void converge() {
      network.clear();
      for (int round = 0; round < 3; round++) {
        for (Real real : fleet) {
          deliver(real.beat());
          List<Object> answers = List.copyOf(network);
          network.clear();
          answers.forEach(this::deliver);
        }
      }
      for (Real real : fleet) {
        Member member = intake.snapshot().member(real.id);
        assertNotNull(member);
        // One in whose name a lie was told at its very version is asked again when that changes.
        if (!real.old && !isRefused(real)) {
          for (int i = 0; i < UNIVERSE; i++) {
            assertEquals(
                real.held.contains(id(i)),
                intake.snapshot().holders().holds(member.number(), id(i)),
                () -> "seed " + seed + ": " + real.id);
          }
        }
      }
    }

    /** Whether a lie in its name at its own version stopped the asking. */
    boolean isRefused(Real real) {
      Outcome outcome = intake.heartbeat(real.beat());
      Member member = intake.snapshot().member(real.id);
      Holding holding = member == null ? null : intake.snapshot().holders().of(member.number());
      return !outcome.inventoryWanted()
          && (holding == null || !holding.digest().equals(InventoryDigest.of(real.held)));
    }
  }

  @Property(tries = 20)
  void intake_digestOnlyDiffers_isAskedForTheWhole(@ForAll long seed) {
    Random random = new Random(seed);
    HeartbeatIntake intake =
        new HeartbeatIntake(() -> 0, new HeartbeatIntake.Limits(4, 100, 1000), "origin");
    Real real = new Real("n0");
    real.start(random);
    real.old = false;
    real.change(random);
    intake.heartbeat(real.beat());
    intake.inventory(real.inventory());
    InventoryDelta delta = null;
    while (delta == null || delta.added().size() + delta.removed().size() == 0) {
      real.change(random);
      delta = real.since(2);
    }
    // A delta that lost an entry on its way through a bug: the version is right, the set is not.
    List<ContentId> torn = new ArrayList<>(delta.added());
    List<ContentId> removed = new ArrayList<>(delta.removed());
    (torn.isEmpty() ? removed : torn).removeFirst();
    intake.delta(new InventoryDelta(real.id, real.boot, 2, delta.toVersion(), torn, removed));
    Outcome outcome = intake.heartbeat(real.beat());
    assertTrue(outcome.inventoryWanted(), "seed " + seed);
    assertEquals(null, outcome.deltaFrom());
    assertEquals(1, intake.divergences());
    assertEquals(Verdict.ACCEPTED, intake.inventory(real.inventory()));
    assertEquals(new Outcome(Verdict.ACCEPTED, false), intake.heartbeat(real.beat()));
  }

  private static List<ContentId> minus(Set<ContentId> from, Set<ContentId> what) {
    return from.stream().filter(file -> !what.contains(file)).toList();
  }

  /** Id 0 is that of two zeros. */
  private static ContentId id(int file) {
    return new ContentId(0, file);
  }
}
