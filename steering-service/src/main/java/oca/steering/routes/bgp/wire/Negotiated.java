package oca.steering.routes.bgp.wire;

import oca.steering.routes.bgp.wire.Message.Open;

/**
 * How messages of a peer are to be read.
 *
 * @param fourOctetAs whether AS numbers have four bytes in AS_PATH and AGGREGATOR
 * @param internal whether both sides are of one AS
 * @param addPathV4 whether path ids stand before IPv4 prefixes
 * @param addPathV6 whether path ids stand before IPv6 prefixes
 */
public record Negotiated(
    boolean fourOctetAs, boolean internal, boolean addPathV4, boolean addPathV6) {
  /** AS numbers of four bytes, one AS, no path ids. */
  public static final Negotiated PLAIN = new Negotiated(true, true, false, false);

  /** What holds for messages from the sender of {@code theirs} to that of {@code ours}. */
  public static Negotiated of(Open ours, Open theirs) {
    return new Negotiated(
        ours.fourOctetAs() && theirs.fourOctetAs(),
        ours.as() == theirs.as(),
        ours.receivesPaths(Family.IPV4) && theirs.sendsPaths(Family.IPV4),
        ours.receivesPaths(Family.IPV6) && theirs.sendsPaths(Family.IPV6));
  }

  /** Whether path ids stand before prefixes of the family. */
  public boolean addPath(Family family) {
    return family.v4() ? addPathV4 : addPathV6;
  }
}
