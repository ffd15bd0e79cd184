package oca.fill.day;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The daily windows in which filling is allowed, in plan time.
 *
 * @param opens local time of opening
 * @param closes local time of closing; not after {@code opens} means on the following day, so equal
 *     times leave the window open around the clock
 * @param zone whose local time that is
 */
public record FillCalendar(LocalTime opens, LocalTime closes, ZoneId zone) {

  /**
   * One window in plan time.
   *
   * @param opens the first instant inside
   * @param closes the first instant after it
   */
  public record Window(Instant opens, Instant closes) {
    /** Whether {@code plan} lies inside. */
    public boolean isOpen(Instant plan) {
      return !plan.isBefore(opens) && plan.isBefore(closes);
    }
  }

  /** The window that is open at {@code plan}, or else the next to open. */
  public Window at(Instant plan) {
    LocalDate today = plan.atZone(zone).toLocalDate();
    for (int ahead = -1; ; ahead++) {
      Window window = opening(today.plusDays(ahead));
      if (plan.isBefore(window.closes())) {
        return window;
      }
    }
  }

  /** Local time of day at {@code plan}. */
  public LocalTime timeOfDay(Instant plan) {
    return plan.atZone(zone).toLocalTime();
  }

  /** The local date at {@code plan}. */
  public LocalDate date(Instant plan) {
    return plan.atZone(zone).toLocalDate();
  }

  private Window opening(LocalDate day) {
    ZonedDateTime from = day.atTime(opens).atZone(zone);
    LocalDate last = closes.isAfter(opens) ? day : day.plusDays(1);
    return new Window(from.toInstant(), last.atTime(closes).atZone(zone).toInstant());
  }
}
