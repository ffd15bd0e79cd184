package oca.steering.routes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * Makes one table: is offered each prefix's paths, keeps each site's best and ranks the sites.
 *
 * <p>A path is better with fewer ASes, then with the lesser MED. MEDs are compared whoever sent
 * them: between two sites of one network they say what the network says. Where both are equal, of a
 * site's paths the one of the view first by name and of the least path id is shown. For one thread.
 */
final class Compilation {
  private final @Nullable View[] views;

  /** By the view's number: its site's place by name; -1 when it does not steer. */
  private final int[] sites;

  /** By the view's number: its place by name. */
  private final int[] places;

  private final PrefixColumns v4;
  private final PrefixColumns v6;
  private final Rankings.Pool rankings = new Rankings.Pool();

  /** By the site's place: its best path to the prefix at hand, if {@link #offered} says so. */
  private final boolean[] offered;

  private final long[] costs;
  private final int[] bestViews;
  private final int[] bestIds;
  private final int[] origins;

  /** The sites that have a path to the prefix at hand. */
  private final int[] order;

  private int count;
  private final int[] hops;

  /**
   * A compilation of nothing so far.
   *
   * @param views by number; null where there is none, or none that this is about
   * @param v4Room prefixes expected
   */
  Compilation(@Nullable View[] views, int v4Room, int v6Room) {
    this.views = views;
    v4 = new PrefixColumns(true, v4Room);
    v6 = new PrefixColumns(false, v6Room);
    sites = new int[views.length];
    places = new int[views.length];
    List<View> steering = new ArrayList<>();
    for (View view : views) {
      if (view != null && view.steers()) {
        steering.add(view);
      }
    }
    steering.sort(Comparator.comparing(View::name));
    Map<SiteId, Integer> siteOrder = new TreeMap<>();
    steering.forEach(view -> siteOrder.put(view.site(), 0));
    int most = 0;
    for (Map.Entry<SiteId, Integer> site : siteOrder.entrySet()) {
      site.setValue(most++);
    }
    Arrays.fill(sites, -1);
    for (int place = 0; place < steering.size(); place++) {
      View view = steering.get(place);
      sites[view.number()] = siteOrder.getOrDefault(view.site(), -1);
      places[view.number()] = place;
    }
    offered = new boolean[most];
    costs = new long[most];
    bestViews = new int[most];
    bestIds = new int[most];
    origins = new int[most];
    order = new int[most];
    hops = new int[most * Rankings.HOP];
  }

  /** The view of that number; null when this is not about it. */
  @Nullable View view(int number) {
    return number < views.length ? views[number] : null;
  }

  /** One of the paths to the prefix at hand. */
  void offer(int view, int pathId, int asPathLength, long medAndOrigin) {
    int site = sites[view];
    if (site < 0) {
      return;
    }
    long cost = (long) asPathLength << 32 | medAndOrigin >>> 32;
    if (!offered[site]) {
      offered[site] = true;
      order[count++] = site;
    } else if (!isBetter(cost, view, pathId, site)) {
      return;
    }
    costs[site] = cost;
    bestViews[site] = view;
    bestIds[site] = pathId;
    origins[site] = (int) medAndOrigin;
  }

  /** All paths to the prefix at hand were offered. */
  void end(boolean isV4, long high, long low, int length) {
    if (count == 0) {
      return;
    }
    int ints = 0;
    for (int i = 0; i < count; i++) {
      bringForward(i);
      int site = order[i];
      hops[ints++] = bestViews[site] << 16 | (int) (costs[site] >>> 32);
      hops[ints++] = (int) costs[site];
      hops[ints++] = origins[site];
      offered[site] = false;
    }
    count = 0;
    (isV4 ? v4 : v6).add(high, low, length, rankings.number(hops, ints));
  }

  /** The table of all that was offered. */
  ForwardingTable table() {
    return new ForwardingTable(PrefixTree.of(v4), StretchTable.of(v6), rankings.done(views));
  }

  private boolean isBetter(long cost, int view, int pathId, int site) {
    if (cost != costs[site]) {
      return cost < costs[site];
    }
    return view == bestViews[site]
        ? Integer.compareUnsigned(pathId, bestIds[site]) < 0
        : places[view] < places[bestViews[site]];
  }

  /** Puts the best of the sites from there on first: they are few. */
  private void bringForward(int from) {
    int best = from;
    for (int i = from + 1; i < count; i++) {
      long difference = costs[order[i]] - costs[order[best]];
      if (difference < 0 || (difference == 0 && order[i] < order[best])) {
        best = i;
      }
    }
    int swap = order[from];
    order[from] = order[best];
    order[best] = swap;
  }
}
