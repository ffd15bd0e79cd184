package oca.fill.day;

import java.time.Duration;
import java.time.Instant;

/**
 * Maps wall time to plan time and back.
 *
 * <p>A day of the plan has 24 hours of plan time and lasts {@code day} of wall time. With a day of
 * 24 hours and equal anchors the two times are the same. A laboratory may let a day last 30
 * seconds: demand, forecasts and windows then run 2880 times as fast while rates in bytes per
 * second stay in wall time.
 *
 * @param anchor a wall instant
 * @param anchorPlan the plan instant at that moment
 * @param day how long 24 hours of plan time last on the wall; 1 ms or more
 */
public record DayScale(Instant anchor, Instant anchorPlan, Duration day) {
  private static final long SECONDS_PER_DAY = 86_400;
  private static final double NANOS_PER_DAY = SECONDS_PER_DAY * 1e9;

  public DayScale {
    if (day.compareTo(Duration.ofMillis(1)) < 0 || day.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException("a day must last 1ms to 365d, not " + day);
    }
  }

  /** The plan instant at wall instant {@code wall}. */
  public Instant plan(Instant wall) {
    Duration since = Duration.between(anchor, wall);
    long days = floorDays(since, day);
    double rest = nanos(since.minus(day.multipliedBy(days)));
    long planNanos = Math.round(rest * (NANOS_PER_DAY / nanos(day)));
    return anchorPlan.plusSeconds(days * SECONDS_PER_DAY).plusNanos(planNanos);
  }

  /** The wall instant at plan instant {@code plan}; the inverse, to within a nanosecond. */
  public Instant wall(Instant plan) {
    Duration since = Duration.between(anchorPlan, plan);
    long days = Math.floorDiv(since.toSeconds(), SECONDS_PER_DAY);
    double rest = nanos(since.minusSeconds(days * SECONDS_PER_DAY));
    long wallNanos = Math.round(rest * (nanos(day) / NANOS_PER_DAY));
    return anchor.plus(day.multipliedBy(days)).plusNanos(wallNanos);
  }

  private static long floorDays(Duration since, Duration day) {
    long days = since.dividedBy(day);
    return day.multipliedBy(days).compareTo(since) > 0 ? days - 1 : days;
  }

  /** Below 2^53 for any part of a day of up to 100 days, hence exact there. */
  private static double nanos(Duration duration) {
    return duration.toSeconds() * 1e9 + duration.toNanosPart();
  }
}
