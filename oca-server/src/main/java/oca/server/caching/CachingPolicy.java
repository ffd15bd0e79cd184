package oca.server.caching;

import java.util.List;
import java.util.Map;

/**
 * What the RFCs leave to whoever runs the cache. Times are in milliseconds, 0 or more.
 *
 * @param targets targeted fields that are heeded, the first first (RFC 9213, section 2.2)
 * @param heedsRequests whether clients may ask for less caching; if not, only {@code
 *     only-if-cached} counts of what they say, which RFC 9111, section 5.2.1, leaves open
 * @param heuristicPercent how much of the time since Last-Modified a response is fresh that says
 *     nothing (section 4.2.2), 0 to 100; 0 turns it off
 * @param heuristicCapMillis and no longer than that
 * @param errorMillis by status of 400 and more, for how long errors are kept that say nothing
 * @param cookies what becomes of responses that set one
 * @param revalidateMillis how long stale a response may be used that does not say, while it is
 *     looked for anew, unless it forbids it (RFC 5861, section 3)
 * @param errorStaleMillis so, when upstream answers 500, 502, 503 or 504 (section 4)
 * @param unreachableStaleMillis so, when upstream does not answer at all, for which RFC 9111,
 *     section 4.2.4, needs nobody's leave
 * @param sharedAgeForbidsStale whether s-maxage does, as that section and 5.2.2.10 have it; if not,
 *     a response may be stale that says s-maxage together with stale-while-revalidate
 */
public record CachingPolicy(
    List<String> targets,
    boolean heedsRequests,
    int heuristicPercent,
    long heuristicCapMillis,
    Map<Integer, Long> errorMillis,
    CookieRule cookies,
    long revalidateMillis,
    long errorStaleMillis,
    long unreachableStaleMillis,
    boolean sharedAgeForbidsStale) {
  private static final long DAY = 86_400_000L;

  /** What the RFCs say where they say it, and the careful choice where they do not. */
  public static final CachingPolicy DEFAULTS =
      new CachingPolicy(
          List.of("CDN-Cache-Control"),
          true,
          0,
          DAY,
          Map.of(),
          CookieRule.KEEP_IF_EXPLICIT,
          0,
          0,
          DAY,
          true);

  public CachingPolicy {
    targets = List.copyOf(targets);
    errorMillis = Map.copyOf(errorMillis);
    for (String target : targets) {
      require(Grammar.isToken(target), "targets: not a field's name: " + target);
    }
    require(
        heuristicPercent >= 0 && heuristicPercent <= 100,
        "heuristicPercent: 0 to 100, not " + heuristicPercent);
    require(heuristicCapMillis >= 0, "heuristicCapMillis: below zero");
    require(revalidateMillis >= 0, "revalidateMillis: below zero");
    require(errorStaleMillis >= 0, "errorStaleMillis: below zero");
    require(unreachableStaleMillis >= 0, "unreachableStaleMillis: below zero");
    errorMillis.forEach(
        (status, millis) -> {
          require(status >= 400 && status <= 599, "errorMillis: no error's status: " + status);
          require(millis >= 0, "errorMillis: below zero for " + status);
        });
  }

  /** The same, but that responses may be used stale for at least so long while looked for anew. */
  public CachingPolicy revalidating(long millis) {
    return new CachingPolicy(
        targets,
        heedsRequests,
        heuristicPercent,
        heuristicCapMillis,
        errorMillis,
        cookies,
        Math.max(millis, revalidateMillis),
        errorStaleMillis,
        unreachableStaleMillis,
        sharedAgeForbidsStale);
  }

  private static void require(boolean is, String fault) {
    if (!is) {
      throw new IllegalArgumentException(fault);
    }
  }
}
