package oca.steering.routes.bmp;

import java.nio.ByteBuffer;
import oca.model.Address;
import oca.steering.routes.bgp.wire.Message.Open;

/** What a router reports (RFC 7854, section 4). */
sealed interface BmpMessage {
  /**
   * Type 0: an UPDATE as the peer sent it, or as the policy left it.
   *
   * @param update a whole BGP message, unread; valid until the next message is taken in
   */
  record RouteMonitoring(PeerHeader peer, ByteBuffer update) implements BmpMessage {}

  /** Type 1: counters. */
  record Statistics(PeerHeader peer) implements BmpMessage {}

  /** Type 2: a session ended; RFC 7854, section 4.9, has the reasons. */
  record PeerDown(PeerHeader peer, int reason) implements BmpMessage {}

  /** Type 3: a session is established. */
  record PeerUp(PeerHeader peer, Open sent, Open received) implements BmpMessage {}

  /** Type 4: who the router is; empty names where it does not say. */
  record Initiation(String name, String description) implements BmpMessage {}

  /** Type 5: the router ends. */
  record Termination(String why) implements BmpMessage {}

  /** A message that is left out. */
  record LeftOut(BmpReason reason) implements BmpMessage {}

  /**
   * Whose routes they are (section 4.2).
   *
   * @param key tells peers apart
   * @param as the peer's; 0 to 2^32 - 1
   * @param policy which side of the inbound policy a message is about
   * @param twoOctetAs whether AS_PATH has numbers of two bytes
   * @param inbound false for routes that the router sends (RFC 8671) or has chosen (RFC 9069)
   */
  record PeerHeader(PeerKey key, long as, Policy policy, boolean twoOctetAs, boolean inbound) {}

  /**
   * Tells peers of a router apart.
   *
   * @param type 0 global, 1 of a routing instance, 2 local, 3 Loc-RIB
   * @param instance the route distinguisher; 0 for global peers
   */
  record PeerKey(int type, long instance, Address address) {
    /** Such as {@code 192.0.2.9}, or {@code 192.0.2.9 vrf 0000fde800000001}. */
    @Override
    public String toString() {
      return type == 0 ? address.toString() : "%s vrf %016x".formatted(address, instance);
    }
  }
}
