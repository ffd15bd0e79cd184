package oca.server.caching;

/**
 * What becomes of a response that sets a cookie. RFC 9111, section 7.3, lets it be kept like any
 * other and be given to everybody, cookie and all; that is how sessions leak.
 */
public enum CookieRule {
  /** It is not kept. */
  REFUSE,
  /** It is kept without its cookies; the one who asked first gets them still. */
  STRIP,
  /**
   * It is kept with its cookies when it says itself for how long it is fresh, which is all that the
   * RFC asks for; never for a time that only the policy gives it.
   */
  KEEP_IF_EXPLICIT
}
