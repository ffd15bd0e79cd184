package oca.server.caching;

import static oca.server.caching.Given.GET;
import static oca.server.caching.Given.POLICY;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.get;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SortedSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 4.1. */
class VaryTest {
  private static final String HOUR = "Cache-Control: max-age=3600|Vary: ";

  private static boolean matches(String vary, String first, String second) {
    return stored(get(first), 200, HOUR + vary, POLICY).matches(fields(second));
  }

  @ParameterizedTest
  @CsvSource({
    "Foo, 'Foo: 1', 'Foo: 1'",
    "foo, 'FOO: 1', 'fOo: 1'",
    "Foo, '', ''",
    "Foo, 'Bar: 1', 'Bar: 2'",
    "'', 'Foo: 1', 'Foo: 2'",
    "',', 'Foo: 1', ''",
    "', Foo', 'Foo: 1', 'Foo: 1'",
    "Foo, 'Foo: 1, 2', 'Foo: 1,2'",
    "Foo, 'Foo: 1, 2', 'Foo:   1  ,   2  '",
    "Foo, 'Foo: 1, 2', 'Foo: 1|Foo: 2'",
    "Foo, 'Foo: 1,, 2', 'Foo: 1|Foo: ,2'",
    "'Foo, Bar', 'Foo: 1|Bar: 2', 'Bar: 2|Foo: 1'",
    "Accept-Encoding, 'Accept-Encoding: gzip, br', 'Accept-Encoding: BR,gzip'",
    "Accept-Encoding, 'Accept-Encoding: gzip', 'Accept-Encoding: gzip;q=1.0'",
    "Accept-Encoding, 'Accept-Encoding: gzip; q=0.5', 'Accept-Encoding: gzip;q=0.5'",
    "Accept-Language, 'Accept-Language: en, de', 'Accept-Language: EN,DE'",
  })
  void request_sameInWhatCounts_matches(String vary, String first, String second) {
    assertTrue(matches(vary, first, second));
    assertTrue(matches(vary, second, first));
  }

  @ParameterizedTest
  @CsvSource({
    "Foo, 'Foo: 1', 'Foo: 2'",
    "Foo, 'Foo: 1', ''",
    "Foo, 'Foo:', ''",
    "Foo, 'Foo: a', 'Foo: A'",
    "Foo, 'Foo: 1, 2', 'Foo: 2, 1'",
    "Foo, 'Foo: 1', 'Foo: 1, 1'",
    "Foo, 'Foo: \"1, 2\"', 'Foo: \"1,2\"'",
    "'Foo, Bar', 'Foo: 1|Bar: 2', 'Foo: 2|Bar: 1'",
    "'Foo, Bar', 'Foo: 1', 'Bar: 1'",
    "'Foo, Bar', 'Foo: 1|Bar: 2', 'Foo: 1'",
    "Accept-Encoding, 'Accept-Encoding: gzip', 'Accept-Encoding: gzip;q=0'",
    "Accept-Encoding, 'Accept-Encoding: gzip', 'Accept-Encoding: gzip;q=0.001'",
    "Accept-Encoding, 'Accept-Encoding: gzip', 'Accept-Encoding: identity'",
    "Accept-Language, 'Accept-Language: en, de', 'Accept-Language: de, en'",
    "Cookie, 'Cookie: a=1,b', 'Cookie: a=1, b'",
    "User-Agent, 'User-Agent: a', 'User-Agent: A'",
  })
  void request_otherInWhatCounts_doesNot(String vary, String first, String second) {
    assertFalse(matches(vary, first, second));
    assertFalse(matches(vary, second, first));
  }

  @Test
  void encoded_withoutVary_variesByAcceptEncodingAllTheSame() {
    CacheRequest gzip = get("Accept-Encoding: gzip");
    String encoded = "Cache-Control: max-age=3600|Content-Encoding: gzip";
    assertTrue(stored(gzip, 200, encoded, POLICY).matches(fields("Accept-Encoding: gzip")));
    assertFalse(stored(gzip, 200, encoded, POLICY).matches(FieldSection.EMPTY));
    String plain = "Cache-Control: max-age=3600|Content-Encoding: identity";
    assertTrue(stored(gzip, 200, plain, POLICY).matches(FieldSection.EMPTY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "Foo, *", "*, Foo", ", *", "Foo; Bar", "\"Foo\"", "Foo Bar"})
  void any_inTheList_isSeen(String vary) {
    assertTrue(Variants.isByAnything(fields("Vary: " + vary)));
  }

  @Test
  void any_keptAllTheSame_matchesNothing() {
    StoredResponse odd = StoredResponse.of(200, fields("Vary: *"), "*\n", 0, 0, POLICY);
    assertFalse(odd.matches(GET.fields()));
  }

  /** No value can look like the end of one field and the beginning of another. */
  @Property
  void key_differentValues_neverCollide(
      @ForAll @CharRange(from = '!', to = '+') String one,
      @ForAll @CharRange(from = '!', to = '+') String other) {
    String vary = "cookie, user-agent";
    FieldSection first = FieldSection.of("Cookie", one, "User-Agent", other);
    FieldSection second = FieldSection.of("Cookie", other, "User-Agent", one);
    SortedSet<String> names = Variants.names(FieldSection.of("Vary", vary));
    assertEquals(one.equals(other), Variants.key(names, first).equals(Variants.key(names, second)));
  }
}
