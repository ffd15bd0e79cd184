package oca.server.caching;

import static oca.server.caching.Given.GET;
import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.get;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, sections 4 and 5.2.1. */
class ReuseTest {
  private static final String TAGGED = "|ETag: \"a\"";
  private static final FieldSection CONDITION = FieldSection.of("If-None-Match", "\"a\"");
  private static final Reuse REUSE = new Reuse(POLICY);

  private static Decision decide(CacheRequest request, StoredResponse stored, long second) {
    return REUSE.decide(request, List.of(stored), millis(second));
  }

  private static StoredResponse minute(String more) {
    return stored("Cache-Control: max-age=60" + more + TAGGED);
  }

  @Test
  void fresh_isUsed_untilItIsNot() {
    StoredResponse kept = minute("");
    assertEquals(new Decision.Fresh(kept, 0, 60_000), decide(GET, kept, 0));
    assertEquals(new Decision.Fresh(kept, 59_000, 1000), decide(GET, kept, 59));
    assertEquals(new Decision.MustValidate(kept, Forward.STALE, CONDITION), decide(GET, kept, 60));
  }

  @Test
  void head_sharesWhatGetGot() {
    CacheRequest head = new CacheRequest("HEAD", FieldSection.EMPTY, false);
    assertInstanceOf(Decision.Fresh.class, decide(head, minute(""), 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "FOO"})
  void method_otherThanReads_isPassedOn(String method) {
    CacheRequest request = new CacheRequest(method, FieldSection.EMPTY, false);
    assertEquals(new Decision.Bypass(Forward.METHOD), decide(request, minute(""), 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"If-Match: \"a\"", "If-Match: *", "If-Unmodified-Since: x"})
  void precondition_ofOrigins_isPassedOn(String fields) {
    assertEquals(new Decision.Bypass(Forward.BYPASS), decide(get(fields), minute(""), 1));
  }

  @Test
  void body_inGet_isPassedOn() {
    CacheRequest fat = new CacheRequest("GET", FieldSection.EMPTY, true);
    assertEquals(new Decision.Bypass(Forward.BYPASS), decide(fat, minute(""), 1));
  }

  @Test
  void nothing_isKept_isAMiss() {
    assertEquals(
        new Decision.Miss(Forward.URI_MISS, FieldSection.EMPTY),
        REUSE.decide(GET, List.of(), millis(0)));
  }

  @Test
  void otherVariants_areKept_isAMissThatNamesThem() {
    String vary = "Cache-Control: max-age=60|Vary: Foo|ETag: ";
    List<StoredResponse> kept =
        List.of(
            stored(get("Foo: 1"), 200, vary + "\"one\"", POLICY),
            stored(get("Foo: 2"), 200, vary + "W/\"two\"", POLICY),
            stored(get("Foo: 3"), 200, vary + "odd", POLICY));
    assertEquals(
        new Decision.Miss(
            Forward.VARY_MISS, FieldSection.of("If-None-Match", "\"one\", W/\"two\"")),
        REUSE.decide(get("Foo: 4"), kept, millis(0)));
    Decision second = REUSE.decide(get("Foo: 2"), kept, millis(0));
    assertSame(kept.get(1), assertInstanceOf(Decision.Fresh.class, second).stored());
  }

  @Test
  void several_match_latestIsChosen() {
    StoredResponse old = stored("Cache-Control: max-age=60|X: 1|Date: " + Given.date(-9));
    StoredResponse young = stored("Cache-Control: max-age=60|X: 2|Date: " + Given.date(-1));
    for (List<StoredResponse> kept : List.of(List.of(old, young), List.of(young, old))) {
      Decision.Fresh fresh =
          assertInstanceOf(Decision.Fresh.class, REUSE.decide(GET, kept, millis(0)));
      assertSame(young, fresh.stored());
    }
  }

  @Test
  void noCache_inResponse_isValidatedEachTime() {
    StoredResponse kept = minute(", no-cache");
    assertEquals(new Decision.MustValidate(kept, Forward.STALE, CONDITION), decide(GET, kept, 0));
    StoredResponse named = minute(", no-cache=\"x-a\"");
    assertInstanceOf(Decision.Fresh.class, decide(GET, named, 0));
  }

  /** Each at 10 seconds of 60. */
  @ParameterizedTest
  @CsvSource({
    "'', Fresh",
    "no-cache, MustValidate",
    "NO-CACHE, MustValidate",
    "max-age=0, MustValidate",
    "max-age=9, MustValidate",
    "max-age=10, Fresh",
    "max-age=x, MustValidate",
    "min-fresh=50, Fresh",
    "min-fresh=51, MustValidate",
    "min-fresh=x, MustValidate",
    "max-stale, Fresh",
    "'max-age=5, max-stale=100', MustValidate",
    "no-store, Fresh",
    "only-if-cached, Fresh",
    "'only-if-cached, max-age=5', OnlyIfCached",
    "'only-if-cached, no-cache', OnlyIfCached",
    "no-transform, Fresh",
    "foo=bar, Fresh",
  })
  void request_againstFresh_getsNoMoreThanItWants(String control, String outcome) {
    Decision decision = decide(get("Cache-Control: " + control), minute(""), 10);
    assertEquals(outcome, decision.getClass().getSimpleName());
    if (decision instanceof Decision.MustValidate validate) {
      assertEquals(Forward.REQUEST, validate.why());
    }
  }

  /** Each at 70 seconds of 60. */
  @ParameterizedTest
  @CsvSource({
    "'', MustValidate",
    "max-stale, StaleAccepted",
    "max-stale=10, StaleAccepted",
    "max-stale=9, MustValidate",
    "max-stale=x, MustValidate",
    "'max-stale=100, max-age=70', StaleAccepted",
    "'max-stale=100, max-age=69', MustValidate",
    "'max-stale=100, min-fresh=1', MustValidate",
    "'max-stale, no-cache', MustValidate",
    "only-if-cached, OnlyIfCached",
    "'only-if-cached, max-stale', StaleAccepted",
  })
  void request_againstStale_getsItOnlyIfItWants(String control, String outcome) {
    Decision decision = decide(get("Cache-Control: " + control), minute(""), 70);
    assertEquals(outcome, decision.getClass().getSimpleName());
  }

  @ParameterizedTest
  @ValueSource(strings = {", must-revalidate", ", proxy-revalidate", ", s-maxage=60", ", no-cache"})
  void maxStale_whereForbidden_isOfNoUse(String forbidding) {
    Decision decision = decide(get("Cache-Control: max-stale"), minute(forbidding), 70);
    assertInstanceOf(Decision.MustValidate.class, decision);
  }

  @Test
  void pragma_inRequest_isNoCache() {
    assertInstanceOf(Decision.MustValidate.class, decide(get("Pragma: no-cache"), minute(""), 1));
  }

  @Test
  void onlyIfCached_nothingKept_isSo() {
    CacheRequest request = get("Cache-Control: only-if-cached");
    assertEquals(new Decision.OnlyIfCached(), REUSE.decide(request, List.of(), millis(0)));
  }

  @Test
  void requests_notHeeded_stillGetOnlyIfCached() {
    Reuse deaf =
        new Reuse(
            new CachingPolicy(List.of(), false, 0, 0, Map.of(), CookieRule.REFUSE, 0, 0, 0, true));
    List<StoredResponse> kept = List.of(minute(""));
    for (String control : List.of("no-cache", "max-age=0", "min-fresh=999", "no-store")) {
      CacheRequest request = get("Cache-Control: " + control);
      assertInstanceOf(Decision.Fresh.class, deaf.decide(request, kept, millis(1)));
    }
    assertInstanceOf(Decision.Fresh.class, deaf.decide(get("Pragma: no-cache"), kept, millis(1)));
    assertEquals(
        new Decision.OnlyIfCached(),
        deaf.decide(get("Cache-Control: only-if-cached"), List.of(), millis(1)));
  }

  /** RFC 8246, section 2. */
  @ParameterizedTest
  @CsvSource({
    "max-age=0, 10, Fresh",
    "max-age=5, 10, Fresh",
    "no-cache, 10, MustValidate",
    "min-fresh=55, 10, MustValidate",
    "max-age=0, 70, MustValidate",
    "'', 70, MustValidate",
  })
  void immutable_whileFresh_isNotValidatedOnReload(String control, long second, String outcome) {
    Decision decision = decide(get("Cache-Control: " + control), minute(", immutable"), second);
    assertEquals(outcome, decision.getClass().getSimpleName());
  }

  @Test
  void validate_withoutValidator_asksForAll() {
    StoredResponse kept = stored("Cache-Control: max-age=60");
    assertEquals(
        new Decision.MustValidate(kept, Forward.STALE, FieldSection.EMPTY), decide(GET, kept, 60));
  }

  @Test
  void range_ofAClient_changesNothing() {
    assertInstanceOf(
        Decision.Fresh.class, decide(get("Range: bytes=0-1|If-Range: \"x\""), minute(""), 1));
    assertEquals(fields(""), FieldSection.EMPTY);
  }
}
