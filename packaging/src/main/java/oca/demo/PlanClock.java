package oca.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The demo's compressed calendar, the same that the fill controller is configured with: days of
 * {@code length} wall time, the first beginning at {@code start}.
 *
 * @param start the wall instant of the first midnight
 * @param length of a day, in wall time
 */
record PlanClock(Instant start, Duration length) {

  /** The day at a wall instant, from 1; 0 and below before the start. */
  int day(Instant now) {
    return (int) Math.floorDiv(Duration.between(start, now).toMillis(), length.toMillis()) + 1;
  }

  /** The hour of the day, from 0 to below 24. */
  double hour(Instant now) {
    long into = Math.floorMod(Duration.between(start, now).toMillis(), length.toMillis());
    return into * 24.0 / length.toMillis();
  }

  /** The wall instant at which a day, from 1, begins. */
  Instant beginning(int day) {
    return start.plus(length.multipliedBy(day - 1L));
  }

  /** The time of day as {@code HH:MM}. */
  String timeOfDay(Instant now) {
    int minutes = (int) (hour(now) * 60);
    return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
  }
}
