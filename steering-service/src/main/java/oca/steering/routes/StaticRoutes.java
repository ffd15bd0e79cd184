package oca.steering.routes;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Route;

/**
 * Routes written by an operator. They change only with the configuration, so that one table serves
 * the whole life of the process.
 */
public final class StaticRoutes {
  private final ForwardingTable table;

  /**
   * Takes the routes as written.
   *
   * @param known the sites that there are
   * @throws IllegalArgumentException when a network is given twice, or its site is not known
   */
  public StaticRoutes(List<Route> routes, Set<SiteId> known) {
    for (Route route : routes) {
      if (!known.contains(route.site())) {
        throw new IllegalArgumentException(
            "the network %s is given the site %s, which is not one of the sites %s"
                .formatted(route.prefix(), route.site(), new TreeSet<>(known)));
      }
    }
    table = ForwardingTable.of(routes);
  }

  /** The table of these routes. */
  public ForwardingTable table() {
    return table;
  }
}
