package oca.fill.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.publish.FlowRules.Way;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.Health;
import org.junit.jupiter.api.Test;

class SourceRankerTest {
  private static final CatalogEntry FILE = file("t/a.mp4");
  private static final URI ORIGIN = URI.create("http://origin:1/c/");
  private static final URI FROM_ORIGIN = URI.create("http://origin:1/c/t/a.mp4");
  private static final Member ASKER = member("asker", "north", true, false);
  private static final Duration SITE_AFTER = Duration.ofMinutes(10);
  private static final Duration ORIGIN_AFTER = Duration.ofMinutes(30);
  private static final Duration STEP = Duration.ofMinutes(1);

  private FlowRules rules = rules(1, 2, Map.of(), Map.of());
  private Set<String> avoided = Set.of();

  @Test
  void sources_aloneAtTheSite_isTheOriginAtOnce() {
    assertEquals(
        List.of(new Source(FROM_ORIGIN, Tier.ORIGIN, 0)),
        sources(List.of(ASKER), ASKER, Duration.ZERO));
  }

  @Test
  void sources_aLine_hasOneMasterAndEachOtherTakesFromOneBeforeIt() {
    List<Member> fleet = north(16);
    List<Member> line = line(fleet);
    for (int place = 1; place < line.size(); place++) {
      List<Source> sources = sources(fleet, line.get(place), Duration.ZERO);
      List<URI> peers = uris(sources, Tier.PEER);
      assertEquals(at(line.get((place - 1) / 2)), peers.getFirst(), "place " + place);
      assertTrue(peers.contains(at(line.getFirst())), "the master is always among them");
      for (URI peer : peers) {
        assertTrue(line.stream().map(SourceRankerTest::at).toList().indexOf(peer) < place);
      }
      Source origin = sources.getLast();
      assertEquals(FROM_ORIGIN, origin.uri());
      Duration step = STEP.multipliedBy(Math.min(3, place - 1));
      assertEquals(ORIGIN_AFTER.plus(step).toMillis(), origin.afterMillis(), "place " + place);
    }
    Source ofMaster = sources(fleet, line.getFirst(), Duration.ofHours(9)).getLast();
    assertEquals(0, ofMaster.afterMillis(), "what the master needs is no wait of its own");
  }

  @Test
  void sources_others_waitLongerForAFileThatTheMasterReachesLate() {
    List<Member> fleet = north(2);
    Member other = line(fleet).getLast();
    Duration needs = Duration.ofHours(2);
    assertEquals(
        ORIGIN_AFTER.plus(needs).toMillis(), sources(fleet, other, needs).getLast().afterMillis());
    assertEquals(
        Source.MOST_AFTER.toMillis(),
        sources(fleet, other, Duration.ofDays(400)).getLast().afterMillis());
  }

  @Test
  void sources_masterThatDies_isReplacedByTheNextInLineWhoAsksThoseBehindItFirst() {
    List<Member> fleet = new ArrayList<>(north(4));
    List<Member> line = line(fleet);
    fleet.replaceAll(it -> it.equals(line.getFirst()) ? dead(it) : it);
    List<Source> sources = sources(fleet, line.get(1), Duration.ZERO);
    assertEquals(List.of(at(line.get(2)), at(line.get(3))), uris(sources, Tier.PEER));
    assertEquals(new Source(FROM_ORIGIN, Tier.ORIGIN, 0), sources.getLast());
    for (Source source : sources(fleet, line.get(2), Duration.ZERO)) {
      assertTrue(!source.uri().equals(at(line.getFirst())), "nobody is sent to the dead");
    }
  }

  @Test
  void sources_severalMasters_allAskTheOriginAndShareTheOthers() {
    rules = rules(2, 1, Map.of(), Map.of());
    List<Member> fleet = north(6);
    List<Member> line = line(fleet);
    for (int place = 0; place < 6; place++) {
      List<Source> sources = sources(fleet, line.get(place), Duration.ZERO);
      assertEquals(place < 2, sources.getLast().afterMillis() == 0);
      if (place >= 2) {
        assertEquals(at(line.get(place - 2)), sources.getFirst().uri());
      }
    }
  }

