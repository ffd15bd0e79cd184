package oca.protocol.http;

import java.util.Locale;

/** Why a listener refused a connection or a request, or ended one. One counter each. */
public enum ListenerReason {
  CONNECTIONS("more connections at once than connections.connections"),
  ADDRESS("more connections from one address than connections.perAddress"),
  HANDSHAKE("a TLS handshake failed, or took too long"),
  IDLE("nothing was asked within connections.idle"),
  STALLED("nothing of the answer was taken within connections.idle"),
  REQUEST_TIME("the request was not there within connections.requestTime (408)"),
  MALFORMED("no HTTP/1.1, or of doubtful length (400, 501, 505)"),
  LINE("the request line is longer than connections.head (414)"),
  HEAD("the header section is longer than connections.head (431)"),
  BODY("the body is longer than the limit (413)"),
  BUSY("more requests at once than the limit (503)"),
  GATE("a gate refused it (401 or 403)"),
  EVENT_STREAMS("more event streams than connections.eventStreams (503)"),
  SLOW_READER("a reader of events fell behind by connections.eventQueue");

  private final String sentence;

  ListenerReason(String sentence) {
    this.sentence = sentence;
  }

  /** What happened, and which limit it is about. */
  public String sentence() {
    return sentence;
  }

  /** As reports call it: lower case, with blanks. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
