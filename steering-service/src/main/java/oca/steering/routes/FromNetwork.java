package oca.steering.routes;

import java.util.List;
import oca.model.Address;
import oca.model.Prefix;
import org.jspecify.annotations.Nullable;

/** Somebody who may connect, known by where the connection comes from. */
public interface FromNetwork {
  /** An address such as {@code 192.0.2.1}, or a prefix such as {@code 192.0.2.0/24}. */
  String network();

  /** The same as a prefix; an address is one of full length. */
  default Prefix prefix() {
    return prefix(network());
  }

  /**
   * Reads a network.
   *
   * @throws IllegalArgumentException when it is neither an address nor a prefix
   */
  static Prefix prefix(String network) {
    if (network.indexOf('/') >= 0) {
      return Prefix.parse(network);
    }
    Address address = Address.parse(network);
    return new Prefix(address, address.bits());
  }

  /** Who connects from there, of several that fit the longest; null when nobody may. */
  static <P extends FromNetwork> @Nullable P longest(List<P> all, Address address) {
    P best = null;
    for (P one : all) {
      Prefix prefix = one.prefix();
      if (prefix.contains(address) && (best == null || prefix.length() > best.prefix().length())) {
        best = one;
      }
    }
    return best;
  }
}
