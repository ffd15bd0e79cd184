package oca.steering.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;

/**
 * What the rules say, in the plainest way: of the prefixes that contain an address the longest; of
 * the paths to it each site's best; of the sites the best first. Fewer ASes are better, then a
 * lesser MED; what is left is decided by view name, path id and site name.
 */
final class RouteOracle {
  /** One path as announced. */
  record Told(String view, SiteId site, Prefix prefix, long pathId, PathAttributes attributes) {}

  private static final Comparator<Told> BETTER =
      Comparator.<Told>comparingInt(told -> told.attributes().asPathLength())
          .thenComparingLong(told -> told.attributes().med());

  private final List<Match> matches = new ArrayList<>();

  RouteOracle(Collection<Told> all) {
    Map<Prefix, List<Told>> byPrefix = new LinkedHashMap<>();
    for (Told told : all) {
      byPrefix.computeIfAbsent(told.prefix(), _ -> new ArrayList<>()).add(told);
    }
    byPrefix.forEach((prefix, paths) -> matches.add(new Match(prefix, ranked(paths))));
  }

  int size() {
    return matches.size();
  }

  /** The match of the address; null when there is none. */
  Match lookup(Address address) {
    Match best = null;
    for (Match match : matches) {
      if (contains(match.prefix(), address)
          && (best == null || match.prefix().length() > best.prefix().length())) {
        best = match;
      }
    }
    return best;
  }

  private static List<SitePath> ranked(List<Told> paths) {
    Map<SiteId, Told> best = new HashMap<>();
    for (Told told : paths) {
      best.merge(
          told.site(),
          told,
          (one, other) ->
              BETTER.thenComparing(Told::view).thenComparingLong(Told::pathId).compare(one, other)
                      <= 0
                  ? one
                  : other);
    }
    return best.values().stream()
        .sorted(BETTER.thenComparing(Told::site))
        .map(told -> new SitePath(told.site(), told.attributes(), told.view()))
        .toList();
  }

  /** By the number of leading bits that agree. */
  private static boolean contains(Prefix prefix, Address address) {
    Address network = prefix.network();
    if (network.v4() != address.v4()) {
      return false;
    }
    long first = network.high() ^ address.high();
    int same =
        first != 0
            ? Long.numberOfLeadingZeros(first)
            : 64 + Long.numberOfLeadingZeros(network.low() ^ address.low());
    return same >= prefix.length();
  }

  /** Few distinct bits, so that prefixes nest and addresses hit. */
  static Address address(Random random) {
    long mask = random.nextBoolean() ? 0x8100_8001_0180_0000L : 0xc000_0000_0000_0003L;
    return switch (random.nextInt(4)) {
      case 0 -> new Address(true, random.nextLong() & 0x8181_8383_0000_0000L, 0);
      case 1 -> new Address(true, random.nextLong() & -1L << 32, 0);
      case 2 -> new Address(false, (random.nextLong() & mask) | 1L << 61, random.nextLong() & mask);
      default -> new Address(false, (random.nextLong() & mask) | 1L << 61, random.nextLong());
    };
  }

  /** An address in that prefix. */
  static Address addressIn(Prefix prefix, Random random) {
    Address network = prefix.network();
    Address any =
        network.v4()
            ? new Address(true, random.nextLong() & -1L << 32, 0)
            : new Address(false, random.nextLong(), random.nextLong());
    Address front = any.first(prefix.length());
    return new Address(
        network.v4(),
        network.high() | (any.high() ^ front.high()),
        network.low() | (any.low() ^ front.low()));
  }

  static Prefix prefix(Random random) {
    Address address = address(random);
    int length = random.nextInt(address.bits() + 1);
    return new Prefix(address.first(length), length);
  }

  static PathAttributes attributes(Random random) {
    return new PathAttributes(random.nextInt(3), random.nextInt(3), random.nextInt(4));
  }
}
