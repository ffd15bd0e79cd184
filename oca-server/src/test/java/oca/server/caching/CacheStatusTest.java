package oca.server.caching;

import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9211, and the fields that go with it to the client. */
class CacheStatusTest {

  @Test
  void hit_isSaidWithItsTimeToLive() {
    assertEquals("edge; hit; ttl=30", CacheStatusEntry.hit("edge", 30_000).value());
    assertEquals("edge; hit; ttl=0", CacheStatusEntry.hit("edge", 999).value());
    assertEquals("edge; hit; ttl=-1", CacheStatusEntry.hit("edge", -1).value());
    assertEquals("edge; hit; ttl=-412", CacheStatusEntry.hit("edge", -412_000).value());
  }

  @ParameterizedTest
  @EnumSource(Forward.class)
  void forwarded_isSaidWithItsReason(Forward why) {
    assertEquals(
        "edge; fwd=" + why.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        CacheStatusEntry.forwarded("edge", why).value());
  }

  @Test
  void decision_any_isSaid() {
    StoredResponse kept = stored("Cache-Control: max-age=60|ETag: \"a\"");
    FieldSection none = FieldSection.EMPTY;
    Map<Decision, String> said =
        Map.of(
            new Decision.Fresh(kept, 0, 60_000), "e; hit; ttl=60",
            new Decision.StaleAccepted(kept, 0, -2000), "e; hit; ttl=-2",
            new Decision.StaleWhileRevalidate(kept, 0, -2000, none),
                "e; hit; ttl=-2; detail=stale-while-revalidate",
            new Decision.StaleIfError(kept, 0, -2000),
                "e; fwd=stale; ttl=-2; detail=stale-if-error",
            new Decision.StaleIfError(kept, 0, 2000),
                "e; fwd=request; ttl=2; detail=stale-if-error",
            new Decision.MustValidate(kept, Forward.REQUEST, none), "e; fwd=request",
            new Decision.Miss(Forward.VARY_MISS, none), "e; fwd=vary-miss",
            new Decision.Bypass(Forward.METHOD), "e; fwd=method");
    said.forEach(
        (decision, value) -> {
          CacheStatusEntry entry = CacheStatusEntry.of("e", decision);
          assertNotNull(entry);
          assertEquals(value, entry.value());
        });
    assertNull(CacheStatusEntry.of("e", new Decision.OnlyIfCached()));
  }

  @Test
  void forwarded_everything_isInOrder() {
    assertEquals(
        "edge; fwd=stale; fwd-status=304; ttl=60; stored; collapsed; key=\"http://a/b\"; detail=x",
        CacheStatusEntry.forwarded("edge", Forward.STALE)
            .withStatus(304)
            .withStored(60_000)
            .withCollapsed()
            .withKey("http://a/b")
            .withDetail("x")
            .value());
  }

  @ParameterizedTest
  @CsvSource({
    "edge, edge",
    "*, *",
    "a/b:c, a/b:c",
    "example.com:8080, example.com:8080",
    "1a, '\"1a\"'",
    "a b, '\"a b\"'",
    "'a\"b\\c', '\"a\\\"b\\\\c\"'",
  })
  void name_isATokenWhereItCanBe(String name, String item) {
    assertEquals(item + "; hit; ttl=1", CacheStatusEntry.hit(name, 1000).value());
  }

  @Test
  void name_thatCannotBeSaid_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> CacheStatusEntry.hit("", 0));
    assertThrows(IllegalArgumentException.class, () -> CacheStatusEntry.hit("\u00e4", 0));
    assertThrows(IllegalArgumentException.class, () -> CacheStatusEntry.hit("a\nb", 0));
  }

  @Test
  void member_isAppendedBehindTheOrigins() {
    assertEquals(
        "shield; hit, edge; fwd=uri-miss",
        CacheStatusEntry.forwarded("edge", Forward.URI_MISS)
            .appendTo(fields("Cache-Status: shield; hit"))
            .joined("Cache-Status"));
  }

  /** It is a list of structured fields: behind a key of a dictionary it can be read as one. */
  @Property
  void member_anyText_isAStructuredItem(
      @ForAll @NotEmpty @CharRange(from = ' ', to = '~') String name,
      @ForAll String key,
      @ForAll String detail) {
    String value = CacheStatusEntry.hit(name, -5).withKey(key).withDetail(detail).value();
    Map<String, DictionaryParser.Value> read = DictionaryParser.parse("a=" + value);
    assertNotNull(read, value);
    assertEquals(1, read.size());
  }

  @Test
  void served_fromKept_hasAgeViaAndStatus() {
    StoredResponse kept = stored("Cache-Control: max-age=60|Age: 5|Via: 1.1 up|X-A: 1");
    FieldSection served =
        ServedFields.ofStored(
            kept, millis(10) + 900, new Via("oca"), "1.1", CacheStatusEntry.hit("edge", 44_100));
    assertEquals(List.of("15"), served.values("Age"));
    assertEquals("1.1 up, 1.1 oca", served.joined("Via"));
    assertEquals("edge; hit; ttl=44", served.first("Cache-Status"));
    assertEquals(List.of(date(0)), served.values("Date"), "the origin's, not ours");
    assertEquals("1", served.first("X-A"));
    assertSame(
        served,
        ServedFields.ofStored(
            kept, millis(10) + 950, new Via("oca"), "1.1", CacheStatusEntry.hit("edge", 44_050)),
        "the same second, the same fields");
    assertEquals(
        List.of("16"),
        ServedFields.ofStored(
                kept, millis(11), new Via("oca"), "1.1", CacheStatusEntry.hit("edge", 44_100))
            .values("Age"));
    assertEquals(
        "edge; hit; ttl=43",
        ServedFields.ofStored(
                kept, millis(10), new Via("oca"), "1.1", CacheStatusEntry.hit("edge", 43_900))
            .first("Cache-Status"));
  }

  @Test
  void served_fromUpstream_keepsItsAge() {
    FieldSection served =
        ServedFields.ofUpstream(
            fields("Age: 5|Connection: x|X: 1|Cache-Control: no-store"),
            new Via("oca"),
            "1.1",
            CacheStatusEntry.forwarded("edge", Forward.URI_MISS));
    assertEquals(
        fields("Age: 5|Cache-Control: no-store|Via: 1.1 oca|Cache-Status: edge; fwd=uri-miss"),
        served);
  }

  @Test
  void served_asNotModified_describesNoContent() {
    FieldSection whole =
        fields(
            "Content-Type: a|Content-Length: 1|content-encoding: gzip|Content-Location: /x|ETag: b"
                + "|Vary: c|Cache-Control: d|Expires: e|Date: f|Age: 1|Last-Modified: g|X: h");
    assertEquals(
        fields(
            "Content-Location: /x|ETag: b|Vary: c|Cache-Control: d|Expires: e|Date: f|Age: 1"
                + "|Last-Modified: g|X: h"),
        ServedFields.ofNotModified(whole));
    assertEquals(
        fields("A: 1|Content-Range: x"),
        ServedFields.unframed(fields("content-length: 1|A: 1|Content-Range: x")));
    assertEquals(
        fields("A: 1"), ServedFields.ofPart(fields("content-length: 1|A: 1|Content-Range: x")));
  }

  @Test
  void served_asProblem_saysHowItCameAboutAlone() {
    assertEquals(
        fields("Via: 1.1 oca|Cache-Status: edge; hit"),
        ServedFields.ofProblem(
            fields(
                "Content-Type: a|Cache-Control: max-age=60|ETag: b|Age: 1|Date: c|Via: 1.1 oca"
                    + "|Cache-Status: edge; hit")));
  }
}
