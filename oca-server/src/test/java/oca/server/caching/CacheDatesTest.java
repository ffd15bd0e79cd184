package oca.server.caching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import oca.server.range.HttpDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 5.6.7, as RFC 9111, section 4.2, has caches read it. */
class CacheDatesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "sun, 06 nov 1994 08:49:37 gmt",
        "SUN, 06 NOV 1994 08:49:37 GMT",
        "SUNDAY, 06-NOV-94 08:49:37 GMT",
        "sun nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 utc",
        "  Sun, 06 Nov 1994 08:49:37 GMT ",
      })
  void date_threeForms_areRead(String text) {
    assertEquals(OptionalLong.of(784_111_777L), CacheDates.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "784111777",
        "now",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 EST",
        "Sun, 06 Nov 1994 08:49:37 AEST",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
      })
  void date_anythingElse_isNone(String text) {
    assertEquals(OptionalLong.empty(), CacheDates.parse(text));
  }

  @Test
  void date_farAway_isRead() {
    assertEquals(
        OptionalLong.of(2_544_400_878L), CacheDates.parse("Thu, 18 Aug 2050 02:01:18 GMT"));
    assertEquals(
        OptionalLong.of(253_402_300_799L), CacheDates.parse("Fri, 31 Dec 9999 23:59:59 GMT"));
  }

  @Test
  void earliest_lines_isNoneIfAnyIsNone() {
    String date = "Sun, 06 Nov 1994 08:49:37 GMT";
    String later = "Sun, 06 Nov 1994 08:49:38 GMT";
    assertEquals(OptionalLong.of(784_111_777L), CacheDates.earliest(List.of(later, date)));
    assertEquals(OptionalLong.empty(), CacheDates.earliest(List.of(date, "0")));
    assertEquals(OptionalLong.empty(), CacheDates.earliest(List.of()));
  }

  @Property
  void date_anyText_isReadWithoutFault(@ForAll String text) {
    CacheDates.parse(text);
    CacheDates.parse(text + " GMT");
  }

  @Property
  void date_written_isReadBack(@ForAll @LongRange(min = 0, max = 253_402_300_799L) long second) {
    assertEquals(OptionalLong.of(second), CacheDates.parse(HttpDate.format(second)));
  }
}
