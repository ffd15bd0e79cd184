package oca.protocol.http;

import java.io.IOException;
import java.net.URI;

/**
 * Another one is to be asked the same (307, RFC 9110, section 15.4.8). Nobody was asked yet: who
 * catches it decides.
 */
public final class RedirectedException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient URI location;

  private RedirectedException(String message, URI location) {
    super(message);
    this.location = location;
  }

  /**
   * For an answer that names a place.
   *
   * @return an ordinary failure when the place is none, or would be asked without the TLS that the
   *     one who names it speaks
   */
  static IOException of(String what, URI asked, String location) {
    try {
      URI to = asked.resolve(URI.create(location));
      boolean http = "http".equals(to.getScheme()) && !"https".equals(asked.getScheme());
      if (to.getHost() != null && (http || "https".equals(to.getScheme()))) {
        return new RedirectedException(what + " to " + to, to);
      }
    } catch (IllegalArgumentException e) {
      return new IOException(what + " to what is no URI: " + location, e);
    }
    return new IOException(what + " to where it does not go: " + location);
  }

  /** Where to ask. */
  public URI location() {
    return location;
  }
}
