package oca.steering.routes.bmp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oca.config.ByteSize;
import oca.config.Default;
import oca.model.Address;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.FromNetwork;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sets for BMP.
 *
 * @param listen where routers connect to; port 0 takes any free one
 * @param routers who may connect
 * @param decideBy the side of the routers' inbound policy that viewers are steered by
 * @param watch whether the other side is kept too, for people to compare
 * @param limits what is taken in at most
 */
public record BmpConfig(
    @Default("127.0.0.1:1791") Endpoint listen,
    List<Router> routers,
    @Default("post-policy") Policy decideBy,
    @Default("false") boolean watch,
    @Default("{}") Limits limits) {

  /**
   * A router, or all routers of a network.
   *
   * @param network an address such as {@code 192.0.2.1}, or a prefix such as {@code 192.0.2.0/24},
   *     that it connects from; of several that fit the longest holds
   * @param name in the names of views; for a prefix, the router's address is added to it
   * @param site whose view it gives
   * @param vrfs whether peers in routing instances of their own count as well; where those use
   *     private addresses they must not
   */
  public record Router(String network, String name, SiteId site, @Default("false") boolean vrfs)
      implements FromNetwork {
    public Router {
      FromNetwork.prefix(network);
      require(
          name.matches("[A-Za-z0-9._-]{1,63}"),
          "a bmp router's name must be 1 to 63 of A-Z, a-z, 0-9, '.', '_' and '-': " + name);
    }

    /** Names the router at an address. */
    String label(Address address) {
      return prefix().length() == address.bits() ? name : name + " " + address;
    }
  }

  /**
   * What is taken in at most.
   *
   * @param routers connected at once
   * @param peersPerRouter peers of one router
   * @param prefixesPerView paths of one peer on one side of the policy; beyond that the view is
   *     dropped until the peer comes up again
   * @param messageSize one message; a longer one ends the connection
   */
  public record Limits(
      @Default("64") int routers,
      @Default("256") int peersPerRouter,
      @Default("350000") int prefixesPerView,
      @Default("128KiB") ByteSize messageSize) {
    public Limits {
      require(routers > 0, "bmp limits.routers must be above 0");
      require(peersPerRouter > 0, "bmp limits.peersPerRouter must be above 0");
      require(prefixesPerView > 0, "bmp limits.prefixesPerView must be above 0");
      require(
          messageSize.bytes() >= 4 << 10 && messageSize.bytes() <= 16 << 20,
          "bmp limits.messageSize must be 4KiB to 16MiB");
    }
  }

  public BmpConfig {
    Set<Prefix> networks = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Router router : routers) {
      require(
          networks.add(router.prefix()),
          "the bmp router " + router.network() + " is given twice; keep one");
      require(
          names.add(router.name()),
          "the bmp router name " + router.name() + " is given twice; rename one");
    }
  }

  /** Whether what is told of that side is kept, to steer by or to be looked at. */
  boolean keeps(Policy policy) {
    return watch || policy == decideBy;
  }

  /** Who connects from there; null when nobody may. */
  @Nullable Router router(Address address) {
    return FromNetwork.longest(routers, address);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
