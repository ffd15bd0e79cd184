package oca.server.caching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is kept answers a request (RFC 9111, section 4). Safe on any thread.
 *
 * <p>If-Match and If-Unmodified-Since are for origins (section 4.3.2): a request with one is passed
 * on as it is, and so is a read with content, of which the key knows nothing.
 *
 * <p>A reload ({@code max-age=0}) of what is immutable and fresh is answered from here; {@code
 * no-cache} asks upstream even so (RFC 8246, section 2).
 */
public final class Reuse {
  private static final long MILLIS = 1000;

  private final CachingPolicy policy;

  /** Decides by that policy. */
  public Reuse(CachingPolicy policy) {
    this.policy = policy;
  }

  /**
   * What to do with a request.
   *
   * @param stored all that is kept for its key, in any order
   * @param nowMillis since 1970
   */
  public Decision decide(CacheRequest request, List<StoredResponse> stored, long nowMillis) {
    if (!request.isRead()) {
      return new Decision.Bypass(Forward.METHOD);
    }
    if (request.hasBody()
        || request.fields().has("If-Match")
        || request.fields().has("If-Unmodified-Since")) {
      return new Decision.Bypass(Forward.BYPASS);
    }
    RequestControl wanted = request.control(policy);
    StoredResponse chosen = choose(request.fields(), stored);
    if (chosen != null) {
      return decide(wanted, chosen, nowMillis);
    }
    if (wanted.onlyIfCached()) {
      return new Decision.OnlyIfCached();
    }
    return new Decision.Miss(
        stored.isEmpty() ? Forward.URI_MISS : Forward.VARY_MISS, Validation.conditions(stored));
  }

  /** The one for such a request, of several the last that was made (section 4.1). */
  private static @Nullable StoredResponse choose(
      FieldSection request, List<StoredResponse> stored) {
    StoredResponse chosen = null;
    for (StoredResponse response : stored) {
      if (response.matches(request) && (chosen == null || isLater(response, chosen))) {
        chosen = response;
      }
    }
    return chosen;
  }

  private static boolean isLater(StoredResponse one, StoredResponse other) {
    long oneDate = CacheDates.earliest(one.fields().values("Date")).orElse(0);
    long otherDate = CacheDates.earliest(other.fields().values("Date")).orElse(0);
    return oneDate != otherDate
        ? oneDate > otherDate
        : one.receivedMillis() > other.receivedMillis();
  }

  private Decision decide(RequestControl wanted, StoredResponse stored, long nowMillis) {
    long age = stored.ageMillis(nowMillis);
    long ttl = stored.ttlMillis(nowMillis);
    boolean refused = isRefused(wanted, stored, age, ttl);
    if (!refused && !stored.control().noCache()) {
      if (ttl > 0) {
        return new Decision.Fresh(stored, age, ttl);
      }
      if (!stored.forbidsStale(policy)) {
        Decision stale = stale(wanted, stored, age, ttl);
        if (stale != null) {
          return stale;
        }
      }
    }
    if (wanted.onlyIfCached()) {
      return new Decision.OnlyIfCached();
    }
    boolean usable = ttl > 0 && !stored.control().noCache();
    return new Decision.MustValidate(
        stored, usable ? Forward.REQUEST : Forward.STALE, Validation.conditions(List.of(stored)));
  }

  /** Whether the client does not want it, fresh or not. */
  private static boolean isRefused(
      RequestControl wanted, StoredResponse stored, long age, long ttl) {
    if (wanted.noCache()) {
      return true;
    }
    boolean isSettled = stored.control().immutable() && ttl > 0;
    boolean isTooOld =
        wanted.maxAge() == 0
            || (wanted.maxAge() != RequestControl.ABSENT && age > wanted.maxAge() * MILLIS);
    boolean isTooShort =
        wanted.minFresh() != RequestControl.ABSENT && ttl < wanted.minFresh() * MILLIS;
    return (isTooOld && !isSettled) || isTooShort;
  }

  private @Nullable Decision stale(
      RequestControl wanted, StoredResponse stored, long age, long ttl) {
    if (wanted.maxStale() != RequestControl.ABSENT && -ttl / MILLIS <= wanted.maxStale()) {
      return new Decision.StaleAccepted(stored, age, ttl);
    }
    long said = stored.control().staleWhileRevalidate();
    long window = said == ResponseControl.ABSENT ? policy.revalidateMillis() : said * MILLIS;
    return window > 0 && -ttl <= window
        ? new Decision.StaleWhileRevalidate(
            stored, age, ttl, Validation.conditions(List.of(stored)))
        : null;
  }

  /**
   * What may be answered after upstream failed.
   *
   * @param stored what was to be validated, or would have been
   * @param status what upstream answered; 0 when it could not be reached or broke off
   * @return null when the failure is to be told, as it was or as 504
   */
  public Decision.@Nullable StaleIfError onFailure(
      CacheRequest request, StoredResponse stored, int status, long nowMillis) {
    if (status != 0 && !Statuses.isUpstreamFailure(status)) {
      return null;
    }
    long ttl = stored.ttlMillis(nowMillis);
    boolean isForbidden = stored.control().noCache() || (ttl <= 0 && stored.forbidsStale(policy));
    if (isForbidden || -ttl > errorWindow(request, stored, status)) {
      return null;
    }
    return new Decision.StaleIfError(stored, stored.ageMillis(nowMillis), ttl);
  }

  /** For how long it may be stale; what the response says of itself counts before the policy. */
  private long errorWindow(CacheRequest request, StoredResponse stored, int status) {
    long ofRequest = request.control(policy).staleIfError() * MILLIS;
    long ofResponse = stored.control().staleIfError() * MILLIS;
    long window = ofResponse < 0 ? policy.errorStaleMillis() : ofResponse;
    if (status == 0 && ofResponse < 0) {
      window = Math.max(window, policy.unreachableStaleMillis());
    }
    return Math.max(window, ofRequest);
  }
}
