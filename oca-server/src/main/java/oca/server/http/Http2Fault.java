package oca.server.http;

/** Every reason why an HTTP/2 connection or stream is broken off by us: a name and a sentence. */
public enum Http2Fault {
  RESETS("resets", "More streams were reset than a client in its right mind resets."),
  RESETS_CAUSED("resets-caused", "More streams had to be reset by us than one should make us."),
  SETTINGS("settings", "SETTINGS frames without end."),
  PINGS("pings", "PING frames without end."),
  OTHER_FRAMES("other-frames", "Frames that carry no request without end."),
  FLOOD("flood", "CONTINUATION or empty DATA frames without end."),
  PROTOCOL("protocol", "The connection broke a rule of RFC 9113."),
  STREAM("stream", "A stream broke a rule of RFC 9113; the connection goes on."),
  STALLED("stalled", "The client took no byte of an answer in time.");

  private final String label;
  private final String sentence;

  Http2Fault(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** The name in metrics, never changed once shipped. */
  public String label() {
    return label;
  }

  /** What it means, for people. */
  public String sentence() {
    return sentence;
  }
}
