package oca.fill.evaluate;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a table writes its periods. Numbers count days, hours or whatever the integers do. */
public enum Periods {
  /** Dates such as 2026-01-31. */
  DAYS(1, 7),
  /** Hours such as 2026-01-31T05, with or without minutes, which are dropped; UTC. */
  HOURS(24, 24),
  /** Any integers. */
  NUMBERS(1, 7);

  private static final Pattern DAY = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})");
  private static final Pattern HOUR =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[T"
              + " ](\\d{2})(:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?)?(Z|[+-]\\d{2}:\\d{2})?");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}");

  private final int perDay;
  private final int cycle;

  Periods(int perDay, int cycle) {
    this.perDay = perDay;
    this.cycle = cycle;
  }

  /** Periods of a day. */
  public int perDay() {
    return perDay;
  }

  /** Periods after which demand may repeat itself: a week of days, a day of hours. */
  public int cycle() {
    return cycle;
  }

  /** What kind of period a text is; empty when of none. */
  static Optional<Periods> kind(String text) {
    if (DAY.matcher(text).matches()) {
      return Optional.of(DAYS);
    }
    if (HOUR.matcher(text).matches()) {
      return Optional.of(HOURS);
    }
    return NUMBER.matcher(text).matches() ? Optional.of(NUMBERS) : Optional.empty();
  }

  /**
   * The number of a period of this kind; a time within a day counts as the day, a day as its first
   * hour.
   */
  Optional<Long> number(String text) {
    try {
      return switch (this) {
        case NUMBERS ->
            NUMBER.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
        case DAYS -> instant(text).map(at -> Math.floorDiv(at.getEpochSecond(), 86_400L));
        case HOURS -> instant(text).map(at -> Math.floorDiv(at.getEpochSecond(), 3_600L));
      };
    } catch (DateTimeException e) {
      // 2026-02-30 and its like: no period.
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(String text) {
    if (DAY.matcher(text).matches()) {
      return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
    }
    Matcher hour = HOUR.matcher(text);
    if (!hour.matches()) {
      return Optional.empty();
    }
    String minutes = hour.group(3) == null ? ":00" : hour.group(3);
    String local = hour.group(1) + 'T' + hour.group(2) + minutes;
    return Optional.of(
        hour.group(5) == null
            ? LocalDateTime.parse(local).toInstant(ZoneOffset.UTC)
            : OffsetDateTime.parse(local + hour.group(5)).toInstant());
  }

  /** What to write, for those who wrote something else. */
  String example() {
    return switch (this) {
      case NUMBERS -> "a whole number, as the table does";
      case DAYS -> "a date such as 2026-01-31, as the table does";
      case HOURS -> "a date or an hour such as 2026-01-31T05";
    };
  }

  /** As it is written. */
  String text(long number) {
    return switch (this) {
      case NUMBERS -> Long.toString(number);
      case DAYS -> LocalDate.ofEpochDay(number).toString();
      case HOURS ->
          String.format(
              Locale.ROOT,
              "%sT%02d",
              LocalDate.ofEpochDay(Math.floorDiv(number, 24L)),
              Math.floorMod(number, 24L));
    };
  }
}
