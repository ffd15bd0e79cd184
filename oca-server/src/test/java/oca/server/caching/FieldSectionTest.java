package oca.server.caching;

import static oca.server.caching.Given.fields;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, sections 5 and 5.6. */
class FieldSectionTest {
  private static final FieldSection SOME = fields("A: 1|b: 2, 3|a:  4 ");

  @Test
  void lookUp_anyCase_findsAllLinesInOrder() {
    assertEquals("1", SOME.first("a"));
    assertEquals(List.of("1", "4"), SOME.values("A"));
    assertEquals("1, 4", SOME.joined("a"));
    assertEquals(List.of("2", "3"), SOME.members("B"));
    assertTrue(SOME.has("B"));
    assertNull(SOME.first("c"));
    assertNull(SOME.joined("c"));
    assertEquals(List.of(), SOME.values("c"));
  }

  @Test
  void change_makesAnother() {
    assertEquals(fields("b: 2, 3|A: 9"), SOME.with("A", "9"));
    assertEquals(fields("A: 1|b: 2, 3|a: 4|a: 5"), SOME.plus("a", "5"));
    assertEquals(fields("b: 2, 3"), SOME.without(Set.of("a")));
    assertSame(SOME, SOME.without(Set.of("c")));
    assertEquals(3, SOME.lines().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:", "\u00e4", "a\n", "(a)", "a,"})
  void name_thatIsNoToken_isRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> new FieldLine(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "a\rb", "a\0b", "\u007f", "\u0100", "a\r\nSet-Cookie: x", "\u0001"})
  void value_withControls_isRefused(String value) {
    assertThrows(IllegalArgumentException.class, () -> new FieldLine("a", value));
  }

  @Test
  void builder_limits_areKept() {
    FieldSection.Builder lines = new FieldSection.Builder(new FieldLimits(2, 1000));
    assertTrue(lines.add("a", "1"));
    assertTrue(lines.add("b", "2"));
    assertFalse(lines.add("c", "3"));
    assertEquals(fields("a: 1|b: 2"), lines.build());
    FieldSection.Builder octets = new FieldSection.Builder(new FieldLimits(10, 12));
    assertTrue(octets.add("a", "1"));
    assertFalse(octets.add("b", "12345"));
    assertTrue(octets.add("b", "2"));
    assertEquals(12, octets.build().octets());
    assertThrows(IllegalArgumentException.class, () -> new FieldLimits(0, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "'a, b', 'a|b'",
    "' a ,b ', 'a|b'",
    "',,a,,b,', 'a|b'",
    "'', ''",
    "'\"a, b\", c', '\"a, b\"|c'",
    "'\"a\\\", b\", c', '\"a\\\", b\"|c'",
    "'\"a, b', '\"a|b'",
    "'a\", b', 'a\"|b'",
  })
  void members_ofAList_areDividedByCommas(String list, String members) {
    assertEquals(members, String.join("|", Grammar.members(list)));
  }

  @Property
  void members_quoted_stayWhole(@ForAll @CharRange(from = ' ', to = '~') String text) {
    String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    assertEquals(List.of("a", quoted, "b"), Grammar.members("a," + quoted + " , b"));
    assertEquals(text, Grammar.unquoted(quoted));
  }

  @Property
  void members_anyText_areReadWithoutFault(@ForAll String text) {
    for (String member : Grammar.members(text)) {
      assertFalse(member.isEmpty());
      Grammar.unquoted(member);
    }
  }

  @Test
  void http1_ofAnySection_isItsLines() {
    FieldSection section = FieldSection.of("A", "1", "b", "\u00e4");
    byte[] expected = "A: 1\r\nb: \u00e4\r\n".getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(expected, section.http1());
    assertSame(section.http1(), section.http1());
    assertEquals(0, FieldSection.EMPTY.http1().length);
    assertEquals(expected.length, section.octets());
  }
}
