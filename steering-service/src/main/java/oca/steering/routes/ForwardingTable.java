package oca.steering.routes;

import java.util.ArrayList;
import java.util.List;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * From a viewer's address to its network and the sites that lead there, best first: compiled from
 * what all views know. Immutable; safe on any thread.
 *
 * <p>{@link #find} is for those who count nanoseconds: it makes no garbage, and what it gives can
 * be turned into a {@link Match} later. How prefixes are found stands in {@link PrefixTree} (IPv4)
 * and {@link StretchTable} (IPv6).
 */
public final class ForwardingTable {
  /** What {@link #find} gives for an address that is in no known network. */
  public static final int NONE = 0;

  /** A table without routes. */
  public static final ForwardingTable EMPTY =
      new ForwardingTable(
          PrefixTree.of(new PrefixColumns(true, 0)),
          StretchTable.of(new PrefixColumns(false, 0)),
          new Rankings.Pool().done(new View[0]));

  /**
   * How one site leads to a network.
   *
   * @param view where the path was learnt
   */
  public record SitePath(SiteId site, PathAttributes attributes, String view) {
    /** Whether neither the AS paths' length nor MED prefers one of them. */
    public boolean isAsGoodAs(SitePath other) {
      return attributes.asPathLength() == other.attributes.asPathLength()
          && attributes.med() == other.attributes.med();
    }
  }

  /**
   * The longest prefix that contains an address.
   *
   * @param paths one for each site that leads there: least AS path length first, then least MED
   *     (then by the site's name, which prefers nothing); never empty
   */
  public record Match(Prefix prefix, List<SitePath> paths) {
    public Match {
      paths = List.copyOf(paths);
      if (paths.isEmpty()) {
        throw new IllegalArgumentException("no path to " + prefix);
      }
    }

    /** The sites that routes prefer to all others, equals among themselves; one or more. */
    public List<SiteId> homes() {
      List<SiteId> homes = new ArrayList<>();
      for (SitePath path : paths) {
        if (path.isAsGoodAs(paths.getFirst())) {
          homes.add(path.site());
        }
      }
      return homes;
    }

    /**
     * All sites that lead there, by how well: those of each list are equals by route, and better
     * than those of the next. What decides among equals is distance, which routes do not know.
     */
    public List<List<SiteId>> tiers() {
      List<List<SiteId>> tiers = new ArrayList<>();
      SitePath before = null;
      for (SitePath path : paths) {
        if (before == null || !path.isAsGoodAs(before)) {
          tiers.add(new ArrayList<>());
        }
        tiers.getLast().add(path.site());
        before = path;
      }
      return tiers;
    }

    /** Whether routes prefer one site to all others. */
    public boolean prefersOne() {
      return paths.size() == 1 || !paths.get(1).isAsGoodAs(paths.getFirst());
    }

    /** The first of {@link #homes}. */
    public SiteId home() {
      return paths.getFirst().site();
    }

    /** Such as {@code 192.0.2.0/24 -> north}. */
    @Override
    public String toString() {
      return prefix + " -> " + String.join(", ", homes().stream().map(SiteId::value).toList());
    }
  }

  private final PrefixTree v4;
  private final StretchTable v6;
  private final int v4Size;
  private final Rankings rankings;

  /** A table of those prefixes; their rankings' numbers are numbers of {@code rankings}. */
  ForwardingTable(PrefixTree v4, StretchTable v6, Rankings rankings) {
    this.v4 = v4;
    this.v6 = v6;
    this.v4Size = v4.prefixes().size();
    this.rankings = rankings;
  }

  /** The longest prefix that contains the address; null when none does. */
  public @Nullable Match lookup(Address address) {
    int found = find(address.v4(), address.high(), address.low());
    return found == NONE ? null : match(found);
  }

  /**
   * The same as a number: {@link #NONE}, or one that stands for a match in this table only.
   *
   * @param high as in {@link Address}: IPv4 addresses stand in its upper half
   */
  public int find(boolean isV4, long high, long low) {
    if (isV4) {
      return v4.find(high, low);
    }
    int found = v6.find(high, low);
    return found == NONE ? NONE : v4Size + found;
  }

  /** What a number of {@link #find}, other than {@link #NONE}, stands for. */
  public Match match(int found) {
    boolean isV4 = found <= v4Size;
    PrefixColumns prefixes = isV4 ? v4.prefixes() : v6.prefixes();
    int at = (isV4 ? found : found - v4Size) - 1;
    return new Match(prefixes.prefix(at), rankings.paths(prefixes.ranking(at)));
  }

  /**
   * The number of the ranking of a number of {@link #find}, other than {@link #NONE}: the same for
   * matches with the same paths; 0 or more, below {@link #rankings}.
   */
  public int ranking(int found) {
    return found <= v4Size
        ? v4.prefixes().ranking(found - 1)
        : v6.prefixes().ranking(found - v4Size - 1);
  }

  /** How many rankings there are. */
  public int rankings() {
    return rankings.size();
  }

  /** The longest known prefix that contains all of that one, or is it; null when none does. */
  public @Nullable Match covering(Prefix prefix) {
    PrefixColumns prefixes = prefixes(prefix);
    for (int length = prefix.length(); length >= 0; length--) {
      int at = prefixes.place(prefix.network().first(length), length);
      if (at < prefixes.size()
          && prefixes.length(at) == length
          && prefixes.prefix(at).contains(prefix.network())) {
        return new Match(prefixes.prefix(at), rankings.paths(prefixes.ranking(at)));
      }
    }
    return null;
  }

  /**
   * The known prefixes inside that one, longer than it, by address.
   *
   * @param most that are told
   */
  public List<Match> inside(Prefix prefix, int most) {
    PrefixColumns prefixes = prefixes(prefix);
    List<Match> inside = new ArrayList<>();
    int at = prefixes.place(prefix.network(), prefix.length() + 1);
    while (at < prefixes.size()
        && inside.size() < most
        && prefix.contains(prefixes.prefix(at).network())) {
      inside.add(new Match(prefixes.prefix(at), rankings.paths(prefixes.ranking(at))));
      at++;
    }
    return inside;
  }

  /** The share of a prefix's addresses that are in a known prefix; 0 to 1. */
  public double covered(Prefix prefix) {
    if (covering(prefix) != null) {
      return 1;
    }
    PrefixColumns prefixes = prefixes(prefix);
    double share = 0;
    Prefix last = null;
    for (int at = prefixes.place(prefix.network(), prefix.length() + 1);
        at < prefixes.size() && prefix.contains(prefixes.prefix(at).network());
        at++) {
      Prefix inner = prefixes.prefix(at);
      if (last == null || !last.contains(inner.network())) {
        share += Math.scalb(1.0, prefix.length() - inner.length());
        last = inner;
      }
    }
    return share;
  }

  private PrefixColumns prefixes(Prefix like) {
    return like.network().v4() ? v4.prefixes() : v6.prefixes();
  }

  /** How many prefixes there are. */
  public int size() {
    return v4Size + v6.prefixes().size();
  }

  /** How many prefixes of one family there are. */
  int size(boolean isV4) {
    return isV4 ? v4Size : v6.prefixes().size();
  }

  /** What the table takes in memory: all its arrays, which is all but a few hundred bytes. */
  public long bytes() {
    return v4.bytes() + v6.bytes() + rankings.bytes();
  }
}
