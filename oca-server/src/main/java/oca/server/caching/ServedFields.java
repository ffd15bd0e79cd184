package oca.server.caching;

/** The header sections that clients get (RFC 9111, section 4; RFC 9110, section 15.4.5). */
public final class ServedFields {
  private static final long MILLIS = 1000;

  private ServedFields() {}

  /**
   * That of an answer from what is kept: with its Age (RFC 9111, section 5.1), this hop in Via and
   * what happened in Cache-Status.
   *
   * @param version of HTTP in which it came from upstream: {@code 1.1}
   */
  public static FieldSection ofStored(
      StoredResponse stored, long nowMillis, Via via, String version, CacheStatusEntry status) {
    long seconds = stored.ageMillis(nowMillis) / MILLIS;
    FieldSection aged =
        stored.fields().with("Age", Long.toString(Math.min(seconds, Directives.MAX_SECONDS)));
    return status.appendTo(via.addTo(aged, version));
  }

  /**
   * That of an answer as it comes from upstream, kept or not: its Age stays as it came.
   *
   * @param response as upstream sent it
   */
  public static FieldSection ofUpstream(
      FieldSection response, Via via, String version, CacheStatusEntry status) {
    return status.appendTo(via.addTo(HopByHop.strip(response), version));
  }

  /**
   * What of it a 304 says: all but what describes content, which the client has already (RFC 9110,
   * section 15.4.5); where the content lives it says yet.
   */
  public static FieldSection ofNotModified(FieldSection served) {
    return served.without(
        name ->
            name.regionMatches(true, 0, "Content-", 0, 8)
                && !name.equalsIgnoreCase("Content-Location")
                && !name.equalsIgnoreCase("Content-Security-Policy"));
  }

  /** Without Content-Length and Content-Range, where the sender writes those of its own. */
  public static FieldSection unframed(FieldSection served) {
    return served.without(
        name -> name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Content-Range"));
  }
}
