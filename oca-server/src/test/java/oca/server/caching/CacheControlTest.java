package oca.server.caching;

import static oca.server.caching.Given.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 5.2, and how section 4.2.1 wants what is odd to be read. */
class CacheControlTest {
  private static final long MAX = 2_147_483_648L;

  private static ResponseControl response(String... lines) {
    FieldSection fields = FieldSection.EMPTY;
    for (String line : lines) {
      fields = fields.plus("Cache-Control", line);
    }
    return ResponseControl.of(fields, List.of());
  }

  private static RequestControl request(String line) {
    return RequestControl.of(FieldSection.of("Cache-Control", line));
  }

  @Nested
  class Seconds {
    @ParameterizedTest
    @CsvSource({
      "max-age=60, 60",
      "MAX-AGE=60, 60",
      "MaX-aGe=60, 60",
      "'  max-age=60  ', 60",
      "'foo, max-age=60', 60",
      "'max-age=60, foo', 60",
      "'foo=bar, max-age=60, bar=\"x, y\"', 60",
      "', ,max-age=60,,', 60",
      "'max-age=\"60\"', 60",
      "max-age=00060, 60",
      "max-age=0, 0",
      "max-age=2147483647, 2147483647",
      "max-age=2147483648, 2147483648",
      "max-age=2147483649, 2147483648",
      "max-age=99999999999999999999999999, 2147483648",
      "max-age=000000000000000000000000060, 60",
      "s-maxage=60, -1",
      "'', -1",
      "xmax-age=60, -1",
      "max-agex=60, -1",
    })
    void maxAge_proper_isRead(String line, long seconds) {
      assertEquals(seconds, response(line).maxAge());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "max-age",
          "max-age=",
          "max-age=-60",
          "max-age=+60",
          "max-age=60.0",
          "max-age=60;",
          "max-age=60;foo=bar",
          "max-age;60",
          "max-age:60",
          "max-age='60'",
          "max-age=60s",
          "max-age=x",
          "max-age =60",
          "max-age= 60",
          "max-age = 60",
          "max-age=6 0",
          "max-age=\" 60\"",
          "max-age=\"60",
          "max-age=60\"",
          "max-age=\"\"",
          "max-age=60, max-age=x",
          "max-age=x, max-age=60",
          "max-age=0x3c",
        })
    void maxAge_invalid_isStaleAtOnce(String line) {
      assertEquals(0, response(line).maxAge());
      assertEquals(0, response(line.replace("max-age", "s-maxage")).sMaxAge());
    }

    /** First or stale, says section 4.2.1: the smallest is one of both at each moment. */
    @ParameterizedTest
    @CsvSource({
      "'max-age=60, max-age=0', 0",
      "'max-age=0, max-age=60', 0",
      "'max-age=60, max-age=30, max-age=90', 30",
      "'max-age=60, max-age=60', 60",
      "'max-age=60, MAX-AGE=1', 1",
    })
    void maxAge_severalTimes_isTheSmallest(String line, long seconds) {
      assertEquals(seconds, response(line).maxAge());
      assertEquals(seconds, response(line.split(",", -1)).maxAge());
    }

    @Test
    void maxAge_inAnothersQuotedArgument_isNotRead() {
      assertEquals(1, response("ext=\"max-age=3600\", max-age=1").maxAge());
      assertEquals(1, response("max-age=1, ext=\"a, max-age=0\"").maxAge());
      assertEquals(1, response("ext=\"\\\", max-age=0\", max-age=1").maxAge());
    }

