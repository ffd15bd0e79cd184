package oca.server.pull;

import java.util.List;
import oca.model.ByteRange;
import oca.server.caching.FieldSection;
import oca.server.caching.ServedFields;
import oca.server.caching.StoredResponse;
import oca.server.range.ContentRequest;
import oca.server.range.Reply;
import oca.server.range.ReplyPlanner;
import org.jspecify.annotations.Nullable;

/**
 * What plain requests for one path were answered last: reads without any field by which caches
 * decide ({@link #HEEDED}). As long as all that the answer followed from is as it was, it follows
 * again, and nothing of it has to be looked up or decided anew. That is so for at most a second,
 * since Age and Cache-Status count those.
 *
 * <p>It saves most of what a hit costs in the processor: little memory is touched for it, and that
 * matters, as each answer's bytes have just gone through the caches of the same processor. For one
 * thread.
 */
public final class Remembered {
  /** The fields of requests that decide whether and how they are answered from a cache. */
  public static final List<String> HEEDED =
      List.of(
          "cache-control",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "pragma",
          "via");

  private static final int OK = 200;
  private static final long SECOND = 1000;

  private @Nullable Known known;

  /** An answer, and what it followed from. */
  private record Known(
      Service service,
      Resource resource,
      List<Held> among,
      Held one,
      long purges,
      long since,
      long until,
      FieldSection whole,
      FieldSection part) {

    boolean isSo(long now) {
      return now >= since
          && now < until
          && resource.isHeld(among)
          && one.isUsable()
          && service.purges().now() == purges;
    }
  }

  /** Nothing yet. */
  public Remembered() {}

  /**
   * The answer to a plain request, as {@link PullSource#ask} would give it now.
   *
   * @param maxRanges how many ranges it may list, 1 or more
   * @return null when it has to be asked
   */
  public @Nullable PulledAnswer answer(ContentRequest request, int maxRanges) {
    Known last = known;
    if (last == null) {
      return null;
    }
    if (!last.isSo(last.service.now())) {
      known = null;
      return null;
    }
    StoredResponse response = last.one.response();
    Reply reply = ReplyPlanner.plan(request, response.validators(), response.length(), maxRanges);
    FieldSection fields =
        switch (reply) {
          case Reply.Whole() -> last.whole;
          case Reply.Part(ByteRange _) -> last.part;
          case Reply.Parts(List<ByteRange> _) -> last.part;
          case Reply.NotModified(),
              Reply.PreconditionFailed(),
              Reply.Unsatisfiable(),
              Reply.TooManyRanges(),
              Reply.NotHere(),
              Reply.Forbidden(),
              Reply.MethodNotAllowed(),
              Reply.Preflight(),
              Reply.Busy(),
              Reply.Refused _,
              Reply.Failed _ ->
              null;
        };
    PulledBody body = fields == null ? null : last.one.open();
    if (fields == null || body == null) {
      return null;
    }
    last.service.tally().answered(PullTally.Way.HIT);
    return new PulledAnswer(OK, reply, fields, body.length(), body);
  }

  /**
   * A plain request for what no event declares was just answered by a fresh response.
   *
   * @param among all that was kept when it was chosen
   * @param purges how many there were before it was chosen
   * @param fields of the answer, before what it is told how it was cut
   */
  void remember(
      Service service,
      Resource resource,
      List<Held> among,
      Held one,
      long purges,
      long now,
      FieldSection fields) {
    StoredResponse response = one.response();
    long ttl = response.ttlMillis(now);
    // Until Age or ttl, both rounded down, would be said to be another, or it is stale.
    long ageStands = SECOND - response.ageMillis(now) % SECOND;
    long ttlStands = ttl < SECOND ? ttl : ttl % SECOND + 1;
    long until = now + Math.min(ageStands, ttlStands);
    boolean isRepeatable =
        response.status() == OK
            && response.length() > 0
            && !response.varies()
            && among.size() == 1
            && resource.isHeld(among)
            && until > now;
    known =
        isRepeatable
            ? new Known(
                service,
                resource,
                among,
                one,
                purges,
                now,
                until,
                ServedFields.unframed(fields),
                ServedFields.ofPart(fields))
            : null;
  }
}
