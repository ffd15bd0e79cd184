package oca.server.caching;

import java.util.Set;

/** The header sections that go upstream. */
public final class UpstreamRequest {
  /** What a client wants of its own copy; this cache fetches for everybody. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of("if-modified-since", "if-none-match", "if-range", "range");

  /** A read that is kept has no content (RFC 9110, section 9.3.1). */
  private static final Set<String> OF_CONTENT =
      Set.of("content-encoding", "content-length", "content-type", "expect");

  /**
   * Fields by which some origins choose host, path or method, though no key holds them: sent on,
   * one client could choose what all others get. The service sets its own where it wants any.
   */
  private static final Set<String> UNKEYED =
      Set.of(
          "forwarded",
          "front-end-https",
          "x-forwarded-host",
          "x-forwarded-path",
          "x-forwarded-port",
          "x-forwarded-prefix",
          "x-forwarded-proto",
          "x-forwarded-scheme",
          "x-forwarded-server",
          "x-forwarded-ssl",
          "x-host",
          "x-http-host-override",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-host",
          "x-original-url",
          "x-rewrite-url",
          "x-url-scheme");

  private UpstreamRequest() {}

  /**
   * That of a request whose answer may be kept.
   *
   * @param client as the client sent it
   * @param conditions of this cache's own, as a {@link Decision} names them
   * @param version of HTTP in which the client sent it: {@code 1.1}
   */
  public static FieldSection fetch(
      FieldSection client, FieldSection conditions, Via via, String version) {
    FieldSection rest =
        HopByHop.strip(client).without(OF_THE_CLIENT).without(OF_CONTENT).without(UNKEYED);
    return via.addTo(rest.plus(conditions), version);
  }

  /**
   * That of a HEAD, which is passed on as it is but for what no key holds: its answer tells of what
   * is kept for everybody (RFC 9111, section 4.3.5).
   */
  public static FieldSection head(FieldSection client, Via via, String version) {
    return via.addTo(HopByHop.strip(client).without(OF_CONTENT).without(UNKEYED), version);
  }

  /** That of a request that is passed on, and of whose answer nothing is kept. */
  public static FieldSection passedOn(FieldSection client, Via via, String version) {
    return via.addTo(HopByHop.strip(client), version);
  }
}
