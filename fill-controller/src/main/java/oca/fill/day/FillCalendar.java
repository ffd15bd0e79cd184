package oca.fill.day;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.Set;

/**
 * A window in which filling is allowed, on each day or on some, in plan time.
 *
 * <p>When the clocks change, a window opens at the first moment at which clocks show {@code opens}
 * or later, and closes at the first moment after that at which they show {@code closes} or later.
 * So a time that is left out in spring stands for the moment of the change, and of an hour that
 * comes twice in autumn the first counts. A window that lies wholly inside the hour that is left
 * out does not open that day.
 *
 * @param opens local time of opening
 * @param closes local time of closing; not after {@code opens} means on the following day, so equal
 *     times leave the window open around the clock
 * @param zone whose local time that is
 * @param days on which it opens; none means all
 */
public record FillCalendar(LocalTime opens, LocalTime closes, ZoneId zone, Set<DayOfWeek> days) {
  /** A week, and the days on which no window opens since the clocks change. */
  private static final int FARTHEST = 21;

  public FillCalendar {
    days = Set.copyOf(days);
  }

  /** A window on each day. */
  public FillCalendar(LocalTime opens, LocalTime closes, ZoneId zone) {
    this(opens, closes, zone, Set.of());
  }

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
    for (int ahead = -2; ahead <= FARTHEST; ahead++) {
      Optional<Window> window = opening(today.plusDays(ahead));
      if (window.isPresent() && plan.isBefore(window.get().closes())) {
        return window.get();
      }
    }
    throw new IllegalStateException("no window opens within three weeks of " + plan);
  }

  /** Local time of day at {@code plan}. */
  public LocalTime timeOfDay(Instant plan) {
    return plan.atZone(zone).toLocalTime();
  }

  /** The local date at {@code plan}. */
  public LocalDate date(Instant plan) {
    return plan.atZone(zone).toLocalDate();
  }

  /** The window that opens on {@code day}; empty when none does. */
  private Optional<Window> opening(LocalDate day) {
    if (!days.isEmpty() && !days.contains(day.getDayOfWeek())) {
      return Optional.empty();
    }
    LocalDate last = closes.isAfter(opens) ? day : day.plusDays(1);
    Instant from = first(day.atTime(opens));
    Instant to = first(last.atTime(closes));
    return to.isAfter(from) ? Optional.of(new Window(from, to)) : Optional.empty();
  }

  /** The first moment at which clocks show that time or a later one. */
  private Instant first(LocalDateTime local) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }
}
