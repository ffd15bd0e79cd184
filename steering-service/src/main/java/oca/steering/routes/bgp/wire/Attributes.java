package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.bgp.wire.AttributeFault.Treatment;
import oca.steering.routes.bgp.wire.Message.Notification;

/**
 * What was read of a run of path attributes.
 *
 * @param types numbers of those that there are, malformed ones included
 * @param asPath with AS4_PATH merged in; empty without
 * @param med 0 without; 0 to 2^32 - 1
 * @param reach the value of MP_REACH_NLRI, unread
 * @param unreach the value of MP_UNREACH_NLRI, unread
 * @param faults that a session survives
 * @param reset what to tell the peer of a fault that ends the session
 */
public record Attributes(
    Set<Integer> types,
    AsPath asPath,
    long med,
    Optional<ByteBuffer> reach,
    Optional<ByteBuffer> unreach,
    List<AttributeFault> faults,
    Optional<Notification> reset) {
  public Attributes {
    types = Set.copyOf(types);
    faults = List.copyOf(faults);
  }

  /** What is kept of them. */
  public PathAttributes kept() {
    return new PathAttributes(asPath.length(), med, asPath.originAs());
  }

  /** Whether routes with these attributes may be used. */
  public boolean usable() {
    return reset.isEmpty() && faults.stream().noneMatch(f -> f.treatment() == Treatment.WITHDRAW);
  }
}