  @Test
  void sources_holders_comeFirstAndThoseWithoutHeadroomAfterThem() {
    Member idle = with(member("z-idle", "north", true, true), new Health(false, 0, 10, 0, 10));
    Member full = with(member("a-full", "north", true, true), new Health(false, 10, 10, 0, 10));
    for (int i = 0; i < 20; i++) {
      Member asker = member("asker-" + i, "north", true, false);
      List<Source> sources = sources(List.of(asker, full, idle), asker, Duration.ZERO);
      assertEquals(List.of(at(idle), at(full)), uris(sources, Tier.PEER).subList(0, 2));
    }
  }

  @Test
  void sources_faultyDeadAndLyingPeers_areLeftOut() {
    List<Member> fleet =
        List.of(
            ASKER,
            dead(member("dead", "north", true, true)),
            with(
                member("faulty", "north", true, true),
                new Health(false, 0, 1, 0, 1, "a disk is gone")),
            member("liar", "north", true, true));
    avoided = Set.of("liar:8440");
    assertEquals(
        List.of(new Source(FROM_ORIGIN, Tier.ORIGIN, 0)), sources(fleet, ASKER, Duration.ZERO));
  }

  @Test
  void sources_otherSitesThatHoldIt_areRankedByCostAndAskedAtOnceByTheMasterAlone() {
    SiteId north = new SiteId("north");
    rules =
        rules(
            1,
            2,
            Map.of(),
            Map.of(
                new Way(new SiteId("east"), north), 50.0,
                new Way(new SiteId("south"), north), 5.0));
    List<Member> fleet = new ArrayList<>(north(2));
    List<Member> line = line(fleet);
    fleet.add(member("e-1", "east", true, true));
    fleet.add(member("s-1", "south", true, true));
    fleet.add(member("w-1", "west", true, true));
    List<Source> ofMaster = sources(fleet, line.getFirst(), Duration.ZERO);
    assertEquals(List.of(uri("s-1"), uri("e-1")), uris(ofMaster, Tier.SITE));
    assertTrue(ofMaster.stream().allMatch(it -> it.afterMillis() == 0));
    List<Source> ofOther = sources(fleet, line.getLast(), Duration.ZERO);
    assertEquals(
        List.of(0L, SITE_AFTER.toMillis(), SITE_AFTER.toMillis(), ORIGIN_AFTER.toMillis()),
        ofOther.stream().map(Source::afterMillis).toList());
  }

