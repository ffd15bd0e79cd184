package oca.server.http;

import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in, by whatever protocol.
 *
 * @param request what is asked; the path is empty when {@code fault} is not null
 * @param path the file that is asked for, as far as it can be one
 * @param fault the rule it breaks; after the answer nothing more can be read from the connection
 * @param keepAlive whether the client wants to go on with the connection
 * @param isBulk whether it may wait until viewers are served
 * @param wantsDigest whether the file's digest is wanted (RFC 9530)
 * @param nanos when its last byte was read, in {@link System#nanoTime}
 * @param hints what it says beside
 * @param head all of its head, when its path may be one of a service that pulls; else null
 */
record Arrival(
    ContentRequest request,
    KnownPaths.Path path,
    @Nullable Outcome fault,
    boolean keepAlive,
    boolean isBulk,
    boolean wantsDigest,
    long nanos,
    Hints hints,
    @Nullable PullHead head) {

  private static final ContentRequest NOTHING = ContentRequest.plain(Method.OTHER, "");

  /** One that is not to be planned for: it broke a rule, or did not come to its end in time. */
  static Arrival refused(Outcome fault, long nanos) {
    return new Arrival(
        NOTHING, KnownPaths.NONE, fault, false, false, false, nanos, Hints.NONE, null);
  }

  /** The same, with all of its head. */
  Arrival with(PullHead all) {
    return new Arrival(request, path, fault, keepAlive, isBulk, wantsDigest, nanos, hints, all);
  }

  /**
   * Whether it may carry content: there is an upstream to get it, and it is not for reading, where
   * content means nothing and is how caches are poisoned (RFC 9110, section 9.3.1).
   */
  boolean mayHaveContent() {
    return path.isPulled() && request.method() != Method.GET && request.method() != Method.HEAD;
  }

  /**
   * Whether a Priority field gives the lowest urgency, 7, which is for the background (RFC 9218,
   * section 4.1). Anything else that it says, or does not say, is no bulk.
   */
  static boolean isBulk(@Nullable String priority) {
    if (priority == null) {
      return false;
    }
    for (String member : priority.split(",", -1)) {
      if (member.strip().equals("u=7")) {
        return true;
      }
    }
    return false;
  }
}
