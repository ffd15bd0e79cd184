package oca.fill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import oca.fill.day.DayScale;

/**
 * Days of plan time, from midnight to midnight, and the intervals of five minutes of plan time
 * within them by which rates are told.
 *
 * @param zone whose midnights they are
 */
public record LedgerDays(DayScale scale, ZoneId zone) {
  /** Of a day of 25 hours. */
  static final int MOST_INTERVALS = 300;

  private static final long INTERVAL_SECONDS = 300;
  private static final long INTERVALS_OF_24_HOURS = 288;

  /** The day of a moment on the wall. */
  public LocalDate of(Instant wall) {
    return scale.plan(wall).atZone(zone).toLocalDate();
  }

  /** When it begins, on the wall. */
  public Instant begins(LocalDate day) {
    return scale.wall(planned(day));
  }

  /** When it is over, on the wall. */
  public Instant ends(LocalDate day) {
    return begins(day.plusDays(1));
  }

  int intervals(LocalDate day) {
    long seconds = Duration.between(planned(day), planned(day.plusDays(1))).toSeconds();
    return Math.toIntExact(Math.min(MOST_INTERVALS, seconds / INTERVAL_SECONDS));
  }

  /** What fraction of an interval is which, counted from the day's beginning; not below 0. */
  double position(LocalDate day, Instant wall) {
    Duration since = Duration.between(planned(day), scale.plan(wall));
    return Math.clamp(since.toMillis() / 1000.0 / INTERVAL_SECONDS, 0, intervals(day));
  }

  /** The rate at which so many bytes go in an interval, of wall time. */
  long bitsPerSecond(long bytes) {
    double seconds = scale.day().toNanos() / 1e9 / INTERVALS_OF_24_HOURS;
    return Math.round(bytes * 8 / seconds);
  }

  private Instant planned(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }
}
