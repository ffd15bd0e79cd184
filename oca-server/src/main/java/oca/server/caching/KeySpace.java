package oca.server.caching;

import org.jspecify.annotations.Nullable;

/**
 * All keys of one origin in one space: what is the same in each is made once.
 *
 * @param space what keeps apart; may be empty
 * @param origin scheme and authority, as {@link CacheKey} spells them
 */
public record KeySpace(String space, String origin) {
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65_535;

  /**
   * Those of that origin.
   *
   * @param scheme http or https, in any case
   * @param authority host, and port if there is one (RFC 9110, section 7.2)
   * @throws IllegalArgumentException when they make no origin of such a scheme
   */
  public static KeySpace of(String space, String scheme, String authority) {
    String lowerScheme = Grammar.lower(scheme);
    if (!lowerScheme.equals("http") && !lowerScheme.equals("https")) {
      throw new IllegalArgumentException("neither http nor https: '" + printable(scheme) + '\'');
    }
    String host = authority(lowerScheme, Grammar.lower(authority));
    if (host == null) {
      throw new IllegalArgumentException("not a host with port: '" + printable(authority) + '\'');
    }
    return new KeySpace(space, lowerScheme + "://" + host);
  }

  /** Those of the same origin in another space. */
  public KeySpace in(String other) {
    return new KeySpace(other, origin);
  }

  /**
   * The key of a target.
   *
   * @param target path and query, with its leading slash, as it was sent
   * @throws IllegalArgumentException when it is none; the request is bad
   */
  public CacheKey key(String target) {
    if (!isTarget(target)) {
      throw new IllegalArgumentException("not a path with query: '" + printable(target) + '\'');
    }
    return new CacheKey(space, origin.concat(CacheKey.withoutCmcd(target)));
  }

  private static boolean isTarget(String text) {
    if (!text.startsWith("/")) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
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

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
