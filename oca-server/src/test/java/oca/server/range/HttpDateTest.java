package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 5.6.7, against java.time. */
class HttpDateTest {
  private static final long FIRST = -62_167_219_200L;
  private static final long LAST = 253_402_300_799L;
  private static final DateTimeFormatter IMF_FIXDATE = form("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
  private static final DateTimeFormatter ASCTIME = form("EEE MMM ppd HH:mm:ss uuuu");
  private static final DateTimeFormatter RFC_850 =
      new DateTimeFormatterBuilder()
          .appendPattern("EEEE, dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        " Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994"
      })
  void parse_eachForm_isTheSameSecond(String text) {
    assertEquals(OptionalLong.of(784_111_777L), HttpDate.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "yesterday",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Wed, 29 Feb 2023 00:00:00 GMT",
        "Thu, 29 Feb 1900 00:00:00 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sun Nov   6 08:49:37 199",
        "784111777"
      })
  void parse_noDate_isEmpty(String text) {
    assertEquals(OptionalLong.empty(), HttpDate.parse(text));
  }

  @Test
  void format_yearBeyondFourDigits_isRefused() {
    assertEquals("Sat, 01 Jan 0000 00:00:00 GMT", HttpDate.format(FIRST));
    assertEquals("Fri, 31 Dec 9999 23:59:59 GMT", HttpDate.format(LAST));
    assertThrows(IllegalArgumentException.class, () -> HttpDate.format(FIRST - 1));
    assertThrows(IllegalArgumentException.class, () -> HttpDate.format(LAST + 1));
    assertTrue(HttpDate.isExpressible(LAST));
    assertFalse(HttpDate.isExpressible(LAST + 1));
  }

  @Property
  void format_anySecond_isThatOfJavaTime(@ForAll("seconds") long second) {
    String expected = IMF_FIXDATE.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
    assertEquals(expected, HttpDate.format(second));
    byte[] in = new byte[HttpDate.LENGTH + 2];
    HttpDate.write(second, in, 1);
    assertEquals("\0" + expected + "\0", new String(in, StandardCharsets.US_ASCII));
  }

  /** Each day from 1600 to 2400, over two leap centuries. */
  @Test
  void format_eachDayOfEightCenturies_isThatOfJavaTimeAndReadsBack() {
    long first = LocalDateTime.of(1600, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    long last = LocalDateTime.of(2400, 12, 31, 0, 0).toEpochSecond(ZoneOffset.UTC);
    for (long second = first + 3661; second <= last; second += 86_400) {
      String expected = IMF_FIXDATE.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
      assertEquals(expected, HttpDate.format(second));
      assertEquals(OptionalLong.of(second), HttpDate.parse(expected));
    }
  }

  @Property
  void parse_whatFormatWrote_isTheSame(@ForAll("seconds") long second) {
    assertEquals(OptionalLong.of(second), HttpDate.parse(HttpDate.format(second)));
  }

  @Property
  void parse_obsoleteForms_areThoseOfJavaTime(
      @ForAll @LongRange(min = 0, max = 3_155_759_999L) long second) {
    LocalDateTime date = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    assertEquals(OptionalLong.of(second), HttpDate.parse(ASCTIME.format(date)));
    assertEquals(OptionalLong.of(second), HttpDate.parse(RFC_850.format(date)));
  }

  /** Dates with one character changed, put in or left out. */
  @Property(tries = 5000)
  void parse_spoiltDates_areReadWhereJavaTimeReadsThem(@ForAll("spoilt") String text) {
    assertEquals(byJavaTime(text), HttpDate.parse(text), text);
  }

  @Provide
  Arbitrary<Long> seconds() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(FIRST, LAST), Arbitraries.longs().between(0, 4_102_444_800L));
  }

  @Provide
  Arbitrary<String> spoilt() {
    Arbitrary<String> dates =
        Combinators.combine(
                Arbitraries.longs().between(0, 3_155_759_999L),
                Arbitraries.of(IMF_FIXDATE, ASCTIME, RFC_850))
            .as(
                (second, form) ->
                    form.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC)));
    return Combinators.combine(
            dates,
            Arbitraries.integers().between(0, 28),
            Arbitraries.integers().between(0, 1),
            Arbitraries.strings().withChars("0123456789 ,:-MonSuJa").ofMaxLength(1))
        .as(
            (date, at, cut, in) -> {
              int from = Math.min(at, date.length() - 1);
              return date.substring(0, from) + in + date.substring(from + cut);
            });
  }

  private static OptionalLong byJavaTime(String text) {
    return Stream.of(IMF_FIXDATE, RFC_850, ASCTIME)
        .map(form -> byJavaTime(text.strip(), form))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong byJavaTime(String text, DateTimeFormatter form) {
    try {
      long second = LocalDateTime.parse(text, form).toEpochSecond(ZoneOffset.UTC);
      // It takes a sign for a part of the year, which no form of RFC 9110 has.
      return second < FIRST ? OptionalLong.empty() : OptionalLong.of(second);
    } catch (DateTimeException e) {
      // Not of this form.
      return OptionalLong.empty();
    }
  }
}
