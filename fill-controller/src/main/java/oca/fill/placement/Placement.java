package oca.fill.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import oca.fill.placement.PlacementTask.Room;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * What is placed where, and why. Immutable; a decision is put together when it is asked for, since
 * there is one for each unit at each site.
 */
public final class Placement {
  private final PlacementTask task;
  private final List<SiteRound> sites;

  Placement(PlacementTask task, List<SiteRound> sites) {
    this.task = task;
    this.sites = sites;
  }

  /**
   * One unit at one site.
   *
   * @param rank from 1, by predicted bytes per byte stored, incumbents raised by the hysteresis
   * @param popularity plays expected at the site per day: expected bytes by bytes stored
   * @param expectedBytes expected to be asked for at the site per day
   * @param copiesWanted what its popularity asks for
   * @param copiesBefore how many appliances of the site held it in the placement before
   * @param holders who holds it, by id
   */
  public record Decision(
      String title,
      SiteId site,
      int rank,
      double popularity,
      double expectedBytes,
      int copiesWanted,
      int copiesBefore,
      List<ApplianceId> holders,
      Reason reason) {
    public Decision {
      holders = List.copyOf(holders);
    }
  }

  /**
   * What one appliance holds.
   *
   * @param usableBytes its capacity less the reserve
   * @param plannedBytes of all units placed on it; at most {@code usableBytes}
   * @param titles most valuable first
   */
  public record Share(
      ApplianceId appliance,
      SiteId site,
      long usableBytes,
      long plannedBytes,
      List<String> titles) {
    public Share {
      titles = List.copyOf(titles);
    }
  }

  /**
   * Something pinned for which there is no room.
   *
   * @param missing so many copies
   */
  public record Homeless(String unit, long bytes, SiteId site, int missing) {}

  /**
   * A unit over all sites.
   *
   * @param popularity plays expected a day
   */
  public record Ranked(String unit, double popularity, int copies) {}

  /** What it follows from. */
  public PlacementTask task() {
    return task;
  }

  /** What {@code appliance} holds; empty when it was not planned for. */
  public Optional<Share> share(ApplianceId appliance) {
    return shares().stream().filter(share -> share.appliance().equals(appliance)).findFirst();
  }

  /** One per appliance, by id. */
  public List<Share> shares() {
    List<Share> shares = new ArrayList<>();
    for (SiteRound round : sites) {
      for (int i = 0; i < round.task.rooms().size(); i++) {
        Room room = round.task.rooms().get(i);
        List<String> names = new ArrayList<>();
        for (int unit : round.held(i)) {
          names.add(task.units()[unit]);
        }
        shares.add(
            new Share(
                room.appliance(),
                room.site(),
                room.usable(task.rules()),
                round.plannedBytes(i),
                names));
      }
    }
    shares.sort(Comparator.comparing(Share::appliance));
    return shares;
  }

  /** What each room of the task holds, most valuable first. */
  public int[][] held() {
    int[][] held = new int[task.rooms().size()][];
    for (SiteRound round : sites) {
      for (int i = 0; i < round.task.rooms().size(); i++) {
        held[task.room(round.task.rooms().get(i).appliance())] = round.held(i);
      }
    }
    return held;
  }

  /** What was decided for a unit, one per site. */
  public List<Decision> decisions(String unit) {
    int index = task.unit(unit);
    return index < 0 ? List.of() : sites.stream().map(round -> decision(round, index)).toList();
  }

  /** All decisions of all sites: for tests and small fleets. */
  public List<Decision> decisions() {
    List<Decision> all = new ArrayList<>();
    for (SiteRound round : sites) {
      for (int unit = 0; unit < task.units().length; unit++) {
        all.add(decision(round, unit));
      }
    }
    return all;
  }

  /** The units most popular over all sites. */
  public List<Ranked> ranking(int most) {
    double[] popularity = new double[task.units().length];
    long[] keys = new long[popularity.length];
    for (int unit = 0; unit < popularity.length; unit++) {
      for (SiteRound round : sites) {
        popularity[unit] += round.task.popularity(unit);
      }
      keys[unit] = SortedOrder.descending(popularity[unit]);
    }
    int[] order = SortedOrder.ascending(keys);
    List<Ranked> ranking = new ArrayList<>();
    for (int i = 0; i < Math.min(most, order.length); i++) {
      int unit = order[i];
      int copies = sites.stream().mapToInt(round -> round.placed[unit]).sum();
      ranking.add(new Ranked(task.units()[unit], popularity[unit], copies));
    }
    return ranking;
  }

  /** What is pinned and found no room. */
  public List<Homeless> homeless() {
    List<Homeless> homeless = new ArrayList<>();
    for (SiteRound round : sites) {
      round.task.pins().keySet().stream()
          .sorted()
          .filter(unit -> round.unplacedPins(unit) > 0)
          .forEach(
              unit ->
                  homeless.add(
                      new Homeless(
                          task.units()[unit],
                          task.bytes()[unit],
                          round.task.site(),
                          round.unplacedPins(unit))));
    }
    return homeless;
  }

  /**
   * Why a unit is on an appliance, or is not, found by placing the site's units anew with the
   * deciding factors changed.
   *
   * @throws IllegalArgumentException when either is not of the task
   */
  public Explanation explain(String unit, ApplianceId appliance) {
    int index = task.unit(unit);
    if (index < 0) {
      throw new IllegalArgumentException("not in the plan: " + unit);
    }
    for (SiteRound round : sites) {
      for (int i = 0; i < round.task.rooms().size(); i++) {
        if (round.task.rooms().get(i).appliance().equals(appliance)) {
          return new Explainer(round.task, unit, index, i).explain();
        }
      }
    }
    throw new IllegalArgumentException("the plan was not made for the appliance " + appliance);
  }

  private Decision decision(SiteRound round, int unit) {
    List<ApplianceId> holders = new ArrayList<>();
    for (int room = 0; room < round.task.rooms().size(); room++) {
      if (round.holds(room, unit)) {
        holders.add(round.task.rooms().get(room).appliance());
      }
    }
    return new Decision(
        task.units()[unit],
        round.task.site(),
        round.rank[unit],
        round.task.popularity(unit),
        round.task.demand()[unit],
        round.ranking.wanted[unit],
        round.ranking.before[unit],
        holders,
        Reason.of(round, unit));
  }
}
