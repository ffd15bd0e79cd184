package oca.fill.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import oca.fill.placement.Placement.Decision;
import oca.fill.placement.Placement.Share;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask.Room;
import oca.fill.placement.Tasks.Title;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class PlacementPlannerTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final SiteId NORTH_NET = new SiteId("north-net");
  private static final SiteId SOUTH_NET = new SiteId("south-net");
  private static final Map<SiteId, List<SiteId>> REGIONS =
      Map.of(NORTH_NET, List.of(NORTH), SOUTH_NET, List.of(SOUTH));
  private static final Rules RULES = new Rules(1, 16, 4, 0.1, 1.3);
  private static final long MIB = 1 << 20;

  /** Any fleet, titles and placement before. */
  record Scene(List<Title> titles, List<Room> rooms, Map<ApplianceId, Set<String>> before) {
    Placement plan(Rules rules) {
      return Tasks.plan(rules, titles, rooms, REGIONS, before);
    }
  }

  @Provide
  Arbitrary<Scene> scenes() {
    return scenes(Arbitraries.longs().between(1, 100 * MIB));
  }

  @Provide
  Arbitrary<Scene> scenesOfEqualSizes() {
    return scenes(Arbitraries.just(10 * MIB))
        .map(scene -> new Scene(scene.titles(), scene.rooms(), Map.of()));
  }

  private static Arbitrary<Scene> scenes(Arbitrary<Long> sizes) {
    Arbitrary<Long> seeds = Arbitraries.longs();
    Arbitrary<Integer> counts = Arbitraries.integers().between(0, 40);
    return Combinators.combine(
            counts, sizes.list().ofSize(40), seeds, Arbitraries.integers().between(0, 6))
        .as(PlacementPlannerTest::scene);
  }

  private static Scene scene(int titles, List<Long> sizes, long seed, int rooms) {
    Random random = new Random(seed);
    List<Title> offered = new ArrayList<>();
    for (int i = 0; i < titles; i++) {
      double north = random.nextInt(4) == 0 ? 1 : Math.exp(random.nextGaussian() * 3 + 18);
      double south = random.nextInt(2) == 0 ? 1 : Math.exp(random.nextGaussian() * 3 + 18);
      offered.add(title("t" + i, sizes.get(i), north, south));
    }
    List<Room> fleet = new ArrayList<>();
    Map<ApplianceId, Set<String>> before = new HashMap<>();
    for (int i = 0; i < rooms; i++) {
      SiteId site = i % 3 == 2 ? SOUTH : NORTH;
      Room room = room("a-" + i, site, random.nextLong(0, 400 * MIB));
      fleet.add(room);
      Set<String> held = new HashSet<>();
      offered.stream().filter(_ -> random.nextInt(4) == 0).forEach(t -> held.add(t.name()));
      before.put(room.appliance(), held);
    }
    return new Scene(offered, fleet, before);
  }

  @Test
  void plan_popularTitle_isPlacedWhereItIsAskedFor() {
    Placement placement =
        Tasks.plan(
            RULES,
            List.of(
                title("n", 10 * MIB, 900 * MIB, 1),
                title("s", 10 * MIB, 1, 900 * MIB),
                title("nobody", 10 * MIB, 1, 1)),
            List.of(room("n-1", NORTH, 12 * MIB), room("s-1", SOUTH, 12 * MIB)),
            REGIONS,
            Map.of());
    assertEquals(List.of("n"), titlesOf(placement, "n-1"));
    assertEquals(List.of("s"), titlesOf(placement, "s-1"));
    assertEquals(Reason.POPULAR, placement.decisions("n").get(0).reason());
    assertEquals(Reason.NO_ROOM, placement.decisions("n").get(1).reason());
    assertEquals(90, placement.decisions("n").get(0).popularity(), 1e-9);
  }

  @Test
  void plan_headAndTail_getAllAndOneCopies() {
    List<Title> titles = new ArrayList<>(List.of(title("head", MIB, 1000 * MIB, 1)));
    for (int i = 0; i < 50; i++) {
      titles.add(title("tail" + i, MIB, 2 * MIB, 1));
    }
    Placement placement = plan(RULES, titles, rooms(4, 100 * MIB), Map.of());
    assertEquals(4, placement.decisions("head").getFirst().holders().size());
    for (int i = 0; i < 50; i++) {
      assertEquals(1, placement.decisions("tail" + i).getFirst().holders().size());
    }
  }

  @Test
  void plan_nobodyAsks_fillsTheRoomLeftSmallestFirst() {
    Placement placement =
        plan(
            RULES,
            List.of(
                title("asked", 60 * MIB, MIB, 1),
                title("big", 20 * MIB, 1, 1),
                title("small", 10 * MIB, 1, 1)),
            List.of(room("n-1", NORTH, 85 * MIB)),
            Map.of());
    assertEquals(List.of("asked", "small"), titlesOf(placement, "n-1"));
    assertEquals(Reason.FILLS_ROOM, placement.decisions("small").getFirst().reason());
  }

  @Test
  void plan_titleBeyondAnyAppliance_isTooLarge() {
    Placement placement =
        plan(RULES, List.of(title("x", 95 * MIB, 1e9, 1)), rooms(2, 100 * MIB), Map.of());
    assertEquals(Reason.TOO_LARGE, placement.decisions("x").getFirst().reason());
  }

  @Test
  void plan_challengerWithinHysteresis_leavesTheIncumbent() {
    List<Room> one = List.of(room("n-1", NORTH, 15 * MIB));
    Map<ApplianceId, Set<String>> before = Map.of(new ApplianceId("n-1"), Set.of("old"));
    Title old = title("old", 10 * MIB, 100 * MIB, 1);
    Placement near = plan(RULES, List.of(old, title("new", 10 * MIB, 129 * MIB, 1)), one, before);
    assertEquals(List.of("old"), titlesOf(near, "n-1"));
    assertEquals(Reason.KEPT, near.decisions("old").getFirst().reason());
    Placement far = plan(RULES, List.of(old, title("new", 10 * MIB, 131 * MIB, 1)), one, before);
    assertEquals(List.of("new"), titlesOf(far, "n-1"));
  }

  @Test
  void plan_regionWithTwoSites_countsHalfAtEach() {
    Placement placement =
        Tasks.plan(
            RULES,
            List.of(title("x", 10 * MIB, 100 * MIB, 0)),
            List.of(room("n-1", NORTH, 100 * MIB), room("s-1", SOUTH, 100 * MIB)),
            Map.of(NORTH_NET, List.of(NORTH, SOUTH, new SiteId("unmanned"))),
            Map.of());
    assertEquals(
        List.of(5.0, 5.0), placement.decisions().stream().map(Decision::popularity).toList());
  }

  @Property
  void plan_anyScene_staysWithinCapacityAndReserve(@ForAll("scenes") Scene scene) {
    Map<String, Long> size = new HashMap<>();
    scene.titles().forEach(title -> size.put(title.name(), title.bytes()));
    for (Share share : scene.plan(RULES).shares()) {
      Room room =
          scene.rooms().stream()
              .filter(r -> r.appliance().equals(share.appliance()))
              .findFirst()
              .orElseThrow();
      long planned = share.titles().stream().mapToLong(size::get).sum();
      assertEquals(planned, share.plannedBytes());
      assertTrue(planned <= room.capacityBytes() * 0.9, () -> share + " of " + room);
      assertEquals(share.titles().size(), new HashSet<>(share.titles()).size());
    }
  }

  @Property
  void plan_anyScene_decisionsAndSharesAgree(@ForAll("scenes") Scene scene) {
    Placement placement = scene.plan(RULES);
    Set<String> byDecision = new HashSet<>();
    placement
        .decisions()
        .forEach(d -> d.holders().forEach(holder -> byDecision.add(holder + " " + d.title())));
    Set<String> byShare = new HashSet<>();
    placement
        .shares()
        .forEach(s -> s.titles().forEach(title -> byShare.add(s.appliance() + " " + title)));
    assertEquals(byDecision, byShare);
    placement
        .decisions()
        .forEach(
            d -> {
              assertEquals(d.reason().placed(), !d.holders().isEmpty());
              assertTrue(d.holders().size() <= d.copiesWanted());
            });
  }

  @Property
  void plan_anyOrderOfArguments_isTheSame(@ForAll("scenes") Scene scene, @ForAll long seed) {
    List<Title> titles = new ArrayList<>(scene.titles());
    List<Room> rooms = new ArrayList<>(scene.rooms());
    Collections.shuffle(titles, new Random(seed));
    Collections.shuffle(rooms, new Random(seed));
    Placement other = new Scene(titles, rooms, scene.before()).plan(RULES);
    assertEquals(scene.plan(RULES).shares(), other.shares());
    assertEquals(scene.plan(RULES).decisions(), other.decisions());
  }

  @Property
  void plan_equalSizes_copiesNeverFallWithPopularity(
      @ForAll("scenesOfEqualSizes") Scene scene, @ForAll @IntRange(min = 1, max = 3) int least) {
    List<Decision> decisions = scene.plan(new Rules(least, 16, 4, 0.1, 1.3)).decisions();
    for (Decision a : decisions) {
      for (Decision b : decisions) {
        if (a.site().equals(b.site()) && a.popularity() > b.popularity()) {
          assertTrue(a.copiesWanted() >= b.copiesWanted(), () -> a + " and " + b);
          assertTrue(a.holders().size() >= b.holders().size(), () -> a + " and " + b);
        }
      }
    }
  }

  @Property
  void plan_applianceAddedWhereThereIsRoom_movesOnlyToIt(
      @ForAll @IntRange(min = 1, max = 8) int appliances,
      @ForAll @IntRange(min = 1, max = 3) int copies,
      @ForAll boolean incumbents,
      @ForAll long seed) {
    Rules fixed = new Rules(copies, copies, 1, 0.1, 1.3, 0.8, 1e9);
    Random random = new Random(seed);
    List<Title> titles = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      titles.add(title("t" + random.nextInt(1_000_000) + "-" + i, MIB, 1e6 * (i + 1), 1));
    }
    List<Room> more = rooms(appliances + 1, 1000 * MIB);
    List<Room> fewer = more.subList(0, appliances);
    Map<ApplianceId, Set<String>> small = holdings(plan(fixed, titles, fewer, Map.of()));
    Map<ApplianceId, Set<String>> large =
        holdings(plan(fixed, titles, more, incumbents ? small : Map.of()));
    if (appliances >= copies) {
      small.forEach((id, held) -> assertTrue(held.containsAll(large.get(id)), id.value()));
    }
    // And back: what the one that goes had is all that moves.
    Map<ApplianceId, Set<String>> again =
        holdings(plan(fixed, titles, fewer, incumbents ? large : Map.of()));
    fewer.forEach(
        room -> {
          Set<String> stays = large.get(room.appliance());
          assertTrue(again.get(room.appliance()).containsAll(stays), room.toString());
        });
  }

  @Test
  void plan_sameDemandAgain_movesNothing() {
    for (long seed = 0; seed < 50; seed++) {
      Scene scene = scene(40, Collections.nCopies(40, 7 * MIB), seed, 5);
      Map<ApplianceId, Set<String>> first =
          holdings(new Scene(scene.titles(), scene.rooms(), Map.of()).plan(RULES));
      Map<ApplianceId, Set<String>> second =
          holdings(new Scene(scene.titles(), scene.rooms(), first).plan(RULES));
      assertEquals(first, second, "seed " + seed);
    }
  }

  @Property(tries = 300)
  void plan_oneApplianceEqualSizes_isTheBestChoice(
      @ForAll @IntRange(min = 1, max = 10) int titles,
      @ForAll @IntRange(min = 0, max = 10) int slots,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Title> offered = new ArrayList<>();
    for (int i = 0; i < titles; i++) {
      offered.add(title("t" + i, 10 * MIB, 1e6 + random.nextInt(1_000_000_000), 1));
    }
    List<Room> one = List.of(room("n-1", NORTH, 10 * MIB * slots));
    Set<String> chosen =
        holdings(plan(new Rules(1, 1, 1, 0, 1), offered, one, Map.of()))
            .get(new ApplianceId("n-1"));
    double best = 0;
    for (int subset = 0; subset < 1 << titles; subset++) {
      if (Integer.bitCount(subset) <= slots) {
        double value = 0;
        for (int i = 0; i < titles; i++) {
          value += (subset >> i & 1) * offered.get(i).expectedBytes().get(NORTH_NET);
        }
        best = Math.max(best, value);
      }
    }
    double got =
        offered.stream()
            .filter(t -> chosen.contains(t.name()))
            .mapToDouble(t -> t.expectedBytes().get(NORTH_NET))
            .sum();
    assertEquals(best, got, 1e-3);
  }

  private static Placement plan(
      Rules rules, List<Title> titles, List<Room> rooms, Map<ApplianceId, Set<String>> before) {
    return Tasks.plan(rules, titles, rooms, REGIONS, before);
  }

  private static Map<ApplianceId, Set<String>> holdings(Placement placement) {
    Map<ApplianceId, Set<String>> holdings = new HashMap<>();
    placement.shares().forEach(s -> holdings.put(s.appliance(), Set.copyOf(s.titles())));
    return holdings;
  }

  private static List<String> titlesOf(Placement placement, String appliance) {
    return placement.share(new ApplianceId(appliance)).orElseThrow().titles();
  }

  private static Title title(String name, long bytes, double north, double south) {
    return new Title(name, bytes, Map.of(NORTH_NET, north, SOUTH_NET, south));
  }

  private static Room room(String id, SiteId site, long capacity) {
    return new Room(new ApplianceId(id), site, capacity);
  }

  private static List<Room> rooms(int count, long capacity) {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rooms.add(room("n-" + i, NORTH, capacity));
    }
    return rooms;
  }
}
