package oca.steering.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * From a viewer's address to its network and home site, by longest prefix match. Immutable; safe on
 * any thread.
 *
 * <p>One hash table per prefix length in use, asked from the longest to the shortest: a look-up
 * costs as many probes as the routes have lengths, whatever their number.
 */
public final class ForwardingTable {
  /** A network that viewers are in, and the site that it is at home with. */
  public record Route(Prefix prefix, SiteId site) {
    /** Such as {@code 192.0.2.0/24 -> north}. */
    @Override
    public String toString() {
      return prefix + " -> " + site;
    }
  }

  private record Level(int length, Map<Address, Route> routes) {}

  private final List<Level> v4;
  private final List<Level> v6;
  private final int size;

  private ForwardingTable(List<Level> v4, List<Level> v6, int size) {
    this.v4 = v4;
    this.v6 = v6;
    this.size = size;
  }

  /**
   * A table of these routes.
   *
   * @throws IllegalArgumentException when two routes have the same prefix: which of them holds
   *     would be chance. A prefix inside another is no fault.
   */
  public static ForwardingTable of(Collection<Route> routes) {
    Map<Integer, Map<Address, Route>> v4 = new TreeMap<>();
    Map<Integer, Map<Address, Route>> v6 = new TreeMap<>();
    for (Route route : routes) {
      Prefix prefix = route.prefix();
      Route other =
          (prefix.network().v4() ? v4 : v6)
              .computeIfAbsent(-prefix.length(), _ -> new HashMap<>())
              .putIfAbsent(prefix.network(), route);
      if (other != null) {
        throw new IllegalArgumentException(
            "the network %s is given twice, for %s and for %s; keep one"
                .formatted(prefix, other.site(), route.site()));
      }
    }
    return new ForwardingTable(levels(v4), levels(v6), routes.size());
  }

  /** The route of the longest prefix that contains the address; null when there is none. */
  public @Nullable Route lookup(Address address) {
    for (Level level : address.v4() ? v4 : v6) {
      Route route = level.routes().get(address.first(level.length()));
      if (route != null) {
        return route;
      }
    }
    return null;
  }

  /** The number of routes. */
  public int size() {
    return size;
  }

  private static List<Level> levels(Map<Integer, Map<Address, Route>> byNegatedLength) {
    List<Level> levels = new ArrayList<>();
    byNegatedLength.forEach((length, routes) -> levels.add(new Level(-length, routes)));
    return List.copyOf(levels);
  }
}
