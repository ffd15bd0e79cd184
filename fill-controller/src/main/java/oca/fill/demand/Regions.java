package oca.fill.demand;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oca.model.SiteId;

/** Which region a client's network lies in: the longest matching prefix wins. Immutable. */
public final class Regions {
  /** What an address turned out to be. */
  public sealed interface Origin {
    /** Viewers of a region. */
    record Viewers(SiteId region) implements Origin {}

    /** Appliances or monitors: no demand. */
    record Excluded() implements Origin {}

    /** In no prefix. */
    record Unknown() implements Origin {}
  }

  private static final Origin EXCLUDED = new Origin.Excluded();
  private static final Origin UNKNOWN = new Origin.Unknown();

  /** By length, longest first. */
  private final Map<Integer, Map<Prefix, Origin>> byLength =
      new TreeMap<>(Comparator.reverseOrder());

  /**
   * Builds the table.
   *
   * @param regions the prefixes of each region's viewers
   * @param excluded networks whose requests are no viewers'
   * @throws IllegalArgumentException when a prefix is malformed or given to two
   */
  public Regions(Map<SiteId, ? extends Collection<String>> regions, Collection<String> excluded) {
    regions.forEach(
        (region, prefixes) -> prefixes.forEach(text -> add(text, new Origin.Viewers(region))));
    excluded.forEach(text -> add(text, EXCLUDED));
  }

  private void add(String text, Origin origin) {
    Prefix prefix = Prefix.parse(text);
    Origin other =
        byLength.computeIfAbsent(prefix.length(), _ -> new HashMap<>()).put(prefix, origin);
    if (other != null && !other.equals(origin)) {
      throw new IllegalArgumentException("the prefix " + text + " is given to two regions");
    }
  }

  /**
   * What {@code client} is.
   *
   * @param client an address literal; anything else is unknown
   */
  public Origin of(String client) {
    Optional<Prefix> address = address(client);
    if (address.isPresent()) {
      for (Map.Entry<Integer, Map<Prefix, Origin>> length : byLength.entrySet()) {
        Origin found = length.getValue().get(address.get().cutTo(length.getKey()));
        if (found != null) {
          return found;
        }
      }
    }
    return UNKNOWN;
  }

  /** How long the prefixes are, longest first; what a lookup costs. */
  List<Integer> lengths() {
    return List.copyOf(byLength.keySet());
  }

  private static Optional<Prefix> address(String client) {
    try {
      return Optional.of(Prefix.of(InetAddress.ofLiteral(client).getAddress()));
    } catch (IllegalArgumentException e) {
      // Not an address: the caller counts it as a client without a region.
      return Optional.empty();
    }
  }
}
