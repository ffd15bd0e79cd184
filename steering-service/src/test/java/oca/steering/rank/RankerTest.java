package oca.steering.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.Inventory;
import oca.steering.fleet.Beats;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import org.junit.jupiter.api.Test;

class RankerTest {
  private static final Endpoint ORIGIN = new Endpoint("127.0.0.10", 8440);
  private static final Site BERLIN = new Site(new SiteId("berlin"), 52.52, 13.405);
  private static final Site PARIS = new Site(new SiteId("paris"), 48.8566, 2.3522);
  private static final Site SYDNEY = new Site(new SiteId("sydney"), -33.8688, 151.2093);
  private static final Match AT_PARIS = match(path(PARIS, 0));
  private static final ContentId A = ContentId.ofPath("a");
  private static final ContentId B = ContentId.ofPath("b");
  private static final Ask BOTH = new Ask("harbour", List.of(A, B), Ask.Form.PATHWAYS);

  private final AtomicLong nanos = new AtomicLong();
  private final HeartbeatIntake fleet =
      new HeartbeatIntake(nanos::get, new HeartbeatIntake.Limits(100, 100, 10_000), "origin");
  private final Ranker ranker =
      new Ranker(List.of(BERLIN, PARIS, SYDNEY), new Ranker.Rules(0.05, 3), ORIGIN);

  @Test
  void kilometresTo_knownCities_areThoseOfTheAtlas() {
    assertEquals(878, BERLIN.kilometresTo(PARIS), 5);
    assertEquals(16_960, PARIS.kilometresTo(SYDNEY), 50);
    assertEquals(0, PARIS.kilometresTo(PARIS));
    Site east = new Site(new SiteId("e"), 0, 179);
    assertEquals(222, east.kilometresTo(new Site(new SiteId("w"), 0, -179)), 1);
  }

  @Test
  void decide_threeSites_homeFirstThenByDistanceThenTheOrigin() {
    add("s-1", "sydney", A, B);
    add("b-1", "berlin", A, B);
    add("p-1", "paris", A, B);
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("p-1", "b-1", "s-1"), names(decision));
    assertEquals(ORIGIN, decision.endpoints().getLast());
    assertEquals(4, decision.endpoints().size());
  }

  @Test
  void decide_twoSitesThatRoutesPreferAlike_areBothHomeWhateverTheDistance() {
    add("p-1", "paris", A, B);
    add("s-1", "sydney", A, B);
    add("b-1", "berlin", A, B);
    Match match = match(path(BERLIN, 2), path(SYDNEY, 2), path(PARIS, 3));
    assertEquals(List.of("b-1", "s-1", "p-1"), names(decide(match, BOTH)));
    assertEquals("10.0.0.0/8 -> berlin, sydney", match.toString());
  }

  @Test
  void decide_eachFault_isNamed() {
    add("good", "paris", A, B);
    add("half", "paris", A);
    fleet.heartbeat(Beats.of("none", "paris", "h").beat(1, 1));
    beat(Beats.of("elsewhere", "atlantis", "h"), false, 1, A, B);
    beat(Beats.of("drains", "paris", "h"), true, 1, A, B);
    beat(Beats.of("full", "paris", "h"), false, 0.04, A, B);
    beat(Beats.of("odd-port", "paris", "h").port(81), false, 1, A, B);
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("good"), names(decision));
    assertEquals(Reason.NOT_HELD, reason(decision, "half"));
    assertEquals(Reason.NOT_HELD, reason(decision, "none"));
    assertEquals(Reason.UNKNOWN_SITE, reason(decision, "elsewhere"));
    assertEquals(Reason.DRAINING, reason(decision, "drains"));
    assertEquals(Reason.NO_HEADROOM, reason(decision, "full"));
    assertEquals(Reason.OTHER_PORT, reason(decision, "odd-port"));
    Ask urls = new Ask("harbour", List.of(A, B), Ask.Form.URLS);
    assertEquals(Set.of("good", "odd-port"), new TreeSet<>(names(decide(AT_PARIS, urls))));
  }

  @Test
  void decide_leaseOver_isPassedOverAtThatNanosecond() {
    add("p-1", "paris", A, B);
    nanos.set(Duration.ofSeconds(3).toNanos() - 1);
    assertEquals(List.of("p-1"), names(decide(AT_PARIS, BOTH)));
    nanos.incrementAndGet();
    assertEquals(Reason.LEASE_EXPIRED, reason(decide(AT_PARIS, BOTH), "p-1"));
  }

  @Test
  void decide_strangerOrUnknownTitle_getsTheOriginOnly() {
    add("p-1", "paris", A, B);
    Decision stranger = decide(null, BOTH);
    assertEquals(List.of(ORIGIN), stranger.endpoints());
    assertEquals(Reason.NO_ROUTE, reason(stranger, "p-1"));
    Decision unknown = decide(AT_PARIS, new Ask("?", List.of(), Ask.Form.PATHWAYS));
    assertEquals(List.of(ORIGIN), unknown.endpoints());
    assertEquals(Reason.UNKNOWN_TITLE, reason(unknown, "p-1"));
  }

  @Test
  void decide_moreThanFit_theRestIsBeyondTheLimit() {
    for (int i = 1; i <= 5; i++) {
      add("p-" + i, "paris", A, B);
    }
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(3, decision.chosen().size());
    assertEquals(
        2, decision.candidates().stream().filter(c -> c.reason() == Reason.BEYOND_LIMIT).count());
  }

  @Test
  void decide_manyTitles_eachKeepsToOneApplianceAndAllAreUsed() {
    for (int i = 1; i <= 3; i++) {
      add("p-" + i, "paris", A, B);
    }
    Set<String> firsts = new TreeSet<>();
    for (int title = 0; title < 50; title++) {
      Ask ask = new Ask("title-" + title, List.of(A, B), Ask.Form.PATHWAYS);
      String first = names(decide(AT_PARIS, ask)).getFirst();
      assertEquals(first, names(decide(AT_PARIS, ask)).getFirst());
      firsts.add(first);
    }
    assertEquals(Set.of("p-1", "p-2", "p-3"), firsts);
  }

  @Test
  void reason_everyOne_hasASentence() {
    for (Reason reason : Reason.values()) {
      assertTrue(reason.sentence().length() > 5 && !reason.label().isBlank(), reason.name());
    }
  }

  private static Match match(SitePath... paths) {
    return new Match(Prefix.parse("10.0.0.0/8"), List.of(paths));
  }

  private static SitePath path(Site site, int asPathLength) {
    return new SitePath(site.id(), new PathAttributes(asPathLength, 0, 64_500), "bgp");
  }

  private Decision decide(Match match, Ask ask) {
    return ranker.decide(match, ask, fleet.snapshot(), nanos.get());
  }

  private void add(String id, String site, ContentId... held) {
    beat(Beats.of(id, site, "h-" + id), false, 1, held);
  }

  private void beat(Beats beats, boolean draining, double headroom, ContentId... held) {
    fleet.heartbeat(beats.beat(1, 1, draining, headroom));
    fleet.inventory(new Inventory(new ApplianceId(beats.id()), beats.boot(), 1, List.of(held)));
  }

  private static List<String> names(Decision decision) {
    return decision.chosen().stream().map(member -> member.id().value()).toList();
  }

  private static Reason reason(Decision decision, String id) {
    return decision.candidates().stream()
        .filter(candidate -> candidate.member().id().value().equals(id))
        .findFirst()
        .orElseThrow()
        .reason();
  }
}
