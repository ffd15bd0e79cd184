package oca.server.authorize;

import oca.protocol.token.Reason;

/** What becomes of a request, as far as its token goes. */
public sealed interface Verdict {
  /**
   * The file may be served.
   *
   * @param path what the request asks for, without a token. Behind a token it is always one that
   *     {@link oca.model.ContentPath} allows; a public path is passed on as it was sent, checked
   *     for nothing.
   */
  record Granted(String path) implements Verdict {}

  /**
   * It may not.
   *
   * @param reason why; the first one found
   */
  record Denied(Reason reason) implements Verdict {}
}
