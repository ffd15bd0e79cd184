package oca.server.caching;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a response says of its caching (RFC 9111, section 5.2.2; RFC 5861; RFC 8246). Times are in
 * seconds, 0 to 2^31, or {@link #ABSENT}.
 *
 * @param target the targeted field that says so, in lower case (RFC 9213); null for Cache-Control
 * @param noCache use nothing of it without asking upstream
 * @param noCacheFields nor these fields, in lower case
 * @param isPrivate keep nothing of it
 * @param privateFields nor these fields, in lower case
 * @param maxAge 0 when it is invalid, as for sMaxAge: what nobody can read is stale
 * @param staleWhileRevalidate absent when it is invalid, as for staleIfError
 */
public record ResponseControl(
    @Nullable String target,
    boolean noStore,
    boolean noCache,
    Set<String> noCacheFields,
    boolean isPrivate,
    Set<String> privateFields,
    boolean isPublic,
    boolean mustRevalidate,
    boolean proxyRevalidate,
    boolean mustUnderstand,
    boolean immutable,
    long maxAge,
    long sMaxAge,
    long staleWhileRevalidate,
    long staleIfError) {

  /** No such time. */
  public static final long ABSENT = Directives.ABSENT;

  /**
   * Fields a response cannot do without. A directive that is about one of them is about all of it:
   * the rest would be something else than what was sent.
   */
  private static final Set<String> ESSENTIAL =
      Set.of(
          "age",
          "cache-control",
          "content-encoding",
          "content-language",
          "content-length",
          "content-location",
          "content-range",
          "content-type",
          "date",
          "etag",
          "expires",
          "last-modified",
          "location",
          "vary");

  public ResponseControl {
    noCacheFields = Set.copyOf(noCacheFields);
    privateFields = Set.copyOf(privateFields);
  }

  /**
   * What counts for a cache that heeds these targeted fields: the first of them that is there, can
   * be read and is not empty; else Cache-Control (RFC 9213, section 2.2).
   *
   * @param targets names, the first first
   */
  public static ResponseControl of(FieldSection fields, List<String> targets) {
    for (String target : targets) {
      Directives directives = TargetedField.directives(fields.joined(target));
      if (directives != null) {
        return of(directives, Grammar.lower(target));
      }
    }
    return of(Directives.parse(fields.values("Cache-Control")), null);
  }

  private static ResponseControl of(Directives said, @Nullable String target) {
    Set<String> noCache = said.fieldNames("no-cache");
    Set<String> secret = said.fieldNames("private");
    // Behind a quoted string without end may be anything; so it is stale at once.
    boolean unsure = said.isCutOff();
    return new ResponseControl(
        target,
        said.restricts("no-store"),
        unsure || isAboutAll(noCache),
        isAboutAll(noCache) || noCache == null ? Set.of() : noCache,
        isAboutAll(secret),
        isAboutAll(secret) || secret == null ? Set.of() : secret,
        said.permits("public"),
        said.restricts("must-revalidate"),
        said.restricts("proxy-revalidate"),
        said.restricts("must-understand"),
        said.restricts("immutable"),
        said.seconds("max-age", 0),
        said.seconds("s-maxage", 0),
        said.seconds("stale-while-revalidate", ABSENT),
        said.seconds("stale-if-error", ABSENT));
  }

  private static boolean isAboutAll(@Nullable Set<String> names) {
    return names != null && (names.isEmpty() || names.stream().anyMatch(ESSENTIAL::contains));
  }

  /** Whether a targeted field speaks, so that Cache-Control and Expires do not count. */
  public boolean isTargeted() {
    return target != null;
  }

  /** Whether it says how long the response is fresh, Expires aside. */
  public boolean saysLifetime() {
    return maxAge != ABSENT || sMaxAge != ABSENT;
  }
}
