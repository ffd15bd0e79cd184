package oca.steering.http;

import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.RoutingTable.Seen;
import org.jspecify.annotations.Nullable;

/** How a path stands against the one that viewers are steered by. */
enum RouteStanding {
  /** It decides. */
  WINS("wins", "its site is home: no path to a prefix as long is better"),
  /** Distance decides between its site and the winner's. */
  TIES("ties", "as good as the winner: distance decides between their sites"),
  /** Beaten. */
  LONGER_AS_PATH("longer AS path", "more ASes are on the way than on the winner's"),
  /** Beaten. */
  HIGHER_MED("higher MED", "as many ASes as the winner's, and the higher MED"),
  /** Beaten. */
  OTHER_OF_SITE("other of its site", "its site has another path that is as good or better"),
  /** Beaten. */
  SHORTER_PREFIX("shorter prefix", "a longer prefix contains the address"),
  /** It does not take part. */
  WATCHED("watched", "its view is there to be looked at and steers nobody"),
  /** It is newer than the table. */
  NOT_COMPILED("not compiled", "it came after the table was compiled; look again in a moment");

  private final String label;
  private final String sentence;

  RouteStanding(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  String label() {
    return label;
  }

  String sentence() {
    return sentence;
  }

  /**
   * How a path stands.
   *
   * @param match what the table says; null for nothing
   */
  static RouteStanding of(Seen seen, @Nullable Match match) {
    if (!seen.steers()) {
      return WATCHED;
    }
    if (match == null || seen.prefix().length() > match.prefix().length()) {
      return NOT_COMPILED;
    }
    if (seen.prefix().length() < match.prefix().length()) {
      return SHORTER_PREFIX;
    }
    SitePath winner = match.paths().getFirst();
    for (SitePath path : match.paths()) {
      if (path.site().equals(seen.site())) {
        boolean shown =
            path.view().equals(seen.view()) && path.attributes().equals(seen.attributes());
        return shown ? against(winner, path) : OTHER_OF_SITE;
      }
    }
    return NOT_COMPILED;
  }

  private static RouteStanding against(SitePath winner, SitePath path) {
    if (path.equals(winner)) {
      return WINS;
    }
    PathAttributes best = winner.attributes();
    if (path.attributes().asPathLength() != best.asPathLength()) {
      return LONGER_AS_PATH;
    }
    return path.attributes().med() == best.med() ? TIES : HIGHER_MED;
  }
}
