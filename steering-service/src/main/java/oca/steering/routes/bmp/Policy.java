package oca.steering.routes.bmp;

import java.util.Locale;

/** On which side of a router's inbound policy routes are seen (RFC 7854, section 4.2, flag L). */
public enum Policy {
  /** As the peer told them. */
  PRE_POLICY,
  /** As the router took them in. */
  POST_POLICY;

  /** As in the names of views: {@code pre-policy}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
