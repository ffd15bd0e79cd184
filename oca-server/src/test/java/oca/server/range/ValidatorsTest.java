package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;

import oca.model.ByteRange;
import oca.server.range.ContentRequest.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 13, where validators are an origin's own: weak, odd or missing. */
class ValidatorsTest {
  private static final Validators NONE = new Validators(null, Validators.UNKNOWN, false);
  private static final String DATE = HttpDate.format(1000);

  private static Outcome under(
      Validators validators, String match, String none, String since, String unmodified) {
    ContentRequest request =
        new ContentRequest(Method.GET, "", null, null, match, none, since, unmodified);
    return ReplyPlanner.plan(request, validators, 100, 4).outcome();
  }

  private static Validators tagged(String tag) {
    return new Validators(tag, Validators.UNKNOWN, false);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"a\"', '\"a\"', WHOLE, NOT_MODIFIED",
    "'\"a\"', 'W/\"a\"', PRECONDITION_FAILED, NOT_MODIFIED",
    "'W/\"a\"', 'W/\"a\"', PRECONDITION_FAILED, NOT_MODIFIED",
    "'W/\"a\"', '\"a\"', PRECONDITION_FAILED, NOT_MODIFIED",
    "'W/\"a\"', '*', WHOLE, NOT_MODIFIED",
    "'W/\"a\"', '\"b\"', PRECONDITION_FAILED, WHOLE",
    "a, a, WHOLE, NOT_MODIFIED",
    "a, '\"a\"', PRECONDITION_FAILED, WHOLE",
    "a, 'a, b', PRECONDITION_FAILED, WHOLE",
  })
  void tag_anyKind_isComparedAsItsConditionWants(
      String tag, String sent, Outcome ifMatch, Outcome ifNoneMatch) {
    assertEquals(ifMatch, under(tagged(tag), sent, null, null, null));
    assertEquals(ifNoneMatch, under(tagged(tag), null, sent, null, null));
  }

  @Test
  void validators_missing_matchNothingButTheAsterisk() {
    assertEquals(Outcome.PRECONDITION_FAILED, under(NONE, "\"a\"", null, null, null));
    assertEquals(Outcome.WHOLE, under(NONE, "*", null, null, null));
    assertEquals(Outcome.WHOLE, under(NONE, null, "\"a\"", null, null));
    assertEquals(Outcome.NOT_MODIFIED, under(NONE, null, "*", null, null));
    assertEquals(Outcome.WHOLE, under(NONE, null, null, DATE, null));
    assertEquals(Outcome.WHOLE, under(NONE, null, null, null, DATE));
  }

  @Test
  void range_lengthUnknown_isIgnored() {
    ContentRequest request =
        new ContentRequest(Method.GET, "", "bytes=0-9", null, null, null, null, null);
    assertEquals(new Reply.Whole(), ReplyPlanner.plan(request, NONE, -1, 4));
    assertEquals(new Reply.Part(new ByteRange(0, 9)), ReplyPlanner.plan(request, NONE, 100, 4));
  }

  @Test
  void ifRange_date_countsOnlyWhereItIsStrong() {
    ContentRequest request =
        new ContentRequest(Method.GET, "", "bytes=0-9", DATE, null, null, null, null);
    assertEquals(
        Outcome.PART,
        ReplyPlanner.plan(request, new Validators(null, 1000, true), 100, 4).outcome());
    assertEquals(
        Outcome.WHOLE,
        ReplyPlanner.plan(request, new Validators(null, 1000, false), 100, 4).outcome());
  }

  @Test
  void method_otherThanReads_isAsForFiles() {
    assertEquals(
        Outcome.METHOD_NOT_ALLOWED,
        ReplyPlanner.plan(ContentRequest.plain(Method.OTHER, ""), NONE, 1, 4).outcome());
    assertEquals(
        Outcome.PREFLIGHT,
        ReplyPlanner.plan(ContentRequest.plain(Method.OPTIONS, ""), NONE, 1, 4).outcome());
  }
}
