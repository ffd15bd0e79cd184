package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import oca.model.ByteRange;
import oca.server.range.ContentRequest.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, sections 13.1, 13.2.2 and 14.2. */
class ReplyPlannerTest {
  private static final long MODIFIED = 784_111_777L;
  private static final String DATE = HttpDate.format(MODIFIED);
  private static final String EARLIER = HttpDate.format(MODIFIED - 1);
  private static final String LATER = HttpDate.format(MODIFIED + 1);
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final String TAG = "\"0123456789abcdef0123456789abcdef\"";
  private static final Representation FILE = Representation.of(SHA, 1000, MODIFIED, "video/mp4");

  private static Reply plan(Method method, String range, String ifRange) {
    return ReplyPlanner.plan(
        new ContentRequest(method, "a", range, ifRange, null, null, null, null), FILE);
  }

  @Test
  void plan_plainGet_isWhole() {
    assertEquals(new Reply.Whole(), ReplyPlanner.plan(ContentRequest.plain(Method.GET, "a"), FILE));
  }

  @Test
  void plan_nothingHere_isNotHereWhateverTheConditions() {
    ContentRequest request =
        new ContentRequest(Method.GET, "a", "bytes=5000-", null, "*", "*", DATE, EARLIER);
    assertEquals(new Reply.NotHere(), ReplyPlanner.plan(request, null));
  }

  @Test
  void plan_otherMethods_areToldApart() {
    assertEquals(new Reply.Preflight(), plan(Method.OPTIONS, null, null));
    assertEquals(new Reply.MethodNotAllowed(), plan(Method.OTHER, null, null));
    assertEquals(Method.OTHER, Method.of("get"));
  }

  @Test
  void plan_range_isPart() {
    assertEquals(new Reply.Part(new ByteRange(1, 9)), plan(Method.GET, "bytes=1-9", null));
    assertEquals(new Reply.Unsatisfiable(), plan(Method.GET, "bytes=1000-", null));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1-9,11-12", null));
  }

  @Test
  void plan_headWithRange_ignoresTheRange() {
    assertEquals(new Reply.Whole(), plan(Method.HEAD, "bytes=1-9", null));
    assertEquals(new Reply.Whole(), plan(Method.HEAD, "bytes=1000-", null));
  }

  @Test
  void plan_ifRange_needsTheStrongTagOrTheVeryDate() {
    assertInstanceOf(Reply.Part.class, plan(Method.GET, "bytes=1-9", TAG));
    assertInstanceOf(Reply.Part.class, plan(Method.GET, "bytes=1-9", DATE));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1-9", "W/" + TAG));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1-9", "\"other\""));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1-9", TAG + ", \"other\""));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1-9", EARLIER));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1-9", LATER));
    assertEquals(new Reply.Whole(), plan(Method.GET, "bytes=1000-", "\"other\""));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "*, true, true",
        "'\"0123456789abcdef0123456789abcdef\"', true, true",
        "'\"a,b\" , ,\"0123456789abcdef0123456789abcdef\"', true, true",
        "'W/\"0123456789abcdef0123456789abcdef\"', false, true",
        "'\"0123456789abcdef\"', false, false",
        "0123456789abcdef0123456789abcdef, false, false",
        "'\"unended', false, false",
        "'', false, false",
        "'W/', false, false",
        "'\"a\", *', false, false",
      })
  void match_lists_areComparedStronglyAndWeakly(String list, boolean strong, boolean weak) {
    assertEquals(strong, EntityTags.match(list, TAG, false));
    assertEquals(weak, EntityTags.match(list, TAG, true));
  }

  /** Bytes 200 to 499 are here. */
  private static long partsFrom(long offset) {
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
    "'bytes=200-210,300-310', NOT_HERE",
    "bytes=1000-, UNSATISFIABLE",
    ", NOT_HERE",
  })
  void plan_partsOnly_servesRangesWithinThem(String range, Outcome outcome) {
    ContentRequest request =
        new ContentRequest(Method.GET, "a", range, null, null, null, null, null);
    assertEquals(
        outcome, ReplyPlanner.plan(request, FILE, ReplyPlannerTest::partsFrom).outcome(), range);
  }

  @Test
  void plan_partsOnly_knowsTheWholeFilesLengthAndValidators() {
    ContentRequest same =
        new ContentRequest(Method.GET, "a", "bytes=0-999", null, null, TAG, null, null);
    assertEquals(
        new Reply.NotModified(), ReplyPlanner.plan(same, FILE, ReplyPlannerTest::partsFrom));
    ContentRequest head = ContentRequest.plain(Method.HEAD, "a");
    assertEquals(new Reply.NotHere(), ReplyPlanner.plan(head, FILE, ReplyPlannerTest::partsFrom));
  }

  /** The steps of section 13.2.2 in words, against the planner. */
  @Property
  void plan_anyConditions_followsTheStepsOfTheRfc(@ForAll("requests") ContentRequest request) {
    assertEquals(bySteps(request), ReplyPlanner.plan(request, FILE).outcome(), request.toString());
  }

  @Provide
  Arbitrary<ContentRequest> requests() {
    Arbitrary<String> tags = Arbitraries.of(TAG, "W/" + TAG, "\"other\"", "*").injectNull(0.5);
    Arbitrary<String> dates = Arbitraries.of(DATE, EARLIER, LATER, "junk").injectNull(0.5);
    Arbitrary<String> ranges =
        Arbitraries.of("bytes=0-9", "bytes=1000-", "bytes=0-1,3-4", "x=1").injectNull(0.3);
    Arbitrary<String> ifRanges = Arbitraries.of(TAG, "\"other\"", DATE).injectNull(0.6);
    return Combinators.combine(
            Arbitraries.of(Method.GET, Method.HEAD), ranges, ifRanges, tags, tags, dates, dates)
        .as(
            (method, range, ifRange, match, none, since, unmodified) ->
                new ContentRequest(method, "a", range, ifRange, match, none, since, unmodified));
  }

  private static Outcome bySteps(ContentRequest request) {
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
    boolean ranged = request.method() == Method.GET && !"\"other\"".equals(request.ifRange());
    if (ranged && "bytes=0-9".equals(request.range())) {
      return Outcome.PART;
    }
    return ranged && "bytes=1000-".equals(request.range()) ? Outcome.UNSATISFIABLE : Outcome.WHOLE;
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
    assertNull(ContentRequest.pathOf(target));
  }

  @Test
  void outcomes_always_haveLabelsOfTheirOwn() {
    assertEquals(
        Outcome.values().length,
        Arrays.stream(Outcome.values()).map(Outcome::label).distinct().count());
  }
}
