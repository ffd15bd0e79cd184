package oca.server.caching;

/** Why a request went on towards the origin (RFC 9211, section 2.2). */
public enum Forward {
  /** This cache does not handle such requests. */
  BYPASS("bypass"),
  /** The method's semantics want it. */
  METHOD("method"),
  /** Nothing is kept for the URI. */
  URI_MISS("uri-miss"),
  /** What is kept for the URI is for requests with other fields. */
  VARY_MISS("vary-miss"),
  /** Nothing fit, for whichever reason. */
  MISS("miss"),
  /** What is kept is fresh, and the client does not want it. */
  REQUEST("request"),
  /** What is kept is stale. */
  STALE("stale"),
  /** Not all bytes that are wanted are kept. */
  PARTIAL("partial");

  private final String token;

  Forward(String token) {
    this.token = token;
  }

  /** As Cache-Status has it. */
  public String token() {
    return token;
  }
}
