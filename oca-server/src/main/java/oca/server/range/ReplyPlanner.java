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
    return held(plan(request, representation, maxRanges), holding);
  }

  /**
   * What can be sent of a reply that was planned as if the whole were here; if it cannot, the bytes
   * are not here.
   *
   * @param holding asked once at most for each range
   */
  public static Reply held(Reply planned, Holding holding) {
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
      case Reply.Failed(Outcome _) -> planned;
    };
  }

  /**
   * The answer to {@code request} from what another origin made, whose validators are its own.
   *
   * @param length of the whole in bytes; below zero when it is not known, and ranges are ignored
   * @param maxRanges how many ranges one request may list, 1 or more
   */
  public static Reply plan(
      ContentRequest request, Validators validators, long length, int maxRanges) {
    return switch (request.method()) {
      case OPTIONS -> PREFLIGHT;
      case OTHER -> METHOD_NOT_ALLOWED;
      case GET, HEAD ->
          read(
              request,
              validators.entityTag(),
              validators.modifiedSecond(),
              validators.isDateStrong(),
              length,
              maxRanges);
    };
  }

  private static boolean isHere(ByteRange range, Holding holding) {
    return holding.from(range.first()) >= range.length();
  }

  private static Reply read(ContentRequest request, Representation file, int maxRanges) {
    return read(request, file.entityTag(), file.modifiedSecond(), true, file.length(), maxRanges);
  }

  /** The validators are not in an object of their own: none is made for each request. */
  private static Reply read(
      ContentRequest request,
      @Nullable String tag,
      long modified,
      boolean isDateStrong,
      long length,
      int maxRanges) {
    if (!isAsRequired(request, tag, modified)) {
      return PRECONDITION_FAILED;
    }
    if (isWithClient(request, tag, modified)) {
      return NOT_MODIFIED;
    }
    String range = request.range();
    // Section 14.2: only GET knows ranges.
    if (range == null
        || length < 0
        || request.method() != ContentRequest.Method.GET
        || !isRangeWanted(request, tag, isDateStrong ? modified : Validators.UNKNOWN)) {
      return WHOLE;
    }
    ByteRange single = RangeHeader.single(range, length);
    return single != null
        ? new Reply.Part(single)
        : ofSelection(RangeHeader.select(range, length, maxRanges));
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
  private static boolean isAsRequired(ContentRequest request, @Nullable String tag, long modified) {
    String tags = request.ifMatch();
    if (tags != null) {
      return isAmong(tags, tag, false);
    }
    String since = request.ifUnmodifiedSince();
    if (since == null) {
      return true;
    }
    OptionalLong second = HttpDate.parse(since);
    return second.isEmpty() || modified == Validators.UNKNOWN || modified <= second.getAsLong();
  }

  /** Steps 3 and 4: If-None-Match by weak comparison, else If-Modified-Since. */
  private static boolean isWithClient(ContentRequest request, @Nullable String tag, long modified) {
    String tags = request.ifNoneMatch();
    if (tags != null) {
      return isAmong(tags, tag, true);
    }
    String since = request.ifModifiedSince();
    if (since == null) {
      return false;
    }
    OptionalLong second = HttpDate.parse(since);
    return second.isPresent() && modified != Validators.UNKNOWN && modified <= second.getAsLong();
  }

  /** What has no tag is there, and is none of those that are listed. */
  private static boolean isAmong(String tags, @Nullable String tag, boolean weakly) {
    return tag == null ? tags.strip().equals("*") : EntityTags.match(tags, tag, weakly);
  }

  /** Step 5: If-Range (section 13.1.5) by strong comparison, or the very date. */
  private static boolean isRangeWanted(
      ContentRequest request, @Nullable String tag, long modified) {
    String ifRange = request.ifRange();
    if (ifRange == null) {
      return true;
    }
    String validator = ifRange.strip();
    if (validator.startsWith("\"") || validator.startsWith("W/")) {
      return validator.startsWith("\"") && validator.equals(tag);
    }
    OptionalLong second = HttpDate.parse(validator);
    return second.isPresent() && modified == second.getAsLong();
  }
}
