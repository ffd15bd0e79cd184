package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import oca.model.ByteRange;
import oca.server.range.ContentRequest.Method;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, sections 13.1, 13.2 and 14.2, each in its class; then what is ours. */
class ReplyPlannerTest {
  private static final int MAX_RANGES = 4;
  private static final long MODIFIED = 784_111_777L;
  private static final String DATE = HttpDate.format(MODIFIED);
  private static final String EARLIER = HttpDate.format(MODIFIED - 1);
  private static final String LATER = HttpDate.format(MODIFIED + 1);
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final String TAG = "\"0123456789abcdef0123456789abcdef\"";
  private static final String TWO = "bytes=0-9,500-509";
  private static final Representation FILE = Representation.of(SHA, 1000, MODIFIED, "video/mp4");

  private static Reply plan(Method method, String range, String ifRange) {
    return plan(new ContentRequest(method, "a", range, ifRange, null, null, null, null));
  }

  private static Reply plan(ContentRequest request) {
    return ReplyPlanner.plan(request, FILE, MAX_RANGES);
  }

  private static Outcome under(
      Method method, String match, String none, String since, String unmodified) {
    return plan(new ContentRequest(method, "a", null, null, match, none, since, unmodified))
        .outcome();
  }

  /** If-Match. */
  @Nested
  class Section_13_1_1 {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "*",
          " * ",
          "\"0123456789abcdef0123456789abcdef\"",
          "W/\"x\", \"0123456789abcdef0123456789abcdef\""
        })
    void ifMatch_sameByStrongComparison_goesOn(String tags) {
      assertEquals(Outcome.WHOLE, under(Method.GET, tags, null, null, null));
      assertEquals(Outcome.WHOLE, under(Method.HEAD, tags, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"x\"",
          "W/\"0123456789abcdef0123456789abcdef\"",
          "\"0123456789ABCDEF0123456789ABCDEF\"",
          "0123456789abcdef0123456789abcdef",
          ""
        })
    void ifMatch_otherOrWeak_fails(String tags) {
      assertEquals(Outcome.PRECONDITION_FAILED, under(Method.GET, tags, null, null, null));
      assertEquals(Outcome.PRECONDITION_FAILED, under(Method.HEAD, tags, null, null, null));
    }
  }

  /** If-None-Match. */
  @Nested
  class Section_13_1_2 {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "*",
          "\"0123456789abcdef0123456789abcdef\"",
          "W/\"0123456789abcdef0123456789abcdef\"",
          "\"x\" ,, W/\"0123456789abcdef0123456789abcdef\""
        })
    void ifNoneMatch_sameByWeakComparison_isNotModified(String tags) {
      assertEquals(Outcome.NOT_MODIFIED, under(Method.GET, null, tags, null, null));
      assertEquals(Outcome.NOT_MODIFIED, under(Method.HEAD, null, tags, null, null));
    }

    @Test
    void ifNoneMatch_other_goesOn() {
      assertEquals(Outcome.WHOLE, under(Method.GET, null, "\"x\", W/\"y\"", null, null));
    }
  }

  /** If-Modified-Since. */
  @Nested
  class Section_13_1_3 {
    @Test
    void ifModifiedSince_date_isComparedToTheSecond() {
      assertEquals(Outcome.NOT_MODIFIED, under(Method.GET, null, null, DATE, null));
      assertEquals(Outcome.NOT_MODIFIED, under(Method.HEAD, null, null, LATER, null));
      assertEquals(Outcome.WHOLE, under(Method.GET, null, null, EARLIER, null));
    }

    @Test
    void ifModifiedSince_noDateOrTwo_isIgnored() {
      assertEquals(Outcome.WHOLE, under(Method.GET, null, null, "soon", null));
      assertEquals(Outcome.WHOLE, under(Method.GET, null, null, DATE + ", " + DATE, null));
    }

    @Test
    void ifModifiedSince_besideIfNoneMatch_isIgnored() {
      assertEquals(Outcome.WHOLE, under(Method.GET, null, "\"x\"", LATER, null));
      assertEquals(Outcome.NOT_MODIFIED, under(Method.GET, null, TAG, EARLIER, null));
    }

    @Test
    void ifModifiedSince_otherMethods_isIgnored() {
      assertEquals(Outcome.METHOD_NOT_ALLOWED, under(Method.OTHER, null, null, LATER, null));
      assertEquals(Outcome.PREFLIGHT, under(Method.OPTIONS, null, null, LATER, null));
    }
  }

  /** If-Unmodified-Since. */
  @Nested
  class Section_13_1_4 {
    @Test
    void ifUnmodifiedSince_date_isComparedToTheSecond() {
      assertEquals(Outcome.WHOLE, under(Method.GET, null, null, null, DATE));
      assertEquals(Outcome.WHOLE, under(Method.GET, null, null, null, LATER));
      assertEquals(Outcome.PRECONDITION_FAILED, under(Method.GET, null, null, null, EARLIER));
    }

    @Test
    void ifUnmodifiedSince_noDateOrBesideIfMatch_isIgnored() {
      assertEquals(Outcome.WHOLE, under(Method.GET, null, null, null, "soon"));
      assertEquals(Outcome.WHOLE, under(Method.GET, TAG, null, null, EARLIER));
    }
  }

  /** If-Range. */
  @Nested
  class Section_13_1_5 {
    @Test
    void ifRange_strongTagOrVeryDate_holds() {
      assertEquals(Outcome.PART, plan(Method.GET, "bytes=1-9", TAG).outcome());
      assertEquals(Outcome.PART, plan(Method.GET, "bytes=1-9", DATE).outcome());
      assertEquals(Outcome.PARTS, plan(Method.GET, TWO, TAG).outcome());
    }

    @Test
    void ifRange_allElse_hasTheRangeIgnored() {
      List<String> others =
          List.of("W/" + TAG, "\"x\"", TAG + ", \"x\"", "*", EARLIER, LATER, "soon", "");
      for (String other : others) {
        assertEquals(Outcome.WHOLE, plan(Method.GET, "bytes=1-9", other).outcome(), other);
        assertEquals(Outcome.WHOLE, plan(Method.GET, TWO, other).outcome(), other);
        assertEquals(Outcome.WHOLE, plan(Method.GET, "bytes=1000-", other).outcome(), other);
      }
    }

    @Test
    void ifRange_withoutRange_isIgnored() {
      assertEquals(Outcome.WHOLE, plan(Method.GET, null, "\"x\"").outcome());
      assertEquals(Outcome.WHOLE, plan(Method.HEAD, "bytes=1-9", TAG).outcome());
    }
  }

  /** When conditions count. */
  @Nested
  class Section_13_2_1 {
    @Test
    void plan_nothingHere_isNotHereWhateverTheConditions() {
      ContentRequest request =
          new ContentRequest(Method.GET, "a", "bytes=5000-", null, "*", "*", DATE, EARLIER);
      assertEquals(new Reply.NotHere(), ReplyPlanner.plan(request, null, MAX_RANGES));
    }

    @Test
    void plan_otherMethods_areToldApart() {
      assertEquals(new Reply.Preflight(), plan(Method.OPTIONS, null, null));
      assertEquals(new Reply.MethodNotAllowed(), plan(Method.OTHER, null, null));
      assertEquals(Method.OTHER, Method.of("get"));
    }
  }

  /** Which condition comes first. */
  @Nested
  class Section_13_2_2 {
    @ParameterizedTest
    @CsvSource({
      // If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since: same, other, absent.
      "other, same, same, same, PRECONDITION_FAILED",
      "same, other, same, -, NOT_MODIFIED",
      "same, other, other, same, PART",
      "-, other, same, same, PRECONDITION_FAILED",
      "-, same, same, other, NOT_MODIFIED",
      "-, same, other, same, PART",
      "-, -, -, same, NOT_MODIFIED",
      "-, -, -, other, PART",
      "same, -, -, -, PART",
    })
    void plan_severalConditions_areAskedInOrder(
        String match, String unmodified, String none, String since, Outcome outcome) {
      ContentRequest request =
          new ContentRequest(
              Method.GET,
              "a",
              "bytes=0-9",
              TAG,
              value(match, TAG, "\"x\""),
              value(none, TAG, "\"x\""),
              value(since, DATE, EARLIER),
              value(unmodified, DATE, EARLIER));
      assertEquals(outcome, plan(request).outcome());
    }

    private static String value(String word, String same, String other) {
      return switch (word) {
        case "same" -> same;
        case "other" -> other;
        default -> null;
      };
    }

    @Test
    void plan_conditionsThatEndIt_endItBeforeAnUnsatisfiableRange() {
      assertEquals(
          Outcome.NOT_MODIFIED,
          plan(new ContentRequest(Method.GET, "a", "bytes=1000-", null, null, TAG, null, null))
              .outcome());
      assertEquals(
          Outcome.PRECONDITION_FAILED,
          plan(new ContentRequest(Method.GET, "a", "bytes=1000-", null, "\"x\"", null, null, null))
              .outcome());
    }
  }

  /** Range. */
  @Nested
  class Section_14_2 {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"bytes=9-1", "chapters=1-2", "bytes=0-9,x"})
    void plan_noRangeOrNoneThatIsUnderstood_isWhole(String range) {
      assertEquals(new Reply.Whole(), plan(Method.GET, range, null));
    }

    @Test
    void plan_ranges_arePartOrParts() {
      assertEquals(new Reply.Part(new ByteRange(1, 9)), plan(Method.GET, "bytes=1-9", null));
      assertEquals(new Reply.Part(new ByteRange(1, 9)), plan(Method.GET, "bytes=1-9, 5000-", null));
      assertEquals(new Reply.Part(new ByteRange(1, 12)), plan(Method.GET, "bytes=1-9,11-12", null));
      assertEquals(
          new Reply.Parts(List.of(new ByteRange(500, 509), new ByteRange(0, 9))),
          plan(Method.GET, "bytes=500-509,0-9", null));
    }

    @Test
    void plan_noRangeWithinTheFile_isUnsatisfiable() {
      assertEquals(new Reply.Unsatisfiable(), plan(Method.GET, "bytes=1000-", null));
      assertEquals(new Reply.Unsatisfiable(), plan(Method.GET, "bytes=1000-,-0", TAG));
      assertEquals(416, Outcome.UNSATISFIABLE.status());
    }

    @Test
    void plan_moreRangesThanTheLimit_areRefused() {
      assertEquals(new Reply.TooManyRanges(), plan(Method.GET, "bytes=0-,0-,0-,0-,0-", null));
      assertEquals(Outcome.PART, plan(Method.GET, "bytes=0-,0-,0-,0-", null).outcome());
      assertEquals(416, Outcome.TOO_MANY_RANGES.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1-9", "bytes=1000-", TWO, "bytes=0-,0-,0-,0-,0-"})
    void plan_head_ignoresTheRange(String range) {
      assertEquals(new Reply.Whole(), plan(Method.HEAD, range, null));
      assertEquals(new Reply.Whole(), plan(Method.HEAD, range, TAG));
    }

    @Test
    void parts_lessThanTwo_areRefused() {
      List<ByteRange> one = List.of(new ByteRange(0, 1));
      assertThrows(IllegalArgumentException.class, () -> new Reply.Parts(one));
    }
  }

  /** Entity tags. */
  @Nested
  class Section_8_8_3 {
    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        value = {
          "*, true, true",
          "'\"0123456789abcdef0123456789abcdef\"', true, true",
          "'\"a,b\" , ,\"0123456789abcdef0123456789abcdef\"', true, true",
          "'W/\"0123456789abcdef0123456789abcdef\"', false, true",
          "'w/\"0123456789abcdef0123456789abcdef\"', false, false",
          "'\"0123456789abcdef\"', false, false",
          "0123456789abcdef0123456789abcdef, false, false",
          "'\"unended', false, false",
          "'', false, false",
          "'W/', false, false",
          "'W/\"', false, false",
          "'\"a\", *', false, false",
        })
    void match_lists_areComparedStronglyAndWeakly(String list, boolean strong, boolean weak) {
      assertEquals(strong, EntityTags.match(list, TAG, false));
      assertEquals(weak, EntityTags.match(list, TAG, true));
    }
  }

  /** A file of which bytes 200 to 499 and 800 to 899 are here. */
  @Nested
  class PartlyHere {
    private static long readableFrom(long offset) {
      if (offset >= 800) {
        return Math.max(0, 900 - offset);
      }
      return offset < 200 ? 0 : Math.max(0, 500 - offset);
    }

    @ParameterizedTest
    @CsvSource({
      "bytes=200-499, PART",
      "bytes=490-499, PART",
      "bytes=200-200, PART",
      "bytes=199-200, NOT_HERE",
      "bytes=490-500, NOT_HERE",
      "bytes=500-500, NOT_HERE",
      "bytes=490-, NOT_HERE",
      "bytes=-10, NOT_HERE",
      "bytes=0-999, NOT_HERE",
      "'bytes=200-210,300-310', PARTS",
      "'bytes=800-899,200-499', PARTS",
      "'bytes=200-210,250-260', PART",
      "'bytes=200-210,600-610', NOT_HERE",
      "'bytes=600-610,200-210', NOT_HERE",
      "'bytes=200-210,890-900', NOT_HERE",
      "'bytes=200-210,5000-', PART",
      "'bytes=0-,0-,0-,0-,0-', TOO_MANY_RANGES",
      "bytes=1000-, UNSATISFIABLE",
      ", NOT_HERE",
    })
    void plan_ranges_areServedWhereAllAreHere(String range, Outcome outcome) {
      ContentRequest request =
          new ContentRequest(Method.GET, "a", range, null, null, null, null, null);
      assertEquals(outcome, planned(request).outcome(), range);
    }

    @Test
    void plan_conditions_knowTheWholeFilesLengthAndValidators() {
      ContentRequest same =
          new ContentRequest(Method.GET, "a", "bytes=0-999", null, null, TAG, null, null);
      assertEquals(new Reply.NotModified(), planned(same));
      assertEquals(new Reply.NotHere(), planned(ContentRequest.plain(Method.HEAD, "a")));
    }

    private static Reply planned(ContentRequest request) {
      return ReplyPlanner.plan(request, FILE, MAX_RANGES, PartlyHere::readableFrom);
    }
  }

  /** The steps of section 13.2.2 in words, against the planner. */
  @Property
  void plan_anyConditions_followsTheStepsOfTheRfc(@ForAll("requests") ContentRequest request) {
    assertEquals(bySteps(request), plan(request).outcome(), request.toString());
  }

  @Provide
  Arbitrary<ContentRequest> requests() {
    Arbitrary<String> tags = Arbitraries.of(TAG, "W/" + TAG, "\"other\"", "*").injectNull(0.5);
    Arbitrary<String> dates = Arbitraries.of(DATE, EARLIER, LATER, "junk").injectNull(0.5);
    Arbitrary<String> ranges =
        Arbitraries.of("bytes=0-9", "bytes=1000-", TWO, "x=1", "bytes=0-,0-,0-,0-,0-")
            .injectNull(0.3);
    Arbitrary<String> ifRanges =
        Arbitraries.of(TAG, "W/" + TAG, "\"other\"", DATE, EARLIER).injectNull(0.6);
    return Combinators.combine(
            Arbitraries.of(Method.class), ranges, ifRanges, tags, tags, dates, dates)
        .as(
            (method, range, ifRange, match, none, since, unmodified) ->
                new ContentRequest(method, "a", range, ifRange, match, none, since, unmodified));
  }

  private static Outcome bySteps(ContentRequest request) {
    if (request.method() == Method.OPTIONS || request.method() == Method.OTHER) {
      return request.method() == Method.OPTIONS ? Outcome.PREFLIGHT : Outcome.METHOD_NOT_ALLOWED;
    }
    String match = request.ifMatch();
    if (match != null && !Set.of(TAG, "*").contains(match)) {
      return Outcome.PRECONDITION_FAILED;
    }
    if (match == null && EARLIER.equals(request.ifUnmodifiedSince())) {
      return Outcome.PRECONDITION_FAILED;
    }
    String none = request.ifNoneMatch();
    if (none != null && !none.equals("\"other\"")) {
      return Outcome.NOT_MODIFIED;
    }
    if (none == null
        && new HashSet<>(Arrays.asList(DATE, LATER)).contains(request.ifModifiedSince())) {
      return Outcome.NOT_MODIFIED;
    }
    boolean ranged =
        request.method() == Method.GET
            && new HashSet<>(Arrays.asList(TAG, DATE, null)).contains(request.ifRange());
    if (!ranged || request.range() == null) {
      return Outcome.WHOLE;
    }
    return switch (request.range()) {
      case "bytes=0-9" -> Outcome.PART;
      case TWO -> Outcome.PARTS;
      case "bytes=1000-" -> Outcome.UNSATISFIABLE;
      case "bytes=0-,0-,0-,0-,0-" -> Outcome.TOO_MANY_RANGES;
      default -> Outcome.WHOLE;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, a/b",
    "/a/b?c=/d, a/b",
    "/, ''",
    "//a, /a",
    "http://host/a, a",
    "HTTPS://host:1/a?b, a",
    "/%2e%2e/a, %2e%2e/a",
  })
  void pathOf_target_isAsItWasSent(String target, String path) {
    assertEquals(path, ContentRequest.pathOf(target));
  }

  @ParameterizedTest
  @CsvSource({"''", "*", "a/b", "http://host", "ftp://host/a", "host:443"})
  void pathOf_noPath_isNull(String target) {
    assertEquals(null, ContentRequest.pathOf(target));
  }

  @Test
  void outcomes_always_haveLabelsOfTheirOwn() {
    assertEquals(
        Outcome.values().length,
        Arrays.stream(Outcome.values()).map(Outcome::label).distinct().count());
  }

  @ParameterizedTest
  @EnumSource
  void outcomes_errors_areThoseOfStatus4xxAnd5xx(Outcome outcome) {
    assertEquals(outcome.status() >= 400, outcome.isError());
  }
}
