package oca.steering.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.model.SiteId;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.RoutingTable.Seen;
import oca.steering.routes.RoutingTable.ViewState;

/**
 * Whether a prefix's addresses are known, by whom, and where those of one site who should say the
 * same do not: {@code GET /v1/routes/check}.
 *
 * @param covered {@code whole}, {@code partly} or {@code not}
 * @param share of its addresses that are known; 0 to 1
 * @param by the prefix that contains all of it, if there is one, and those inside it
 * @param differences by prefix, then site
 * @param more whether there is more than is told
 */
record PrefixCheck(
    String prefix,
    String covered,
    double share,
    List<RouteAnswer.Covering> by,
    List<Difference> differences,
    boolean more) {

  /**
   * Routers of one site, or dumps of them, that do not say the same of one prefix.
   *
   * @param source that they are heard by: those of different sources are not compared
   * @param told what each of those who know it says, by name
   * @param silent those who do not know it
   */
  record Difference(
      String prefix, SiteId site, String source, List<Told> told, List<String> silent) {}

  /** One router's best path to the prefix. */
  record Told(String speaker, int asPathLength, long med) {}

  /** A site as one source hears it. */
  private record Group(SiteId site, String source) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int bySite = site.compareTo(other.site);
      return bySite != 0 ? bySite : source.compareTo(other.source);
    }
  }

  /**
   * What those who steer say differently of one prefix.
   *
   * @param seen paths to that prefix and no other
   */
  static List<Difference> differences(String prefix, List<Seen> seen, List<ViewState> views) {
    Map<Group, TreeMap<String, PathAttributes>> told = new TreeMap<>();
    for (Seen path : seen) {
      if (path.steers()) {
        told.computeIfAbsent(group(path.site(), path.view()), _ -> new TreeMap<>())
            .merge(RoutesReport.speaker(path.view()), path.attributes(), PrefixCheck::better);
      }
    }
    Map<Group, TreeSet<String>> speakers = new TreeMap<>();
    for (ViewState view : views) {
      if (view.steers()) {
        speakers
            .computeIfAbsent(group(view.site(), view.name()), _ -> new TreeSet<>())
            .add(RoutesReport.speaker(view.name()));
      }
    }
    List<Difference> differences = new ArrayList<>();
    told.forEach(
        (group, paths) -> {
          TreeSet<String> silent = new TreeSet<>(speakers.getOrDefault(group, new TreeSet<>()));
          silent.removeAll(paths.keySet());
          if (!silent.isEmpty() || !agree(paths)) {
            differences.add(
                new Difference(
                    prefix, group.site(), group.source(), told(paths), List.copyOf(silent)));
          }
        });
    return differences;
  }

  private static Group group(SiteId site, String view) {
    return new Group(site, RoutesReport.source(view));
  }

  private static boolean agree(Map<String, PathAttributes> paths) {
    return paths.values().stream()
            .map(path -> Map.entry(path.asPathLength(), path.med()))
            .distinct()
            .count()
        < 2;
  }

  private static List<Told> told(Map<String, PathAttributes> paths) {
    return paths.entrySet().stream()
        .map(path -> new Told(path.getKey(), path.getValue().asPathLength(), path.getValue().med()))
        .toList();
  }

  private static PathAttributes better(PathAttributes one, PathAttributes other) {
    int byLength = Integer.compare(one.asPathLength(), other.asPathLength());
    return byLength < 0 || (byLength == 0 && one.med() <= other.med()) ? one : other;
  }
}
