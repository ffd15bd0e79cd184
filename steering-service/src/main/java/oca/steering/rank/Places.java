package oca.steering.rank;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.Position;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * The configured sites, numbered, and in which order each of them sees the others. Safe on any
 * thread.
 */
final class Places {
  /** What {@link #index} gives for a site that is not configured. */
  static final int UNKNOWN = -1;

  /**
   * The sites as one of them sees them.
   *
   * @param order that one first, then by distance, those at the same distance by name
   * @param rank the inverse: by site, its place in the order
   * @param kilometres by site
   */
  record View(int[] order, int[] rank, double[] kilometres) {}

  private final List<Site> sites;
  private final Map<SiteId, Integer> indexes = new HashMap<>();

  /** Made when first asked for; made twice by two threads at once, alike. */
  private final @Nullable View[] views;

  /** How far a viewer in no known network may be from the site that is to be its home. */
  private final double reachKm;

  /** Those sites, of which no two have the same id. */
  Places(Collection<Site> sites, double reachKm) {
    this.sites = List.copyOf(sites);
    this.reachKm = reachKm;
    this.views = new View[sites.size()];
    for (Site site : this.sites) {
      indexes.put(site.id(), indexes.size());
    }
  }

  int size() {
    return views.length;
  }

  /** The site's number; {@link #UNKNOWN} when it is not configured. */
  int index(SiteId site) {
    Integer index = indexes.get(site);
    return index == null ? UNKNOWN : index;
  }

  /**
   * The configured ones of the sites that routes prefer: the one nearest to the viewer first, or
   * the first by name when it is not known where that is, then by distance from it. Where routes
   * say nothing, the nearest site within reach. Empty when there is none.
   */
  int[] homes(@Nullable Match match, @Nullable Position viewer) {
    if (match == null) {
      int nearest = viewer == null ? UNKNOWN : nearest(viewer);
      return nearest == UNKNOWN ? new int[0] : new int[] {nearest};
    }
    if (match.paths().size() == 1) {
      int only = index(match.home());
      return only == UNKNOWN ? new int[0] : new int[] {only};
    }
    List<Integer> homes = new ArrayList<>();
    for (SiteId site : match.homes()) {
      int index = index(site);
      if (index != UNKNOWN) {
        homes.add(index);
      }
    }
    if (homes.size() > 1) {
      int first = homes.getFirst();
      if (viewer != null) {
        first =
            Collections.min(
                homes, Comparator.comparingDouble(site -> kilometres(viewer, sites.get(site))));
      }
      int[] rank = view(first).rank();
      homes.sort(Comparator.comparingInt(site -> rank[site]));
    }
    return homes.stream().mapToInt(Integer::intValue).toArray();
  }

  private int nearest(Position viewer) {
    // Of those at the same distance the first by name, wherever they stand in the configuration.
    return sites.stream()
        .filter(site -> kilometres(viewer, site) <= reachKm)
        .min(
            Comparator.comparingDouble((Site site) -> kilometres(viewer, site))
                .thenComparing(Site::id))
        .map(site -> index(site.id()))
        .orElse(UNKNOWN);
  }

  private static double kilometres(Position viewer, Site site) {
    return viewer.kilometresTo(site.position());
  }

  /** How the site of that number sees the others. */
  View view(int site) {
    View known = views[site];
    if (known != null) {
      return known;
    }
    double[] kilometres = new double[views.length];
    for (int i = 0; i < kilometres.length; i++) {
      kilometres[i] = i == site ? 0 : sites.get(site).kilometresTo(sites.get(i));
    }
    Integer[] order = new Integer[views.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(other -> other == site ? 0 : 1)
            .thenComparingDouble(other -> kilometres[other])
            .thenComparing(other -> sites.get(other).id()));
    int[] sorted = new int[order.length];
    int[] rank = new int[order.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = order[i];
      rank[sorted[i]] = i;
    }
    // Other threads see it through final fields, so nothing may be written into it any more.
    View view = new View(sorted, rank, kilometres);
    views[site] = view;
    return view;
  }
}
