package oca.server.caching;

import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, sections 4.2, 4.2.1, 4.2.2 and 5.3. */
class FreshnessTest {
  private static final CachingPolicy GUESSING =
      new CachingPolicy(
          POLICY.targets(),
          true,
          10,
          86_400_000L,
          Map.of(404, 1500L, 503, 10L),
          CookieRule.REFUSE,
          0,
          0,
          0,
          true);

  private static Lifetime lifetime(int status, String text, CachingPolicy policy) {
    FieldSection fields = fields(text);
    ResponseControl control = ResponseControl.of(fields, policy.targets());
    return Lifetime.of(status, fields, control, millis(0), policy);
  }

  private static Lifetime lifetime(String text) {
    return lifetime(200, text, POLICY);
  }

  private static String expiring(long second) {
    return "Date: " + date(0) + "|Expires: " + date(second);
  }

  @Test
  void lifetime_precedence_isTargetedThenSharedThenMaxAgeThenExpires() {
    String all = expiring(40) + "|Cache-Control: max-age=30, s-maxage=20";
    String targeted = all + "|CDN-Cache-Control: max-age=10";
    assertEquals(new Lifetime(10_000, Lifetime.Basis.MAX_AGE), lifetime(targeted));
    assertEquals(new Lifetime(20_000, Lifetime.Basis.S_MAXAGE), lifetime(all));
    assertEquals(
        new Lifetime(30_000, Lifetime.Basis.MAX_AGE),
        lifetime(expiring(40) + "|Cache-Control: max-age=30"));
    assertEquals(new Lifetime(40_000, Lifetime.Basis.EXPIRES), lifetime(expiring(40)));
    assertEquals(new Lifetime(0, Lifetime.Basis.NONE), lifetime("Last-Modified: " + date(-900)));
  }

