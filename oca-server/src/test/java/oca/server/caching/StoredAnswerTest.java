package oca.server.caching;

import static oca.server.caching.Given.GET;
import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.get;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import oca.model.ByteRange;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 4.3.2, and RFC 9110, sections 13 and 14. */
class StoredAnswerTest {
  private static final String HOUR = "Cache-Control: max-age=3600|Content-Length: 100|";

  private static Reply plan(String kept, String request) {
    return StoredAnswer.plan(get(request), stored(HOUR + kept), 4);
  }

  @Nested
  class Conditions {
    @ParameterizedTest
    @CsvSource({
      "'\"a\"', '\"a\"', true",
      "'\"a\"', 'W/\"a\"', true",
      "'W/\"a\"', 'W/\"a\"', true",
      "'W/\"a\"', '\"a\"', true",
      "'\"a\"', '\"x\", \"a\"', true",
      "'\"a\"', '\"a\", \"x\"', true",
      "'\"a\"', '\"x\" , W/\"y\",\"a\"', true",
      "'\"a\"', '*', true",
      "'\"a\"', '\"b\"', false",
      "'\"a\"', '\"A\"', false",
      "'\"a\"', 'a', false",
      "'\"a\"', '', false",
      "'a', 'a', true",
      "'a', '\"a\"', false",
      "'a', 'W/\"a\"', false",
      "'\"a\"', 'w/\"a\"', false",
      "'W/\"a\"', 'W\"a\"', false",
      "'\"\"', '\"\"', true",
    })
    void ifNoneMatch_byWeakComparison_isNotModified(String tag, String sent, boolean same) {
      Reply reply = plan("ETag: " + tag, "If-None-Match: " + sent);
      assertEquals(same ? Outcome.NOT_MODIFIED : Outcome.WHOLE, reply.outcome());
    }

    @Test
    void ifNoneMatch_severalLines_areOneList() {
      Reply reply = plan("ETag: \"b\"", "If-None-Match: \"a\"|If-None-Match: \"b\"");
      assertEquals(Outcome.NOT_MODIFIED, reply.outcome());
    }

    @Test
    void ifNoneMatch_keptHasNoTag_isModified() {
      assertEquals(Outcome.WHOLE, plan("", "If-None-Match: \"a\"").outcome());
      assertEquals(Outcome.NOT_MODIFIED, plan("", "If-None-Match: *").outcome());
    }

    @Test
    void ifModifiedSince_besideIfNoneMatch_isNotLookedAt() {
      String kept = "ETag: \"a\"|Last-Modified: " + date(-100);
      String since = "|If-Modified-Since: ";
      assertEquals(Outcome.WHOLE, plan(kept, "If-None-Match: \"b\"" + since + date(0)).outcome());
      assertEquals(
          Outcome.NOT_MODIFIED, plan(kept, "If-None-Match: \"a\"" + since + date(-200)).outcome());
    }

    @ParameterizedTest
    @CsvSource({"-100, true", "-99, true", "-101, false", "0, true"})
    void ifModifiedSince_byLastModified_isDecided(long since, boolean same) {
      Reply reply = plan("Last-Modified: " + date(-100), "If-Modified-Since: " + date(since));
      assertEquals(same ? Outcome.NOT_MODIFIED : Outcome.WHOLE, reply.outcome());
    }

    /** Where there is no Last-Modified, Date stands in. */
    @ParameterizedTest
    @CsvSource({"0, true", "5, true", "-1, false"})
    void ifModifiedSince_withoutLastModified_isByDate(long since, boolean same) {
      Reply reply = plan("", "If-Modified-Since: " + date(since));
      assertEquals(same ? Outcome.NOT_MODIFIED : Outcome.WHOLE, reply.outcome());
    }

    @Test
    void ifModifiedSince_inAnyForm_isRead() {
      String kept = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT";
      for (String form : List.of("Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994")) {
        assertEquals(Outcome.NOT_MODIFIED, plan(kept, "If-Modified-Since: " + form).outcome());
      }
      assertEquals(Outcome.WHOLE, plan(kept, "If-Modified-Since: now").outcome());
    }

    @ParameterizedTest
    @ValueSource(ints = {203, 301, 404, 410, 503})
    void conditions_keptIsNoPlainSuccess_sayNothing(int status) {
      StoredResponse kept = stored(GET, status, HOUR + "ETag: \"a\"", POLICY);
      CacheRequest request = get("If-None-Match: \"a\"|Range: bytes=0-1");
      assertEquals(new Reply.Whole(), StoredAnswer.plan(request, kept, 4));
    }

