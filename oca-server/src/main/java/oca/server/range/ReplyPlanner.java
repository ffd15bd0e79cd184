package oca.server.range;

import java.util.OptionalLong;
import oca.model.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to answer, in the order of RFC 9110, section 13.2.2: If-Match, If-Unmodified-Since,
 * If-None-Match, If-Modified-Since, then Range under If-Range.
 *
 * <p>A file of which only parts are here answers conditions like a whole one, since its length and
 * validators are known; of its bytes it answers a range that is here from end to end, and all else
 * is not here, so that the player goes on to the next server.
 */
public final class ReplyPlanner {
  private static final Reply WHOLE = new Reply.Whole();
  private static final Reply NOT_MODIFIED = new Reply.NotModified();
  private static final Reply PRECONDITION_FAILED = new Reply.PreconditionFailed();
  private static final Reply UNSATISFIABLE = new Reply.Unsatisfiable();
  private static final Reply NOT_HERE = new Reply.NotHere();
  private static final Reply METHOD_NOT_ALLOWED = new Reply.MethodNotAllowed();
  private static final Reply PREFLIGHT = new Reply.Preflight();

  /** Which bytes of a file are here. */
  @FunctionalInterface
  public interface Parts {
    /** How many bytes are here from an offset on without a gap, 0 or more. */
    long from(long offset);
  }

  private ReplyPlanner() {}

  /**
   * The answer to {@code request}.
   *
   * @param representation what is known of the file, or null when nothing of it is here
   */
  public static Reply plan(ContentRequest request, @Nullable Representation representation) {
    return switch (request.method()) {
      case OPTIONS -> PREFLIGHT;
      case OTHER -> METHOD_NOT_ALLOWED;
      // Section 13.2.1: conditions count only where the answer would have been a success.
      case GET, HEAD -> representation == null ? NOT_HERE : read(request, representation);
    };
  }

  /**
   * The answer to {@code request} from a file of which only parts are here.
   *
   * @param parts asked once at most, for a range
   */
  public static Reply plan(ContentRequest request, Representation representation, Parts parts) {
    Reply planned = plan(request, representation);
    return switch (planned) {
      case Reply.Whole() -> NOT_HERE;
      case Reply.Part(ByteRange range) ->
          parts.from(range.first()) >= range.length() ? planned : NOT_HERE;
      case Reply.NotModified(),
          Reply.PreconditionFailed(),
          Reply.Unsatisfiable(),
          Reply.NotHere(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy() ->
          planned;
      case Reply.Refused(Outcome _) -> planned;
    };
  }

  private static Reply read(ContentRequest request, Representation file) {
    if (!isAsRequired(request, file)) {
      return PRECONDITION_FAILED;
    }
    if (isWithClient(request, file)) {
      return NOT_MODIFIED;
    }
    String range = request.range();
    // Section 14.2: only GET knows ranges.
    if (range == null
        || request.method() != ContentRequest.Method.GET
        || !isRangeWanted(request, file)) {
      return WHOLE;
    }
    return switch (RangeHeader.select(range, file.length())) {
      case RangeHeader.Selection.Ignored() -> WHOLE;
      case RangeHeader.Selection.Satisfiable(ByteRange part) -> new Reply.Part(part);
      case RangeHeader.Selection.Unsatisfiable() -> UNSATISFIABLE;
    };
  }

  /** Steps 1 and 2: If-Match by strong comparison, else If-Unmodified-Since. */
  private static boolean isAsRequired(ContentRequest request, Representation file) {
    String tags = request.ifMatch();
    if (tags != null) {
      return EntityTags.match(tags, file.entityTag(), false);
    }
    String since = request.ifUnmodifiedSince();
    if (since == null) {
      return true;
    }
    OptionalLong second = HttpDate.parse(since);
    return second.isEmpty() || file.modifiedSecond() <= second.getAsLong();
  }

  /** Steps 3 and 4: If-None-Match by weak comparison, else If-Modified-Since. */
  private static boolean isWithClient(ContentRequest request, Representation file) {
    String tags = request.ifNoneMatch();
    if (tags != null) {
      return EntityTags.match(tags, file.entityTag(), true);
    }
    String since = request.ifModifiedSince();
    if (since == null) {
      return false;
    }
    OptionalLong second = HttpDate.parse(since);
    return second.isPresent() && file.modifiedSecond() <= second.getAsLong();
  }

  /** Step 5: If-Range (section 13.1.5) by strong comparison, or the very date. */
  private static boolean isRangeWanted(ContentRequest request, Representation file) {
    String ifRange = request.ifRange();
    if (ifRange == null) {
      return true;
    }
    String validator = ifRange.strip();
    if (validator.startsWith("\"") || validator.startsWith("W/")) {
      return validator.equals(file.entityTag());
    }
    OptionalLong second = HttpDate.parse(validator);
    return second.isPresent() && file.modifiedSecond() == second.getAsLong();
  }
}
