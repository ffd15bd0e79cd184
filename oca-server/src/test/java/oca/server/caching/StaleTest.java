package oca.server.caching;

import static oca.server.caching.Given.GET;
import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.get;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.policy;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5861, and RFC 9111, section 4.2.4. */
class StaleTest {
  private static final CachingPolicy STRICT = policy(CookieRule.REFUSE, 0, 0, 0);
  private static final CachingPolicy LENIENT = policy(CookieRule.REFUSE, 20_000, 30_000, 600_000);

  private static StoredResponse minute(String more) {
    return stored("Cache-Control: max-age=60" + more + "|ETag: \"a\"");
  }

  @Nested
  class WhileRevalidate {
    private static String outcome(CachingPolicy policy, String more, String request, long second) {
      return new Reuse(policy)
          .decide(get(request), List.of(minute(more)), millis(second))
          .getClass()
          .getSimpleName();
    }

    @ParameterizedTest
    @CsvSource({
      "59, Fresh",
      "60, StaleWhileRevalidate",
      "90, StaleWhileRevalidate",
      "91, MustValidate",
    })
    void stale_withinTheWindow_isUsed(long second, String expected) {
      assertEquals(expected, outcome(POLICY, ", stale-while-revalidate=30", "", second));
    }

    @Test
    void stale_used_isAskedForWithItsValidator() {
      StoredResponse kept = minute(", stale-while-revalidate=30");
      assertEquals(
          new Decision.StaleWhileRevalidate(
              kept, 70_000, -10_000, FieldSection.of("If-None-Match", "\"a\"")),
          new Reuse(POLICY).decide(GET, List.of(kept), millis(70)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {", must-revalidate", ", proxy-revalidate", ", s-maxage=60", ", no-cache"})
    void stale_forbidden_isValidated(String more) {
      String both = ", stale-while-revalidate=30" + more;
      assertEquals("MustValidate", outcome(POLICY, both, "", 70));
      assertEquals("MustValidate", outcome(LENIENT, more, "", 70));
    }

    @Test
    void stale_sharedAgeWhereThePolicyLets_isUsed() {
      CachingPolicy lets =
          new CachingPolicy(List.of(), true, 0, 0, Map.of(), CookieRule.REFUSE, 0, 0, 0, false);
      assertEquals(
          "StaleWhileRevalidate",
          outcome(lets, ", s-maxage=60, stale-while-revalidate=30", "", 70));
      assertEquals("MustValidate", outcome(lets, ", s-maxage=60", "", 70));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=0", "max-age=60", "min-fresh=1"})
    void stale_notWanted_isValidated(String wanted) {
      String request = "Cache-Control: " + wanted;
      assertEquals("MustValidate", outcome(POLICY, ", stale-while-revalidate=30", request, 70));
    }

    @Test
    void window_ofThePolicy_countsOnlyWhereTheResponseIsSilent() {
      assertEquals("StaleWhileRevalidate", outcome(LENIENT, "", "", 80));
      assertEquals("MustValidate", outcome(LENIENT, "", "", 81));
      assertEquals("MustValidate", outcome(LENIENT, ", stale-while-revalidate=0", "", 70));
      assertEquals("MustValidate", outcome(LENIENT, ", stale-while-revalidate=5", "", 70));
    }
  }

  @Nested
  class IfError {
    private static Decision.StaleIfError after(
        CachingPolicy policy, String request, String more, int status, long second) {
      return new Reuse(policy).onFailure(get(request), minute(more), status, millis(second));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 502, 503, 504})
    void failure_withinTheWindow_isCoveredUp(int status) {
      Decision.StaleIfError stale = after(STRICT, "", ", stale-if-error=30", status, 90);
      assertNotNull(stale);
      assertEquals(90_000, stale.ageMillis());
      assertEquals(-30_000, stale.ttlMillis());
      assertNull(after(STRICT, "", ", stale-if-error=30", status, 91));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 304, 400, 404, 410, 429, 501, 505, 599})
    void answer_thatIsNone_isTold(int status) {
      assertNull(after(LENIENT, "", ", stale-if-error=30", status, 70));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {", must-revalidate", ", proxy-revalidate", ", s-maxage=60", ", no-cache"})
    void failure_staleForbidden_isTold(String more) {
      for (int status : new int[] {0, 503}) {
        assertNull(after(LENIENT, "", ", stale-if-error=30" + more, status, 70));
        assertNull(after(LENIENT, "Cache-Control: stale-if-error=99", more, status, 70));
      }
    }

    @Test
    void failure_responseIsSilent_isAsThePolicySays() {
      assertNull(after(STRICT, "", "", 503, 70));
      assertNull(after(STRICT, "", "", 0, 70));
      assertNotNull(after(LENIENT, "", "", 503, 90));
      assertNull(after(LENIENT, "", "", 503, 91));
      assertNotNull(after(LENIENT, "", "", 0, 660));
      assertNull(after(LENIENT, "", "", 0, 661));
      assertNotNull(after(POLICY, "", "", 0, 60 + 86_400), "by default a day when unreachable");
      assertNull(after(POLICY, "", "", 503, 61), "and not at all for an answer");
    }

    @Test
    void failure_responseSaysLess_isNotOverruled() {
      assertNull(after(LENIENT, "", ", stale-if-error=0", 503, 61));
      assertNull(after(LENIENT, "", ", stale-if-error=5", 0, 70));
    }

    @Test
    void failure_requestAllows_isCoveredUp() {
      assertNotNull(after(STRICT, "Cache-Control: stale-if-error=10", "", 503, 70));
      assertNull(after(STRICT, "Cache-Control: stale-if-error=9", "", 503, 70));
    }

    /** Asked for only because the client wanted it checked. */
    @Test
    void failure_freshYet_isCoveredUp() {
      assertNotNull(after(STRICT, "Cache-Control: no-cache", "", 503, 10));
      assertNotNull(after(STRICT, "", ", must-revalidate", 0, 10));
      assertNull(after(STRICT, "", ", no-cache", 0, 10));
    }
  }

  @Test
  void maxStale_andRevalidate_areBothWithinTheirOwn() {
    StoredResponse kept = minute(", stale-while-revalidate=5");
    Reuse reuse = new Reuse(POLICY);
    assertInstanceOf(
        Decision.StaleAccepted.class,
        reuse.decide(get("Cache-Control: max-stale=60"), List.of(kept), millis(100)));
  }
}
