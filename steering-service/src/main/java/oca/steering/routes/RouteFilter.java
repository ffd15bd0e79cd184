package oca.steering.routes;

import java.util.List;
import java.util.stream.Stream;
import oca.config.Default;
import oca.model.Prefix;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps out of the views what a site should not be believed: a default route, bogons, and prefixes
 * that are longer than those that networks exchange. Routes that an operator writes down do not
 * come through here; views that are only watched come through untouched, because what a peer says
 * in error is what one looks for there. Safe on any thread.
 */
public final class RouteFilter {
  private static final Logger log = LoggerFactory.getLogger(RouteFilter.class);

  /**
   * Blocks whose addresses are no viewer's: those of RFC 6890 and its registries at IANA that are
   * not globally reachable, and multicast (RFC 5771). What is inside one is refused.
   */
  private static final List<Prefix> BOGONS =
      Stream.of(
              "0.0.0.0/8", // "this network", RFC 791
              "10.0.0.0/8", // private, RFC 1918
              "100.64.0.0/10", // shared behind carrier NAT, RFC 6598
              "127.0.0.0/8", // loopback, RFC 1122
              "169.254.0.0/16", // link local, RFC 3927
              "172.16.0.0/12", // private, RFC 1918
              "192.0.0.0/24", // IETF protocols, RFC 6890
              "192.0.2.0/24", // documentation, RFC 5737
              "192.88.99.0/24", // 6to4 relays, deprecated, RFC 7526
              "192.168.0.0/16", // private, RFC 1918
              "198.18.0.0/15", // benchmarks, RFC 2544
              "198.51.100.0/24", // documentation, RFC 5737
              "203.0.113.0/24", // documentation, RFC 5737
              "224.0.0.0/4", // multicast, RFC 5771
              "240.0.0.0/4", // reserved and broadcast, RFC 1112
              "2001::/23", // IETF protocols, Teredo, benchmarks, ORCHID, RFC 2928
              "2001:db8::/32", // documentation, RFC 3849
              "2002::/16", // 6to4, RFC 3056
              "3fff::/20") // documentation, RFC 9637
          .map(Prefix::parse)
          .toList();

  /** All of IPv6 that is given to networks (RFC 4291, section 2.4); the rest is as a bogon. */
  private static final Prefix GLOBAL_UNICAST_V6 = Prefix.parse("2000::/3");

  /**
   * What an operator sets.
   *
   * @param acceptDefault whether 0.0.0.0/0 and ::/0 are taken
   * @param acceptBogons whether private, loopback and other special addresses are: for labs, and
   *     for networks that reach this service with their inner addresses
   * @param longestV4 bits of the longest prefix taken, 0 to 32; 24 is the custom
   * @param longestV6 the same of IPv6, 0 to 128; 48 is the custom
   */
  public record Rules(
      @Default("false") boolean acceptDefault,
      @Default("false") boolean acceptBogons,
      @Default("24") int longestV4,
      @Default("48") int longestV6) {
    /** As the Internet does it. */
    public static final Rules CUSTOMARY = new Rules(false, false, 24, 48);

    public Rules {
      if (longestV4 < 0 || longestV4 > 32 || longestV6 < 0 || longestV6 > 128) {
        throw new IllegalArgumentException(
            "longestV4 must be 0 to 32, longestV6 0 to 128: %d, %d"
                .formatted(longestV4, longestV6));
      }
    }
  }

  private final Rules rules;

  /** A filter by those rules; what it refuses is counted by the view's feed. */
  public RouteFilter(Rules rules) {
    this.rules = rules;
  }

  /** The same views, but what is announced to their feeds passes the filter first. */
  public RouteViews over(RouteViews views) {
    return new RouteViews() {
      @Override
      public RouteFeed open(String view, SiteId site) {
        return new FilteredFeed(view, views.open(view, site));
      }

      @Override
      public RouteFeed watch(String view, SiteId site) {
        return views.watch(view, site);
      }
    };
  }

  /** What speaks against the prefix; null when nothing does. */
  @Nullable RouteRefusal refusal(Prefix prefix) {
    if (prefix.length() == 0) {
      return rules.acceptDefault() ? null : RouteRefusal.DEFAULT_ROUTE;
    }
    if (prefix.length() > (prefix.network().v4() ? rules.longestV4() : rules.longestV6())) {
      return RouteRefusal.TOO_LONG;
    }
    return !rules.acceptBogons() && isBogon(prefix) ? RouteRefusal.BOGON : null;
  }

  private static boolean isBogon(Prefix prefix) {
    if (!prefix.network().v4() && !isInside(prefix, GLOBAL_UNICAST_V6)) {
      return true;
    }
    for (Prefix bogon : BOGONS) {
      if (isInside(prefix, bogon)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInside(Prefix inner, Prefix outer) {
    return inner.length() >= outer.length() && outer.contains(inner.network());
  }

  private final class FilteredFeed implements RouteFeed {
    private final String view;
    private final RouteFeed feed;

    FilteredFeed(String view, RouteFeed feed) {
      this.view = view;
      this.feed = feed;
    }

    @Override
    public void announce(Prefix prefix, long pathId, PathAttributes attributes) {
      RouteRefusal refusal = refusal(prefix);
      if (refusal == null) {
        feed.announce(prefix, pathId, attributes);
      } else {
        feed.refused(prefix, refusal);
        log.debug("{} in view \"{}\" refused: {}", prefix, view, refusal.sentence());
      }
    }

    @Override
    public void withdraw(Prefix prefix, long pathId) {
      feed.withdraw(prefix, pathId);
    }

    @Override
    public void stale(boolean v4) {
      feed.stale(v4);
    }

    @Override
    public void dropStale(boolean v4) {
      feed.dropStale(v4);
    }

    @Override
    public void clear(boolean v4) {
      feed.clear(v4);
    }

    @Override
    public void refused(Prefix prefix, RouteRefusal reason) {
      feed.refused(prefix, reason);
    }

    @Override
    public int size() {
      return feed.size();
    }

    @Override
    public void close() {
      feed.close();
    }
  }
}
