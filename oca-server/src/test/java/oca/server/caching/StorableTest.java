package oca.server.caching;

import static oca.server.caching.Given.GET;
import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.get;
import static oca.server.caching.Given.judge;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.policy;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 3. */
class StorableTest {
  private static final String HOUR = "Cache-Control: max-age=3600";

  private static void kept(CacheRequest request, int status, String fields) {
    assertInstanceOf(Storing.Kept.class, judge(request, status, fields, POLICY), fields);
  }

  private static void refused(Refusal why, CacheRequest request, int status, String fields) {
    assertEquals(new Storing.Refused(why), judge(request, status, fields, POLICY), fields);
  }

  @Nested
  class Statuses {
    @ParameterizedTest
    @ValueSource(
        ints = {
          200, 201, 202, 203, 204, 205, 299, 300, 301, 302, 303, 307, 308, 399, 400, 401, 403, 404,
          405, 406, 408, 409, 410, 413, 414, 415, 418, 422, 451, 499, 500, 501, 502, 503, 504, 505,
          599
        })
    void explicitLifetime_anyFinalStatus_isKept(int status) {
      kept(GET, status, HOUR);
      kept(GET, status, "Cache-Control: s-maxage=3600");
      kept(GET, status, "Expires: " + date(3600));
      kept(GET, status, "CDN-Cache-Control: max-age=3600");
    }

    @ParameterizedTest
    @ValueSource(
        ints = {0, 99, 100, 103, 199, 304, 407, 412, 416, 417, 421, 425, 428, 429, 431, 511, 600})
    void statusAboutTheRequest_orNone_isRefused(int status) {
      refused(Refusal.STATUS, GET, status, HOUR + ", public|ETag: \"a\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})
    void noLifetime_heuristicStatus_isKeptToBeValidated(int status) {
      kept(GET, status, "ETag: \"a\"");
      kept(GET, status, "Last-Modified: " + date(-900));
      kept(GET, status, "Cache-Control: no-cache|ETag: \"a\"");
      refused(Refusal.USELESS, GET, status, "");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 299, 302, 303, 307, 400, 403, 499, 500, 502, 503, 599})
    void noLifetime_otherStatus_isRefused(int status) {
      refused(Refusal.UNDATED, GET, status, "ETag: \"a\"");
      refused(Refusal.UNDATED, GET, status, "Last-Modified: " + date(-900));
      kept(GET, status, "Cache-Control: public|ETag: \"a\"");
    }

    /** Section 5.2.2.3. */
    @Test
    void mustUnderstand_statusIsKnown_outdoesNoStore() {
      kept(GET, 200, HOUR + ", must-understand");
      kept(GET, 200, HOUR + ", no-store, must-understand");
      refused(Refusal.NOT_UNDERSTOOD, GET, 299, HOUR + ", must-understand");
      refused(Refusal.NOT_UNDERSTOOD, GET, 499, HOUR + ", no-store, must-understand");
      kept(GET, 499, HOUR);
    }

    @Test
    void errors_underARule_areKeptForItsTime() {
      CachingPolicy brief =
          new CachingPolicy(
              List.of(), true, 0, 0, Map.of(404, 250L, 502, 5L), CookieRule.REFUSE, 0, 0, 0, true);
      assertEquals(250, stored(GET, 404, "", brief).ttlMillis(millis(0)));
      assertEquals(5, stored(GET, 502, "", brief).ttlMillis(millis(0)));
      assertEquals(
          new Storing.Refused(Refusal.UNDATED), judge(GET, 503, "", brief), "no rule for it");
      assertEquals(
          new Storing.Refused(Refusal.NO_STORE), judge(GET, 404, "Cache-Control: no-store", brief));
      assertEquals(
          new Storing.Refused(Refusal.USELESS), judge(GET, 404, "Cache-Control: max-age=0", brief));
      assertEquals(new Storing.Refused(Refusal.COOKIE), judge(GET, 404, "Set-Cookie: a=b", brief));
    }
  }

  @Nested
  class Requests {
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "QUERY", "FOO"})
    void method_otherThanGet_isRefused(String method) {
      refused(Refusal.METHOD, new CacheRequest(method, FieldSection.EMPTY, false), 200, HOUR);
    }

    @Test
    void body_inGet_isRefused() {
      refused(Refusal.REQUEST_BODY, new CacheRequest("GET", FieldSection.EMPTY, true), 200, HOUR);
    }

