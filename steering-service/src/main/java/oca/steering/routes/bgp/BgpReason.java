package oca.steering.routes.bgp;

import oca.steering.routes.bgp.wire.Message.Notification;

/** Why a connection was refused, a session ended or a part of what it told was left out. */
public enum BgpReason {
  /** Refused. */
  UNKNOWN_PEER("unknown peer", "no configured peer has the address that the connection came from"),
  /** Refused. */
  TOO_MANY_SESSIONS("too many sessions", "limits.sessions or limits.neighbors is reached"),
  /** Refused. */
  HELD_DOWN("held down", "the peer's sessions end again and again, so that it has to wait"),
  /** Refused or ended. */
  COLLISION("collision", "the peer has another connection, which was kept"),
  /** Ended. */
  BAD_HEADER("bad header", "a message had a wrong marker, length or type"),
  /** Ended. */
  BAD_OPEN("bad open", "the peer's OPEN has a version, parameter or capability that will not do"),
  /** Ended. */
  WRONG_AS("wrong AS", "the peer's AS is not the configured one"),
  /** Ended. */
  BAD_ROUTER_ID("bad router id", "the peer's router id is zero or ours"),
  /** Ended. */
  BAD_HOLD_TIME("bad hold time", "the peer's hold time is 0, 1 or 2 seconds"),
  /** Ended. */
  NO_FAMILY("no family", "the peer offers neither IPv4 nor IPv6 unicast"),
  /** Ended. */
  UNEXPECTED_MESSAGE("unexpected message", "a message came in a state that it does not belong to"),
  /** Ended. */
  BAD_UPDATE("bad update", "it could not be told which routes a malformed UPDATE is about"),
  /** Ended. */
  HOLD_EXPIRED("hold time expired", "the peer was silent for longer than its hold time"),
  /** Ended. */
  TOO_MANY_PREFIXES("too many prefixes", "the peer told more prefixes than its maximum"),
  /** Ended. */
  NO_FEED("no feed", "the table of routes would not open a view for the session"),
  /** Ended. */
  PEER_NOTIFIED("peer notified", "the peer ended the session with a NOTIFICATION"),
  /** Ended. */
  CONNECTION_LOST("connection lost", "the peer's connection ended without a word"),
  /** Ended. */
  SHUT_DOWN("shut down", "this service stopped"),
  /** Part left out. */
  TREATED_AS_WITHDRAW(
      "treated as withdraw", "an UPDATE's attributes were malformed, its routes went"),
  /** Part left out. */
  ATTRIBUTE_DISCARDED("attribute discarded", "a malformed attribute that routes do without"),
  /** Part left out. */
  OTHER_FAMILY("other family", "routes of a family that was not agreed on"),
  /** Part left out. */
  AS_LOOP("AS loop", "a route came through the AS that we claim ourselves"),
  /** Part left out. */
  REFRESH_ASKED("refresh asked", "the peer asked for our routes, of which there are none"),
  /** Goes on. */
  NEAR_MAXIMUM("near maximum", "a session passed 80 % of its maximum of prefixes"),
  /** Goes on. */
  RESTART_HELPED("restart helped", "a peer was lost, and its routes were kept for its restart"),
  /** Goes on. */
  STALE_EXPIRED("stale expired", "a peer did not tell its routes again in time, and they went");

  private final String label;
  private final String sentence;

  BgpReason(String label, String sentence) {
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

  /** The reason of a session that we end with that. */
  static BgpReason of(Notification answer) {
    return switch (answer.code()) {
      case 1 -> BAD_HEADER;
      case 2 ->
          switch (answer.subcode()) {
            case 2 -> WRONG_AS;
            case 3 -> BAD_ROUTER_ID;
            case 6 -> BAD_HOLD_TIME;
            case 7 -> NO_FAMILY;
            default -> BAD_OPEN;
          };
      case 3 -> BAD_UPDATE;
      case 4 -> HOLD_EXPIRED;
      default -> UNEXPECTED_MESSAGE;
    };
  }
}