  @Test
  void sources_manySitesAndCosts_areTheTwoThatASortOfAllWouldName() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      SiteId north = new SiteId("north");
      Map<Way, Double> costs = new HashMap<>();
      List<Member> fleet = new ArrayList<>(List.of(ASKER));
      for (int site = 0; site < 8; site++) {
        if (random.nextInt(3) == 0) {
          costs.put(new Way(new SiteId("s" + site), north), 50.0 * random.nextInt(5));
        }
        if (random.nextBoolean()) {
          fleet.add(member("m" + site, "s" + site, true, random.nextInt(4) > 0));
        }
      }
      rules = rules(1, 2, Map.of(), costs);
      List<URI> expected =
          fleet.stream()
              .filter(it -> !it.equals(ASKER) && it.held().contains(FILE.id()))
              .sorted(
                  Comparator.comparingDouble((Member it) -> rules.cost(it.site(), north))
                      .thenComparing(Member::site))
              .limit(SourceRanker.MAX_SITES)
              .map(SourceRankerTest::at)
              .toList();
      assertEquals(expected, uris(sources(fleet, ASKER, Duration.ZERO), Tier.SITE), "" + seed);
    }
  }

  @Test
  void sources_hops_areAskedBeforeTheOriginThoughTheyHoldNothingYet() {
    rules = rules(1, 2, Map.of(new SiteId("north"), List.of(new SiteId("hub"))), Map.of());
    List<Member> fleet = new ArrayList<>(north(1));
    fleet.add(member("h-1", "hub", true, false));
    List<Source> sources = sources(fleet, fleet.getFirst(), Duration.ZERO);
    assertEquals(
        List.of(
            new Source(uri("h-1"), Tier.SITE, 0),
            new Source(FROM_ORIGIN, Tier.ORIGIN, ORIGIN_AFTER.toMillis())),
        sources);
    Source ofHub = sources(fleet, fleet.getLast(), Duration.ZERO).getLast();
    assertEquals(0, ofHub.afterMillis());
  }

  @Test
  void sources_manyFiles_areSpreadOverMastersByCapacity() {
    List<Member> fleet = new ArrayList<>(north(3));
    fleet.add(
        new Member(
            new ApplianceId("big"),
            new SiteId("north"),
            new Endpoint("big", 8440),
            true,
            3000,
            Set.of()));
    Map<String, Integer> mastered = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      CatalogEntry file = file("t/" + i);
      SourceRanker ranker = ranker(fleet);
      for (Member member : fleet) {
        if (ranker.isFirstMaster(member, file)) {
          mastered.merge(member.id().value(), 1, Integer::sum);
        }
      }
    }
    assertEquals(3000, mastered.values().stream().mapToInt(it -> it).sum());
    assertEquals(1500, mastered.getOrDefault("big", 0), 120.0);
    assertEquals(500, mastered.getOrDefault("n-1", 0), 90.0);
  }

  @Test
  void sources_manyHolders_areSpreadOverAskers() {
    List<Member> fleet = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      fleet.add(member("peer-" + i, "north", true, true));
    }
    Set<URI> first = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Member asker = member("asker-" + i, "north", true, false);
      List<Member> all = new ArrayList<>(fleet);
      all.add(asker);
      List<Source> sources =
          new SourceRanker(new FleetSnapshot(all), Map.of(), ORIGIN, rules, Set.of())
              .sources(asker, FILE, Duration.ZERO);
      assertEquals(4, sources.size());
      first.add(sources.getFirst().uri());
    }
    assertTrue(first.size() > 5, () -> "all ask the same: " + first);
  }

  private List<Source> sources(List<Member> fleet, Member asker, Duration needs) {
    return ranker(fleet).sources(asker, FILE, needs);
  }

  /** All of the fleet are to hold the title. */
  private SourceRanker ranker(List<Member> fleet) {
    Map<ApplianceId, Set<String>> placed = new HashMap<>();
    fleet.forEach(member -> placed.put(member.id(), Set.of("t")));
    return new SourceRanker(new FleetSnapshot(fleet), placed, ORIGIN, rules, avoided);
  }

  /** In the order in which they are masters when those before are dead. */
  private List<Member> line(List<Member> fleet) {
    List<Member> left = new ArrayList<>(fleet);
    List<Member> line = new ArrayList<>();
    while (!left.isEmpty()) {
      SourceRanker ranker = ranker(left);
      Member first =
          left.stream().filter(it -> ranker.isFirstMaster(it, FILE)).findFirst().orElseThrow();
      line.add(first);
      left.remove(first);
    }
    return line;
  }

  private static FlowRules rules(
      int masters, int fanout, Map<SiteId, List<SiteId>> hops, Map<Way, Double> costs) {
    return new FlowRules(
        masters,
        fanout,
        SITE_AFTER,
        ORIGIN_AFTER,
        STEP,
        hops,
        costs,
        100,
        new FlowRules.Caps(1000, List.of()));
  }

  private static List<URI> uris(List<Source> sources, Tier tier) {
    return sources.stream().filter(it -> it.tier() == tier).map(Source::uri).toList();
  }

  private static List<Member> north(int count) {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      members.add(member("n-" + i, "north", true, false));
    }
    return members;
  }

  private static Member dead(Member member) {
    return new Member(
        member.id(),
        member.site(),
        member.endpoint(),
        false,
        member.capacityBytes(),
        member.held(),
        member.health());
  }

  private static Member with(Member member, Health health) {
    return new Member(
        member.id(),
        member.site(),
        member.endpoint(),
        member.alive(),
        member.capacityBytes(),
        member.held(),
        health);
  }

  private static URI at(Member member) {
    return uri(member.endpoint().host());
  }

  private static URI uri(String host) {
    return URI.create("http://" + host + ":8440/t/a.mp4");
  }

  private static Member member(String id, String site, boolean alive, boolean holds) {
    return new Member(
        new ApplianceId(id),
        new SiteId(site),
        new Endpoint(id, 8440),
        alive,
        1000,
        holds ? Set.of(ContentId.ofPath("t/a.mp4")) : Set.of());
  }

  private static CatalogEntry file(String path) {
    return new CatalogEntry(path, "t", 3, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
