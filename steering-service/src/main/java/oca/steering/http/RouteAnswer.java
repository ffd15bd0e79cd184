package oca.steering.http;

import java.util.ArrayList;
import java.util.List;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.RoutingTable.Seen;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an address or a prefix: {@code GET /v1/routes}.
 *
 * @param asked the address or prefix
 * @param match the longest prefix in the table that contains all of it; {@code none} without one
 * @param sites that lead there, best first
 * @param paths what each view says of it, longest prefix first
 * @param inside prefixes within the one that was asked for; none for an address
 * @param more whether there is more than is told
 */
record RouteAnswer(
    String asked,
    String match,
    List<Ranked> sites,
    List<Path> paths,
    List<Covering> inside,
    boolean more) {

  /**
   * One site's way to a prefix.
   *
   * @param tier 1 for the best; sites of one tier tie, and distance decides among them
   * @param view where it was learnt
   */
  record Ranked(SiteId site, int tier, int asPathLength, long med, long originAs, String view) {}

  /**
   * One view's path.
   *
   * @param standing against the path that decides, in two words
   * @param sentence the same for a reader
   */
  record Path(
      String prefix,
      String view,
      SiteId site,
      int asPathLength,
      long med,
      long originAs,
      long pathId,
      boolean stale,
      String standing,
      String sentence) {}

  /** A prefix of the table, and who leads there. */
  record Covering(String prefix, List<Ranked> sites) {
    static Covering of(Match match) {
      return new Covering(match.prefix().toString(), ranked(match));
    }
  }

  /** An answer with as many items of each list at most. */
  static RouteAnswer of(
      String asked, @Nullable Match match, List<Seen> seen, List<Match> inside, int most) {
    return new RouteAnswer(
        asked,
        match == null ? "none" : match.prefix().toString(),
        match == null ? List.of() : ranked(match).stream().limit(most).toList(),
        seen.stream().limit(most).map(path -> path(path, match)).toList(),
        inside.stream().limit(most).map(Covering::of).toList(),
        seen.size() > most
            || inside.size() > most
            || (match != null && match.paths().size() > most));
  }

  private static Path path(Seen seen, @Nullable Match match) {
    RouteStanding standing = RouteStanding.of(seen, match);
    Prefix prefix = seen.prefix();
    return new Path(
        prefix.toString(),
        seen.view(),
        seen.site(),
        seen.attributes().asPathLength(),
        seen.attributes().med(),
        seen.attributes().originAs(),
        seen.pathId(),
        seen.stale(),
        standing.label(),
        standing.sentence());
  }

  private static List<Ranked> ranked(Match match) {
    List<Ranked> ranked = new ArrayList<>();
    SitePath before = null;
    int tier = 0;
    for (SitePath path : match.paths()) {
      tier += before != null && path.isAsGoodAs(before) ? 0 : 1;
      before = path;
      ranked.add(
          new Ranked(
              path.site(),
              tier,
              path.attributes().asPathLength(),
              path.attributes().med(),
              path.attributes().originAs(),
              path.view()));
    }
    return ranked;
  }
}
