package oca.server.caching;

import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static oca.server.caching.Given.millis;
import static oca.server.caching.Given.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111, sections 4.2.3 and 5.1. */
class AgeTest {

  private static long initial(String text) {
    return Age.initialMillis(fields(text), millis(0), millis(0));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "'Age: 0', 0",
    "'Age: 7200', 7200",
    "'Age: 007', 7",
    "'Age:   7  ', 7",
    "'Age: 2147483648', 2147483648",
    "'Age: 2147483649', 2147483648",
    "'Age: 99999999999999999999999999999', 2147483648",
    "'Age: -7200', 0",
    "'Age: +7200', 0",
    "'Age: 7200.0', 0",
    "'Age: abc', 0",
    "'Age: 7200s', 0",
    "'Age: 7200;foo=bar', 0",
    "'Age: \"7200\"', 0",
    "'Age:', 0",
  })
  void age_field_isAWholeNumberOrIgnored(String text, long seconds) {
    assertEquals(seconds * 1000, initial(text));
  }

  /** Section 5.1: the first member, valid or not. */
  @ParameterizedTest
  @CsvSource({
    "'Age: 7200, 0', 7200",
    "'Age: 0, 7200', 0",
    "'Age: 7200, foo', 7200",
    "'Age: foo, 7200', 0",
    "'Age: 7200|Age: 0', 7200",
    "'Age: 0|Age: 7200', 0",
    "'Age: foo|Age: 7200', 0",
    "'Age: ,7200', 0",
  })
  void age_severalMembers_isTheFirst(String text, long seconds) {
    assertEquals(seconds * 1000, initial(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 1", "-7200, 7200", "60, 0"})
  void age_ofDate_isTheTimeSinceButNeverBelowZero(long date, long seconds) {
    assertEquals(seconds * 1000, initial("Date: " + date(date)));
  }

  @Test
  void age_dateAndField_isTheLarger() {
    assertEquals(100_000, initial("Date: " + date(-100) + "|Age: 50"));
    assertEquals(100_000, initial("Date: " + date(-50) + "|Age: 100"));
    assertEquals(50_000, initial("Date: yesterday|Age: 50"));
    assertEquals(0, initial("Date: 0"));
    assertEquals(100_000, initial("Date: " + date(0) + "|Date: " + date(-100)));
  }

  @Test
  void age_slowAnswer_countsFromTheRequest() {
    FieldSection fields = fields("Age: 10|Date: " + date(0));
    assertEquals(13_500, Age.initialMillis(fields, millis(0) - 3500, millis(0)));
    assertEquals(10_000, Age.initialMillis(fields, millis(5), millis(0)));
  }

  /** A Date is cut to seconds; what is left of one is no age. */
  @Test
  void age_withinASecond_isNotRoundedUp() {
    FieldSection fields = fields("Date: " + date(0));
    assertEquals(0, Age.initialMillis(fields, millis(0) + 999, millis(0) + 999));
    assertEquals(2, Age.initialMillis(FieldSection.EMPTY, millis(1) - 1, millis(1) + 1));
  }

  @Test
  void age_ofKept_grows() {
    StoredResponse kept = stored("Cache-Control: max-age=60|Age: 10");
    assertEquals(10_000, kept.ageMillis(millis(0)));
    assertEquals(15_000, kept.ageMillis(millis(5)));
    assertEquals(45_000, kept.ttlMillis(millis(5)));
    assertEquals(10_000, kept.ageMillis(millis(-5)), "a clock set back");
  }

  @Property
  void age_anything_isNeverBelowZero(
      @ForAll @CharRange(from = ' ', to = '~') String age,
      @ForAll @CharRange(from = ' ', to = '~') String date,
      @ForAll int requested,
      @ForAll int received) {
    FieldSection fields = FieldSection.of("Age", age, "Date", date);
    assertTrue(Age.initialMillis(fields, requested, received) >= 0);
  }
}
