package oca.server.caching;

import static oca.server.caching.Given.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, sections 7.6.1 and 7.6.3, and what goes upstream. */
class HopByHopTest {
  private static final Via VIA = new Via("oca");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "UPGRADE",
        "proxy-connection",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Proxy-Authentication-Info",
        "HTTP2-Settings"
      })
  void field_ofOneHop_isRemoved(String name) {
    assertEquals(fields("A: 1|B: 2"), HopByHop.strip(fields("A: 1|" + name + ": x|B: 2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X-A", "x-a", "close, X-A", "X-B,X-A", " , x-A ,", "X-A|Connection: close"})
  void field_thatConnectionNames_isRemoved(String named) {
    assertEquals(fields("C: 3"), HopByHop.strip(fields("Connection: " + named + "|X-A: 1|C: 3")));
  }

  /** Connection is used to make others not see what they decide by. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control",
        "Authorization",
        "Cookie",
        "Set-Cookie",
        "Host",
        "Vary",
        "Age",
        "Date",
        "Content-Length",
        "Content-Type",
        "Content-Encoding",
        "X-Forwarded-For",
        "ETag",
        "Range",
        "Via",
        "cache-control"
      })
  void field_forTheOtherEnd_staysThoughNamed(String name) {
    FieldSection stripped =
        HopByHop.strip(fields("Connection: close, " + name + '|' + name + ": 1"));
    assertEquals(fields(name + ": 1"), stripped);
  }

  @Test
  void field_none_isTheSameSection() {
    FieldSection plain = fields("A: 1|B: 2");
    assertSame(plain, HopByHop.strip(plain));
  }

  @Test
  void via_added_isSeenAgain() {
    FieldSection once = VIA.addTo(fields("Via: 1.0 other"), "1.1");
    assertEquals("1.0 other, 1.1 oca", once.joined("Via"));
    assertTrue(VIA.isIn(once));
  }

  @ParameterizedTest
  @CsvSource({
    "'1.1 oca', true",
    "'1.0 a, 1.1 OCA (comment)', true",
    "'HTTP/2 oca', true",
    "'1.1 a,1.1\toca', true",
    "'1.1 ocas', false",
    "'oca', false",
    "'1.1 a oca', false",
    "'', false",
  })
  void via_isIn_comparesPseudonyms(String via, boolean is) {
    assertEquals(is, VIA.isIn(fields("Via: " + via)));
  }

  @Test
  void via_thatIsNoToken_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Via("a b"));
  }

  @Test
  void fetch_ofAClient_isForEverybody() {
    FieldSection sent =
        UpstreamRequest.fetch(
            fields(
                "Host: h|If-None-Match: \"c\"|If-Modified-Since: x|If-Range: x|Range: bytes=0-1"
                    + "|Content-Length: 5|Expect: 100-continue|X-Forwarded-Host: evil"
                    + "|X-HTTP-Method-Override: POST|X-Original-URL: /admin|Forwarded: host=evil"
                    + "|Connection: keep-alive|Accept: a|Authorization: b|Cookie: c"),
            fields("If-None-Match: \"ours\""),
            VIA,
            "2");
    assertEquals(
        fields("Host: h|Accept: a|Authorization: b|Cookie: c|If-None-Match: \"ours\"|Via: 2 oca"),
        sent);
  }

  @Test
  void head_keepsConditionsButNothingUnkeyed() {
    FieldSection sent =
        UpstreamRequest.head(
            fields(
                "If-None-Match: \"a\"|Range: bytes=0-1|X-Forwarded-Host: evil|Content-Length: 0"
                    + "|X-HTTP-Method-Override: GET|TE: x|Cookie: c"),
            VIA,
            "1.1");
    assertEquals(fields("If-None-Match: \"a\"|Range: bytes=0-1|Cookie: c|Via: 1.1 oca"), sent);
  }

  @Test
  void passedOn_keepsWhatTheClientSaid() {
    FieldSection sent =
        UpstreamRequest.passedOn(
            fields("If-Match: \"a\"|Content-Length: 5|TE: x|X-Forwarded-Host: h"), VIA, "1.1");
    assertEquals(
        fields("If-Match: \"a\"|Content-Length: 5|X-Forwarded-Host: h|Via: 1.1 oca"), sent);
    assertFalse(sent.has("TE"));
  }
}
