package oca.steering.routes.bgp.wire;

import oca.model.Prefix;

/**
 * Network layer reachability information: which path is meant (RFC 4271, section 4.3; RFC 7911).
 *
 * @param prefix where it leads
 * @param pathId tells several paths to one prefix apart; 0 without ADD-PATH; 0 to 2^32 - 1
 */
public record Nlri(Prefix prefix, long pathId) {
  /** The family of its prefix. */
  public Family family() {
    return Family.of(prefix.network().v4());
  }
}
