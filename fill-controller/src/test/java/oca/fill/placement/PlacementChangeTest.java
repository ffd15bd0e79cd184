package oca.fill.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import oca.fill.placement.Explanation.Deciding;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask.Pin;
import oca.fill.placement.PlacementTask.Room;
import oca.fill.placement.Tasks.Title;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

/** What moves when something changes, and whether the reasons given are the reasons. */
class PlacementChangeTest {
  private static final SiteId SITE = new SiteId("site");
  private static final SiteId NET = new SiteId("net");
  private static final Map<SiteId, List<SiteId>> REGIONS = Map.of(NET, List.of(SITE));
  private static final long MIB = 1 << 20;

  @Property(tries = 60)
  void plan_demandWithinTheHysteresis_fillsNothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int appliances) {
    Rules rules = new Rules(1, 16, 4, 0.05, 1.3, 0.8, 1e9);
    Random random = new Random(seed);
    List<Title> titles = titles(random, 200);
    List<Room> rooms = rooms(appliances, 4000 * MIB / appliances);
    PlacementTask first = Tasks.task(rules, titles, rooms, REGIONS, Map.of(), List.of());
    Map<ApplianceId, Set<String>> held = holdings(PlacementPlanner.plan(first));
    // The fourth root: a share of all demand moves by as much again as what it is a share of.
    List<Title> next = changed(titles, random, Math.pow(1.3, 0.24));
    assertEquals(held, holdings(Tasks.plan(rules, next, rooms, REGIONS, held)));
  }

  /** Of 32,000 plans the worst filled a fifth; a plan without regard to what is held fills more. */
  @Property(tries = 60)
  void plan_demandWithinTheHysteresisAndLoadBalanced_fillsLittle(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int appliances) {
    double filled = filledWithinTheHysteresis(seed, appliances);
    assertTrue(filled <= 0.3, () -> filled + " of the disks filled");
  }

  @Test
  void plan_demandWithinTheHysteresisAndLoadBalanced_fillsNextToNothingOnAverage() {
    double mean =
        IntStream.range(0, 60)
            .mapToDouble(it -> filledWithinTheHysteresis(it, 2 + it % 5))
            .average()
            .orElseThrow();
    assertTrue(mean <= 0.03, () -> mean + " of the disks filled");
  }

  private static double filledWithinTheHysteresis(long seed, int appliances) {
    Rules rules = new Rules(1, 16, 4, 0.05, 1.3);
    Random random = new Random(seed);
    List<Title> titles = titles(random, 200);
    List<Room> rooms = rooms(appliances, 4000 * MIB / appliances);
    Map<ApplianceId, Set<String>> held =
        holdings(Tasks.plan(rules, titles, rooms, REGIONS, Map.of()));
    List<Title> next = changed(titles, random, Math.pow(1.3, 0.24));
    Map<ApplianceId, Set<String>> after = holdings(Tasks.plan(rules, next, rooms, REGIONS, held));
    Map<String, Long> size = new HashMap<>();
    titles.forEach(title -> size.put(title.name(), title.bytes()));
    long came = 0;
    for (Map.Entry<ApplianceId, Set<String>> at : after.entrySet()) {
      Set<String> fresh = new HashSet<>(at.getValue());
      fresh.removeAll(held.get(at.getKey()));
      came += fresh.stream().mapToLong(size::get).sum();
    }
    return came / (4000.0 * MIB);
  }

  @Property(tries = 150)
  void explain_anyUnitAndAppliance_whatDecidesTurnsTheDecision(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int appliances,
      @ForAll @IntRange(min = 50, max = 6000) int capacityMib) {
    Random random = new Random(seed);
    Rules rules = new Rules(1, 1 + random.nextInt(4), 4, 0.05, 1.3);
    List<Title> titles = titles(random, 40);
    List<Room> rooms = rooms(appliances, capacityMib * MIB / appliances);
    Map<ApplianceId, Set<String>> before = new HashMap<>();
    for (Room room : rooms) {
      Set<String> held = new HashSet<>();
      titles.stream().filter(_ -> random.nextInt(4) == 0).forEach(t -> held.add(t.name()));
      before.put(room.appliance(), held);
    }
    List<Pin> pins =
        random.nextInt(3) == 0
            ? List.of(new Pin(random.nextInt(40), SITE, 1 + random.nextInt(2)))
            : List.of();
    PlacementTask task = Tasks.task(rules, titles, rooms, REGIONS, before, pins);
    int unit = pins.isEmpty() || random.nextBoolean() ? random.nextInt(40) : pins.get(0).unit();
    int room = random.nextInt(appliances);
    Placement placement = PlacementPlanner.plan(task);
    Explanation why = placement.explain(task.units()[unit], task.rooms().get(room).appliance());
    Set<String> placed = holdings(placement).get(why.appliance());
    assertEquals(placed.contains(why.unit()), why.held());
    assertFalse(why.decides().isEmpty());
    List<Factor.Value> values =
        why.decides().stream().map(d -> new Factor.Value(d.factor(), d.then())).toList();
    SiteTask site = task.sites().getFirst();
    SiteRound again = SiteRound.of(site.with(unit, room, values));
    assertEquals(!why.held(), again.holds(room, unit), why::toString);
    for (Deciding factor : why.decides()) {
      assertEquals(site.value(unit, room, factor.factor()), factor.now());
    }
  }

  @Test
  void explain_expectedBytesNamed_turnTheDecisionOfAWholeNewPlan() {
    Random random = new Random(7);
    List<Title> titles = titles(random, 60);
    List<Room> rooms = rooms(3, 300 * MIB);
    Rules rules = new Rules(1, 16, 4, 0.05, 1.3);
    Placement placement = Tasks.plan(rules, titles, rooms, REGIONS, Map.of());
    int turned = 0;
    for (Title title : titles) {
      Explanation why = placement.explain(title.name(), new ApplianceId("a-1"));
      if (why.decides().size() == 1 && why.decides().getFirst().factor() == Factor.EXPECTED_BYTES) {
        List<Title> other = new ArrayList<>(titles);
        double then = why.decides().getFirst().then();
        other.set(titles.indexOf(title), new Title(title.name(), title.bytes(), Map.of(NET, then)));
        Placement next = Tasks.plan(rules, other, rooms, REGIONS, Map.of());
        assertEquals(
            !why.held(),
            holdings(next).get(new ApplianceId("a-1")).contains(title.name()),
            why::sentence);
        turned++;
      }
    }
    assertTrue(turned > 30, turned + " decided by demand alone");
  }

  @Test
  void plan_pinnedUnits_arePlacedBeforeAllOthersAndOnAsManyAppliances() {
    List<Title> titles = titles(new Random(1), 50);
    List<Room> rooms = rooms(4, 200 * MIB);
    Rules rules = new Rules(1, 16, 4, 0.05, 1.3);
    Placement without = Tasks.plan(rules, titles, rooms, REGIONS, Map.of());
    String last =
        without.decisions().stream()
            .filter(d -> d.holders().isEmpty())
            .map(Placement.Decision::title)
            .findFirst()
            .orElseThrow();
    PlacementTask task = Tasks.task(rules, titles, rooms, REGIONS, Map.of(), List.of());
    List<Pin> pins = List.of(new Pin(task.unit(last), SITE, 3));
    Placement with =
        PlacementPlanner.plan(Tasks.task(rules, titles, rooms, REGIONS, Map.of(), pins));
    assertEquals(3, with.decisions(last).getFirst().holders().size());
    assertEquals(Reason.PINNED, with.decisions(last).getFirst().reason());
    assertEquals(List.of(), with.homeless());
    List<Room> small = rooms(4, MIB);
    Placement tooSmall =
        PlacementPlanner.plan(Tasks.task(rules, titles, small, REGIONS, Map.of(), pins));
    assertEquals(3, tooSmall.homeless().getFirst().missing());
    assertEquals(last, tooSmall.homeless().getFirst().unit());
  }

  @Test
  void plan_twoServerTypes_takeTheHeadByThroughputAndTheTailByStorage() {
    List<Title> titles = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      titles.add(new Title("t" + i, MIB, Map.of(NET, 1e9 / (i + 1))));
    }
    List<Room> rooms =
        List.of(
            new Room(new ApplianceId("disk"), SITE, 10_000 * MIB, 20, 100),
            new Room(new ApplianceId("flash"), SITE, 10_000 * MIB, 80, 10));
    Placement placement = Tasks.plan(new Rules(1, 1, 1, 0, 1.3), titles, rooms, REGIONS, Map.of());
    double[] load = new double[2];
    int[] count = new int[2];
    for (int i = 0; i < 2; i++) {
      for (int unit : placement.held()[i]) {
        load[i] += placement.task().expected()[0][unit];
        count[i]++;
      }
    }
    assertEquals(4.0, load[1] / load[0], 0.5, "the load goes by throughput");
    assertTrue(count[0] > 2 * count[1], "the titles go by storage: " + count[0]);
  }

  private static List<Title> titles(Random random, int count) {
    List<Title> titles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double expected = random.nextInt(5) == 0 ? 1 : Math.exp(random.nextGaussian() * 2 + 18);
      long bytes = (1 + random.nextInt(60)) * MIB;
      titles.add(new Title("t%03d".formatted(i), bytes, Map.of(NET, expected)));
    }
    return titles;
  }

  private static List<Title> changed(List<Title> titles, Random random, double most) {
    return titles.stream()
        .map(
            title -> {
              double factor = Math.pow(most, 2 * random.nextDouble() - 1);
              double expected = title.expectedBytes().get(NET);
              return new Title(
                  title.name(),
                  title.bytes(),
                  Map.of(NET, expected <= 1 ? expected : expected * factor));
            })
        .toList();
  }

  private static List<Room> rooms(int count, long capacity) {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rooms.add(new Room(new ApplianceId("a-" + i), SITE, capacity));
    }
    return rooms;
  }

  private static Map<ApplianceId, Set<String>> holdings(Placement placement) {
    Map<ApplianceId, Set<String>> holdings = new HashMap<>();
    placement.shares().forEach(s -> holdings.put(s.appliance(), Set.copyOf(s.titles())));
    return holdings;
  }
}
