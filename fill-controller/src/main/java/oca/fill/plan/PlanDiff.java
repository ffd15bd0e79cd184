package oca.fill.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.fill.placement.PlacementTask;
import oca.fill.placement.RendezvousHash;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * What going from one plan to another means.
 *
 * @param from 0 for nothing anywhere
 * @param appliances those of {@code to}, by id
 * @param links by where the bytes would come from and go to; {@code origin} is a place too
 * @param bytesIn over all appliances
 * @param fillSeconds until the last appliance is done, at the configured rate, windows not counted
 * @param windows how many windows that takes
 * @param servedBytesBefore of what is expected a day by the forecast of {@code to}, what is held
 *     near to its viewers by {@code from}
 * @param servedBytesAfter the same by {@code to}
 */
public record PlanDiff(
    long from,
    long to,
    List<AtAppliance> appliances,
    List<Link> links,
    long bytesIn,
    long bytesOut,
    long fillSeconds,
    long windows,
    double expectedBytes,
    double servedBytesBefore,
    double servedBytesAfter) {
  private static final String ORIGIN = "origin";

  public PlanDiff {
    appliances = List.copyOf(appliances);
    links = List.copyOf(links);
  }

  /**
   * One appliance.
   *
   * @param bytesIn of units that it is to hold and was not
   * @param bytesOut of units that it was to hold and is not any more
   */
  public record AtAppliance(
      ApplianceId appliance,
      SiteId site,
      int unitsIn,
      long bytesIn,
      int unitsOut,
      long bytesOut,
      long fillSeconds,
      long windows) {}

  /** Bytes from a place to a place; a site to itself is between its appliances. */
  public record Link(String from, String to, long bytes) {}

  /**
   * Compares two plans.
   *
   * @param before null for nothing anywhere
   * @param bytesPerSecond what an appliance may fetch
   * @param window how long a window lasts
   */
  public static PlanDiff between(
      @Nullable PlanContent before, PlanContent after, long bytesPerSecond, Duration window) {
    return new Comparison(before, after).diff(bytesPerSecond, window);
  }

  /** The units of both plans in the numbers of the later one; those that it lacks come behind. */
  private static final class Comparison {
    private final @Nullable PlanContent before;
    private final PlanContent after;
    private final PlacementTask task;
    private final Map<ApplianceId, BitSet> had = new HashMap<>();
    private final Map<ApplianceId, Long> lost = new HashMap<>();
    private final Map<ApplianceId, Integer> lostUnits = new HashMap<>();
    private final TreeMap<SiteId, BitSet> hadAtSite = new TreeMap<>();
    private final Map<SiteId, BitSet> fetchedAtSite = new HashMap<>();
    private final TreeMap<List<String>, Long> links =
        new TreeMap<>((a, b) -> (a.get(0) + " " + a.get(1)).compareTo(b.get(0) + " " + b.get(1)));

    private Comparison(@Nullable PlanContent before, PlanContent after) {
      this.before = before;
      this.after = after;
      this.task = after.task();
      if (before != null) {
        takeUp(before);
      }
    }

    private void takeUp(PlanContent old) {
      PlacementTask was = old.task();
      int[] number = new int[was.units().length];
      for (int unit = 0; unit < number.length; unit++) {
        number[unit] = Arrays.binarySearch(task.units(), was.units()[unit]);
      }
      for (int room = 0; room < old.held().length; room++) {
        ApplianceId id = was.rooms().get(room).appliance();
        BitSet held = had.computeIfAbsent(id, _ -> new BitSet());
        BitSet atSite = hadAtSite.computeIfAbsent(was.rooms().get(room).site(), _ -> new BitSet());
        for (int unit : old.held()[room]) {
          if (number[unit] >= 0) {
            held.set(number[unit]);
            atSite.set(number[unit]);
          } else {
            // Withdrawn by the publisher since.
            lost.merge(id, was.bytes()[unit], Long::sum);
            lostUnits.merge(id, 1, Integer::sum);
          }
        }
      }
    }

    private PlanDiff diff(long bytesPerSecond, Duration window) {
      List<AtAppliance> appliances = new ArrayList<>();
      for (int room = 0; room < after.held().length; room++) {
        appliances.add(at(room, bytesPerSecond, window));
      }
      List<Link> flows = new ArrayList<>();
      links.forEach((ends, bytes) -> flows.add(new Link(ends.get(0), ends.get(1), bytes)));
      PlanSums sums = PlanSums.of(after);
      return new PlanDiff(
          before == null ? 0 : before.version(),
          after.version(),
          appliances,
          flows,
          appliances.stream().mapToLong(AtAppliance::bytesIn).sum(),
          appliances.stream().mapToLong(AtAppliance::bytesOut).sum(),
          appliances.stream().mapToLong(AtAppliance::fillSeconds).max().orElse(0),
          appliances.stream().mapToLong(AtAppliance::windows).max().orElse(0),
          sums.expectedBytes(),
          served(),
          sums.servedBytes());
    }

    private AtAppliance at(int room, long bytesPerSecond, Duration window) {
      PlacementTask.Room of = task.rooms().get(room);
      BitSet old = had.getOrDefault(of.appliance(), new BitSet());
      BitSet gone = (BitSet) old.clone();
      long in = 0;
      int unitsIn = 0;
      for (int unit : after.held()[room]) {
        gone.clear(unit);
        if (!old.get(unit)) {
          in += task.bytes()[unit];
          unitsIn++;
          links.merge(
              List.of(source(of.site(), unit), of.site().value()), task.bytes()[unit], Long::sum);
        }
      }
      long out =
          lost.getOrDefault(of.appliance(), 0L)
              + gone.stream().mapToLong(unit -> task.bytes()[unit]).sum();
      int unitsOut = lostUnits.getOrDefault(of.appliance(), 0) + gone.cardinality();
      long seconds = -Math.floorDiv(-in, bytesPerSecond);
      long windows = in == 0 ? 0 : -Math.floorDiv(-seconds, Math.max(1, window.toSeconds()));
      return new AtAppliance(
          of.appliance(), of.site(), unitsIn, in, unitsOut, out, seconds, windows);
    }

    /** A peer of the site once one has or gets it, else a site that had it, else the origin. */
    private String source(SiteId site, int unit) {
      BitSet here = fetchedAtSite.computeIfAbsent(site, _ -> new BitSet());
      boolean first = !here.get(unit);
      here.set(unit);
      if (!first || hadAtSite.getOrDefault(site, new BitSet()).get(unit)) {
        return site.value();
      }
      List<SiteId> others =
          hadAtSite.entrySet().stream()
              .filter(other -> !other.getKey().equals(site) && other.getValue().get(unit))
              .map(Map.Entry::getKey)
              .toList();
      return others.isEmpty()
          ? ORIGIN
          : RendezvousHash.order(task.units()[unit], others, SiteId::value, _ -> 1)
              .getFirst()
              .value();
    }

    private double served() {
      double sum = 0;
      for (SiteId site :
          task.rooms().stream().map(PlacementTask.Room::site).distinct().sorted().toList()) {
        double[] demand = task.demandAt(site);
        BitSet held = hadAtSite.getOrDefault(site, new BitSet());
        sum += held.stream().mapToDouble(unit -> demand[unit]).sum();
      }
      return sum;
    }
  }
}
