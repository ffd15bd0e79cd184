package oca.server.caching;

import static oca.server.caching.Given.GET;
import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.get;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 4.3. */
class ValidationTest {
  private static final String MINUTE = "Cache-Control: max-age=60|";
  private static final String MODIFIED = "Last-Modified: " + date(-7200);

  private static Validation.Outcome judge(List<StoredResponse> asked, int status, String fields) {
    return judge(GET, asked, status, fields);
  }

  private static Validation.Outcome judge(
      CacheRequest request, List<StoredResponse> asked, int status, String fields) {
    FieldSection answer = fields(fields);
    FieldSection dated = answer.has("Date") ? answer : answer.plus("Date", date(100));
    return Validation.judge(request, asked, status, dated, millis(100), millis(100), POLICY);
  }

  private static StoredResponse freshened(String stored, String answer) {
    Validation.Outcome outcome = judge(List.of(stored(stored)), 304, answer);
    return assertInstanceOf(Validation.Outcome.Freshened.class, outcome, answer).answer();
  }

  /** Section 4.3.1. */
  @Nested
  class Conditions {
    @ParameterizedTest
    @ValueSource(
        strings = {"\"a\"", "W/\"a\"", "abc", "\"\"", "w/\"a\"", "\"a, b\"", "\"\u00e4\"", "'a'"})
    void tag_ofOne_isSentAsItCame(String tag) {
      assertEquals(
          fields("If-None-Match: " + tag),
          Validation.conditions(List.of(stored(MINUTE + "ETag: " + tag))));
    }

    @Test
    void date_ofOne_isSentAsItCame() {
      assertEquals(
          fields("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"),
          Validation.conditions(
              List.of(stored(MINUTE + "Last-Modified: Sunday, 06-Nov-94 08:49:37 GMT"))));
    }

    @Test
    void both_ofOne_areSent() {
      assertEquals(
          fields("If-None-Match: \"a\"|If-Modified-Since: " + date(-7200)),
          Validation.conditions(List.of(stored(MINUTE + "ETag: \"a\"|" + MODIFIED))));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "ETag:", "Last-Modified: 0", "ETag: \"a\"|ETag: \"b\"", "X-ETag: \"a\""})
    void none_properly_sendsNone(String fields) {
      assertEquals(FieldSection.EMPTY, Validation.conditions(List.of(stored(MINUTE + fields))));
    }