  @ParameterizedTest
  @CsvSource({
    "s-maxage=x, S_MAXAGE",
    "max-age=x, MAX_AGE",
    "max-age=0, MAX_AGE",
    "'max-age=60, s-maxage=0', S_MAXAGE",
  })
  void lifetime_invalidOrZero_isNotMadeUpForByExpires(String control, Lifetime.Basis basis) {
    assertEquals(new Lifetime(0, basis), lifetime(expiring(3600) + "|Cache-Control: " + control));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "", "now", "Thu, 18 Aug 2050 02:01:18 AEST"})
  void expires_invalid_isInThePast(String expires) {
    assertEquals(
        new Lifetime(0, Lifetime.Basis.EXPIRES),
        lifetime("Date: " + date(0) + "|Expires: " + expires));
  }

  @Test
  void expires_odd_isReadCarefully() {
    assertEquals(0, lifetime(expiring(0)).millis());
    assertEquals(0, lifetime(expiring(-10)).millis());
    assertEquals(60_000, lifetime("Expires: " + date(60)).millis(), "no Date");
    assertEquals(60_000, lifetime("Date: 0|Expires: " + date(60)).millis(), "no such Date");
    assertEquals(10_000, lifetime(expiring(60) + "|Expires: " + date(10)).millis(), "two");
    assertEquals(0, lifetime(expiring(60) + "|Expires: 0").millis(), "one invalid");
    assertEquals(
        1L << 31,
        lifetime("Date: " + date(0) + "|Expires: Fri, 31 Dec 9999 23:59:59 GMT").millis() / 1000);
    assertEquals(
        60_000,
        lifetime("Date: " + date(-100) + "|Expires: " + date(-40)).millis(),
        "counted from Date");
    assertEquals(60_000, lifetime(expiring(60) + "|Cache-Control: no-transform").millis());
    assertEquals(60_000, lifetime(expiring(60) + "|Pragma: no-cache").millis());
  }

  @Test
  void heuristic_byDefault_isOff() {
    assertEquals(0, lifetime("Last-Modified: " + date(-86_400)).millis());
  }

  @ParameterizedTest
  @CsvSource({"200", "203", "204", "206", "300", "301", "308", "404", "405", "410", "414", "501"})
  void heuristic_statusThatAllowsIt_isAPartOfTheTimeUnchanged(int status) {
    CachingPolicy policy =
        new CachingPolicy(
            POLICY.targets(), true, 10, 86_400_000L, Map.of(), CookieRule.REFUSE, 0, 0, 0, true);
    assertEquals(
        new Lifetime(360_000, Lifetime.Basis.HEURISTIC),
        lifetime(status, "Date: " + date(0) + "|Last-Modified: " + date(-3600), policy));
  }

  @ParameterizedTest
  @CsvSource({"201", "202", "302", "303", "307", "400", "403", "500", "502", "599"})
  void heuristic_otherStatus_isNone(int status) {
    String modified = "Date: " + date(0) + "|Last-Modified: " + date(-3600);
    assertEquals(Lifetime.Basis.NONE, lifetime(status, modified, GUESSING).basis());
    assertEquals(
        Lifetime.Basis.HEURISTIC,
        lifetime(status, modified + "|Cache-Control: public", GUESSING).basis());
  }

  @Test
  void heuristic_limits_areKept() {
    assertEquals(
        86_400_000, lifetime(200, "Last-Modified: " + date(-86_400_000), GUESSING).millis());
    assertEquals(0, lifetime(200, "Last-Modified: " + date(10), GUESSING).millis());
    assertEquals(0, lifetime(200, "Last-Modified: 0", GUESSING).millis());
    assertEquals(
        0,
        lifetime(200, "Cache-Control: max-age=0|Last-Modified: " + date(-900), GUESSING).millis());
  }

  @Test
  void error_thatSaysNothing_isKeptForTheTimeOfItsStatus() {
    assertEquals(new Lifetime(1500, Lifetime.Basis.ERROR_RULE), lifetime(404, "", GUESSING));
    assertEquals(new Lifetime(10, Lifetime.Basis.ERROR_RULE), lifetime(503, "", GUESSING));
    assertEquals(0, lifetime(410, "", GUESSING).millis());
  }

  @Test
  void error_thatSaysSomething_isKeptAsItSays() {
    assertEquals(0, lifetime(404, "Cache-Control: max-age=0", GUESSING).millis());
    assertEquals(0, lifetime(404, "Expires: 0", GUESSING).millis());
    assertEquals(1000, lifetime(404, "Cache-Control: max-age=1", GUESSING).millis());
    assertEquals(9000, lifetime(503, "Cache-Control: s-maxage=9", GUESSING).millis());
  }

  @Test
  void fresh_untilTheAgeReachesTheLifetime() {
    StoredResponse kept = stored("Cache-Control: max-age=60|ETag: \"a\"");
    assertTrue(kept.isFresh(millis(0)));
    assertTrue(kept.isFresh(millis(60) - 1));
    assertFalse(kept.isFresh(millis(60)));
    assertFalse(stored("Cache-Control: max-age=0|ETag: \"a\"").isFresh(millis(0)));
  }

  @ParameterizedTest
  @CsvSource({
    "'Cache-Control: max-age=3600|Age: 7200', false",
    "'Cache-Control: max-age=3600|Age: 3600', false",
    "'Cache-Control: max-age=3600|Age: 3599', true",
    "'Cache-Control: max-age=7201, s-maxage=3600|Age: 7200', false",
    "'Cache-Control: max-age=3600|Age: 7200, 0', false",
    "'Cache-Control: max-age=3600|Age: abc', true",
  })
  void fresh_withAge_countsFromTheOrigin(String text, boolean fresh) {
    assertEquals(fresh, stored(text + "|ETag: \"a\"").isFresh(millis(0)));
  }

  @Test
  void fresh_oldDate_isOld() {
    String old = "Cache-Control: max-age=3600|ETag: \"a\"|Date: " + date(-7200);
    assertFalse(stored(old).isFresh(millis(0)));
  }

  @Test
  void endedAt_fresh_isStaleFromThenOn() {
    StoredResponse kept = stored("Cache-Control: max-age=60|ETag: \"a\"|Age: 5");
    StoredResponse ended = kept.endedAt(millis(10));
    assertFalse(ended.isFresh(millis(10)));
    assertEquals(-5000, ended.ttlMillis(millis(15)));
    assertEquals(15_000, ended.ageMillis(millis(10)));
    assertEquals(kept.ttlMillis(millis(90)), kept.endedAt(millis(80)).ttlMillis(millis(90)));
  }
}
