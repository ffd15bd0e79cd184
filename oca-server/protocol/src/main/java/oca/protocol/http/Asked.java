package oca.protocol.http;

import org.jspecify.annotations.Nullable;

/** What came of asking for a resource of which one version is at hand already. */
public sealed interface Asked<T, D> {
  /** It is as it was (304). */
  record Same<T, D>() implements Asked<T, D> {}

  /**
   * All of it (200).
   *
   * @param etag as sent, or null when there was none
   */
  record Whole<T, D>(T message, @Nullable String etag) implements Asked<T, D> {}

  /**
   * What makes it of the version at hand (226, RFC 3229).
   *
   * @param etag of what comes of it, as sent, or null when there was none
   */
  record Delta<T, D>(D message, @Nullable String etag) implements Asked<T, D> {}
}
