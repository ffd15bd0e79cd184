package oca.steering.routes.bmp;

/** Why a connection was refused or ended, or a message or part of one was left out. */
public enum BmpReason {
  /** Refused. */
  UNKNOWN_ROUTER("unknown router", "no configured router has the address it came from"),
  /** Refused. */
  TOO_MANY_ROUTERS("too many routers", "limits.routers is reached"),
  /** Ended. */
  REPLACED("replaced", "the router opened a newer connection"),
  /** Ended. */
  BAD_FRAME("bad frame", "a message's version is not 3, or its length is not possible"),
  /** Ended. */
  CONNECTION_LOST("connection lost", "the router's connection ended without a word"),
  /** Ended. */
  TERMINATED("terminated", "the router said that it ends"),
  /** Ended. */
  SHUT_DOWN("shut down", "this service stopped"),
  /** Message left out. */
  UNKNOWN_TYPE("unknown type", "a message of a type that is not known"),
  /** Message left out. */
  MALFORMED("malformed", "a message that is cut off or not of its form"),
  /** Message left out. */
  MIRRORED("mirrored", "a message as it came to the router, which tells no routes of use"),
  /** Message left out. */
  STATISTICS("statistics", "a router's counters of a peer"),
  /** Message left out. */
  DOWN_BEFORE_UP("down before up", "a peer went down that was not up: some routers begin so"),
  /** Message left out. */
  ROUTE_BEFORE_UP("route before up", "routes of a peer that is not up"),
  /** Message left out. */
  TOO_MANY_PEERS("too many peers", "limits.peersPerRouter is reached"),
  /** Message left out. */
  OTHER_POLICY("other policy", "routes of the side of the policy that is not kept"),
  /** Message left out. */
  OTHER_RIB("other RIB", "routes of Loc-RIB or Adj-RIB-Out"),
  /** Message left out. */
  OTHER_INSTANCE("other instance", "routes of a routing instance that is not to count"),
  /** Message left out. */
  BAD_UPDATE("bad update", "it could not be told which routes a malformed UPDATE is about"),
  /** Part left out. */
  VIEW_FULL("view full", "limits.prefixesPerView is reached, and the view was dropped"),
  /** Part left out. */
  TREATED_AS_WITHDRAW(
      "treated as withdraw", "an UPDATE's attributes were malformed, its routes went"),
  /** Part left out. */
  ATTRIBUTE_DISCARDED("attribute discarded", "a malformed attribute that routes do without"),
  /** Part left out. */
  OTHER_FAMILY("other family", "routes of a family other than IPv4 and IPv6 unicast");

  private final String label;
  private final String sentence;

  BmpReason(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** Few words for a table or a metric. */
  public String label() {
    return label;
  }

  /** The same for a reader. */
  public String sentence() {
    return sentence;
  }
}
