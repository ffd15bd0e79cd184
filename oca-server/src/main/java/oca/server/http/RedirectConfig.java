package oca.server.http;

import java.net.URI;
import oca.server.caching.FieldSection;
import oca.server.pull.PulledAnswer;
import oca.server.range.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Where those go who ask for a file that is not here, instead of 404: the next appliance, or the
 * origin.
 *
 * @param prefix of paths without their leading slash and without token; the longest that fits
 *     counts
 * @param to scheme and host, and port if there is one; must not lead back here
 */
public record RedirectConfig(String prefix, URI to) {
  private static final int TEMPORARY_REDIRECT = 307;

  public RedirectConfig {
    boolean isOrigin =
        to.getHost() != null
            && ("http".equals(to.getScheme()) || "https".equals(to.getScheme()))
            && (to.getRawPath().isEmpty() || to.getRawPath().equals("/"))
            && to.getRawQuery() == null
            && to.getRawFragment() == null
            && to.getRawUserInfo() == null;
    if (!isOrigin) {
      throw new IllegalArgumentException(
          "to must be http or https, host and port, such as http://next.example:8080, not: " + to);
    }
    if (prefix.startsWith("/")) {
      throw new IllegalArgumentException("prefix must not begin with a slash: " + prefix);
    }
  }

  /**
   * The same path elsewhere (RFC 9110, section 15.4.8).
   *
   * @param path as it was sent, token included, without its leading slash
   * @param query without its question mark; null without one
   */
  PulledAnswer answer(String path, @Nullable String query, String cacheStatus) {
    String location =
        to.getScheme()
            + "://"
            + to.getRawAuthority()
            + '/'
            + path
            + (query == null ? "" : '?' + query);
    return new PulledAnswer(
        TEMPORARY_REDIRECT,
        new Reply.Whole(),
        FieldSection.of("Location", location, "Cache-Status", cacheStatus),
        0,
        null);
  }
}
