package oca.server.authorize;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import oca.protocol.token.KeyRing;
import oca.server.authorize.AuthorizeConfig.Scheme;

/**
 * Policy and keys at one moment: which paths need a token and what a good token is. Immutable, safe
 * on any thread; {@link Verifier} does the work.
 */
public final class UrlAuthorizer {
  private final AuthorizeConfig config;
  private final KeyRing keys;
  private final String[] roots;
  private final List<String> bases;

  /** The policy, with the keys as they are now. */
  public UrlAuthorizer(AuthorizeConfig config, KeyRing keys) {
    this.config = config;
    this.keys = keys;
    this.roots = config.protect().stream().map(it -> it.substring(1)).toArray(String[]::new);
    this.bases = config.signedBases().stream().map(UrlAuthorizer::normalised).toList();
  }

  /**
   * Whether a path, as sent and without its leading slash, needs no token. Decides by the text
   * alone: another spelling of a protected path is public here, and names no file to {@link
   * oca.model.ContentPath}.
   */
  public boolean isPublic(String path) {
    for (String root : roots) {
      int end = root.length();
      if (end == 0
          || (path.startsWith(root) && (path.length() == end || path.charAt(end) == '/'))) {
        return false;
      }
    }
    return true;
  }

  /** Whether no file needs a token; then no path is read as a token either. */
  boolean isOpen() {
    return roots.length == 0;
  }

  AuthorizeConfig config() {
    return config;
  }

  KeyRing keys() {
    return keys;
  }

  boolean accepts(Scheme scheme) {
    return config.schemes().contains(scheme);
  }

  /** What a signed URI may have before its path, each with a slash at its end. */
  List<String> bases() {
    return bases;
  }

  /** RFC 3986, section 6.2.3: scheme and host in lower case, no default port, a slash as path. */
  private static String normalised(URI base) {
    String scheme = base.getScheme();
    boolean isDefault = base.getPort() < 0 || base.getPort() == (scheme.equals("https") ? 443 : 80);
    String host = base.getHost().toLowerCase(Locale.ROOT);
    return scheme + "://" + host + (isDefault ? "" : ":" + base.getPort()) + "/";
  }
}
