package oca.server.range;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Dates in header fields (RFC 9110, section 5.6.7), to the second, in the years 0 to 9999.
 *
 * <p>Done by own arithmetic: a formatter of java.time costs a few hundred bytes and a microsecond
 * each time. Years are counted from March, so that the odd day comes last; then the day of the year
 * and the month follow from each other by a line of slope 153/5, the length of five months.
 */
public final class HttpDate {
  /** How long the form is that is sent, in bytes. */
  public static final int LENGTH = 29;

  private static final String DAYS = "SunMonTueWedThuFriSat";
  private static final String[] LONG_DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private static final long SECONDS_PER_DAY = 86_400;
  private static final int DAYS_PER_400_YEARS = 146_097;

  /** From 0000-03-01 to 1970-01-01. */
  private static final long DAYS_BEFORE_1970 = 719_468;

  private static final int THURSDAY = 4;

  /** 0000-01-01 and the last second of 9999, in seconds since 1970. */
  private static final long MIN_SECOND = -62_167_219_200L;

  private static final long MAX_SECOND = 253_402_300_799L;

  private HttpDate() {}

  /** Whether a second, counted from 1970, is in a year that can be written with four digits. */
  public static boolean isExpressible(long second) {
    return second >= MIN_SECOND && second <= MAX_SECOND;
  }

