package oca.server.caching;

/**
 * What a cache does with a request. Ages and times to live are in milliseconds; a time to live
 * below zero says how long a response has been stale.
 */
public sealed interface Decision {

  /** Answer from what is kept, which is fresh. */
  record Fresh(StoredResponse stored, long ageMillis, long ttlMillis) implements Decision {}

  /** Answer from what is kept, which is stale; the client takes that (RFC 9111, 5.2.1.2). */
  record StaleAccepted(StoredResponse stored, long ageMillis, long ttlMillis) implements Decision {}

  /**
   * Answer from what is kept, which is stale, and look for it anew meanwhile (RFC 5861, section 3).
   *
   * @param conditions to ask upstream with
   */
  record StaleWhileRevalidate(
      StoredResponse stored, long ageMillis, long ttlMillis, FieldSection conditions)
      implements Decision {}

  /** Answer from what is kept, because upstream failed (RFC 5861, section 4). */
  record StaleIfError(StoredResponse stored, long ageMillis, long ttlMillis) implements Decision {}

  /**
   * Ask upstream whether what is kept can be used yet.
   *
   * @param conditions to ask with; empty when it has no validator, and all of it is fetched
   */
  record MustValidate(StoredResponse stored, Forward why, FieldSection conditions)
      implements Decision {}

  /**
   * Ask upstream, since nothing that is kept fits.
   *
   * @param conditions that name what is kept for other requests to the same target, one of which
   *     may turn out to fit; empty when nothing is
   */
  record Miss(Forward why, FieldSection conditions) implements Decision {}

  /** Answer 504: the client wants nothing from upstream, and nothing here fits. */
  record OnlyIfCached() implements Decision {}

  /** Pass the request on as it is, and keep nothing of what comes. */
  record Bypass(Forward why) implements Decision {}
}
