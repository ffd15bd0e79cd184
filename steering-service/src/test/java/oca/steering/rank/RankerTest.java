package oca.steering.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Position;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Standing;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RankerTest {
  private static final Endpoint ORIGIN = new Endpoint("127.0.0.10", 8440);
  private static final Site BERLIN = new Site(new SiteId("berlin"), 52.52, 13.405);
  private static final Site PARIS = new Site(new SiteId("paris"), 48.8566, 2.3522);
  private static final Site SYDNEY = new Site(new SiteId("sydney"), -33.8688, 151.2093);
  private static final Match AT_PARIS = match(path(PARIS, 0));
  private static final ContentId A = ContentId.ofPath("a");
  private static final ContentId B = ContentId.ofPath("b");
  private static final Ask BOTH = ask("harbour", 0);
  private static final Rules RULES = new Rules(0.05, 3, 0.5, 1.25, 0.1, Duration.ofSeconds(60));

  private final AtomicLong nanos = new AtomicLong();
  private final HeartbeatIntake fleet =
      new HeartbeatIntake(nanos::get, new HeartbeatIntake.Limits(100, 100, 10_000), "origin");
  private final Ranker ranker = new Ranker(List.of(BERLIN, PARIS, SYDNEY), RULES, ORIGIN);
  private Shares shares = Shares.ALL;
  private long sequence;

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
    report(Box.of("s-1", "sydney", A, B));
    report(Box.of("b-1", "berlin", A, B));
    report(Box.of("p-1", "paris", A, B));
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("p-1", "b-1", "s-1"), names(decision));
    assertEquals(ORIGIN, decision.endpoints().getLast());
    assertEquals(4, decision.endpoints().size());
    Candidate sydney = candidate(decision, "s-1");
    assertEquals(3, sydney.place());
    assertEquals(16_960, sydney.distanceKm() == null ? 0 : sydney.distanceKm(), 50);
  }

  @Test
  void decide_twoSitesThatRoutesPreferAlike_areBothHomeWhateverTheDistance() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("s-1", "sydney", A, B));
    report(Box.of("b-1", "berlin", A, B));
    Match match = match(path(BERLIN, 2), path(SYDNEY, 2), path(PARIS, 3));
    Decision decision = decide(match, BOTH);
    assertEquals(List.of("b-1", "s-1", "p-1"), names(decision));
    assertEquals(3, candidate(decision, "p-1").place());
    assertEquals("10.0.0.0/8 -> berlin, sydney", match.toString());
  }

  @Test
  void decide_twoSitesThatRoutesPreferAlike_theOneNearerToTheViewerIsFirst() {
    report(Box.of("s-1", "sydney", A, B));
    report(Box.of("b-1", "berlin", A, B));
    Match match = match(path(BERLIN, 2), path(SYDNEY, 2));
    Position melbourne = new Position(-37.81, 144.96);
    assertEquals(List.of("s-1", "b-1"), names(decide(match, melbourne)));
    Match prefers = match(path(BERLIN, 1), path(SYDNEY, 2));
    assertEquals(List.of("b-1", "s-1"), names(decide(prefers, melbourne)), "routes go first");
  }

  @Test
  void decide_strangerOfKnownPlace_isAtHomeAtTheNearestSiteWithinReach() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("b-1", "berlin", A, B));
    assertEquals(List.of("p-1", "b-1"), names(decide(null, new Position(50.85, 4.35))));
    assertEquals(List.of("b-1", "p-1"), names(decide(null, new Position(50.08, 14.44))));
    Decision far = decide(null, new Position(40.71, -74.01));
    assertEquals(List.of(ORIGIN), far.endpoints());
    assertEquals(Reason.NO_ROUTE, candidate(far, "p-1").reason());
  }

  @Test
  void decide_eachFault_isNamed() {
    report(Box.of("good", "paris", A, B));
    report(Box.of("half", "paris", A));
    report(Box.of("coming", "paris", A).fills(B));
    fleet.heartbeat(Box.of("none", "paris").beat(1));
    report(Box.of("elsewhere", "atlantis", A, B));
    report(Box.of("broken", "paris", A, B).fault("no volume is in service"));
    report(Box.of("drains", "paris", A, B).drains());
    report(Box.of("full", "paris", A, B).used(960));
    report(Box.of("odd-port", "paris", A, B).port(81));
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("good"), names(decision));
    assertEquals(Reason.NOT_HELD, candidate(decision, "half").reason());
    assertEquals(Reason.FILLING, candidate(decision, "coming").reason());
    assertEquals(Reason.NOT_HELD, candidate(decision, "none").reason());
    assertEquals(Reason.UNKNOWN_SITE, candidate(decision, "elsewhere").reason());
    assertEquals(0, candidate(decision, "elsewhere").place());
    assertEquals(Reason.UNHEALTHY, candidate(decision, "broken").reason());
    assertEquals(Reason.DRAINING, candidate(decision, "drains").reason());
    assertEquals(Reason.NO_HEADROOM, candidate(decision, "full").reason());
    assertEquals(Reason.OTHER_PORT, candidate(decision, "odd-port").reason());
    Ask urls = new Ask("harbour", List.of(A, B), Ask.Form.URLS, null, 0);
    assertEquals(Set.of("good", "odd-port"), new TreeSet<>(names(decide(AT_PARIS, urls))));
  }

  @Test
  void decide_strangerOrUnknownTitle_getsTheOriginOnly() {
    report(Box.of("p-1", "paris", A, B));
    Decision stranger = decide(null, BOTH);
    assertEquals(List.of(ORIGIN), stranger.endpoints());
    assertEquals(Reason.NO_ROUTE, candidate(stranger, "p-1").reason());
    assertEquals(Standing.GONE, stranger.rung());
    Match nowhere = match(path(new Site(new SiteId("atlantis"), 0, 0), 0));
    assertEquals(Reason.NO_ROUTE, candidate(decide(nowhere, BOTH), "p-1").reason());
    Decision unknown = decide(AT_PARIS, new Ask("?", List.of(), Ask.Form.PATHWAYS, null, 0));
    assertEquals(List.of(ORIGIN), unknown.endpoints());
    assertEquals(Reason.UNKNOWN_TITLE, candidate(unknown, "p-1").reason());
  }

  @Test
  void decide_moreThanFit_theRestIsBeyondTheLimit() {
    for (int i = 1; i <= 5; i++) {
      report(Box.of("p-" + i, "paris", A, B));
    }
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(3, decision.chosen().size());
    assertEquals(
        2, decision.candidates().stream().filter(c -> c.reason() == Reason.BEYOND_LIMIT).count());
  }

  @Test
  void decide_lateAppliance_comesBehindThoseAliveWhereverTheyAre() {
    report(Box.of("p-1", "paris", A, B));
    pass(Duration.ofSeconds(1));
    report(Box.of("s-1", "sydney", A, B));
    pass(Duration.ofMillis(999));
    assertEquals(List.of("p-1", "s-1"), names(decide(AT_PARIS, BOTH)));
    pass(Duration.ofMillis(1));
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("s-1", "p-1"), names(decision));
    assertEquals(Standing.SUSPECT, candidate(decision, "p-1").standing());
    assertEquals(Standing.ALIVE, decision.rung());
  }

  @Test
  void decide_leaseOver_isPassedOverAtThatNanosecondWhenOthersWillDo() {
    report(Box.of("p-1", "paris", A, B));
    pass(Duration.ofSeconds(1));
    report(Box.of("s-1", "sydney", A, B));
    pass(Duration.ofSeconds(2).minusNanos(1));
    assertEquals(List.of("s-1", "p-1"), names(decide(AT_PARIS, BOTH)));
    pass(Duration.ofNanos(1));
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("s-1"), names(decision));
    assertEquals(Reason.LEASE_EXPIRED, candidate(decision, "p-1").reason());
  }

  @Test
  void decide_nobodyElseLeft_namesThoseLongSilentForADay() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("s-1", "sydney", A, B));
    report(Box.of("b-1", "berlin", A));
    pass(Duration.ofHours(24).minusNanos(1));
    report(Box.of("p-2", "paris", A, B).drains());
    Decision decision = decide(AT_PARIS, BOTH);
    assertEquals(List.of("p-1", "s-1"), names(decision));
    assertEquals(Standing.KNOWN, decision.rung());
    assertEquals(Reason.NOT_HELD, candidate(decision, "b-1").reason());
    pass(Duration.ofNanos(1));
    assertEquals(List.of(ORIGIN), decide(AT_PARIS, BOTH).endpoints());
    assertEquals(Reason.LEASE_EXPIRED, candidate(decide(AT_PARIS, BOTH), "p-1").reason());
  }

  @Test
  void decide_sameAskAndDraw_isTheSameAndAnotherDrawAnother() {
    for (int i = 1; i <= 5; i++) {
      report(Box.of("p-" + i, "paris", A, B));
    }
    Set<List<String>> answers = new HashSet<>();
    for (long draw = 0; draw < 100; draw++) {
      List<String> names = names(decide(AT_PARIS, ask("harbour", draw)));
      assertEquals(names, names(decide(AT_PARIS, ask("harbour", draw))));
      answers.add(names);
    }
    assertTrue(answers.size() > 20, "different answers: " + answers.size());
  }

  @Test
  void decide_titleOfAll_prefersTheLessLoadedButNotAlways() {
    report(Box.of("p-1", "paris", A, B).used(400));
    report(Box.of("p-2", "paris", A, B).used(200));
    Map<String, Integer> firsts = firsts(10_000, null);
    // Drawn by room, 6 to 8; the fuller one is taken when both draws fall on it.
    assertEquals(10_000 * 36 / 196.0, firsts.getOrDefault("p-1", 0), 200);
  }

  @Test
  void decide_unequalCapacity_getsViewersInProportion() {
    report(Box.of("p-1", "paris", A, B).gigabits(10));
    report(Box.of("p-2", "paris", A, B).gigabits(40));
    Map<String, Integer> firsts = firsts(10_000, null);
    assertEquals(2000, firsts.getOrDefault("p-1", 0), 200);
  }

  @Test
  void decide_applianceThatHurtsPlayers_losesShare() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("p-2", "paris", A, B));
    shares = number -> number == 0 ? 0.25 : 1;
    assertEquals(2000, firsts(10_000, null).getOrDefault("p-1", 0), 200);
    shares = number -> number == 0 ? Double.NaN : 7;
    assertEquals(0, firsts(1000, null).getOrDefault("p-1", 0), 10);
    assertEquals(2, decide(AT_PARIS, BOTH).chosen().size(), "still there for need");
    assertEquals(1, candidate(decide(AT_PARIS, BOTH), "p-2").share());
  }

  @Test
  void decide_titleOfFew_itsViewersMeetWhateverTheDraw() {
    for (int i = 1; i <= 6; i++) {
      report(i <= 3 ? Box.of("p-" + i, "paris", A, B) : Box.of("p-" + i, "paris"));
    }
    Set<String> firsts = new TreeSet<>();
    for (int title = 0; title < 50; title++) {
      String first = names(decide(AT_PARIS, ask("title-" + title, 0))).getFirst();
      assertEquals(first, names(decide(AT_PARIS, ask("title-" + title, 99))).getFirst());
      firsts.add(first);
    }
    assertEquals(Set.of("p-1", "p-2", "p-3"), firsts);
  }

  @Test
  void decide_titleOfFewOnALoadedAppliance_movesOnlyBeyondTheBound() {
    for (int i = 1; i <= 6; i++) {
      report(i <= 2 ? Box.of("p-" + i, "paris", A, B) : Box.of("p-" + i, "paris"));
    }
    List<String> idle = names(decide(AT_PARIS, BOTH));
    Box first = Box.of(idle.getFirst(), "paris", A, B);
    Box other = Box.of(idle.getLast(), "paris", A, B);
    other.used(400).report(fleet, ++sequence);
    // The mean is 53 %: the bound is 66.25 %.
    first.used(660).report(fleet, ++sequence);
    assertEquals(idle, names(decide(AT_PARIS, BOTH)));
    first.used(700).report(fleet, ++sequence);
    assertEquals(idle.reversed(), names(decide(AT_PARIS, BOTH)));
  }

  @Test
  void decide_viewerOfAnAppliance_staysWhileItIsNotNoticeablyWorse() {
    report(Box.of("p-1", "paris", A, B).used(300));
    report(Box.of("p-2", "paris", A, B).used(200));
    assertEquals(1000, firsts(1000, "p-1").getOrDefault("p-1", 0));
    assertEquals(1000, firsts(1000, "p-2").getOrDefault("p-2", 0));
    Box.of("p-1", "paris", A, B).used(301).report(fleet, ++sequence);
    int left = firsts(1000, "p-1").getOrDefault("p-2", 0);
    assertTrue(left > 500 && left < 1000, "left: " + left);
    assertTrue(candidate(decide(AT_PARIS, using("p-1", 1)), "p-1").current());
  }

  @Test
  void decide_viewerOfAFullAppliance_isNotSentAwayUnlessThereIsBetter() {
    report(Box.of("p-1", "paris", A, B).used(970));
    assertEquals(List.of(), names(decide(AT_PARIS, BOTH)));
    assertEquals(List.of("p-1"), names(decide(AT_PARIS, using("p-1", 1))));
    report(Box.of("p-2", "paris", A, B).used(500));
    assertEquals("p-2", names(decide(AT_PARIS, using("p-1", 1))).getFirst());
  }

  @Test
  void decide_viewerOfADrainingOrFartherAppliance_leaves() {
    report(Box.of("p-1", "paris", A, B).drains());
    report(Box.of("p-2", "paris", A, B));
    report(Box.of("b-1", "berlin", A, B));
    assertEquals(List.of("p-2", "b-1"), names(decide(AT_PARIS, using("p-1", 1))));
    assertEquals(List.of("p-2", "b-1"), names(decide(AT_PARIS, using("b-1", 1))));
    assertEquals(List.of("p-2", "b-1"), names(decide(AT_PARIS, using("gone", 1))));
  }

  @Test
  void decide_newcomer_getsAGrowingShare() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("p-2", "paris", A, B).boot("boot-1", 0L));
    assertEquals(0, firsts(1000, null).getOrDefault("p-2", 0));
    Decision cold = decide(AT_PARIS, BOTH);
    assertEquals(Reason.WARMING, candidate(cold, "p-2").reason());
    assertEquals(0, candidate(cold, "p-2").warmth());
    for (int seconds = 1; seconds <= 60; seconds++) {
      pass(Duration.ofSeconds(1));
      Box.of("p-1", "paris", A, B).report(fleet, ++sequence);
      Box.of("p-2", "paris", A, B).boot("boot-1", 0L).report(fleet, ++sequence);
      if (seconds == 30) {
        assertEquals(2500, firsts(10_000, null).getOrDefault("p-2", 0), 250);
      }
    }
    assertEquals(5000, firsts(10_000, null).getOrDefault("p-2", 0), 250);
  }

  @Test
  void decide_newcomerInUse_keepsItsViewers() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("p-2", "paris", A, B).boot("boot-1", 0L));
    assertEquals(1000, firsts(1000, "p-2").getOrDefault("p-2", 0));
  }

  @Test
  void decide_onlyNewcomers_areUsedAtOnce() {
    report(Box.of("p-1", "paris", A, B).boot("boot-1", null));
    report(Box.of("p-2", "paris", A, B).boot("boot-1", null));
    assertEquals(500, firsts(1000, null).getOrDefault("p-2", 0), 100);
  }

  @Test
  void decide_titleOfFewOnANewcomer_isTakenOverKeyByKey() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("p-2", "paris", A, B).boot("boot-1", 30_000L));
    report(Box.of("p-3", "paris"));
    report(Box.of("p-4", "paris"));
    int taken = 0;
    for (int title = 0; title < 2000; title++) {
      String first = names(decide(AT_PARIS, ask("title-" + title, title))).getFirst();
      assertEquals(first, names(decide(AT_PARIS, ask("title-" + title, 99))).getFirst());
      taken += first.equals("p-2") ? 1 : 0;
    }
    assertEquals(500, taken, 100);
  }

  @Test
  void decide_applianceBackAfterItsLease_isANewcomerAgain() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("p-2", "paris", A, B));
    pass(Duration.ofSeconds(3));
    report(Box.of("p-1", "paris", A, B));
    assertEquals(0, candidate(decide(AT_PARIS, BOTH), "p-1").warmth());
    pass(Duration.ofSeconds(2));
    Box.of("p-1", "paris", A, B).report(fleet, ++sequence);
    assertEquals(2 / 60.0, candidate(decide(AT_PARIS, BOTH), "p-1").warmth(), 1e-9);
  }

  @Test
  void decide_moreHoldersThanFew_isFoundSiteBySite() {
    for (int i = 0; i < Choice.FEW + 10; i++) {
      report(Box.of("p-" + i, i < 2 ? "paris" : "berlin", A, B));
    }
    List<String> names = names(decide(AT_PARIS, BOTH));
    assertEquals(Set.of("p-0", "p-1"), new TreeSet<>(names.subList(0, 2)));
    assertEquals(3, names.size());
  }

  @Test
  void decide_movedAppliance_isAtItsNewPlace() {
    report(Box.of("p-1", "paris", A, B));
    report(Box.of("b-1", "berlin", A, B));
    assertEquals(List.of("p-1", "b-1"), names(decide(AT_PARIS, BOTH)));
    report(Box.of("p-1", "sydney", A, B));
    assertEquals(List.of("b-1", "p-1"), names(decide(AT_PARIS, BOTH)));
  }

  @Test
  void rules_outOfRange_areRefused() {
    Duration minute = Duration.ofMinutes(1);
    assertRefused("headroomFloor", () -> new Rules(1.1, 3, 0.5, 1.25, 0.1, minute));
    assertRefused("answer", () -> new Rules(0, 0, 0.5, 1.25, 0.1, minute));
    assertRefused("spread", () -> new Rules(0, 3, Double.NaN, 1.25, 0.1, minute));
    assertRefused("bound", () -> new Rules(0, 3, 0.5, 0.9, 0.1, minute));
    assertRefused("stay", () -> new Rules(0, 3, 0.5, 1.25, -0.1, minute));
    assertRefused("slowStart", () -> new Rules(0, 3, 0.5, 1.25, 0.1, minute.negated()));
  }

  @Test
  void reason_everyOne_hasASentence() {
    for (Reason reason : Reason.values()) {
      assertTrue(reason.sentence().length() > 5 && !reason.label().isBlank(), reason.name());
    }
  }

  private static void assertRefused(String what, Runnable made) {
    String message = assertThrows(IllegalArgumentException.class, made::run).getMessage();
    assertTrue(message != null && message.contains(what), message);
  }

  private static Ask ask(String key, long draw) {
    return new Ask(key, List.of(A, B), Ask.Form.PATHWAYS, null, draw);
  }

  private static Ask using(String current, long draw) {
    return new Ask("harbour", List.of(A, B), Ask.Form.PATHWAYS, new ApplianceId(current), draw);
  }

  private Decision decide(@Nullable Match match, Position viewer) {
    Ranker near = new Ranker(List.of(BERLIN, PARIS, SYDNEY), RULES, ORIGIN, 1000);
    return near.decide(match, viewer, BOTH, fleet.snapshot(), shares, nanos.get());
  }

  private static Match match(SitePath... paths) {
    return new Match(Prefix.parse("10.0.0.0/8"), List.of(paths));
  }

  private static SitePath path(Site site, int asPathLength) {
    return new SitePath(site.id(), new PathAttributes(asPathLength, 0, 64_500), "bgp");
  }

  /** How often each is named first, over so many draws. */
  private Map<String, Integer> firsts(int draws, @Nullable String current) {
    Map<String, Integer> firsts = new TreeMap<>();
    for (int draw = 0; draw < draws; draw++) {
      Ask ask = current == null ? ask("harbour", draw) : using(current, draw);
      firsts.merge(names(decide(AT_PARIS, ask)).getFirst(), 1, Integer::sum);
    }
    return firsts;
  }

  private Decision decide(@Nullable Match match, Ask ask) {
    return ranker.decide(match, ask, fleet.snapshot(), shares, nanos.get());
  }

  private void report(Box box) {
    box.report(fleet, ++sequence);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static List<String> names(Decision decision) {
    return decision.chosen().stream().map(member -> member.id().value()).toList();
  }

  private static Candidate candidate(Decision decision, String id) {
    return decision.candidates().stream()
        .filter(candidate -> candidate.member().id().value().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
