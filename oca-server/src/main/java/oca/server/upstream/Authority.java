package oca.server.upstream;

import java.net.URI;
import java.util.Locale;

/**
 * Whom an upstream's URL names.
 *
 * @param tls whether it is at https
 * @param host in lower case, a name or an address literal without brackets
 * @param port 1 to 65535
 */
record Authority(boolean tls, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * That of a URL.
   *
   * @throws IllegalArgumentException when it says more, or less, than scheme, host and port
   */
  static Authority of(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    String host = url.getHost();
    String path = String.valueOf(url.getRawPath());
    if ((!tls && !scheme.equals("http"))
        || host == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || !(path.isEmpty() || path.equals("/"))
        || url.getPort() == 0
        || url.getPort() > 65_535) {
      throw new IllegalArgumentException(
          "an upstream is http://host:port or https://host:port and no more, not: " + url);
    }
    int port = url.getPort() > 0 ? url.getPort() : tls ? HTTPS : HTTP;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Authority(tls, bare.toLowerCase(Locale.ROOT), port);
  }

  /** Refuses what cannot stand in Host (RFC 9110, section 7.2). */
  static void checkHost(String host) {
    boolean fits =
        host.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "-._~!$&'()*+,;=%:[]".indexOf(c) >= 0);
    if (host.isEmpty() || !fits) {
      throw new IllegalArgumentException("host must be a host name, perhaps with a port");
    }
  }

  /** What Host says of it: without the port where it is the scheme's own. */
  String hostField() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? HTTPS : HTTP) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + hostField();
  }
}
