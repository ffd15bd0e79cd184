package oca.server.range;

/** Every way in which a request can be answered: each a status, a name and a sentence. */
public enum Outcome {
  WHOLE(200, "OK", "whole", "The whole file."),
  PREFLIGHT(204, "No Content", "preflight", "What a script may ask of this server."),
  PART(206, "Partial Content", "part", "A range of the file."),
  PARTS(206, "Partial Content", "parts", "Several ranges of the file."),
  NOT_MODIFIED(304, "Not Modified", "not-modified", "The client's copy is the file."),
  BAD_REQUEST(400, "Bad Request", "bad-request", "The request is not HTTP as RFC 9112 has it."),
  FORBIDDEN(403, "Forbidden", "forbidden", "The file needs a token, and a good one."),
  NOT_HERE(404, "Not Found", "not-here", "This server does not hold the bytes asked for."),
  METHOD_NOT_ALLOWED(
      405, "Method Not Allowed", "method-not-allowed", "Files are only read: GET, HEAD, OPTIONS."),
  HEAD_TIMEOUT(
      408, "Request Timeout", "head-timeout", "The request's head did not arrive in time."),
  GONE(410, "Gone", "gone", "The segment has left the event's window."),
  PRECONDITION_FAILED(
      412, "Precondition Failed", "precondition-failed", "The file is another than required."),
  BODY_REFUSED(
      413, "Content Too Large", "body-refused", "A request for a file has no body of its own."),
  TARGET_TOO_LONG(414, "URI Too Long", "target-too-long", "The request line is too long."),
  UNSATISFIABLE(
      416, "Range Not Satisfiable", "unsatisfiable", "The range begins behind the file's end."),
  TOO_MANY_RANGES(
      416, "Range Not Satisfiable", "too-many-ranges", "The request lists too many ranges."),
  HEAD_TOO_LARGE(
      431, "Request Header Fields Too Large", "head-too-large", "The header fields are too long."),
  FAULT(500, "Internal Server Error", "fault", "This server failed to look for the file."),
  UPSTREAM_FAULT(
      502, "Bad Gateway", "upstream-fault", "The upstream's answer is none, or not as it must be."),
  BUSY(503, "Service Unavailable", "busy", "This server has all the connections it can serve."),
  UPSTREAM_AWAY(
      503, "Service Unavailable", "upstream-away", "No upstream can be asked at present."),
  NOT_CACHED(
      504, "Gateway Timeout", "not-cached", "Only what is kept was asked for, and nothing fits."),
  UPSTREAM_LATE(504, "Gateway Timeout", "upstream-late", "The upstream did not answer in time."),
  VERSION_UNKNOWN(
      505, "HTTP Version Not Supported", "version-unknown", "Only HTTP/1.0 and HTTP/1.1 here."),
  LOOP(508, "Loop Detected", "loop", "The request came through this server before.");

  private final int status;
  private final String phrase;
  private final String label;
  private final String sentence;

  Outcome(int status, String phrase, String label, String sentence) {
    this.status = status;
    this.phrase = phrase;
    this.label = label;
    this.sentence = sentence;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The reason phrase that goes with the status. */
  public String phrase() {
    return phrase;
  }

  /** The name in records and metrics: lower-case words and hyphens, never changed once shipped. */
  public String label() {
    return label;
  }

  /** What it means, for people. */
  public String sentence() {
    return sentence;
  }

  /** Whether it is the client's or the server's failure rather than a proper answer. */
  public boolean isError() {
    return status >= 400;
  }
}