    @Test
    void several_tags_areSentOnceEachWithinALimit() {
      List<StoredResponse> many =
          IntStream.range(0, 40).mapToObj(i -> stored(MINUTE + "ETag: \"" + i / 2 + '"')).toList();
      assertEquals(16, Validation.conditions(many).members("If-None-Match").size());
      assertEquals(FieldSection.EMPTY, Validation.conditions(List.of()));
    }
  }

  /** Section 4.3.3. */
  @ParameterizedTest
  @CsvSource({
    "200, Replaced",
    "204, Replaced",
    "206, Replaced",
    "301, Replaced",
    "404, Replaced",
    "410, Replaced",
    "429, Replaced",
    "501, Failed",
    "599, Failed",
    "500, Failed",
    "502, Failed",
    "503, Failed",
    "504, Failed",
  })
  void answer_otherThan304_replacesOrFails(int status, String outcome) {
    List<StoredResponse> asked = List.of(stored(MINUTE + "ETag: \"a\""));
    assertEquals(outcome, judge(asked, status, "ETag: \"a\"").getClass().getSimpleName());
  }

  /** Section 4.3.4. */
  @Nested
  class Selection {
    @ParameterizedTest
    @CsvSource({
      "'ETag: \"a\"', 'ETag: \"a\"', true",
      "'ETag: \"a\"', 'ETag: \"b\"', false",
      "'ETag: W/\"a\"', 'ETag: W/\"a\"', true",
      "'ETag: \"a\"', 'ETag: W/\"a\"', true",
      "'ETag: W/\"a\"', 'ETag: \"a\"', false",
      "'ETag: W/\"a\"', 'ETag: W/\"b\"', false",
      "'ETag: abc', 'ETag: abc', true",
      "'ETag: abc', 'ETag: \"abc\"', false",
      "'ETag: \"a\"', '', true",
      "'ETag: W/\"a\"', '', true",
      "'ETag: \"a\"', 'ETag: \"b\"|LM', false",
      "'ETag: \"a\"|LM', 'ETag: \"b\"|LM', false",
      "'ETag: \"a\"|LM', 'LM', true",
      "'ETag: \"a\"|LM', 'ETag: \"a\"', true",
      "'ETag: \"a\"|LM', 'ETag: \"a\"|LATER', true",
      "'ETag: \"a\"|LM', 'LATER', false",
      "'LM', 'LM', true",
      "'LM', 'LATER', false",
      "'LM', '', true",
      "'LM', 'ETag: \"b\"|LM', true",
      "'LM', 'ETag: \"b\"', false",
      "'', '', true",
    })
    void one_asked_isMeantByItsValidators(String stored, String answer, boolean meant) {
      Validation.Outcome outcome =
          judge(
              List.of(stored(MINUTE + stored.replace("LM", MODIFIED))),
              304,
              answer.replace("LM", MODIFIED).replace("LATER", "Last-Modified: " + date(-3600)));
      assertEquals(meant ? "Freshened" : "AskAgain", outcome.getClass().getSimpleName());
    }

    private static StoredResponse variant(String foo, String tag) {
      return stored(get("Foo: " + foo), 200, MINUTE + "Vary: Foo|ETag: " + tag, POLICY);
    }

    @Test
    void several_sameStrongTag_areAllFreshened() {
      List<StoredResponse> asked =
          List.of(variant("1", "\"a\""), variant("2", "\"b\""), variant("3", "\"a\""));
      Validation.Outcome.Freshened outcome =
          assertInstanceOf(
              Validation.Outcome.Freshened.class, judge(get("Foo: 3"), asked, 304, "ETag: \"a\""));
      assertEquals(asked.get(2).variant(), outcome.answer().variant());
      assertEquals(1, outcome.others().size());
      assertEquals(asked.get(0).variant(), outcome.others().getFirst().variant());
      assertEquals(millis(100), outcome.others().getFirst().receivedMillis());
    }

    @Test
    void several_sameWeakTag_latestIsFreshened() {
      StoredResponse one = variant("1", "W/\"a\"");
      StoredResponse later =
          StoredResponse.of(200, one.fields(), "foo:2\n", millis(5), millis(5), POLICY);
      Validation.Outcome.Freshened outcome =
          assertInstanceOf(
              Validation.Outcome.Freshened.class,
              judge(get("Foo: 2"), List.of(later, one), 304, "ETag: W/\"a\""));
      assertEquals("foo:2\n", outcome.answer().variant());
      assertEquals(List.of(), outcome.others());
    }

    /** The origin says that this request too is answered by what was kept for another. */
    @Test
    void several_forANewVariant_answerTakesItsKey() {
      List<StoredResponse> asked = List.of(variant("1", "\"a\""), variant("2", "\"b\""));
      Validation.Outcome.Freshened outcome =
          assertInstanceOf(
              Validation.Outcome.Freshened.class, judge(get("Foo: 9"), asked, 304, "ETag: \"b\""));
      assertEquals("foo:9\n", outcome.answer().variant());
      assertEquals("\"b\"", outcome.answer().fields().first("ETag"));
    }

    @Test
    void several_noValidator_areNotGuessedAt() {
      List<StoredResponse> asked = List.of(variant("1", "\"a\""), variant("2", "\"b\""));
      assertEquals(new Validation.Outcome.AskAgain(), judge(asked, 304, ""));
      assertEquals(new Validation.Outcome.AskAgain(), judge(List.of(), 304, "ETag: \"a\""));
    }
  }

  /** Section 3.2. */
  @Nested
  class Merging {
    @Test
    void fields_newer_replaceOlderOnes() {
      StoredResponse updated =
          freshened(
              MINUTE + "ETag: \"a\"|X-A: 1|X-A: 2|X-B: 1|Content-Type: text/plain",
              "Cache-Control: max-age=90|ETag: \"a\"|x-a: 3|X-C: 4|Content-Type: text/html");
      assertEquals(List.of("3"), updated.fields().values("X-A"));
      assertEquals("1", updated.fields().first("X-B"));
      assertEquals("4", updated.fields().first("X-C"));
      assertEquals("text/html", updated.fields().first("Content-Type"));
      assertEquals(90_000, updated.lifetime().millis());
      assertEquals(200, updated.status());
    }

    @Test
    void fields_aboutTheBytes_stay() {
      StoredResponse updated =
          freshened(
              MINUTE + "ETag: \"a\"|Content-Length: 100|Content-Encoding: gzip",
              "ETag: \"a\"|Content-Length: 0|Content-Encoding: br|Content-Range: bytes 0-1/2"
                  + "|Content-Digest: x");
      assertEquals("100", updated.fields().first("Content-Length"));
      assertEquals("gzip", updated.fields().first("Content-Encoding"));
      assertFalse(updated.fields().has("Content-Range"));
      assertFalse(updated.fields().has("Content-Digest"));
    }

    @Test
    void fields_notToBeKept_areNotAdded() {
      StoredResponse updated =
          freshened(
              MINUTE + "ETag: \"a\"",
              "Cache-Control: max-age=9, private=\"x-p\"|X-P: 1|Connection: X-H|X-H: 1"
                  + "|Transfer-Encoding: chunked|Proxy-Authenticate: x");
      assertEquals(
          fields("ETag: \"a\"|Cache-Control: max-age=9, private=\"x-p\"|Date: " + date(100)),
          updated.fields());
    }

    @Test
    void age_startsAnew() {
      StoredResponse updated = freshened(MINUTE + "Age: 50|ETag: \"a\"", "ETag: \"a\"");
      assertEquals(0, updated.ageMillis(millis(100)));
      assertEquals(60_000, updated.ttlMillis(millis(100)));
      assertFalse(updated.fields().has("Age"));
      assertEquals(
          20_000, freshened(MINUTE + "Age: 50|ETag: \"a\"", "Age: 20").ageMillis(millis(100)));
      assertEquals(
          5000, freshened(MINUTE + "ETag: \"a\"", "Date: " + date(95)).ageMillis(millis(100)));
      assertEquals(List.of(date(100)), updated.fields().values("Date"));
    }

    /** An Expires that was not renewed is still of then. */
    @Test
    void expires_notRenewed_isOver() {
      String old = "Expires: " + date(60) + "|ETag: \"a\"";
      assertFalse(freshened(old, "ETag: \"a\"").isFresh(millis(100)));
      assertEquals(50_000, freshened(old, "Expires: " + date(150)).ttlMillis(millis(100)));
    }

    @ParameterizedTest
    @CsvSource({
      "'Cache-Control: no-store', NO_STORE",
      "'Cache-Control: private', PRIVATE",
      "'Vary: *', VARY",
    })
    void freshened_notToBeKeptAnyMore_isUsedOnce(String answer, Refusal dropped) {
      Validation.Outcome.Freshened outcome =
          assertInstanceOf(
              Validation.Outcome.Freshened.class,
              judge(List.of(stored(MINUTE + "ETag: \"a\"")), 304, answer + "|ETag: \"a\""));
      assertEquals(dropped, outcome.dropped());
    }

    @Test
    void freshened_otherwise_isKept() {
      Validation.Outcome.Freshened outcome =
          assertInstanceOf(
              Validation.Outcome.Freshened.class,
              judge(List.of(stored(MINUTE + "ETag: \"a\"")), 304, "ETag: \"a\"|Vary: Foo"));
      assertNull(outcome.dropped());
      assertEquals("foo\n", outcome.answer().variant());
    }
  }

  /** Section 4.3.5. */
  @Nested
  class Head {
    private static final String KEPT =
        MINUTE + "ETag: \"a\"|Content-Length: 100|X-A: 1|" + MODIFIED;

    private static HeadUpdate head(String kept, int status, String head) {
      return HeadUpdate.judge(
          new CacheRequest("HEAD", FieldSection.EMPTY, false),
          stored(kept),
          status,
          fields(head + "|Date: " + date(50)),
          millis(50),
          millis(50),
          POLICY);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "ETag: \"a\"",
          "Content-Length: 100",
          "ETag: \"a\"|Content-Length: 100|Last-Modified: LM",
        })
    void same_inAllThatIsSaid_isUpdated(String head) {
      HeadUpdate update =
          head(KEPT, 200, head.replace("LM", date(-7200)) + "|X-A: 2|Cache-Control: max-age=90");
      StoredResponse updated = assertInstanceOf(HeadUpdate.Updated.class, update).response();
      assertEquals("2", updated.fields().first("X-A"));
      assertEquals("100", updated.fields().first("Content-Length"));
      assertEquals(90_000, updated.ttlMillis(millis(50)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ETag: \"b\"",
          "ETag: W/\"a\"",
          "Content-Length: 101",
          "Last-Modified: LATER",
          "ETag: \"a\"|Content-Length: 99",
          "Cache-Control: no-store"
        })
    void other_inAnything_isStale(String head) {
      HeadUpdate update = head(KEPT, 200, head.replace("LATER", date(-1)));
      StoredResponse outdated = assertInstanceOf(HeadUpdate.Outdated.class, update).response();
      assertFalse(outdated.isFresh(millis(50)));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 304, 404, 500, 503})
    void status_otherThan200_saysNothing(int status) {
      assertEquals(new HeadUpdate.Untouched(), head(KEPT, status, "ETag: \"b\""));
    }

    @Test
    void kept_forOthers_isUntouched() {
      StoredResponse other = stored(get("Foo: 1"), 200, MINUTE + "Vary: Foo", POLICY);
      StoredResponse gone = stored(GET, 404, MINUTE, POLICY);
      for (StoredResponse kept : List.of(other, gone)) {
        assertEquals(
            new HeadUpdate.Untouched(),
            HeadUpdate.judge(GET, kept, 200, fields("ETag: \"b\""), 0, 0, POLICY));
      }
    }
  }
}