    @Test
    void noStore_inRequest_isRefusedWhereRequestsAreHeeded() {
      CacheRequest request = get("Cache-Control: no-store");
      refused(Refusal.REQUEST_NO_STORE, request, 200, HOUR);
      CachingPolicy deaf =
          new CachingPolicy(List.of(), false, 0, 0, Map.of(), CookieRule.REFUSE, 0, 0, 0, true);
      assertInstanceOf(Storing.Kept.class, judge(request, 200, HOUR, deaf));
    }

    /** Section 3.5. */
    @ParameterizedTest
    @CsvSource({
      "max-age=3600, false",
      "'max-age=3600, proxy-revalidate', false",
      "'max-age=3600, private=\"x-a\"', false",
      "'max-age=3600, public', true",
      "'max-age=3600, must-revalidate', true",
      "s-maxage=3600, true",
      "'max-age=3600, public=1', false",
    })
    void authorization_withoutLeaveToShare_isRefused(String control, boolean kept) {
      CacheRequest request = get("Authorization: Basic x");
      if (kept) {
        kept(request, 200, "Cache-Control: " + control);
        kept(request, 200, "Cache-Control: no-store|CDN-Cache-Control: " + control);
      } else {
        refused(Refusal.AUTHORIZATION, request, 200, "Cache-Control: " + control);
      }
      kept(GET, 200, "Cache-Control: " + control);
    }
  }

  @Nested
  class Directives {
    @ParameterizedTest
    @CsvSource({
      "'max-age=3600, no-store', NO_STORE",
      "'No-Store, max-age=3600', NO_STORE",
      "'no-store, no-store', NO_STORE",
      "'max-age=3600, private', PRIVATE",
      "'max-age=3600, PRIVATE', PRIVATE",
      "'max-age=3600, private, public', PRIVATE",
      "'s-maxage=3600, private', PRIVATE",
      "'private=\"content-type\", max-age=3600', PRIVATE",
      "'max-age=0', USELESS",
      "'max-age=3600, max-age=0', USELESS",
      "'no-cache', USELESS",
      "'max-age=3600, no-cache', USELESS",
      "'max-age=-1', USELESS",
    })
    void directive_thatForbids_isHeeded(String control, Refusal why) {
      refused(why, GET, 200, "Cache-Control: " + control);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "max-age=0, stale-while-revalidate=5",
          "max-age=0, stale-if-error=5",
          "max-age=3600, ext=\"no-store\"",
          "max-age=3600, foo=private",
          "public, max-age=3600",
        })
    void directive_thatAllows_isKept(String control) {
      kept(GET, 200, "Cache-Control: " + control);
    }

    @Test
    void staleOnArrival_withoutValidator_isRefused() {
      refused(Refusal.USELESS, GET, 200, HOUR + "|Age: 7200");
      refused(Refusal.USELESS, GET, 200, HOUR + "|Date: " + date(-7200));
      kept(GET, 200, HOUR + "|Age: 7200|ETag: \"a\"");
      refused(
          Refusal.USELESS, GET, 200, "Cache-Control: max-age=0, stale-if-error=9, must-revalidate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "Foo, *", "*, Foo", ", *", "*, *", " * "})
    void vary_byAnything_isRefused(String vary) {
      refused(Refusal.VARY, GET, 200, HOUR + "|Vary: " + vary);
      refused(Refusal.VARY, GET, 200, HOUR + "|Vary: Foo|Vary: " + vary);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", ", Accept", "Accept", "Accept,,Foo"})
    void vary_byNames_isKept(String vary) {
      kept(GET, 200, HOUR + "|Vary: " + vary);
    }
  }

  @Nested
  class Cookies {
    private static final String COOKIE = "|Set-Cookie: a=b|Set-Cookie: c=d";

    @ParameterizedTest
    @EnumSource(CookieRule.class)
    void cookie_explicitLifetime_isAsTheRuleSays(CookieRule rule) {
      Storing storing = judge(GET, 200, HOUR + COOKIE, policy(rule, 0, 0, 0));
      switch (rule) {
        case REFUSE -> assertEquals(new Storing.Refused(Refusal.COOKIE), storing);
        case STRIP -> assertEquals(List.of(), cookies(storing));
        case KEEP_IF_EXPLICIT -> assertEquals(List.of("a=b", "c=d"), cookies(storing));
      }
    }

    private static List<String> cookies(Storing storing) {
      return assertInstanceOf(Storing.Kept.class, storing).response().fields().values("Set-Cookie");
    }

    @Test
    void cookie_withoutLifetime_isNeverKept() {
      refused(Refusal.COOKIE, GET, 200, "ETag: \"a\"" + COOKIE);
      refused(Refusal.COOKIE, GET, 200, "Cache-Control: public|ETag: \"a\"" + COOKIE);
    }

    @Test
    void cookie_namedPrivate_isStripped() {
      for (String directive : List.of("private", "no-cache")) {
        String text = HOUR + ", " + directive + "=\"Set-Cookie\"" + COOKIE;
        Storing storing = judge(GET, 200, text, policy(CookieRule.REFUSE, 0, 0, 0));
        assertEquals(List.of(), cookies(storing));
      }
    }
  }

  /** Section 3.1. */
  @Nested
  class Fields {
    @Test
    void kept_hopByHop_isGone() {
      FieldSection kept =
          stored(
                  HOUR
                      + "|Connection: close, X-Hop|X-Hop: 1|Keep-Alive: 1|TE: x|Upgrade: x"
                      + "|Proxy-Authenticate: x|Proxy-Authentication-Info: x|Proxy-Connection: x"
                      + "|Transfer-Encoding: chunked|Trailer: x|X-End: 1|Content-Type: text/plain")
              .fields();
      assertEquals(fields(HOUR + "|X-End: 1|Content-Type: text/plain|Date: " + date(0)), kept);
    }

    @Test
    void kept_namedFields_areGone() {
      FieldSection kept =
          stored(HOUR + ", private=\"x-a\", no-cache=\"X-B\"|X-A: 1|x-b: 2|X-C: 3").fields();
      assertFalse(kept.has("X-A") || kept.has("X-B"));
      assertEquals("3", kept.first("X-C"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Date: 0|", "Date:|", "Date: yesterday|"})
    void kept_withoutDate_getsOne(String date) {
      Storing storing =
          Storability.judge(GET, 200, fields(date + HOUR), millis(0), millis(0) + 999, POLICY);
      FieldSection kept = assertInstanceOf(Storing.Kept.class, storing).response().fields();
      assertEquals(List.of(date(0)), kept.values("Date"));
    }

    @Test
    void kept_everythingElse_staysAsItCame() {
      String text =
          HOUR
              + "|X-A: 1|x-a:  2 |Content-MD5: x|X-Frame-Options: DENY|CDN-Cache-Control: x,"
              + "|Link: <a>, <b>|ETag: W/\"a\"|Via: 1.1 up|Age: 5|Date: "
              + date(-5);
      assertEquals(fields(text), stored(text).fields());
    }
  }

  /** Sections 3.3 and 3.4. */
  @Nested
  class Parts {
    private static final String PART = HOUR + "|Content-Range: bytes 0-9/100";

    @Test
    void part_strongValidatorAndKnownPlace_isKept() {
      kept(GET, 206, PART + "|ETag: \"a\"");
      kept(GET, 206, PART + "|Last-Modified: " + date(-3600));
      assertEquals(100, stored(GET, 206, PART + "|ETag: \"a\"", POLICY).length());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Content-Range: bytes 0-9/100",
          "Content-Range: bytes 0-9/100|ETag: W/\"a\"",
          "Content-Range: bytes 0-9/100|ETag: a",
          "Content-Range: bytes 0-9/100|ETag: \"a\"|ETag: \"b\"",
          "Content-Range: bytes 0-9/*|ETag: \"a\"",
          "Content-Range: bytes */100|ETag: \"a\"",
          "Content-Range: bytes 9-0/100|ETag: \"a\"",
          "Content-Range: bytes 0-100/100|ETag: \"a\"",
          "Content-Range: items 0-9/100|ETag: \"a\"",
          "Content-Range: bytes 0-9/100|Content-Range: bytes 0-9/100|ETag: \"a\"",
          "Content-Type: multipart/byteranges; boundary=x|ETag: \"a\"",
          "ETag: \"a\"",
        })
    void part_anythingLess_isRefused(String text) {
      refused(Refusal.PART, GET, 206, HOUR + '|' + text);
    }

    @Test
    void part_justModified_isRefused() {
      refused(Refusal.PART, GET, 206, PART + "|Last-Modified: " + date(-59));
      kept(GET, 206, PART + "|Last-Modified: " + date(-60));
    }
  }

  @Test
  void refusals_labels_areTokensAndDiffer() {
    List<String> labels = List.of(Refusal.values()).stream().map(Refusal::label).toList();
    assertEquals(labels.size(), labels.stream().distinct().count());
    assertTrue(labels.stream().allMatch(Grammar::isToken));
    assertTrue(List.of(Refusal.values()).stream().allMatch(it -> it.sentence().endsWith(".")));
  }
}
