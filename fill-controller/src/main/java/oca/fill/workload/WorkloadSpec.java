package oca.fill.workload;

import java.time.LocalDate;

/**
 * What to generate.
 *
 * @param seed of all chance
 * @param firstDay the date of the first period
 * @param days 1 to 3,660
 * @param hourly periods are hours instead of days
 * @param regions 1 to 100; each has its own taste, around a common one
 * @param titles in the library at the start, 10 to 1,000,000; releases come on top
 * @param rungs files of a title: its ladder, 1 to 8
 * @param sessions a day and region, on average
 * @param newShare share of half a year's hours that goes to titles released within it, 0 to 0.6
 * @param releases titles released a week, as a share of {@code titles}, above 0, at most 0.2
 * @param audienceSpread sigma of the logarithm of releases' audiences, 0 to 3
 * @param priorNoise sigma of the logarithm of what the calendar's prior is off by, 0 to 5
 * @param taste sigma of the logarithm by which a region likes a title more or less, 0 to 3
 * @param drift sigma of the logarithm by which library titles wander, 0 to 3
 * @param bursts sigma of the logarithm of a title's day-to-day luck beyond chance, 0 to 3
 * @param weekly height of the weekly cycle: 0 none, 1 as usual, 3 at most
 */
public record WorkloadSpec(
    long seed,
    LocalDate firstDay,
    int days,
    boolean hourly,
    int regions,
    int titles,
    int rungs,
    double sessions,
    double newShare,
    double releases,
    double audienceSpread,
    double priorNoise,
    double taste,
    double drift,
    double bursts,
    double weekly) {
  /** Ninety days of one region with 20,000 sessions a day over 8,000 titles of three files. */
  public static final WorkloadSpec DEFAULT =
      new WorkloadSpec(
          1,
          LocalDate.of(2026, 1, 5),
          90,
          false,
          1,
          8_000,
          3,
          20_000,
          0.3,
          0.006,
          1.6,
          1.0,
          0.4,
          0.3,
          0.2,
          1);

  public WorkloadSpec {
    within("days", days, 1, 3_660);
    within("regions", regions, 1, 100);
    within("titles", titles, 10, 1_000_000);
    within("rungs", rungs, 1, 8);
    within("sessions", sessions, 1, 1e9);
    within("newShare", newShare, 0, 0.6);
    within("releases", releases, 1e-6, 0.2);
    within("audienceSpread", audienceSpread, 0, 3);
    within("priorNoise", priorNoise, 0, 5);
    within("taste", taste, 0, 3);
    within("drift", drift, 0, 3);
    within("bursts", bursts, 0, 3);
    within("weekly", weekly, 0, 3);
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          String.format(
              java.util.Locale.ROOT,
              "%s must be %s to %s, not %s",
              name,
              plain(least),
              plain(most),
              plain(value)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
