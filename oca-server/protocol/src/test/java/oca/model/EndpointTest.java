package oca.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:80", "cache.example:8443", "[::1]:0", "[2001:db8::7]:65535"})
  void parse_writtenForm_comesBack(String text) {
    assertEquals(text, Endpoint.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":80", "host", "host:", "host:65536", "host:-1", "::1:80", "a/b:80"})
  void parse_anythingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
  }

  @Test
  void http_v6Host_keepsItsBrackets() {
    assertEquals("http://[::1]:80/a/b", new Endpoint("::1", 80).http("a/b").toString());
  }
}
