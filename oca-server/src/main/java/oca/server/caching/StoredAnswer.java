package oca.server.caching;

import oca.server.range.ContentRequest;
import oca.server.range.Reply;
import oca.server.range.ReplyPlanner;

/**
 * What a client is answered from a kept response that may be used (RFC 9111, section 4.3.2): its
 * own If-None-Match, If-Modified-Since, Range and If-Range, by the one planner there is for them.
 */
public final class StoredAnswer {
  private StoredAnswer() {}

  /**
   * The answer to a read.
   *
   * @param maxRanges how many ranges one request may list, 1 or more
   * @return {@link Reply.Whole} also for a kept response that is no success, of which conditions
   *     and ranges say nothing (RFC 9110, section 13.2.1): its own status goes out
   */
  public static Reply plan(CacheRequest request, StoredResponse stored, int maxRanges) {
    if (stored.status() != Statuses.OK && stored.status() != Statuses.PARTIAL_CONTENT) {
      return new Reply.Whole();
    }
    FieldSection fields = request.fields();
    ContentRequest asked =
        new ContentRequest(
            ContentRequest.Method.of(request.method()),
            "",
            fields.joined("Range"),
            fields.joined("If-Range"),
            null,
            fields.joined("If-None-Match"),
            fields.joined("If-Modified-Since"),
            null);
    return ReplyPlanner.plan(asked, stored.validators(), stored.length(), maxRanges);
  }

  /** The same, from a response of which only parts are kept. */
  public static Reply plan(
      CacheRequest request, StoredResponse stored, int maxRanges, ReplyPlanner.Holding holding) {
    return ReplyPlanner.held(plan(request, stored, maxRanges), holding);
  }
}
