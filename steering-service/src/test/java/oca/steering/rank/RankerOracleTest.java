package oca.steering.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Position;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Liveness;
import oca.steering.fleet.LossRules;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The ranker against {@link Oracle}: as a rule in 100,000 decisions, {@code
 * -Doca.rank.decisions=1000000} takes the million and {@code -Doca.rank.seed} another sequence.
 */
class RankerOracleTest {
  private static final int DECISIONS = Integer.getInteger("oca.rank.decisions", 100_000);
  private static final int PER_FLEET = 200;
  private static final Endpoint ORIGIN = new Endpoint("127.0.0.10", Box.PORT);

  /** Two of them share a place, two are on either side of the date line. */
  private static final List<Site> SITES =
      List.of(
          new Site(new SiteId("berlin"), 52.52, 13.405),
          new Site(new SiteId("berlin-2"), 52.52, 13.405),
          new Site(new SiteId("paris"), 48.8566, 2.3522),
          new Site(new SiteId("suva"), -18.1248, 178.4501),
          new Site(new SiteId("apia"), -13.8507, -171.7514));

  private static final List<String> STANDS =
      List.of(
          "berlin",
          "berlin",
          "berlin",
          "berlin-2",
          "berlin-2",
          "paris",
          "paris",
          "paris",
          "paris",
          "suva",
          "suva",
          "apia",
          "atlantis");

  private static final List<ContentId> FILES =
      List.of(
          ContentId.ofPath("a"),
          ContentId.ofPath("b"),
          ContentId.ofPath("c"),
          ContentId.ofPath("d"),
          ContentId.ofPath("e"));

  /** Which of those files how likely one holds. */
  private static final double[] HELD = {0.95, 0.95, 0.8, 0.4, 0.1};

  private final Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
  private final Map<String, Integer> rungs = new TreeMap<>();

  @Test
  void decide_anyFleet_isThatOfTheOracle() {
    long seed = Long.getLong("oca.rank.seed", new Random().nextLong());
    Random random = new Random(seed);
    long began = System.nanoTime();
    for (int done = 0; done < DECISIONS; ) {
      int here = Math.min(PER_FLEET, DECISIONS - done);
      decideSome(random, here, "seed " + seed + ", fleet from decision " + done);
      done += here;
    }
    System.out.printf(
        "oracle: %,d decisions agree in %.1f s, seed %d; judged %s; answers from %s%n",
        DECISIONS, (System.nanoTime() - began) / 1e9, seed, reasons, rungs);
    for (Reason reason : Reason.values()) {
      assertTrue(DECISIONS < 100_000 || reasons.containsKey(reason), reason + " never came up");
    }
    assertTrue(DECISIONS < 100_000 || rungs.size() == 5, "some standing never came up: " + rungs);
  }

  private void decideSome(Random random, int decisions, String where) {
    long[] nanos = {0};
    HeartbeatIntake intake =
        new HeartbeatIntake(
            () -> nanos[0],
            new HeartbeatIntake.Limits(500, 10, 5000),
            "origin",
            Liveness.DEFAULT,
            LossRules.DEFAULT,
            1);
    Map<String, Box> fleet = fleet(random, intake, nanos);
    int most = 1 + random.nextInt(4);
    Rules rules =
        new Rules(
            0.05,
            most,
            pick(random, List.of(0.0, 0.5, 0.8, 1.0)),
            pick(random, List.of(1.0, 1.25, 2.0)),
            pick(random, List.of(0.0, 0.1, 0.3)),
            Duration.ofSeconds(pick(random, List.of(0, 60))));
    double reachKm = pick(random, List.of(0.0, 500.0, 3000.0, 21_000.0));
    Ranker ranker = new Ranker(SITES, rules, ORIGIN, reachKm);
    Map<Integer, Double> unequal = new HashMap<>();
    for (int number = 0; number < fleet.size(); number++) {
      unequal.put(number, random.nextInt(4) == 0 ? random.nextDouble() : 1);
    }
    Shares shares = random.nextBoolean() ? Shares.ALL : number -> unequal.getOrDefault(number, 0.5);
    boolean watched = random.nextInt(20) == 0;
    for (int i = 0; i < decisions; i++) {
      nanos[0] += random.nextInt(20) * 1_000_000L;
      if (watched && random.nextInt(20) == 0) {
        intake.tick();
      }
      FleetSnapshot snapshot = intake.snapshot();
      Match match = match(random);
      Position viewer =
          random.nextInt(3) == 0
              ? null
              : new Position(180 * random.nextDouble() - 90, 360 * random.nextDouble() - 180);
      Ask ask = ask(random, fleet.size());
      Decision decision = ranker.decide(match, viewer, ask, snapshot, shares, nanos[0]);
      Oracle oracle =
          new Oracle(
              SITES, rules, ORIGIN, reachKm, match, viewer, ask, snapshot, fleet, shares, nanos[0]);
      List<String> expected = oracle.answer();
      List<String> chosen = decision.chosen().stream().map(m -> m.id().value()).toList();
      assertEquals(expected, chosen, where + ", number " + i);
      assertEquals(expected.size() + 1, decision.endpoints().size());
      assertEquals(ORIGIN, decision.endpoints().getLast());
      rungs.merge(decision.rung().name(), 1, Integer::sum);
      if (i % 5 == 0) {
        compare(oracle.verdicts(expected), decision, where + ", explanation " + i);
      }
    }
  }

