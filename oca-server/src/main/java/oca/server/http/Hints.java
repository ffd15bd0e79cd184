package oca.server.http;

import org.jspecify.annotations.Nullable;

/**
 * What a request says beside what decides its answer; all of it may be absent.
 *
 * @param query of the target, without its question mark, as it was sent
 * @param host Host, or {@code :authority}
 * @param cmcdObject CMCD-Object
 * @param cmcdRequest CMCD-Request
 * @param cmcdSession CMCD-Session
 * @param cmcdStatus CMCD-Status
 */
record Hints(
    @Nullable String query,
    @Nullable String host,
    @Nullable String cmcdObject,
    @Nullable String cmcdRequest,
    @Nullable String cmcdSession,
    @Nullable String cmcdStatus) {
  /** Nothing but what every request has. */
  static final Hints NONE = new Hints(null, null, null, null, null, null);
}