    @Test
    void head_isAnsweredLikeGet() {
      CacheRequest head = new CacheRequest("HEAD", fields("If-None-Match: \"a\""), false);
      assertEquals(
          Outcome.NOT_MODIFIED, StoredAnswer.plan(head, stored(HOUR + "ETag: \"a\""), 4).outcome());
      CacheRequest range = new CacheRequest("HEAD", fields("Range: bytes=0-1"), false);
      assertEquals(
          Outcome.WHOLE, StoredAnswer.plan(range, stored(HOUR + "ETag: \"a\""), 4).outcome());
    }
  }

  @Nested
  class Ranges {
    @ParameterizedTest
    @CsvSource({
      "bytes=0-9, 0, 9",
      "bytes=90-, 90, 99",
      "bytes=-10, 90, 99",
      "bytes=50-500, 50, 99",
    })
    void range_withinTheWhole_isAPart(String range, long first, long last) {
      assertEquals(
          new Reply.Part(new ByteRange(first, last)), plan("ETag: \"a\"", "Range: " + range));
    }

    @Test
    void range_odd_isAsThePlannerHasIt() {
      assertEquals(Outcome.UNSATISFIABLE, plan("", "Range: bytes=100-").outcome());
      assertEquals(Outcome.WHOLE, plan("", "Range: items=0-1").outcome());
      assertEquals(Outcome.PARTS, plan("", "Range: bytes=0-1,98-99").outcome());
    }

    @ParameterizedTest
    @CsvSource({
      "'ETag: \"a\"', '\"a\"', true",
      "'ETag: \"a\"', '\"b\"', false",
      "'ETag: \"a\"', 'W/\"a\"', false",
      "'ETag: W/\"a\"', 'W/\"a\"', false",
      "'ETag: W/\"a\"', '\"a\"', false",
      "'ETag: a', 'a', false",
      "'', '\"a\"', false",
    })
    void ifRange_byStrongComparison_isDecided(String kept, String sent, boolean part) {
      Reply reply = plan(kept, "Range: bytes=0-9|If-Range: " + sent);
      assertEquals(part ? Outcome.PART : Outcome.WHOLE, reply.outcome());
    }

    @Test
    void ifRange_dateThatIsNotStrong_isNoMatch() {
      String request = "Range: bytes=0-9|If-Range: ";
      String old = "Last-Modified: " + date(-60);
      assertEquals(Outcome.PART, plan(old, request + date(-60)).outcome());
      assertEquals(Outcome.WHOLE, plan(old, request + date(-61)).outcome());
      String young = "Last-Modified: " + date(-59);
      assertEquals(Outcome.WHOLE, plan(young, request + date(-59)).outcome());
      assertEquals(Outcome.WHOLE, plan("", request + date(0)).outcome(), "Date is no validator");
    }

    @Test
    void range_lengthNotKnownYet_isIgnored() {
      StoredResponse growing = stored("Cache-Control: max-age=60|ETag: \"a\"");
      CacheRequest request = get("Range: bytes=0-9");
      assertEquals(new Reply.Whole(), StoredAnswer.plan(request, growing, 4));
      assertEquals(
          new Reply.Part(new ByteRange(0, 9)),
          StoredAnswer.plan(request, growing.completed(100), 4));
    }

    @Test
    void range_ofParts_isAnsweredWhereTheyAreHere() {
      StoredResponse part =
          stored(
              GET,
              206,
              "Cache-Control: max-age=60|ETag: \"a\"|Content-Range: bytes 0-49/100",
              POLICY);
      assertEquals(
          Outcome.PART,
          StoredAnswer.plan(get("Range: bytes=10-49"), part, 4, at -> 50 - at).outcome());
      assertEquals(
          Outcome.NOT_HERE,
          StoredAnswer.plan(get("Range: bytes=10-50"), part, 4, at -> 50 - at).outcome());
      assertEquals(Outcome.NOT_HERE, StoredAnswer.plan(GET, part, 4, at -> 50 - at).outcome());
      assertEquals(
          Outcome.NOT_MODIFIED,
          StoredAnswer.plan(get("If-None-Match: \"a\""), part, 4, at -> 0).outcome());
    }
  }
}
