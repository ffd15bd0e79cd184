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
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65_535;

  /**
   * The key of a request.
   *
   * @param scheme http or https, in any case
   * @param authority host, and port if there is one (RFC 9110, section 7.2)
   * @param target path and query, with its leading slash, as it was sent
   * @throws IllegalArgumentException when they make no URI of such a scheme; the request is bad
   */
  public static CacheKey of(String space, String scheme, String authority, String target) {
    String lowerScheme = Grammar.lower(scheme);
    if (!lowerScheme.equals("http") && !lowerScheme.equals("https")) {
      throw new IllegalArgumentException("neither http nor https: '" + printable(scheme) + '\'');
    }
    String host = authority(lowerScheme, Grammar.lower(authority));
    if (host == null) {
      throw new IllegalArgumentException("not a host with port: '" + printable(authority) + '\'');
    }
    if (!target.startsWith("/") || !isVisible(target) || target.indexOf('#') >= 0) {
      throw new IllegalArgumentException("not a path with query: '" + printable(target) + '\'');
    }
    return new CacheKey(space, lowerScheme + "://" + host + withoutCmcd(target));
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

  private static @Nullable String authority(String scheme, String authority) {
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    String port = hasPort ? authority.substring(colon + 1) : "";
    if (!isHost(host)) {
      return null;
    }
    if (port.isEmpty()) {
      return host;
    }
    if (!Grammar.isDigits(port) || port.length() > MAX_PORT_DIGITS) {
      return null;
    }
    int number = Integer.parseInt(port);
    if (number == 0 || number > MAX_PORT) {
      return null;
    }
    return number == (scheme.equals("http") ? 80 : 443) ? host : host + ':' + number;
  }

  /** A name, an IPv4 address, or an IPv6 one in brackets (RFC 3986, section 3.2.2). */
  private static boolean isHost(String host) {
    if (host.startsWith("[")) {
      return host.length() > 3
          && host.endsWith("]")
          && host.substring(1, host.length() - 1)
              .chars()
              .allMatch(c -> Grammar.isDigit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.');
    }
    return !host.isEmpty()
        && host.chars()
            .allMatch(
                c ->
                    Grammar.isLetter(c) || Grammar.isDigit(c) || "-._~!$&'()*+;=%".indexOf(c) >= 0);
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

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
