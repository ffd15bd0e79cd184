package oca.server.caching;

import org.jspecify.annotations.Nullable;

/**
 * Under what responses are kept (RFC 9111, section 2): the target URI, in a space of its own for
 * each service or version. GET and HEAD share it.
 *
 * <p>Alike are made only what RFC 3986 and RFC 9110, section 4.2.3, say to be the same and no
 * origin tells apart: scheme and host in lower case, the default port left out, no path for the
 * root. Path and query stay to the last character: nothing is decoded, resolved, sorted or changed
 * in case, since what two servers read differently is how caches are poisoned; two spellings cost a
 * miss at most. The query argument {@code CMCD} goes, as CTA-5004 asks for: it is said to the
 * cache, not to the origin.
 *
 * @param space what keeps apart; may be empty
 * @param uri scheme, authority, path and query
 */
public record CacheKey(String space, String uri) {
  private static final String CMCD = "CMCD=";

  /**
   * The key of a request.
   *
   * @param scheme http or https, in any case
   * @param authority host, and port if there is one (RFC 9110, section 7.2)
   * @param target path and query, with its leading slash, as it was sent
   * @throws IllegalArgumentException when they make no URI of such a scheme; the request is bad
   */
  public static CacheKey of(String space, String scheme, String authority, String target) {
    return KeySpace.of(space, scheme, authority).key(target);
  }

  /** The key of an absolute URI of http or https, or null when it is none; a fragment goes. */
  static @Nullable CacheKey ofUri(String space, String uri) {
    int scheme = uri.indexOf("://");
    int fragment = uri.indexOf('#');
    String whole = fragment < 0 ? uri : uri.substring(0, fragment);
    if (scheme < 0 || scheme + 3 > whole.length()) {
      return null;
    }
    int path = scheme + 3;
    while (path < whole.length() && "/?".indexOf(whole.charAt(path)) < 0) {
      path++;
    }
    String target = whole.substring(path);
    try {
      return of(
          space,
          whole.substring(0, scheme),
          whole.substring(scheme + 3, path),
          target.startsWith("/") ? target : '/' + target);
    } catch (IllegalArgumentException noSuchUri) {
      // Of another scheme, or malformed: nothing is kept under it.
      return null;
    }
  }

  /** Scheme and authority, as the origin of RFC 9110, section 4.3.1. */
  String origin() {
    int path = uri.indexOf('/', uri.indexOf("://") + 3);
    return uri.substring(0, path);
  }

  /** Without arguments of that very name; without a question mark when none is left. */
  static String withoutCmcd(String target) {
    int question = target.indexOf('?');
    if (question < 0 || target.indexOf(CMCD, question) < 0) {
      return target;
    }
    StringBuilder out = new StringBuilder(target.length()).append(target, 0, question);
    char before = '?';
    int from = question + 1;
    while (from <= target.length()) {
      int and = target.indexOf('&', from);
      int to = and < 0 ? target.length() : and;
      if (!target.startsWith(CMCD, from)) {
        out.append(before).append(target, from, to);
        before = '&';
      }
      from = to + 1;
    }
    return out.toString();
  }
}
