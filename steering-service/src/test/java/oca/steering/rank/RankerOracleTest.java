package oca.steering.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.steering.fleet.Beats;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;

/**
 * The ranker against an oracle written from the rules: plain sets, distances by chords of the
 * globe, and the best picked again and again from those left.
 */
class RankerOracleTest {
  private static final long LEASE_MILLIS = 3000;
  private static final double FLOOR = 0.05;
  private static final Endpoint ORIGIN = new Endpoint("127.0.0.10", 8440);

  /** Two of them share a place, one is on the other side of the date line. */
  private static final List<Site> SITES =
      List.of(
          new Site(new SiteId("berlin"), 52.52, 13.405),
          new Site(new SiteId("berlin-2"), 52.52, 13.405),
          new Site(new SiteId("paris"), 48.8566, 2.3522),
          new Site(new SiteId("suva"), -18.1248, 178.4501),
          new Site(new SiteId("apia"), -13.8507, -171.7514));

  private static final List<ContentId> FILES =
      List.of(ContentId.ofPath("a"), ContentId.ofPath("b"), ContentId.ofPath("c"));

  private record Fake(Heartbeat heartbeat, long bornMillis, Set<ContentId> held) {
    String name() {
      return heartbeat.appliance().value();
    }
  }

  @Property(tries = 1000)
  void decide_anyFleet_isThatOfTheOracle(@ForAll long seed) {
    Random random = new Random(seed);
    long[] nowMillis = {0};
    HeartbeatIntake intake =
        new HeartbeatIntake(
            () -> nowMillis[0] * 1_000_000, new HeartbeatIntake.Limits(50, 10, 500), "origin");
    List<Fake> fleet = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      Fake fake = fake(random, "n" + i, nowMillis[0]);
      fleet.add(fake);
      intake.heartbeat(fake.heartbeat());
      intake.inventory(
          new Inventory(new ApplianceId(fake.name()), "boot-1", 1, List.copyOf(fake.held())));
      nowMillis[0] += random.nextInt(400);
    }
    SiteId home = random.nextInt(10) == 0 ? null : pick(random, SITES).id();
    Match match =
        home == null
            ? null
            : new Match(
                Prefix.parse("10.0.0.0/8"),
                List.of(new SitePath(home, PathAttributes.LOCAL, "static")));
    List<ContentId> wanted = FILES.subList(0, random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(3));
    Ask ask =
        new Ask("title-" + random.nextInt(100), wanted, pick(random, List.of(Ask.Form.values())));
    int most = 1 + random.nextInt(4);
    Ranker ranker = new Ranker(SITES, new Ranker.Rules(FLOOR, most), ORIGIN);

    Decision decision = ranker.decide(match, ask, intake.snapshot(), nowMillis[0] * 1_000_000);

    Map<String, String> expected = oracle(fleet, home, ask, nowMillis[0], most);
    Map<String, String> actual = new TreeMap<>();
    decision
        .candidates()
        .forEach(c -> actual.put(c.member().id().value(), c.rank() + " " + c.reason()));
    assertEquals(expected, actual, "seed " + seed);
    assertEquals(
        decision.candidates().stream().filter(c -> c.rank() > 0).count() + 1,
        decision.endpoints().size());
    assertEquals(ORIGIN, decision.endpoints().getLast());
  }

  private static Map<String, String> oracle(
      List<Fake> fleet, SiteId home, Ask ask, long nowMillis, int most) {
    Map<String, String> verdicts = new TreeMap<>();
    Map<String, Fake> left = new HashMap<>();
    for (Fake fake : fleet) {
      String fault = fault(fake, home, ask, nowMillis);
      if (fault.isEmpty()) {
        left.put(fake.name(), fake);
      } else {
        verdicts.put(fake.name(), "0 " + fault);
      }
    }
    for (int rank = 1; !left.isEmpty(); rank++) {
      Fake best = null;
      for (Fake fake : left.values()) {
        if (best == null || isBetter(fake, best, home, ask)) {
          best = fake;
        }
      }
      left.remove(best.name());
      verdicts.put(best.name(), rank <= most ? rank + " CHOSEN" : "0 BEYOND_LIMIT");
    }
    return verdicts;
  }

  private static String fault(Fake fake, SiteId home, Ask ask, long nowMillis) {
    Heartbeat beat = fake.heartbeat();
    if (nowMillis - fake.bornMillis() >= LEASE_MILLIS) {
      return "LEASE_EXPIRED";
    }
    if (beat.health().draining()) {
      return "DRAINING";
    }
    if (1 - beat.health().connections() / 1000.0 < FLOOR) {
      return "NO_HEADROOM";
    }
    if (SITES.stream().noneMatch(site -> site.id().equals(beat.site()))) {
      return "UNKNOWN_SITE";
    }
    if (home == null) {
      return "NO_ROUTE";
    }
    if (ask.form() == Ask.Form.PATHWAYS && beat.endpoint().port() != ORIGIN.port()) {
      return "OTHER_PORT";
    }
    if (ask.files().isEmpty()) {
      return "UNKNOWN_TITLE";
    }
    return fake.held().containsAll(ask.files()) ? "" : "NOT_HELD";
  }

  private static boolean isBetter(Fake one, Fake other, SiteId home, Ask ask) {
    SiteId here = one.heartbeat().site();
    SiteId there = other.heartbeat().site();
    if (!here.equals(there)) {
      if (here.equals(home) || there.equals(home)) {
        return here.equals(home);
      }
      double difference = chord(home, here) - chord(home, there);
      return Math.abs(difference) > 1e-6
          ? difference < 0
          : here.value().compareTo(there.value()) < 0;
    }
    return score(one, ask) > score(other, ask);
  }

  private static double score(Fake fake, Ask ask) {
    return Rendezvous.score(
        Rendezvous.hash(ask.key()),
        Rendezvous.hash(fake.name()),
        1 - fake.heartbeat().health().connections() / 1000.0);
  }

  /** The straight line through the globe: longer exactly when the great circle is. */
  private static double chord(SiteId from, SiteId to) {
    double[] a = point(from);
    double[] b = point(to);
    return Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
  }

  private static double[] point(SiteId id) {
    Site site = SITES.stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    double latitude = Math.toRadians(site.latitude());
    double longitude = Math.toRadians(site.longitude());
    return new double[] {
      Math.cos(latitude) * Math.cos(longitude),
      Math.cos(latitude) * Math.sin(longitude),
      Math.sin(latitude)
    };
  }

  private static Fake fake(Random random, String name, long nowMillis) {
    String site = random.nextInt(10) == 0 ? "atlantis" : pick(random, SITES).id().value();
    Beats beats = Beats.of(name, site, "h-" + name).port(random.nextInt(8) == 0 ? 81 : 8440);
    double headroom = pick(random, List.of(0.0, 0.04, 0.05, 0.3, 0.71, 1.0));
    Set<ContentId> held =
        FILES.stream().filter(_ -> random.nextInt(5) > 0).collect(Collectors.toSet());
    return new Fake(beats.beat(1, 1, random.nextInt(8) == 0, headroom), nowMillis, held);
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
