package oca.server.pull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oca.config.Default;
import oca.config.Live;
import oca.server.caching.CachingPolicy;
import oca.server.caching.CookieRule;

/**
 * What the RFCs on caching leave to whoever runs the cache.
 *
 * @param targets targeted fields that are heeded, the first first (RFC 9213, section 2.2)
 * @param heedsRequests whether clients may ask for less caching than is allowed; if not, only
 *     {@code only-if-cached} counts of what they say
 * @param heuristicPercent how much of the time since Last-Modified a response is fresh that says
 *     nothing, 0 to 100 (RFC 9111, section 4.2.2); 0 turns it off
 * @param heuristicCap and no longer than that
 * @param errors for how long errors are kept that say nothing; none unless named
 * @param cookies what becomes of responses that set one: {@code refuse} does not keep them, {@code
 *     strip} keeps them without the cookie, {@code keep-if-explicit} keeps what says how long
 * @param staleWhileRevalidate how long stale a response may be used that does not say, while it is
 *     looked for anew (RFC 5861, section 3)
 * @param staleIfError so, when upstream answers 500, 502, 503 or 504 (section 4)
 * @param staleIfAway so, when upstream does not answer at all
 */
public record CachingConfig(
    @Default("[CDN-Cache-Control]") List<String> targets,
    @Default("true") boolean heedsRequests,
    @Live @Default("0") int heuristicPercent,
    @Live @Default("1d") Duration heuristicCap,
    @Live @Default("[]") List<ErrorLife> errors,
    @Default("keep-if-explicit") CookieRule cookies,
    @Live @Default("0s") Duration staleWhileRevalidate,
    @Live @Default("0s") Duration staleIfError,
    @Live @Default("1d") Duration staleIfAway) {

  /**
   * For how long one error is kept that says nothing of it.
   *
   * @param status 400 to 599
   * @param keep 0 or more
   */
  public record ErrorLife(int status, Duration keep) {}

  public CachingConfig {
    targets = List.copyOf(targets);
    errors = List.copyOf(errors);
    policyOf(
        targets,
        heedsRequests,
        heuristicPercent,
        heuristicCap,
        errors,
        cookies,
        staleWhileRevalidate,
        staleIfError,
        staleIfAway);
  }

  CachingPolicy policy() {
    return policyOf(
        targets,
        heedsRequests,
        heuristicPercent,
        heuristicCap,
        errors,
        cookies,
        staleWhileRevalidate,
        staleIfError,
        staleIfAway);
  }

  private static CachingPolicy policyOf(
      List<String> targets,
      boolean heedsRequests,
      int heuristicPercent,
      Duration heuristicCap,
      List<ErrorLife> errors,
      CookieRule cookies,
      Duration staleWhileRevalidate,
      Duration staleIfError,
      Duration staleIfAway) {
    Map<Integer, Long> lives =
        errors.stream()
            .collect(Collectors.toMap(ErrorLife::status, it -> it.keep().toMillis(), Math::max));
    return new CachingPolicy(
        targets,
        heedsRequests,
        heuristicPercent,
        heuristicCap.toMillis(),
        lives,
        cookies,
        staleWhileRevalidate.toMillis(),
        staleIfError.toMillis(),
        staleIfAway.toMillis(),
        true);
  }
}