    @ParameterizedTest
    @CsvSource({
      "stale-while-revalidate=30, 30",
      "stale-while-revalidate=x, -1",
      "stale-while-revalidate, -1",
      "'stale-while-revalidate=30, stale-while-revalidate=10', 10",
      "'stale-while-revalidate=30, stale-while-revalidate=-1', -1",
    })
    void stale_invalid_permitsNothing(String line, long seconds) {
      assertEquals(seconds, response(line).staleWhileRevalidate());
      String other = line.replace("while-revalidate", "if-error");
      assertEquals(seconds, response(other).staleIfError());
    }
  }

  @Nested
  class Restrictions {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "no-store",
          "No-StOrE",
          "max-age=60, no-store",
          "no-store=1",
          "no-store=\"x\"",
          "no-store;",
          "no-store; max-age=60",
          "ext=\"unended, no-store",
          "\"no-store, no-store",
        })
    void noStore_howeverSpelled_isHeeded(String line) {
      assertTrue(response(line).noStore());
      assertTrue(response("max-age=60", line).noStore());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"no-storage", "no store", "ext=\"no-store\"", "ext=no-store", "x no-store"})
    void noStore_thatIsSomethingElse_isNotRead(String line) {
      assertFalse(response(line).noStore());
    }

    @Test
    void quotedString_withoutEnd_isNotUsedUnasked() {
      ResponseControl said = response("max-age=60, ext=\"abc", "public");
      assertTrue(said.noCache());
      assertTrue(said.isPublic());
      assertFalse(response("max-age=60, ext=\"abc\"").noCache());
    }

    @ParameterizedTest
    @ValueSource(strings = {"public=1", "public;", "public; max-age=60", "public=\"\""})
    void public_misspelled_permitsNothing(String line) {
      assertFalse(response(line).isPublic());
    }

    @Test
    void others_present_areRead() {
      ResponseControl said =
          response("must-revalidate, Proxy-Revalidate", "must-understand,immutable=1, PUBLIC");
      assertTrue(said.mustRevalidate());
      assertTrue(said.proxyRevalidate());
      assertTrue(said.mustUnderstand());
      assertTrue(said.immutable());
      assertTrue(said.isPublic());
      assertFalse(said.noCache() || said.isPrivate() || said.noStore());
    }
  }

  /** Sections 5.2.2.4 and 5.2.2.7. */
  @Nested
  class Qualified {
    @ParameterizedTest
    @CsvSource({
      "'private=\"x-a\"', x-a",
      "'private=\"X-A, x-B\"', x-a x-b",
      "'private=\" , x-a,\"', x-a",
      "'private=x-a', x-a",
      "'private=\"x-a\", private=\"x-b\"', x-a x-b",
      "'private=\"set-cookie\"', set-cookie",
    })
    void fieldNames_listed_areAlone(String line, String names) {
      ResponseControl said = response(line);
      assertFalse(said.isPrivate());
      assertEquals(Set.of(names.split(" ", -1)), said.privateFields());
      ResponseControl noCache = response(line.replace("private", "no-cache"));
      assertFalse(noCache.noCache());
      assertEquals(Set.of(names.split(" ", -1)), noCache.noCacheFields());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "private",
          "private=",
          "private=\"\"",
          "private=\",\"",
          "private=\"x a\"",
          "private=\"x-a\", private",
          "private, private=\"x-a\"",
          "private=\"x-a",
          "private =\"x-a\"",
          "private=x-a;",
          "private=\"content-type\"",
          "private=\"x-a, ETag\"",
          "private=\"cache-control\"",
        })
    void fieldNames_unclear_areAllOfTheResponse(String line) {
      assertTrue(response(line).isPrivate());
      assertTrue(response(line.replace("private", "no-cache")).noCache());
      assertEquals(Set.of(), response(line).privateFields());
    }
  }

  /** Section 5.2.1. */
  @Nested
  class OfRequests {
    @Test
    void directives_proper_areRead() {
      RequestControl said =
          request(
              "no-cache, no-store, only-if-cached, max-age=1, max-stale=2, min-fresh=3,"
                  + " stale-if-error=4");
      assertEquals(new RequestControl(true, true, true, 1, 2, 3, 4), said);
    }

    @ParameterizedTest
    @CsvSource({
      "max-stale, 9223372036854775807",
      "MAX-STALE, 9223372036854775807",
      "max-stale=10, 10",
      "'max-stale, max-stale=10', -1",
      "max-stale=x, -1",
      "max-stale=, -1",
      "max-age=1, -1",
    })
    void maxStale_withoutArgument_isAny(String line, long seconds) {
      assertEquals(seconds, request(line).maxStale());
    }

    @Test
    void times_invalid_areReadAsTheStrictest() {
      assertEquals(0, request("max-age=x").maxAge());
      assertEquals(MAX, request("min-fresh").minFresh());
    }

    /** Section 5.4. */
    @ParameterizedTest
    @CsvSource({
      "'Pragma: no-cache', true",
      "'Pragma: NO-CACHE', true",
      "'Pragma: foo, no-cache', true",
      "'Pragma: no-cachex', false",
      "'Pragma: no-cache|Cache-Control: max-age=60', false",
      "'Pragma: no-cache|Cache-Control:', false",
      "'Cache-Control: no-cache', true",
      "'Pragma: foo', false",
    })
    void pragma_onlyWithoutCacheControl_counts(String text, boolean noCache) {
      assertEquals(noCache, RequestControl.of(fields(text)).noCache());
    }
  }

  @Property
  void directives_anyText_areReadWithoutFault(
      @ForAll @CharRange(from = '\0', to = '\u00ff') String text) {
    Directives said = Directives.parse(List.of(text, text));
    for (Directives.Directive directive : said.all()) {
      assertTrue(Grammar.isToken(directive.name()));
    }
    assertTrue(said.seconds("max-age", 0) >= -1);
    said.fieldNames("private");
  }

  /** What restricts is found wherever it stands, whatever stands before it. */
  @Property
  void noStore_behindAnyLine_isFound(
      @ForAll @CharRange(from = ' ', to = '~') String before, @ForAll boolean upper) {
    String line = upper ? "NO-STORE" : "no-store";
    assertTrue(Directives.parse(List.of(before, line)).restricts("no-store"));
  }

  @Property
  void seconds_anyNumber_roundTrips(@ForAll @LongRange(min = 0) long seconds) {
    assertEquals(Math.min(seconds, MAX), response("max-age=" + seconds).maxAge());
    assertEquals(Math.min(seconds, MAX), response("max-age=\"" + seconds + '"').maxAge());
  }
}
