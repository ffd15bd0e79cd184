package oca.server.caching;

/**
 * What a request wants of a cache (RFC 9111, section 5.2.1; RFC 5861, section 4). Times are in
 * seconds, 0 to 2^31, or {@link #ABSENT}.
 *
 * @param noCache ask upstream first; also when there is no Cache-Control and Pragma says so
 * @param maxAge no older than that; 0 when it is invalid
 * @param maxStale no longer stale than that; the largest number when it is any
 * @param minFresh fresh for so long; the largest number when it is invalid
 * @param staleIfError how long stale it may be when upstream fails
 */
public record RequestControl(
    boolean noCache,
    boolean noStore,
    boolean onlyIfCached,
    long maxAge,
    long maxStale,
    long minFresh,
    long staleIfError) {

  /** No such time. */
  public static final long ABSENT = Directives.ABSENT;

  /** Nothing wanted. */
  public static final RequestControl NONE =
      new RequestControl(false, false, false, ABSENT, ABSENT, ABSENT, ABSENT);

  /** What the request's header section wants. */
  public static RequestControl of(FieldSection fields) {
    if (!fields.has("Cache-Control")) {
      return fields.has("Pragma") ? ofPragma(fields) : NONE;
    }
    Directives said = Directives.parse(fields.values("Cache-Control"));
    return new RequestControl(
        said.restricts("no-cache") || said.isCutOff(),
        said.restricts("no-store"),
        said.restricts("only-if-cached"),
        said.seconds("max-age", 0),
        said.isAlwaysBare("max-stale") ? Long.MAX_VALUE : said.seconds("max-stale", ABSENT),
        said.seconds("min-fresh", Directives.MAX_SECONDS),
        said.seconds("stale-if-error", ABSENT));
  }

  /** Section 5.4: Pragma counts in requests without Cache-Control, and nowhere else. */
  private static RequestControl ofPragma(FieldSection fields) {
    boolean noCache = Directives.parse(fields.values("Pragma")).restricts("no-cache");
    return noCache ? new RequestControl(true, false, false, ABSENT, ABSENT, ABSENT, ABSENT) : NONE;
  }
}
