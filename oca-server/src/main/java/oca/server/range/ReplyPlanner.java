package oca.server.range;

import java.util.List;
import java.util.OptionalLong;
import oca.model.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to answer, in the order of RFC 9110, section 13.2.2: If-Match, If-Unmodified-Since,
 * If-None-Match, If-Modified-Since, then Range under If-Range.
 *
 * <p>Where If-Range holds and no range lies within the file, step 5 of that section says 200 and
 * section 14.2 says 416. It is 416: a client that resumes at the end of what it has already is not
 * sent the whole file once more.
 *
 * <p>A file of which only parts are here answers conditions like a whole one, since its length and
 * validators are known; of its bytes it answers ranges that are here from end to end, and all else
 * is not here, so that the player goes on to the next server.
 */
public final class ReplyPlanner {
  private static final Reply WHOLE = new Reply.Whole();
  private static final Reply NOT_MODIFIED = new Reply.NotModified();
  private static final Reply PRECONDITION_FAILED = new Reply.PreconditionFailed();
  private static final Reply UNSATISFIABLE = new Reply.Unsatisfiable();
  private static final Reply TOO_MANY_RANGES = new Reply.TooManyRanges();
  private static final Reply NOT_HERE = new Reply.NotHere();
  private static final Reply METHOD_NOT_ALLOWED = new Reply.MethodNotAllowed();
  private static final Reply PREFLIGHT = new Reply.Preflight();

  /** Which bytes of a file are here. */
  @FunctionalInterface
  public interface Holding {
    /** How many bytes are here from an offset on without a gap, 0 or more. */
    long from(long offset);
  }

  private ReplyPlanner() {}

  /**
   * The answer to {@code request}.
   *
   * @param representation what is known of the file, or null when nothing of it is here
   * @param maxRanges how many ranges one request may list, 1 or more
   */
  public static Reply plan(
      ContentRequest request, @Nullable Representation representation, int maxRanges) {
    return switch (request.method()) {
      case OPTIONS -> PREFLIGHT;
      case OTHER -> METHOD_NOT_ALLOWED;
      // Section 13.2.1: conditions count only where the answer would have been a success.
      case GET, HEAD ->
          representation == null ? NOT_HERE : read(request, representation, maxRanges);
    };
  }

  /**
   * The answer to {@code request} from a file of which only parts are here.
   *
   * @param maxRanges how many ranges one request may list, 1 or more
   * @param holding asked once at most for each range
   */
  public static Reply plan(
      ContentRequest request, Representation representation, int maxRanges, Holding holding) {
    Reply planned = plan(request, representation, maxRanges);
    return switch (planned) {
      case Reply.Whole() -> NOT_HERE;
      case Reply.Part(ByteRange range) -> isHere(range, holding) ? planned : NOT_HERE;
      case Reply.Parts(List<ByteRange> ranges) ->
          ranges.stream().allMatch(range -> isHere(range, holding)) ? planned : NOT_HERE;
      case Reply.NotModified(),
          Reply.PreconditionFailed(),
          Reply.Unsatisfiable(),
          Reply.TooManyRanges(),
          Reply.NotHere(),
          Reply.Forbidden(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy() ->
          planned;
      case Reply.Refused(Outcome _) -> planned;
    };
  }

  private static boolean isHere(ByteRange range, Holding holding) {
    return holding.from(range.first()) >= range.length();
  }

  private static Reply read(ContentRequest request, Representation file, int maxRanges) {
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
    ByteRange single = RangeHeader.single(range, file.length());
    return single != null
        ? new Reply.Part(single)
        : ofSelection(RangeHeader.select(range, file.length(), maxRanges));
  }

  private static Reply ofSelection(RangeHeader.Selection selection) {
    return switch (selection) {
      case RangeHeader.Selection.Ignored() -> WHOLE;
      case RangeHeader.Selection.Satisfiable(ByteRange range) -> new Reply.Part(range);
      case RangeHeader.Selection.Several(List<ByteRange> ranges) -> new Reply.Parts(ranges);
      case RangeHeader.Selection.TooMany() -> TOO_MANY_RANGES;
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