  /** The explanation names everybody once, those chosen first and at the same ranks. */
  private void compare(Map<String, String> expected, Decision decision, String where) {
    Map<String, String> actual = new TreeMap<>();
    List<Candidate> candidates = decision.candidates();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      actual.put(
          candidate.member().id().value(),
          candidate.rank() + " " + candidate.reason() + " " + candidate.place());
      reasons.merge(candidate.reason(), 1, Integer::sum);
      assertEquals(i < decision.chosen().size() ? i + 1 : 0, candidate.rank(), where);
    }
    assertEquals(expected, actual, where);
    assertEquals(expected.size(), candidates.size(), where);
  }

  private static Map<String, Box> fleet(Random random, HeartbeatIntake intake, long[] nanos) {
    Map<String, Box> fleet = new TreeMap<>();
    // Mostly few, sometimes nobody, sometimes more than are looked at one by one.
    int size = random.nextInt(5) == 0 ? random.nextInt(4 * Choice.FEW) : random.nextInt(30);
    int span = 1 + random.nextInt(5000 / Math.max(1, size));
    for (int i = 0; i < size; i++) {
      Box box = box(random, "n" + (i * 7919) % 10_007);
      fleet.put(box.id(), box);
      if (random.nextInt(30) == 0) {
        // Back after its lease; those between have been heard meanwhile.
        intake.heartbeat(box.beat(1));
        nanos[0] += Duration.ofSeconds(4).toNanos();
      }
      box.report(intake, 2);
      nanos[0] += random.nextInt(span) * 1_000_000L;
    }
    nanos[0] += pick(random, List.of(0L, 0L, 0L, 1L, 2L, 4L, 86_399L)) * 1_000_000_000L;
    return fleet;
  }

  private static Box box(Random random, String id) {
    Set<ContentId> held = new HashSet<>();
    for (int i = 0; i < HELD.length; i++) {
      if (random.nextDouble() < HELD[i]) {
        held.add(FILES.get(i));
      }
    }
    return new Box(
        id,
        pick(random, STANDS),
        random.nextInt(15) == 0 ? 81 : Box.PORT,
        "boot-1",
        random.nextInt(15) == 0,
        random.nextInt(20) == 0 ? "it smokes" : null,
        pick(random, List.of(0, 0, 0, 100, 200, 300, 310, 320, 500, 500, 900, 950, 951, 1000)),
        pick(random, List.of(10_000_000_000L, 40_000_000_000L, 100_000_000_000L)),
        pick(random, Arrays.asList(Box.WARM, Box.WARM, 0L, 30_000L, null)),
        random.nextInt(3) == 0 ? List.of(pick(random, FILES)) : List.of(),
        Set.copyOf(held));
  }

  private static @Nullable Match match(Random random) {
    int paths = random.nextInt(16);
    if (paths == 0) {
      return null;
    }
    List<SitePath> sites = new ArrayList<>();
    List<String> left = new ArrayList<>(new HashSet<>(STANDS));
    left.sort(null);
    for (int i = Math.min(paths, 3); i > 0; i--) {
      String site = left.remove(random.nextInt(left.size()));
      int length = sites.isEmpty() ? 0 : sites.getLast().attributes().asPathLength();
      length += random.nextInt(2);
      sites.add(new SitePath(new SiteId(site), new PathAttributes(length, 0, 64_500), "bgp"));
    }
    return new Match(Prefix.parse("10.0.0.0/8"), sites);
  }

  private static Ask ask(Random random, int size) {
    Set<ContentId> wanted = new HashSet<>();
    for (int i = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(2); i > 0; i--) {
      wanted.add(pick(random, FILES));
    }
    String current = "n" + (random.nextInt(size + 1) * 7919) % 10_007;
    return new Ask(
        "title-" + random.nextInt(100),
        List.copyOf(wanted),
        pick(random, List.of(Ask.Form.values())),
        random.nextInt(3) == 0 ? new ApplianceId(current) : null,
        random.nextLong());
  }

  private static <T extends @Nullable Object> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
