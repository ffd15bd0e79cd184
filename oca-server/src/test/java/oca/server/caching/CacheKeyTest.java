package oca.server.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111, section 2, and RFC 3986, section 6.2. */
class CacheKeyTest {

  private static String uri(String scheme, String authority, String target) {
    return CacheKey.of("", scheme, authority, target).uri();
  }

  @ParameterizedTest
  @CsvSource({
    "http, Example.COM, /A/b?C=d, http://example.com/A/b?C=d",
    "HTTP, example.com:80, /, http://example.com/",
    "https, example.com:443, /, https://example.com/",
    "https, example.com:80, /, https://example.com:80/",
    "http, example.com:443, /, http://example.com:443/",
    "http, example.com:, /, http://example.com/",
    "http, example.com:0080, /, http://example.com/",
    "http, example.com:8080, /, http://example.com:8080/",
    "http, 127.0.0.1:8080, /, http://127.0.0.1:8080/",
    "http, [::1]:8080, /, http://[::1]:8080/",
    "http, [2001:DB8::1], /, http://[2001:db8::1]/",
  })
  void uri_sameByTheRfcs_isSpelledAlike(
      String scheme, String authority, String target, String uri) {
    assertEquals(uri, uri(scheme, authority, target));
  }

  /** Some server reads each of these as another resource. */
  @ParameterizedTest
  @CsvSource({
    "/a, /a/",
    "/a, //a",
    "/a, /a?",
    "/a, /A",
    "/a/b, /a%2Fb",
    "/a%2fb, /a%2Fb",
    "/a, /%61",
    "/a/../b, /b",
    "/./a, /a",
    "/a;x, /a",
    "/a?b=1&c=2, /a?c=2&b=1",
    "/a?b=1, /a?b=1&",
    "/a?b+c, /a?b%20c",
    "/a\\b, /a/b",
  })
  void uri_otherForSomeServer_staysAnother(String one, String other) {
    assertNotEquals(uri("http", "a", one), uri("http", "a", other));
  }

  @ParameterizedTest
  @CsvSource({
    "/a?CMCD=x, /a",
    "/a?CMCD=, /a",
    "/a?b=1&CMCD=x, /a?b=1",
    "/a?CMCD=x&b=1, /a?b=1",
    "/a?b=1&CMCD=x&c=2, /a?b=1&c=2",
    "/a?CMCD=x&CMCD=y, /a",
    "/a?b&CMCD=x&, /a?b&",
    "/a?, /a?",
    "/a?b=CMCD=x, /a?b=CMCD=x",
    "/a?xCMCD=x, /a?xCMCD=x",
    "/a?cmcd=x, /a?cmcd=x",
    "/a?CMCD, /a?CMCD",
    "/a?%43MCD=x, /a?%43MCD=x",
    "/CMCD=x, /CMCD=x",
    "/CMCD=x?y, /CMCD=x?y",
  })
  void uri_cmcdArgument_isNoPartOfIt(String target, String kept) {
    assertEquals("http://a" + kept, uri("http", "a", target));
  }

  @ParameterizedTest
  @CsvSource({
    "ftp, a, /",
    "'', a, /",
    "http, '', /",
    "http, 'a b', /",
    "http, a@b, /",
    "http, a/b, /",
    "http, a:0, /",
    "http, a:65536, /",
    "http, a:x, /",
    "http, a:-1, /",
    "http, a:b:80, /",
    "http, [::1, /",
    "http, [], /",
    "http, [::1]x, /",
    "http, a, ''",
    "http, a, a",
    "http, a, '*'",
    "http, a, http://b/",
    "http, a, '/a b'",
    "http, a, /a#b",
    "http, a, /\u00e4",
    "http, \u00e4, /",
  })
  void uri_thatIsNone_isRefused(String scheme, String authority, String target) {
    assertThrows(IllegalArgumentException.class, () -> CacheKey.of("", scheme, authority, target));
  }

  @Test
  void space_other_isAnotherKey() {
    assertNotEquals(CacheKey.of("a", "http", "h", "/"), CacheKey.of("b", "http", "h", "/"));
    assertNull(CacheKey.ofUri("", "nothing"));
  }

  /** What comes of it is its own key. */
  @Property
  void uri_readAgain_isTheSame(@ForAll @CharRange(from = '!', to = '~') String path) {
    String target = '/' + path.replace("#", "");
    CacheKey key = CacheKey.of("", "http", "host", target);
    assertEquals(key, CacheKey.ofUri("", key.uri()));
    assertEquals("http://host", key.origin());
    assertTrue(target.contains("?") || key.uri().endsWith(target));
  }

  @Property
  void uri_anyText_isRefusedOrClean(@ForAll String authority, @ForAll String target) {
    try {
      String uri = CacheKey.of("", "http", authority, '/' + target).uri();
      assertFalse(uri.chars().anyMatch(c -> c <= ' ' || c > '~'));
    } catch (IllegalArgumentException refused) {
      assertTrue(refused.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'));
    }
  }
}
