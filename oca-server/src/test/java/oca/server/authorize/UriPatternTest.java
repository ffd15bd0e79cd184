package oca.server.authorize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import oca.protocol.token.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriPatternTest {
  private static boolean matches(String expression, String text) throws Refusal {
    return new PatternMatcher(UriPattern.compile(expression)).matches(text, "", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "abc abc true",
        "abc abcd false",
        "a.c axc true",
        "a* aaaa true",
        "a+ b false",
        "ab?c ac true",
        "(ab|c)+ abcab true",
        "(ab|c)+ aba false",
        "[a-c]{2,3} abc true",
        "[a-c]{2,3} a false",
        "[^/]* a/b false",
        "[^/]* ab true",
        "[]x]+ ]x true",
        "[a-]+ -a true",
        "[[:digit:]_]+ 12_3 true",
        "[[:alpha:]]+ ab1 false",
        "^ab$ ab true",
        "a^b ab false",
        "(^a|b)c ac true",
        "a\\.b axb false",
        "a\\.b a.b true",
        "a{0} a false",
        "a{3,} aaaa true",
        "a{3,} aa false",
        "(a*)* aaab false",
        "(a*)+ aaa true",
        "[^:]*\\://[^/]*/folder/q_[^/]*/s.{3}\\.mp4(\\?.*)? http://h/folder/q_1/s123.mp4?x true",
      })
  void matches_posix_asItSays(String expression, String text, boolean is) throws Refusal {
    assertEquals(is, matches(expression, text));
  }

  @Provide
  Arbitrary<String> expressions() {
    Arbitrary<String> leaf = Arbitraries.of("a", "b", ".", "[ab]", "[^a]", "c");
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                inner.map(it -> "(" + it + ")*"),
                inner.map(it -> "(" + it + "){1,2}"),
                inner.map(it -> "(" + it + ")?"),
                inner.tuple2().map(two -> two.get1() + two.get2()),
                inner.tuple2().map(two -> "(" + two.get1() + "|" + two.get2() + ")")),
        4);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("abc").ofMaxLength(8);
  }

  @Property(tries = 2000)
  void matches_anyExpression_asJavaDoes(
      @ForAll("expressions") String expression, @ForAll("texts") String text) throws Refusal {
    assertEquals(Pattern.matches(expression, text), matches(expression, text), expression);
  }

  @Test
  void matches_whatMakesOthersBacktrack_isLinear() {
    assertTimeout(
        Duration.ofSeconds(20),
        () -> assertEquals(false, matches("(a|a)*(a*)*(a|aa)+b", "a".repeat(4000))));
  }

  @Test
  void matches_exponentiallyManyStates_keepsFew() throws Refusal {
    PatternMatcher matcher = new PatternMatcher(UriPattern.compile("(a|b)*a(a|b){12}"));
    StringBuilder text = new StringBuilder();
    java.util.Random random = new java.util.Random(7);
    for (int i = 0; i < 3000; i++) {
      text.append(random.nextBoolean() ? 'a' : 'b');
    }
    boolean expected = text.charAt(text.length() - 13) == 'a';
    assertEquals(expected, matcher.matches(text.toString(), "", ""));
    assertTrue(matcher.kept() <= PatternMatcher.MAX_KEPT && matcher.forgotten() > 0);
  }

  @Test
  void compile_tooLarge_isRefused() {
    assertThrows(Refusal.class, () -> UriPattern.compile("(a{100}){100}"));
    assertThrows(Refusal.class, () -> UriPattern.compile("a".repeat(1025)));
    assertThrows(Refusal.class, () -> UriPattern.compile("(".repeat(40) + "a" + ")".repeat(40)));
  }
}
