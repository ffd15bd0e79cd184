package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 5.6.7. */
class HttpDateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"
      })
  void parse_eachForm_isTheSameSecond(String text) {
    assertEquals(OptionalLong.of(784_111_777L), HttpDate.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "784111777"
      })
  void parse_noDate_isEmpty(String text) {
    assertEquals(OptionalLong.empty(), HttpDate.parse(text));
  }

  @Property
  void parse_whatFormatWrote_isTheSame(
      @ForAll @LongRange(min = 0, max = 253_402_300_799L) long second) {
    assertEquals(OptionalLong.of(second), HttpDate.parse(HttpDate.format(second)));
  }
}
