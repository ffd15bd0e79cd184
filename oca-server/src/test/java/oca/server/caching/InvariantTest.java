package oca.server.caching;

import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.date;
import static oca.server.caching.Given.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds whatever clients and origins send. */
class InvariantTest {
  private static final Reuse REUSE = new Reuse(POLICY);

  private static Arbitrary<FieldSection> sections(Arbitrary<String> names) {
    Arbitrary<String> piece =
        Arbitraries.of(
            "max-age=60",
            "max-age=0",
            "s-maxage=9",
            "no-store",
            "no-cache",
            "private",
            "public",
            "private=\"x-a\"",
            "must-revalidate",
            "must-understand",
            "stale-while-revalidate=5",
            "stale-if-error=5",
            "immutable",
            "only-if-cached",
            "max-stale",
            "min-fresh=5",
            "\"a\"",
            "W/\"a\"",
            "\"b\"",
            "*",
            "Foo",
            "X-A",
            "gzip",
            "60",
            "0",
            "-1",
            "close",
            date(-9000),
            date(-5),
            date(0),
            date(60),
            "bytes 0-9/100",
            "bytes=0-9",
            "\"",
            "\\",
            "=",
            ";",
            "x",
            " ",
            "\u00e4");
    Arbitrary<String> values = piece.list().ofMaxSize(4).map(list -> String.join(", ", list));
    Arbitrary<FieldLine> lines =
        Combinators.combine(names, Arbitraries.oneOf(piece, values)).as(FieldLine::new);
    return lines.list().ofMaxSize(8).map(FieldSection::of);
  }

  @Provide
  Arbitrary<FieldSection> responses() {
    return sections(
        Arbitraries.of(
            "Cache-Control",
            "cache-control",
            "CDN-Cache-Control",
            "Expires",
            "Date",
            "Age",
            "Vary",
            "ETag",
            "Last-Modified",
            "Content-Range",
            "Content-Length",
            "Content-Encoding",
            "Set-Cookie",
            "Connection",
            "X-A",
            "Foo",
            "Location",
            "Via",
            "Pragma"));
  }

  @Provide
  Arbitrary<FieldSection> requests() {
    return sections(
        Arbitraries.of(
            "Cache-Control",
            "Pragma",
            "Authorization",
            "If-None-Match",
            "If-Modified-Since",
            "If-Range",
            "Range",
            "Foo",
            "Accept-Encoding",
            "If-Match",
            "Connection"));
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.oneOf(
        Arbitraries.of(200, 200, 206, 304, 404, 503), Arbitraries.integers().between(0, 999));
  }

  @Property(tries = 5000)
  void anything_judgedAndUsed_keepsToTheRules(
      @ForAll("requests") FieldSection request,
      @ForAll("responses") FieldSection response,
      @ForAll("statuses") int status,
      @ForAll @IntRange(min = -100, max = 10_000) int later) {
    CacheRequest get = CacheRequest.get(request);
    Storing storing = Storability.judge(get, status, response, millis(0), millis(1), POLICY);
    if (!(storing instanceof Storing.Kept(StoredResponse kept))) {
      return;
    }
    assertTrue(status >= 200 && status <= 599 && status != 304);
    ResponseControl control = kept.control();
    assertFalse(control.isPrivate() || (control.noStore() && !control.mustUnderstand()));
    assertFalse(kept.fields().has("Connection"));
    assertTrue(kept.fields().has("Date"));
    assertTrue(kept.matches(request), "it answers the request that it came for");
    assertTrue(kept.ageMillis(millis(later)) >= 0);
    Decision decision = REUSE.decide(get, List.of(kept), millis(later));
    if (decision instanceof Decision.Fresh fresh) {
      assertTrue(fresh.ttlMillis() > 0 && !control.noCache());
    }
    if (decision instanceof Decision.StaleWhileRevalidate
        || decision instanceof Decision.StaleAccepted) {
      assertFalse(kept.forbidsStale(POLICY) || kept.isFresh(millis(later)));
    }
    Decision.StaleIfError error = REUSE.onFailure(get, kept, 503, millis(later));
    assertTrue(error == null || !control.noCache());
    StoredAnswer.plan(get, kept, 4);
    againAfterRestart(kept, later);
  }

  /** What is written down is enough to go on from. */
  private static void againAfterRestart(StoredResponse kept, int later) {
    StoredResponse again =
        StoredResponse.of(
            kept.status(),
            kept.fields(),
            kept.variant(),
            kept.requestedMillis(),
            kept.receivedMillis(),
            POLICY);
    assertEquals(kept.ttlMillis(millis(later)), again.ttlMillis(millis(later)));
    assertEquals(kept.control(), again.control());
    assertEquals(kept.fields(), Storability.kept(kept.fields(), kept.receivedMillis(), POLICY));
  }

  /** A 304 that repeats what it was asked by is about what was asked. */
  @Property
  void validators_sentBack_freshen(
      @ForAll("requests") FieldSection request, @ForAll("responses") FieldSection response) {
    CacheRequest get = CacheRequest.get(request);
    Storing storing = Storability.judge(get, 200, response, millis(0), millis(0), POLICY);
    if (!(storing instanceof Storing.Kept(StoredResponse kept))) {
      return;
    }
    FieldSection answer = FieldSection.of("Date", date(100));
    for (String name : List.of("ETag", "Last-Modified")) {
      String value = kept.fields().first(name);
      answer = value == null ? answer : answer.plus(name, value);
    }
    Validation.Outcome outcome =
        Validation.judge(get, List.of(kept), 304, answer, millis(100), millis(100), POLICY);
    if (kept.fields().values("ETag").size() < 2
        && kept.fields().values("Last-Modified").size() < 2) {
      StoredResponse updated =
          assertInstanceOf(Validation.Outcome.Freshened.class, outcome).answer();
      assertEquals(0, updated.ageMillis(millis(100)));
      assertEquals(kept.fields().first("Content-Length"), updated.fields().first("Content-Length"));
    }
  }

  @Property
  void anything_unsafe_invalidatesWithoutFault(
      @ForAll("responses") FieldSection response, @ForAll("statuses") int status) {
    CacheKey target = CacheKey.of("", "https", "a.example", "/b");
    CacheRequest post = new CacheRequest("POST", FieldSection.EMPTY, true);
    List<CacheKey> keys = Invalidation.keys(post, target, status, response);
    assertEquals(status >= 200 && status < 400, keys.contains(target));
  }
}
