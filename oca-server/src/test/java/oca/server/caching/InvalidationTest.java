package oca.server.caching;

import static oca.server.caching.Given.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 4.4. */
class InvalidationTest {
  private static final CacheKey TARGET = CacheKey.of("s", "http", "example.com", "/a/b?c");

  private static List<CacheKey> keys(String method, int status, String fields) {
    CacheRequest request = new CacheRequest(method, FieldSection.EMPTY, true);
    return Invalidation.keys(request, TARGET, status, fields(fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "M-SEARCH", "FOO", "post", "get"})
  void method_notKnownToBeSafe_invalidatesTheTarget(String method) {
    for (int status : new int[] {200, 201, 204, 299, 301, 303, 307, 399}) {
      assertEquals(List.of(TARGET), keys(method, status, ""));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 199, 400, 404, 412, 500, 502, 503, 599})
  void status_ofAnError_invalidatesNothing(int status) {
    assertEquals(List.of(), keys("POST", status, "Location: /x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "SEARCH", "QUERY"})
  void method_safe_invalidatesNothing(String method) {
    assertEquals(List.of(), keys(method, 200, "Location: /x"));
  }

  @ParameterizedTest
  @CsvSource({
    "/x, http://example.com/x",
    "/x?y#z, http://example.com/x?y",
    "x, http://example.com/a/x",
    "./x, http://example.com/a/x",
    "../x, http://example.com/x",
    "../../../x, http://example.com/x",
    "x/./y/../z, http://example.com/a/x/z",
    "x/.., http://example.com/a/",
    "., http://example.com/a/",
    ".., http://example.com/",
    "?d, http://example.com/a/b?d",
    "http://example.com/x, http://example.com/x",
    "HTTP://EXAMPLE.com:80/x, http://example.com/x",
    "//example.com/x, http://example.com/x",
    "http://example.com, http://example.com/",
    "http://example.com?q, http://example.com/?q",
    "/x?CMCD=a, http://example.com/x",
  })
  void location_ofTheSameOrigin_isInvalidatedToo(String reference, String uri) {
    List<CacheKey> both = List.of(TARGET, new CacheKey("s", uri));
    assertEquals(both, keys("POST", 201, "Location: " + reference));
    assertEquals(both, keys("POST", 201, "Content-Location: " + reference));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://other.com/x",
        "https://example.com/x",
        "http://example.com:8080/x",
        "//other.com/x",
        "http://example.com@other.com/x",
        "http://a@example.com/x",
        "ftp://example.com/x",
        "mailto:a@example.com",
        "http:x",
        "http://",
        "http://example.com:99999/x",
        "/x y",
        "",
        "#z",
      })
  void location_ofAnotherOrigin_isLeftAlone(String reference) {
    assertEquals(List.of(TARGET), keys("POST", 201, "Location: " + reference));
  }

  @Test
  void location_both_areInvalidated() {
    assertEquals(3, keys("PUT", 200, "Location: /x|Content-Location: /y").size());
    assertEquals(2, keys("PUT", 200, "Location: /x|Content-Location: /x").size());
  }

  /** Whatever they name, it is of the target's origin and space. */
  @Property
  void location_anything_staysWithinTheOrigin(
      @ForAll @CharRange(from = ' ', to = '~') String reference) {
    CacheRequest post = new CacheRequest("POST", FieldSection.EMPTY, false);
    FieldSection response = FieldSection.of("Location", reference);
    for (CacheKey key : Invalidation.keys(post, TARGET, 200, response)) {
      assertEquals("s", key.space());
      assertEquals("http://example.com", key.origin());
    }
  }

  /** RFC 3986, section 5.4.1. */
  @ParameterizedTest
  @CsvSource({
    "g:h, g:h",
    "g, http://a/b/c/g",
    "./g, http://a/b/c/g",
    "g/, http://a/b/c/g/",
    "/g, http://a/g",
    "//g, http://g",
    "?y, http://a/b/c/d;p?y",
    "g?y, http://a/b/c/g?y",
    "g#s, http://a/b/c/g#s",
    "g?y#s, http://a/b/c/g?y#s",
    ";x, http://a/b/c/;x",
    "g;x, http://a/b/c/g;x",
    "'', http://a/b/c/d;p?q",
    "., http://a/b/c/",
    "./, http://a/b/c/",
    ".., http://a/b/",
    "../, http://a/b/",
    "../g, http://a/b/g",
    "../.., http://a/",
    "../../, http://a/",
    "../../g, http://a/g",
    "../../../g, http://a/g",
    "/./g, http://a/g",
    "/../g, http://a/g",
    "g., http://a/b/c/g.",
    "..g, http://a/b/c/..g",
    "./../g, http://a/b/g",
    "./g/., http://a/b/c/g/",
    "g/./h, http://a/b/c/g/h",
    "g/../h, http://a/b/c/h",
    "g?y/../x, http://a/b/c/g?y/../x",
    "g#s/../x, http://a/b/c/g#s/../x",
  })
  void resolve_examplesOfTheRfc_areAsThere(String reference, String uri) {
    assertEquals(uri, UriReference.resolve("http://a/b/c/d;p?q", reference));
  }
}
