package oca.steering.routes.bgp.wire;

import oca.steering.routes.bgp.wire.Message.Notification;

/** What became of the bytes of one message. */
public sealed interface Decoded {
  /** A message; an UPDATE may carry faults that the session survives. */
  record Read(Message message) implements Decoded {}

  /**
   * A fault that ends the session.
   *
   * @param answer what the peer is to be told
   * @param why for the operator, a clause
   */
  record Refused(Notification answer, String why) implements Decoded {}
}
