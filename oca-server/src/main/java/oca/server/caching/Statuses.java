package oca.server.caching;

import java.util.Set;

/** What statuses mean to a cache. */
final class Statuses {
  static final int OK = 200;
  static final int PARTIAL_CONTENT = 206;
  static final int NOT_MODIFIED = 304;

  /** RFC 9110, section 15.1: they may be kept without saying for how long. */
  private static final Set<Integer> HEURISTIC =
      Set.of(200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501);

  /** Those of RFC 9110 of which a cache is told all it must do, and this one does it. */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404,
          405, 406, 408, 409, 410, 411, 413, 414, 415, 422, 426, 500, 501, 502, 503, 504, 505);

  /**
   * Answers to something in a request that no cache key holds: its conditions, its ranges, its
   * connection, its rate or the size of its fields. Given to other requests for the same target
   * they would be wrong, and a way to poison it; RFC 6585 and RFC 8470 forbid some of them.
   */
  private static final Set<Integer> ABOUT_THE_REQUEST =
      Set.of(304, 407, 412, 416, 417, 421, 425, 428, 429, 431, 511);

  /** Failures for which a stale answer may stand in (RFC 5861, section 4). */
  private static final Set<Integer> UPSTREAM_FAILURES = Set.of(500, 502, 503, 504);

  private Statuses() {}

  static boolean isHeuristic(int status) {
    return HEURISTIC.contains(status);
  }

  static boolean isUnderstood(int status) {
    return UNDERSTOOD.contains(status);
  }

  static boolean isAboutTheRequest(int status) {
    return ABOUT_THE_REQUEST.contains(status);
  }

  static boolean isUpstreamFailure(int status) {
    return UPSTREAM_FAILURES.contains(status);
  }

  /** Whether it ends an exchange, and is one at all (RFC 9110, section 15). */
  static boolean isFinal(int status) {
    return status >= 200 && status <= 599;
  }
}