  /**
   * The form that is sent, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}.
   *
   * @param second since 1970
   * @throws IllegalArgumentException when it is not {@linkplain #isExpressible expressible}
   */
  public static String format(long second) {
    byte[] text = new byte[LENGTH];
    write(second, text, 0);
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** Writes the same into {@value #LENGTH} bytes of {@code out}, and allocates nothing. */
  public static void write(long second, byte[] out, int at) {
    if (!isExpressible(second)) {
      throw new IllegalArgumentException("no date of four-digit year: second " + second);
    }
    long day = Math.floorDiv(second, SECONDS_PER_DAY);
    int time = (int) Math.floorMod(second, SECONDS_PER_DAY);
    long fromMarch = day + DAYS_BEFORE_1970;
    int era = (int) Math.floorDiv(fromMarch, (long) DAYS_PER_400_YEARS);
    int dayOfEra = (int) Math.floorMod(fromMarch, (long) DAYS_PER_400_YEARS);
    // Takes out the leap days, so that each year has 365: one in 4 years, not in 100, yet in 400.
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    int month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10;
    int year = era * 400 + yearOfEra + (month < 2 ? 1 : 0);

    letters(DAYS, dayOfWeek(day), out, at);
    out[at + 3] = ',';
    out[at + 4] = ' ';
    digits(dayOfMonth, out, at + 5);
    out[at + 7] = ' ';
    letters(MONTHS, month, out, at + 8);
    out[at + 11] = ' ';
    digits(year / 100, out, at + 12);
    digits(year % 100, out, at + 14);
    out[at + 16] = ' ';
    digits(time / 3600, out, at + 17);
    out[at + 19] = ':';
    digits(time / 60 % 60, out, at + 20);
    out[at + 22] = ':';
    digits(time % 60, out, at + 23);
    out[at + 25] = ' ';
    out[at + 26] = 'G';
    out[at + 27] = 'M';
    out[at + 28] = 'T';
  }

  /**
   * Reads that form and the two obsolete ones, in seconds since 1970; empty for anything else, as a
   * field with a date that is none is to be ignored (section 13.1.3). RFC 850 has two digits for
   * the year; they are read as 1970 to 2069, as there is no clock here.
   */
  public static OptionalLong parse(String text) {
    String date = text.strip();
    if (date.length() == LENGTH && date.charAt(3) == ',') {
      return imfFixdate(date);
    }
    return date.length() == 24 && date.charAt(3) == ' ' ? asctime(date) : rfc850(date);
  }

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  private static OptionalLong imfFixdate(String date) {
    boolean framed =
        date.startsWith(", ", 3)
            && date.charAt(7) == ' '
            && date.charAt(11) == ' '
            && date.charAt(16) == ' '
            && date.endsWith(" GMT");
    return framed
        ? second(weekday(date), year(date, 12), month(date, 8), number(date, 5, 7), time(date, 17))
        : OptionalLong.empty();
  }

  /** {@code Sun Nov 6 08:49:37 1994}. */
  private static OptionalLong asctime(String date) {
    boolean framed =
        date.charAt(3) == ' '
            && date.charAt(7) == ' '
            && date.charAt(10) == ' '
            && date.charAt(19) == ' ';
    int day = date.charAt(8) == ' ' ? number(date, 9, 10) : number(date, 8, 10);
    return framed
        ? second(weekday(date), year(date, 20), month(date, 4), day, time(date, 11))
        : OptionalLong.empty();
  }

  /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
  private static OptionalLong rfc850(String date) {
    int weekday = 0;
    while (weekday < 7 && !date.startsWith(LONG_DAYS[weekday])) {
      weekday++;
    }
    int at = weekday < 7 ? LONG_DAYS[weekday].length() : 0;
    boolean framed =
        weekday < 7
            && date.length() == at + 24
            && date.startsWith(", ", at)
            && date.charAt(at + 4) == '-'
            && date.charAt(at + 8) == '-'
            && date.charAt(at + 11) == ' '
            && date.endsWith(" GMT");
    if (!framed) {
      return OptionalLong.empty();
    }
    int twoDigits = number(date, at + 9, at + 11);
    int year = twoDigits < 0 ? -1 : twoDigits + (twoDigits < 70 ? 2000 : 1900);
    return second(
        weekday, year, month(date, at + 5), number(date, at + 2, at + 4), time(date, at + 12));
  }

  /** All parts put together, each -1 where it could not be read. */
  private static OptionalLong second(int weekday, int year, int month, int day, int time) {
    if (weekday < 0 || year < 0 || month < 0 || time < 0 || day < 1 || day > 31) {
      return OptionalLong.empty();
    }
    if (day > daysOf(month, year)) {
      return OptionalLong.empty();
    }
    int fromMarch = month < 2 ? month + 10 : month - 2;
    int marchYear = month < 2 ? year - 1 : year;
    long days =
        365L * marchYear
            + Math.floorDiv(marchYear, 4)
            - Math.floorDiv(marchYear, 100)
            + Math.floorDiv(marchYear, 400)
            + (153 * fromMarch + 2) / 5
            + day
            - 1
            - DAYS_BEFORE_1970;
    return dayOfWeek(days) == weekday
        ? OptionalLong.of(days * SECONDS_PER_DAY + time)
        : OptionalLong.empty();
  }

  private static int daysOf(int month, int year) {
    return switch (month) {
      case 1 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 3, 5, 8, 10 -> 30;
      default -> 31;
    };
  }

  private static int dayOfWeek(long day) {
    return (int) Math.floorMod(day + THURSDAY, 7L);
  }

  private static int weekday(String date) {
    return threeLetters(DAYS, date, 0);
  }

  private static int month(String date, int at) {
    return threeLetters(MONTHS, date, at);
  }

  private static int threeLetters(String names, String date, int at) {
    for (int i = 0; i < names.length(); i += 3) {
      if (names.regionMatches(i, date, at, 3)) {
        return i / 3;
      }
    }
    return -1;
  }

  private static int year(String date, int at) {
    return number(date, at, at + 4);
  }

  /** Seconds since midnight of {@code 08:49:37}; there is no leap second in java.time either. */
  private static int time(String date, int at) {
    int hour = number(date, at, at + 2);
    int minute = number(date, at + 3, at + 5);
    int second = number(date, at + 6, at + 8);
    boolean is = date.charAt(at + 2) == ':' && date.charAt(at + 5) == ':';
    return is && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
        ? hour * 3600 + minute * 60 + second
        : -1;
  }

  private static int number(String date, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = date.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static void letters(String names, int which, byte[] out, int at) {
    for (int i = 0; i < 3; i++) {
      out[at + i] = (byte) names.charAt(3 * which + i);
    }
  }

  private static void digits(int value, byte[] out, int at) {
    out[at] = (byte) ('0' + value / 10);
    out[at + 1] = (byte) ('0' + value % 10);
  }
}
