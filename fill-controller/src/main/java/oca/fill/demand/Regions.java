package oca.fill.demand;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import oca.model.Address;
import oca.model.Prefix;
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

  /** By length, longest first, for each family. */
  private final SortedMap<Integer, Map<Prefix, Origin>> v4 =
      new TreeMap<>(Comparator.reverseOrder());

  private final SortedMap<Integer, Map<Prefix, Origin>> v6 =
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
        family(prefix.network())
            .computeIfAbsent(prefix.length(), _ -> new HashMap<>())
            .put(prefix, origin);
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
    Optional<Address> address = address(client);
    if (address.isPresent()) {
      for (var length : family(address.get()).entrySet()) {
        Address network = address.get().first(length.getKey());
        Origin found = length.getValue().get(new Prefix(network, length.getKey()));
        if (found != null) {
          return found;
        }
      }
    }
    return UNKNOWN;
  }

  private SortedMap<Integer, Map<Prefix, Origin>> family(Address address) {
    return address.v4() ? v4 : v6;
  }

  private static Optional<Address> address(String client) {
    try {
      return Optional.of(Address.parse(client));
    } catch (IllegalArgumentException e) {
      // Not an address: the caller counts it as a client without a region.
      return Optional.empty();
    }
  }
}
