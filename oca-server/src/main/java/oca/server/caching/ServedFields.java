package oca.server.caching;

/** The header sections that clients get (RFC 9111, section 4; RFC 9110, section 15.4.5). */
public final class ServedFields {
  private ServedFields() {}

  /**
   * That of an answer from what is kept, {@linkplain #unframed without its frame}: with its Age
   * (RFC 9111, section 5.1), this hop in Via and what happened in Cache-Status.
   *
   * @param version of HTTP in which it came from upstream: {@code 1.1}
   */
  public static FieldSection ofStored(
      StoredResponse stored, long nowMillis, Via via, String version, CacheStatusEntry status) {
    return stored.given(nowMillis, via, version, status);
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

  /** What of it an error says that is made here in its place: how it came about, and no more. */
  public static FieldSection ofProblem(FieldSection served) {
    return served.without(
        name -> !name.equalsIgnoreCase("Cache-Status") && !name.equalsIgnoreCase("Via"));
  }

  /** Without Content-Length, which the sender writes. */
  public static FieldSection unframed(FieldSection served) {
    return served.without(name -> name.equalsIgnoreCase("Content-Length"));
  }

  /** Without Content-Range too, of an answer that has one of its own. */
  public static FieldSection ofPart(FieldSection served) {
    return unframed(served).without(name -> name.equalsIgnoreCase("Content-Range"));
  }
}
