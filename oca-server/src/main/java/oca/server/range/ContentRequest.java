package oca.server.range;

import org.jspecify.annotations.Nullable;

/**
 * All that decides an answer in a request for a file. A header field that came in several lines is
 * given as one value, joined by commas (RFC 9110, section 5.2); null where it is absent.
 *
 * @param method what to do
 * @param path without leading slash and query, as it was sent: not decoded, not checked
 * @param range Range
 * @param ifRange If-Range
 * @param ifMatch If-Match
 * @param ifNoneMatch If-None-Match
 * @param ifModifiedSince If-Modified-Since
 * @param ifUnmodifiedSince If-Unmodified-Since
 */
public record ContentRequest(
    Method method,
    String path,
    @Nullable String range,
    @Nullable String ifRange,
    @Nullable String ifMatch,
    @Nullable String ifNoneMatch,
    @Nullable String ifModifiedSince,
    @Nullable String ifUnmodifiedSince) {

  /** The methods that are told apart. */
  public enum Method {
    GET,
    HEAD,
    OPTIONS,
    OTHER;

    /** The method of that name, which is case-sensitive (RFC 9110, section 9.1). */
    public static Method of(String name) {
      return switch (name) {
        case "GET" -> GET;
        case "HEAD" -> HEAD;
        case "OPTIONS" -> OPTIONS;
        default -> OTHER;
      };
    }
  }

  /** A request without any condition or range. */
  public static ContentRequest plain(Method method, String path) {
    return new ContentRequest(method, path, null, null, null, null, null, null);
  }

  /**
   * The path in a request's target, without its leading slash and query.
   *
   * @param target in origin form, {@code /a/b?c}, or in absolute form, {@code http://host/a/b?c}
   *     (RFC 9112, section 3.2)
   * @return null when there is no path in it
   */
  public static @Nullable String pathOf(String target) {
    int start = 0;
    if (target.regionMatches(true, 0, "http://", 0, 7)
        || target.regionMatches(true, 0, "https://", 0, 8)) {
      start = target.indexOf('/', target.indexOf("//") + 2);
    }
    if (start < 0 || start >= target.length() || target.charAt(start) != '/') {
      return null;
    }
    int query = target.indexOf('?', start);
    return target.substring(start + 1, query < 0 ? target.length() : query);
  }
}
