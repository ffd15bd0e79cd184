package oca.steering.routes.bgp;

import java.util.Optional;
import oca.steering.routes.bgp.wire.Decoded;
import oca.steering.routes.bgp.wire.Message.Notification;

/**
 * How a session ends.
 *
 * @param answer what the peer is told before we close; empty when it closed or knows
 * @param why for the operator, a clause
 */
record Ending(BgpReason reason, Optional<Notification> answer, String why) {
  static Ending told(BgpReason reason, Notification answer, String why) {
    return new Ending(reason, Optional.of(answer), why);
  }

  static Ending silent(BgpReason reason, String why) {
    return new Ending(reason, Optional.empty(), why);
  }

  static Ending of(Decoded.Refused fault) {
    return told(BgpReason.of(fault.answer()), fault.answer(), fault.why());
  }

  /** Such as {@code hold time expired: nothing came for 90 s}. */
  String text() {
    return reason.label() + ": " + why;
  }
}
