package oca.server.caching;

import java.util.Set;

/**
 * What decides in a request whether a cache can answer it.
 *
 * @param method case-sensitive
 * @param fields as they came
 * @param hasBody whether it brings content, which no cache key holds
 */
public record CacheRequest(String method, FieldSection fields, boolean hasBody) {
  /** Methods that change nothing (RFC 9110, section 9.2.1, and the registry of methods). */
  private static final Set<String> SAFE =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PRI", "PROPFIND", "QUERY", "REPORT", "SEARCH");

  /** A GET without content. */
  public static CacheRequest get(FieldSection fields) {
    return new CacheRequest("GET", fields, false);
  }

  /** Whether it is answered from what is kept of GET. */
  public boolean isRead() {
    return isGet() || method.equals("HEAD");
  }

  boolean isGet() {
    return method.equals("GET");
  }

  /** Whether the method is known to change nothing. */
  public boolean isSafe() {
    return SAFE.contains(method);
  }

  /** What counts of its directives under that policy. */
  RequestControl control(CachingPolicy policy) {
    RequestControl said = RequestControl.of(fields);
    return policy.heedsRequests()
        ? said
        : new RequestControl(
            false,
            false,
            said.onlyIfCached(),
            RequestControl.ABSENT,
            RequestControl.ABSENT,
            RequestControl.ABSENT,
            RequestControl.ABSENT);
  }
}
