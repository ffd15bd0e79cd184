package oca.fill.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.model.ApplianceId;
import oca.model.RendezvousScore;
import oca.model.SiteId;

/**
 * All that a placement follows from. Units, regions and rooms are known by their place in these
 * lists, so that a million units take arrays and no objects. Whoever hands the arrays over does not
 * touch them any more.
 *
 * @param regions whose demand it is
 * @param rooms by id, no two alike
 * @param units names, ascending and no two alike; a unit is placed whole or not at all
 * @param bytes of each unit
 * @param expected bytes a day, first by region, then by unit
 * @param incumbents by room: the units that it was told to hold before, ascending
 */
public record PlacementTask(
    Rules rules,
    List<Region> regions,
    List<Room> rooms,
    List<Pin> pins,
    String[] units,
    long[] bytes,
    double[][] expected,
    int[][] incumbents) {

  /** A network of viewers and the sites near to it, which share its demand. */
  public record Region(SiteId id, List<SiteId> sites) {
    public Region {
      sites = List.copyOf(sites);
    }
  }

  /**
   * An appliance to place on.
   *
   * @param throughput by which it weighs for what is popular, above 0; only ratios within a site
   *     count
   * @param storage by which it weighs for all else, above 0
   */
  public record Room(
      ApplianceId appliance, SiteId site, long capacityBytes, double throughput, double storage) {
    public Room {
      if (!(throughput > 0) || !(storage > 0)) {
        throw new IllegalArgumentException(
            "the weights of " + appliance + " must be above zero: " + throughput + ", " + storage);
      }
    }

    /** One among equals, but for its capacity. */
    public Room(ApplianceId appliance, SiteId site, long capacityBytes) {
      this(appliance, site, capacityBytes, 1, (double) Math.max(1, capacityBytes));
    }

    long usable(Rules rules) {
      return (long) Math.floor(Math.max(0, capacityBytes) * (1 - rules.reserve()));
    }
  }

  /**
   * A unit that is held at a site whatever is expected of it.
   *
   * @param copies on so many of the site's appliances at least, 1 or more
   */
  public record Pin(int unit, SiteId site, int copies) {}

  public PlacementTask {
    regions = List.copyOf(regions);
    rooms = List.copyOf(rooms);
    pins = List.copyOf(pins);
    require(bytes.length == units.length, "a size for each unit");
    require(expected.length == regions.size(), "a row of demand for each region");
    require(incumbents.length == rooms.size(), "a list of incumbents for each room");
    for (double[] row : expected) {
      require(row.length == units.length, "an expectation for each unit");
    }
    for (int i = 1; i < units.length; i++) {
      require(units[i - 1].compareTo(units[i]) < 0, "units in ascending order, each once");
    }
    for (int i = 1; i < rooms.size(); i++) {
      require(
          rooms.get(i - 1).appliance().compareTo(rooms.get(i).appliance()) < 0,
          "appliances in ascending order, each once");
    }
  }

  /** The place of the unit of that name; below zero when there is none. */
  public int unit(String name) {
    return Arrays.binarySearch(units, name);
  }

  /** The place of the appliance's room; -1 when it has none. */
  public int room(ApplianceId appliance) {
    for (int i = 0; i < rooms.size(); i++) {
      if (rooms.get(i).appliance().equals(appliance)) {
        return i;
      }
    }
    return -1;
  }

  /** The bytes of each unit that a site is expected to ask for a day. */
  public double[] demandAt(SiteId site) {
    return demandAt(site, manned());
  }

  /** One task per site, by the site's name. */
  List<SiteTask> sites() {
    TreeMap<SiteId, List<Integer>> manned = manned();
    int[] bySize = SortedOrder.ascending(bytes);
    long[] keys = new long[units.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = RendezvousScore.hash(units[i]);
    }
    List<SiteTask> sites = new ArrayList<>();
    manned.forEach(
        (site, members) ->
            sites.add(
                new SiteTask(
                    rules,
                    site,
                    members.stream().map(rooms::get).toList(),
                    bytes,
                    demandAt(site, manned),
                    keys,
                    bySize,
                    members.stream().map(this::held).toList(),
                    pinsAt(site))));
    return sites;
  }

  /** The rooms of each site. */
  private TreeMap<SiteId, List<Integer>> manned() {
    TreeMap<SiteId, List<Integer>> manned = new TreeMap<>();
    for (int i = 0; i < rooms.size(); i++) {
      manned.computeIfAbsent(rooms.get(i).site(), _ -> new ArrayList<>()).add(i);
    }
    return manned;
  }

  private BitSet held(int room) {
    BitSet held = new BitSet(units.length);
    for (int unit : incumbents[room]) {
      held.set(unit);
    }
    return held;
  }

  private Map<Integer, Integer> pinsAt(SiteId site) {
    Map<Integer, Integer> copies = new HashMap<>();
    for (Pin pin : pins) {
      if (pin.site().equals(site)) {
        copies.merge(pin.unit(), pin.copies(), Math::max);
      }
    }
    return copies;
  }

  /**
   * A region's demand is split evenly between those of its sites that have appliances: nothing here
   * knows which of them a viewer will be steered to.
   */
  private double[] demandAt(SiteId site, Map<SiteId, ?> manned) {
    double[] demand = new double[units.length];
    for (int i = 0; i < regions.size(); i++) {
      List<SiteId> serving =
          regions.get(i).sites().stream().distinct().filter(manned::containsKey).toList();
      if (serving.contains(site)) {
        double part = 1.0 / serving.size();
        double[] row = expected[i];
        for (int unit = 0; unit < demand.length; unit++) {
          demand[unit] += part * row[unit];
        }
      }
    }
    return demand;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("a placement needs " + what);
    }
  }
}
