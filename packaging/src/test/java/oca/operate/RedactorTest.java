package oca.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final String SECRET = "hunter2hunter2";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=SECRET",
        "PASSWORD: SECRET",
        "{\"accessToken\":\"SECRET\",\"a\":1}",
        "{'api_key' : 'SECRET'}",
        "jobs.jdbcUrl: jdbc:postgresql://db/fill?user=x&password=SECRET&ssl=true",
        "jdbc:h2:file;PASSWORD=SECRET;X=1",
        "GET http://user:SECRET@origin.example/a",
        "Authorization: Bearer SECRET",
        "authorization=Basic SECRET==",
        "Cookie: session=SECRET; other=1",
        "the bearer SECRET was refused",
        "eyJhbGciOiJIUzI1NiJ9.SECRET.SECRET",
        "-----BEGIN EC PRIVATE KEY-----\nSECRET\n-----END EC PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nSECRET\nand cut off",
        "token=/SECRET/x",
        "url=http://a.example/v1?sig=1&signature=SECRET",
        "passphrase = \"SECRET \\\"quoted\\\" SECRET\"",
      })
  void clean_secretOfAnyForm_isGone(String text) {
    Redactor redactor = new Redactor();
    String clean = redactor.clean(text.replace("SECRET", SECRET));
    assertFalse(clean.contains(SECRET), clean);
    assertTrue(clean.contains(Redactor.MARK), clean);
    assertTrue(redactor.taken() > 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "credentials.token: /etc/oca/token # appliance.yaml:3",
        "plans.key: credential:plan-key",
        "oca_token_denials_total{reason=\"expired\"} 3.0",
        "{\"denials\":{\"expired\":2},\"key\":null}",
        "cache key of harbour/v0.mp4 is 3a7bd3e2360a3d29eea436fcfb7e44c7",
        "tls: -",
        "http://origin.example:8081/v1/catalog",
      })
  void clean_whatIsNoSecret_stays(String text) {
    Redactor redactor = new Redactor();
    assertEquals(text, redactor.clean(text));
    assertEquals(0, redactor.taken());
  }

  @Test
  void clean_long_isQuick() {
    String text = "a=b c:d \"e\" ".repeat(100_000);
    assertEquals(text, new Redactor().clean(text));
  }
}
