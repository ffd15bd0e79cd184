package oca.server.caching;

/** Why a response is not kept; each a counter's label. */
public enum Refusal {
  METHOD("method", "Only answers to GET are kept."),
  REQUEST_BODY("request-body", "The request brought content, which the key does not hold."),
  STATUS("status", "The status is about this one request, or is none."),
  NOT_UNDERSTOOD("not-understood", "It must be understood, and its status is not."),
  REQUEST_NO_STORE("request-no-store", "The client wants nothing kept."),
  NO_STORE("no-store", "The response says no-store."),
  PRIVATE("private", "The response is for one user."),
  AUTHORIZATION("authorization", "The request was authorized, and the response allows no sharing."),
  VARY("vary", "The response varies by more than the request's fields."),
  COOKIE("cookie", "The response sets a cookie."),
  PART("part", "A part without strong validator or known place in a whole."),
  UNDATED("undated", "The response says no lifetime, and its status allows no guess."),
  USELESS("useless", "It is stale already, and has nothing to be validated by.");

  private final String label;
  private final String sentence;

  Refusal(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** Lower-case words and hyphens, a token; never changed once shipped. */
  public String label() {
    return label;
  }

  /** What it means, for people. */
  public String sentence() {
    return sentence;
  }
}
