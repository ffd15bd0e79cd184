package oca.steering.routes.bgp;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oca.config.Default;
import oca.model.Address;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.FromNetwork;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sets for BGP.
 *
 * @param listen where routers connect to; BGP's own port is 179, which needs a privilege; port 0
 *     takes any free one
 * @param routerId ours, an IPv4 address in form; no router that we speak with may have it
 * @param peers who may connect
 * @param limits what is taken in at most
 */
public record BgpConfig(
    @Default("127.0.0.1:1790") Endpoint listen,
    String routerId,
    List<Peer> peers,
    @Default("{}") Limits limits) {

  private static final long MOST_AS = 0xffff_ffffL;

  /**
   * A router, or all routers of a network.
   *
   * @param network an address such as {@code 192.0.2.1}, or a prefix such as {@code 192.0.2.0/24},
   *     that it connects from; of several that fit the longest holds
   * @param as its AS; 1 to 2^32 - 1
   * @param localAs the AS that we claim towards it; 0 for its own, which makes the session
   *     internal: over an external one most routers do not tell MED
   * @param site whose view it gives
   * @param holdTime how long it may be silent, at most: the shorter of its and ours holds; whole
   *     seconds, 3 s to 65535 s
   * @param maxPrefixesV4 IPv4 paths that it may tell; beyond that the session ends
   * @param maxPrefixesV6 the same for IPv6
   */
  public record Peer(
      String network,
      long as,
      @Default("0") long localAs,
      SiteId site,
      @Default("90s") Duration holdTime,
      @Default("250000") int maxPrefixesV4,
      @Default("100000") int maxPrefixesV6)
      implements FromNetwork {
    public Peer {
      FromNetwork.prefix(network);
      require(as > 0 && as <= MOST_AS, "a peer's as must be 1 to 4294967295: " + as);
      require(
          localAs >= 0 && localAs <= MOST_AS,
          "a peer's localAs must be 0 to 4294967295: " + localAs);
      require(
          holdTime.toSeconds() >= 3
              && holdTime.toSeconds() <= 65_535
              && holdTime.equals(Duration.ofSeconds(holdTime.toSeconds())),
          "a peer's holdTime must be whole seconds, 3s to 65535s");
      require(maxPrefixesV4 > 0, "a peer's maxPrefixesV4 must be above 0");
      require(maxPrefixesV6 > 0, "a peer's maxPrefixesV6 must be above 0");
    }

    /** The AS that we claim. */
    long ourAs() {
      return localAs == 0 ? as : localAs;
    }

    /** How many paths of a family it may tell. */
    int maxPrefixes(boolean v4) {
      return v4 ? maxPrefixesV4 : maxPrefixesV6;
    }
  }

  /**
   * What is taken in at most, and for how long.
   *
   * @param sessions connections at once, those that still exchange OPEN included
   * @param neighbors addresses remembered, for their routes, penalties and last error
   * @param openTimeout until OPEN and the first KEEPALIVE have come
   * @param backoff a peer whose sessions end young again and again is refused for so long at first,
   *     then for twice as long
   * @param backoffMost and for so long at most; a session older than this is not young
   * @param holdDown how long a peer that told too many prefixes is refused
   * @param restartTime how long routes are kept while a peer restarts, whatever it asks for; 0 to
   *     keep none
   * @param staleTime how long a peer that is back may take to tell all its routes again
   */
  public record Limits(
      @Default("256") int sessions,
      @Default("1024") int neighbors,
      @Default("30s") Duration openTimeout,
      @Default("5s") Duration backoff,
      @Default("5min") Duration backoffMost,
      @Default("15min") Duration holdDown,
      @Default("2min") Duration restartTime,
      @Default("6min") Duration staleTime) {
    public Limits {
      require(sessions > 0, "bgp limits.sessions must be above 0");
      require(neighbors >= sessions, "bgp limits.neighbors must not be below limits.sessions");
      require(openTimeout.isPositive(), "bgp limits.openTimeout must be above 0");
      require(
          backoff.isPositive() && backoffMost.compareTo(backoff) >= 0,
          "bgp limits.backoff must be above 0 and not above limits.backoffMost");
      require(!holdDown.isNegative(), "bgp limits.holdDown must not be below 0");
      require(!restartTime.isNegative(), "bgp limits.restartTime must not be below 0");
      require(staleTime.isPositive(), "bgp limits.staleTime must be above 0");
    }
  }

  public BgpConfig {
    Address id = Address.parse(routerId);
    require(id.v4() && id.high() != 0, "bgp routerId must be an IPv4 address: " + routerId);
    Set<Prefix> networks = new HashSet<>();
    for (Peer peer : peers) {
      require(
          networks.add(peer.prefix()),
          "the bgp peer " + peer.network() + " is given twice; keep one");
    }
  }

  /** Who connects from there; null when nobody may. */
  @Nullable Peer peer(Address address) {
    return FromNetwork.longest(peers, address);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
