package oca.steering.routes.bgp;

import java.time.Instant;
import oca.model.Address;
import oca.model.SiteId;

/**
 * A neighbour as it is at a moment, for people.
 *
 * @param address that it connects from
 * @param site whose view it gives
 * @param since when it came into this state
 * @param as its AS as configured
 * @param routerId as it said; empty before
 * @param prefixesV4 paths in use, stale ones included
 * @param prefixesV6 the same of IPv6
 * @param received messages, of all its sessions
 * @param sent messages, of all its sessions
 * @param lastError why its last session ended or was refused; empty when none did
 */
public record SessionStatus(
    Address address,
    SiteId site,
    State state,
    Instant since,
    long as,
    String routerId,
    int prefixesV4,
    int prefixesV6,
    long received,
    long sent,
    String lastError) {

  /** States of a passive speaker (RFC 4271, section 8.2.2); idle and connecting are one to it. */
  public enum State {
    /** It waits for the peer to connect. */
    ACTIVE,
    /** The same, and the routes of a session that was lost are kept for the peer's restart. */
    RESTARTING,
    /** OPEN is sent, and the peer's is waited for. */
    OPEN_SENT,
    /** The peer's OPEN was good, and its KEEPALIVE is waited for. */
    OPEN_CONFIRM,
    /** Routes flow. */
    ESTABLISHED
  }
}
