package oca.server.purge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsTest {
  private static final PurgeConfig LIMITS = new PurgeConfig(16, 2, 64, 3, 16);

  private static List<String> lines(String value) {
    return value == null ? List.of() : List.of(value.split("\\|", -1));
  }

  /** Lines of a field are divided by | here, and tags that were read by a slash. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a; ; a",
        "a b; ; a/b",
        "'  a \t b  '; ; a/b",
        "a|b c; ; a/b/c",
        "a,b; ; a/b",
        "A a; ; a",
        "''; ''; ''",
        "' , '; ' , ,'; ''",
        "; a,b; a/b",
        "; ' a , b '; a/b",
        "; a b,c; a b/c",
        "; a,,b,; a/b",
        "a b; b,c; a/b/c",
        "p:1 x=\"y\"; ; p:1/x=\"y\"",
        "\u00c4 \u00e4; ; \u00c4/\u00e4",
        "abcdefghijklmnop; ; abcdefghijklmnop",
      })
  void of_fields_givesEachTagOnce(String surrogateKey, String cacheTag, String expected) {
    Tags tags = Tags.of(lines(surrogateKey), lines(cacheTag), LIMITS);
    assertEquals(expected, String.join("/", tags.names()));
    assertFalse(tags.isCutOff());
  }

  @ParameterizedTest
  @CsvSource({"a b c d, 3", "a b c a d, 3", "abcdefghijklmnopq, 0", "a abcdefghijklmnopq, 1"})
  void of_tooManyOrTooLong_isCutOffAndHasEveryTag(String value, int kept) {
    Tags tags = Tags.of(List.of(value), List.of(), LIMITS);
    assertEquals(kept, tags.names().size());
    assertTrue(tags.isCutOff() && tags.has("anything"));
  }

  @Test
  void of_asManyAsAllowed_isNotCutOff() {
    Tags tags = Tags.of(List.of("a b"), List.of("C, A, b"), LIMITS);
    assertEquals(List.of("a", "b", "c"), tags.names());
    assertTrue(!tags.isCutOff() && tags.has("B") && !tags.has("d"));
  }

  @Test
  void of_nothing_isNone() {
    assertSame(Tags.NONE, Tags.of(List.of(), List.of(), LIMITS));
    assertSame(Tags.NONE, Tags.of(List.of(" "), List.of(",", ""), LIMITS));
    assertFalse(Tags.NONE.has("a"));
  }
}
