package oca.steering.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.model.Prefix;
import oca.model.SiteId;

/**
 * Routes written by an operator: they change only with the configuration, and to the same network
 * no other route is nearer. One view for each site, such as {@code static north}.
 */
public final class StaticRoutes implements RouteSource {
  /** A network that viewers are in, and the site that it is at home with. */
  public record Route(Prefix prefix, SiteId site) {}

  private final List<Route> routes;
  private final RouteViews views;
  private final List<RouteFeed> feeds = new ArrayList<>();

  /**
   * Takes the routes as written; {@link #start} feeds them.
   *
   * @param views without a filter: what an operator writes down is meant
   */
  public StaticRoutes(List<Route> routes, RouteViews views) {
    this.routes = List.copyOf(routes);
    this.views = views;
  }

  /**
   * Checks routes.
   *
   * @param known the sites that there are
   * @throws IllegalArgumentException when a network is given twice (which of them holds would be
   *     chance; one inside another is no fault), or its site is not known
   */
  public static void require(List<Route> routes, Set<SiteId> known) {
    Map<Prefix, SiteId> given = new HashMap<>();
    for (Route route : routes) {
      if (!known.contains(route.site())) {
        throw new IllegalArgumentException(
            "the network %s is given the site %s, which is not one of the sites %s"
                .formatted(route.prefix(), route.site(), new TreeSet<>(known)));
      }
      SiteId other = given.put(route.prefix(), route.site());
      if (other != null) {
        throw new IllegalArgumentException(
            "the network %s is given twice, for %s and for %s; keep one"
                .formatted(route.prefix(), other, route.site()));
      }
    }
  }

  @Override
  public String name() {
    return "static";
  }

  @Override
  public void start() {
    Map<SiteId, RouteFeed> bySite = new TreeMap<>();
    for (Route route : routes) {
      bySite
          .computeIfAbsent(route.site(), site -> views.open("static " + site, site))
          .announce(route.prefix(), 0, PathAttributes.LOCAL);
    }
    feeds.addAll(bySite.values());
  }

  @Override
  public void close() {
    feeds.forEach(RouteFeed::close);
  }
}
