package oca.server.caching;

import java.util.HashSet;
import java.util.Set;

/**
 * Fields that end at the next hop (RFC 9110, section 7.6.1), which are neither kept nor sent on.
 *
 * <p>Those that Connection names go too, but for fields that are always meant for the other end.
 * The RFC forbids senders to name such, and some have used it to take from a request what its
 * origin decides by (Cookie, Authorization, X-Forwarded-For) while the cache decides without, or
 * from a response what keeps it from being kept. So these stay, whatever Connection says.
 */
public final class HopByHop {
  /** Also Trailer: trailer fields are not kept, so there is none to announce. */
  private static final Set<String> ALWAYS =
      Set.of(
          "connection",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Set<String> NEVER =
      Set.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "accept-ranges",
          "age",
          "authorization",
          "cache-control",
          "cache-status",
          "cdn-cache-control",
          "cookie",
          "date",
          "etag",
          "expires",
          "forwarded",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "last-modified",
          "location",
          "pragma",
          "range",
          "set-cookie",
          "vary",
          "via",
          "www-authenticate");

  private HopByHop() {}

  /** The section as it may go on, or be kept. */
  public static FieldSection strip(FieldSection fields) {
    if (!fields.has("Connection")) {
      return fields.without(ALWAYS);
    }
    Set<String> gone = new HashSet<>(ALWAYS);
    for (String named : fields.members("Connection")) {
      String name = Grammar.lower(named);
      if (isRemovable(name)) {
        gone.add(name);
      }
    }
    return fields.without(gone);
  }

  private static boolean isRemovable(String name) {
    return !NEVER.contains(name)
        && !name.startsWith("content-")
        && !name.startsWith("x-forwarded-");
  }
}
