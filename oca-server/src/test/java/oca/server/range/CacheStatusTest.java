package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9211, sections 2, 2.1, 2.2 and 2.8. */
class CacheStatusTest {
  private static String line(String name, Outcome outcome) {
    return new String(CacheStatus.of(name).line(outcome), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @EnumSource(names = {"WHOLE", "PART", "PARTS", "NOT_MODIFIED"})
  void line_fromTheStore_isAHit(Outcome outcome) {
    assertEquals("Cache-Status: edge-1; hit\r\n", line("edge-1", outcome));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"WHOLE", "PART", "PARTS", "NOT_MODIFIED"})
  void line_allElse_saysHowItWasAnsweredAndNeitherHitNorForward(Outcome outcome) {
    assertEquals(
        "Cache-Status: edge-1; detail=" + outcome.label() + "\r\n", line("edge-1", outcome));
    // The detail is written as a token of structured fields.
    assertTrue(outcome.label().matches("[a-z][a-z-]*"), outcome.label());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "edge-1.site.example, edge-1.site.example",
        "9edge, '\"9edge\"'",
        "my edge, '\"my edge\"'",
        "'a\"b\\c', '\"a\\\"b\\\\c\"'",
      })
  void line_nameThatIsNoToken_isQuoted(String name, String item) {
    assertEquals("Cache-Status: " + item + "; hit\r\n", line(name, Outcome.PART));
  }

  @Test
  void of_nameThatNoFieldCanSay_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> CacheStatus.of(""));
    assertThrows(IllegalArgumentException.class, () -> CacheStatus.of("a\r\nb"));
    assertThrows(IllegalArgumentException.class, () -> CacheStatus.of("\u00e9"));
  }
}
