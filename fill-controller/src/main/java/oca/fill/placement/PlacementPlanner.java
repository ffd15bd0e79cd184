package oca.fill.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import oca.fill.placement.Placement.Decision;
import oca.fill.placement.Placement.Share;
import oca.model.ApplianceId;
import oca.model.SiteId;

/**
 * Decides which appliance holds which title.
 *
 * <p>The unit is the title: a player moves between a title's files in the middle of a film, and a
 * steering pathway covers them all, so half a title on an appliance serves nobody. Each site is
 * planned for itself, see {@link SiteRound}. A region's demand is split evenly between those of its
 * sites that have appliances, because nothing here knows which of them a viewer will be steered to.
 */
public final class PlacementPlanner {
  private final Rules rules;

  /** A planner with these rules. */
  public PlacementPlanner(Rules rules) {
    this.rules = rules;
  }

  /**
   * What the operator sets.
   *
   * @param minCopies copies at a site of any title that somebody there is expected to ask for; 1 or
   *     more
   * @param maxCopiesPerSite never more; not below {@code minCopies}
   * @param spread how eagerly copies grow: a title with a share {@code s} of a site's plays is
   *     wanted on {@code ceil(s * appliances * spread)} of its appliances
   * @param reserve share of each capacity that stays free, 0 to below 1
   * @param hysteresis by how much a challenger must exceed what is placed already; 1 or more, 1 for
   *     none
   */
  public record Rules(
      int minCopies, int maxCopiesPerSite, double spread, double reserve, double hysteresis) {
    public Rules {
      require(minCopies >= 1, "minCopies must be 1 or more, not " + minCopies);
      require(
          maxCopiesPerSite >= minCopies,
          "maxCopiesPerSite must not be below minCopies, but is " + maxCopiesPerSite);
      require(spread > 0, "spread must be above 0, not " + spread);
      require(reserve >= 0 && reserve < 1, "reserve must be 0 to below 1, not " + reserve);
      require(hysteresis >= 1, "hysteresis must be 1 or more, not " + hysteresis);
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalArgumentException(otherwise);
      }
    }

    /**
     * Copies wanted of a title at a site: grows with its popularity, never falls.
     *
     * @param share of the plays expected at the site, 0 to 1
     * @param appliances at the site
     */
    int copiesWanted(double share, int appliances) {
      double bySpread = Math.ceil(Math.clamp(share, 0, 1) * appliances * spread);
      int wanted = Math.max(minCopies, (int) Math.min(bySpread, appliances));
      return Math.min(wanted, Math.min(maxCopiesPerSite, appliances));
    }
  }

  /**
   * A title to place.
   *
   * @param name no two alike
   * @param bytes of all its files together
   * @param expectedBytes that each region is expected to ask for during the next day
   */
  public record Title(String name, long bytes, Map<SiteId, Double> expectedBytes) {
    public Title {
      expectedBytes = Map.copyOf(expectedBytes);
    }
  }

  /** An appliance to place on; no two of the same id. */
  public record Room(ApplianceId appliance, SiteId site, long capacityBytes) {}

  /**
   * Places titles.
   *
   * @param sitesOfRegion the sites near to each region
   * @param incumbents the titles that each appliance was told to hold before
   */
  public Placement plan(
      List<Title> titles,
      List<Room> rooms,
      Map<SiteId, List<SiteId>> sitesOfRegion,
      Map<ApplianceId, Set<String>> incumbents) {
    Map<SiteId, List<Room>> sites = new TreeMap<>();
    rooms.stream()
        .sorted(Comparator.comparing(Room::appliance))
        .forEach(room -> sites.computeIfAbsent(room.site(), _ -> new ArrayList<>()).add(room));
    Map<SiteId, Map<SiteId, Double>> parts = partsOfRegions(sites.keySet(), sitesOfRegion);

    List<Decision> decisions = new ArrayList<>();
    List<Share> shares = new ArrayList<>();
    sites.forEach(
        (site, members) -> {
          SiteRound round = new SiteRound(rules, site, members, incumbents);
          round.place(demandAt(titles, parts.getOrDefault(site, Map.of())));
          decisions.addAll(round.decisions());
          shares.addAll(round.shares());
        });
    shares.sort(Comparator.comparing(Share::appliance));
    return new Placement(decisions, shares);
  }

  /** For each site, the part of each region's demand that is its own. */
  private static Map<SiteId, Map<SiteId, Double>> partsOfRegions(
      Set<SiteId> manned, Map<SiteId, List<SiteId>> sitesOfRegion) {
    Map<SiteId, Map<SiteId, Double>> parts = new HashMap<>();
    sitesOfRegion.forEach(
        (region, sites) -> {
          List<SiteId> serving = sites.stream().distinct().filter(manned::contains).toList();
          for (SiteId site : serving) {
            parts.computeIfAbsent(site, _ -> new TreeMap<>()).put(region, 1.0 / serving.size());
          }
        });
    return parts;
  }

  private static List<SiteRound.Candidate> demandAt(
      List<Title> titles, Map<SiteId, Double> partOfRegion) {
    List<SiteRound.Candidate> candidates = new ArrayList<>(titles.size());
    for (Title title : titles) {
      double expected = 0;
      for (Map.Entry<SiteId, Double> part : partOfRegion.entrySet()) {
        expected += part.getValue() * title.expectedBytes().getOrDefault(part.getKey(), 0.0);
      }
      candidates.add(new SiteRound.Candidate(title.name(), title.bytes(), expected));
    }
    return candidates;
  }
}
