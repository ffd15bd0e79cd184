package oca.steering.routes.bmp;

import java.time.Instant;
import java.util.List;
import oca.model.Address;
import oca.model.SiteId;

/**
 * A router as it is at a moment, for people.
 *
 * @param name as configured, with its address where several share that
 * @param says the name that it gives itself; empty before it did
 * @param since when it connected or was lost
 * @param messages of this connection
 * @param lastError why the connection ended; empty while it stands
 */
public record RouterStatus(
    String name,
    Address address,
    SiteId site,
    boolean connected,
    Instant since,
    String says,
    List<Peer> peers,
    long messages,
    String lastError) {

  /**
   * A peer that is up, seen from one side of the policy.
   *
   * @param peer its address, with its routing instance if it is in one
   * @param as its AS
   */
  public record Peer(String peer, long as, Policy policy, int prefixesV4, int prefixesV6) {}
}
