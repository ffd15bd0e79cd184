package oca.fill.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlPatternTest {
  @ParameterizedTest
  @CsvSource({
    "https://v.example/a/*, https://v.example/a/b.mp4, true",
    "https://v.example/a/*, https://v.example/a/, true",
    "https://v.example/a/*, https://v.example/b/, false",
    "https://v.example/*.mp4, https://v.example/a/b.mp4, true",
    "https://v.example/*.mp4, https://v.example/a/b.mp4.tmp, false",
    "https://v.example/?.ts, https://v.example/1.ts, true",
    "https://v.example/?.ts, https://v.example/.ts, false",
    "https://v.example/a$*b, https://v.example/a*b, true",
    "https://v.example/a$*b, https://v.example/axb, false",
    "https://v.example/$$, https://v.example/$, true",
    "HTTPS://V.EXAMPLE/A, http://v.example/a, true",
    "https://v.example/a, http://v.example/a, true",
    "https://v.example/a, https://v.example/a?q=1, true",
    "*, https://v.example/, true"
  })
  void matches_always_isAsTheRfcSays(String pattern, String url, boolean expected) {
    assertEquals(expected, pattern(pattern, false, false).matches(url));
  }

  @Test
  void matches_caseOrQueryCounts_isStricter() {
    assertFalse(pattern("http://v.example/A", true, false).matches("http://v.example/a"));
    assertFalse(pattern("http://v.example/a", false, true).matches("http://v.example/a?q"));
    assertTrue(pattern("http://v.example/a$?q", false, true).matches("http://v.example/a?q"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "$", "a$b", "a$"})
  void pattern_malformed_isRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> pattern(pattern, false, false));
  }

  @Test
  void matches_manyStars_takesNoLongTime() {
    UrlPattern pattern = pattern("*a".repeat(5_000) + "b", false, false);
    String url = "a".repeat(20_000);
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertFalse(pattern.matches(url)));
  }

  @Property
  void matches_anyPattern_isWhatARegularExpressionSays(
      @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(min = 1, max = 8) String pattern,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String text) {
    String regex = pattern.replace("*", ".*").replace("?", ".");
    assertEquals(
        Pattern.compile(regex).matcher(text).matches(), pattern(pattern, true, true).matches(text));
  }

  private static UrlPattern pattern(String pattern, boolean exact, boolean query) {
    return new UrlPattern(pattern, exact, query);
  }
}
