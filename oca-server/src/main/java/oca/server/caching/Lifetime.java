package oca.server.caching;

import java.util.OptionalLong;

/**
 * For how long a response is fresh, counted from when it was made (RFC 9111, section 4.2.1).
 *
 * @param millis 0 or more
 * @param basis who says so
 */
public record Lifetime(long millis, Basis basis) {

  /** What a lifetime rests on. In a targeted field, the first two are of that field. */
  public enum Basis {
    S_MAXAGE,
    MAX_AGE,
    EXPIRES,
    /** The policy's time for errors. */
    ERROR_RULE,
    /** A part of the time since Last-Modified. */
    HEURISTIC,
    /** Nothing: it is stale at once. */
    NONE;

    /** Whether the response itself says it. */
    public boolean isExplicit() {
      return switch (this) {
        case S_MAXAGE, MAX_AGE, EXPIRES -> true;
        case ERROR_RULE, HEURISTIC, NONE -> false;
      };
    }
  }

  private static final long MILLIS = 1000;
  private static final Lifetime NONE = new Lifetime(0, Basis.NONE);

  /** That of a response to a shared cache. */
  static Lifetime of(
      int status,
      FieldSection fields,
      ResponseControl control,
      long receivedMillis,
      CachingPolicy policy) {
    if (control.sMaxAge() != ResponseControl.ABSENT) {
      return new Lifetime(control.sMaxAge() * MILLIS, Basis.S_MAXAGE);
    }
    if (control.maxAge() != ResponseControl.ABSENT) {
      return new Lifetime(control.maxAge() * MILLIS, Basis.MAX_AGE);
    }
    if (!control.isTargeted() && fields.has("Expires")) {
      return new Lifetime(untilExpiry(fields, receivedMillis), Basis.EXPIRES);
    }
    Long ofError = policy.errorMillis().get(status);
    if (ofError != null) {
      return new Lifetime(ofError, Basis.ERROR_RULE);
    }
    long heuristic = heuristic(status, fields, control, receivedMillis, policy);
    return heuristic > 0 ? new Lifetime(heuristic, Basis.HEURISTIC) : NONE;
  }

  /** Section 5.3: what is no date is in the past, {@code 0} above all. */
  private static long untilExpiry(FieldSection fields, long receivedMillis) {
    OptionalLong expires = CacheDates.earliest(fields.values("Expires"));
    long date = date(fields, receivedMillis);
    long seconds = expires.isEmpty() ? 0 : Math.max(0, expires.getAsLong() - date);
    return Math.min(seconds, Directives.MAX_SECONDS) * MILLIS;
  }

  private static long heuristic(
      int status,
      FieldSection fields,
      ResponseControl control,
      long receivedMillis,
      CachingPolicy policy) {
    OptionalLong modified = CacheDates.earliest(fields.values("Last-Modified"));
    if (modified.isEmpty() || !(Statuses.isHeuristic(status) || control.isPublic())) {
      return 0;
    }
    long unchanged = Math.max(0, date(fields, receivedMillis) - modified.getAsLong()) * MILLIS;
    return Math.min(unchanged / 100 * policy.heuristicPercent(), policy.heuristicCapMillis());
  }

  /** When it was made: what Date says, else when it came (RFC 9110, section 6.6.1). */
  private static long date(FieldSection fields, long receivedMillis) {
    return CacheDates.earliest(fields.values("Date")).orElse(Math.floorDiv(receivedMillis, MILLIS));
  }
}
