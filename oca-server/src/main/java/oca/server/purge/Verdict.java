package oca.server.purge;

/** What purges say of an object. */
public enum Verdict {
  /** It was not purged. */
  VALID,
  /** It is stale: to be validated, and served only where a stale object may be. */
  SOFT,
  /** It must not be served any more. */
  HARD
}
