package oca.steering.rank;

/**
 * Why a candidate is in the answer or not. An appliance with several faults is given the first of
 * them in this order: reachability, health, place, content; whoever has none may be held back or
 * not be needed.
 */
public enum Reason {
  /** In the answer, at its rank. */
  CHOSEN("chosen", "in the answer"),
  /** Not heard for a lease, and others will do; or for so long that it is of no use at all. */
  LEASE_EXPIRED("lease expired", "no heartbeat came within the lease"),
  /** It says itself that something is broken. */
  UNHEALTHY("unhealthy", "the appliance reports a fault of its own"),
  /** It asks for no new viewers. */
  DRAINING("draining", "the appliance asks for no new viewers"),
  /** Its free share is below the floor. */
  NO_HEADROOM("no headroom", "the free share of its connections or bandwidth is below the floor"),
  /** Its site is not configured, so that nobody knows how far it is. */
  UNKNOWN_SITE("unknown site", "its site is not among the configured sites"),
  /** No prefix contains the viewer, and no site is near: no appliance is meant for strangers. */
  NO_ROUTE(
      "no route", "no known network leads from the client to a site, and none is known to be near"),
  /** Players can only exchange the host of a URL. */
  OTHER_PORT("other port", "its port is not the origin's, and players can replace the host only"),
  /** The catalogue does not say what the title's files are. */
  UNKNOWN_TITLE("unknown title", "the catalogue has no such title"),
  /** It lacks a file of the request, which is on its way in. */
  FILLING("still filling", "a file asked for is still being filled"),
  /** It lacks a file of the request. */
  NOT_HELD("not held", "it does not hold every file asked for"),
  /** It has just been started, and its equals take this viewer. */
  WARMING("warming", "it was started lately and takes only a growing share of the viewers"),
  /** It qualifies, but the answer is full of better ones. */
  BEYOND_LIMIT("beyond limit", "enough appliances are ranked before it");

  private final String label;
  private final String sentence;

  Reason(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** Two words for a table or a metric. */
  public String label() {
    return label;
  }

  /** The same for a reader. */
  public String sentence() {
    return sentence;
  }
}
