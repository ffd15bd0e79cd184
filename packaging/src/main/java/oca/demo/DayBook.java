package oca.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the viewers got, day by day. Any thread may write; a reading is a snapshot. */
final class DayBook {

  /** How near to the viewer a byte came from. */
  enum Nearness {
    NEAREST_SITE,
    OTHER_SITE,
    ORIGIN
  }

  /**
   * One day.
   *
   * @param nearestBytes bytes that viewers got from the site of their own network
   * @param otherSiteBytes from an appliance elsewhere
   * @param originBytes from the origin
   * @param fillBytes fetched by appliances, from peers and origin
   * @param originFillBytes the part of them that the origin sent
   * @param offload the share of viewers' bytes that did not come from the origin, 0 to 1
   * @param responsesCompared responses whose every byte was compared with the published file
   * @param wrongBytes bytes that differed
   * @param failedViewers sessions that did not get what they asked for
   */
  record Day(
      int day,
      long nearestBytes,
      long otherSiteBytes,
      long originBytes,
      long fillBytes,
      long originFillBytes,
      double offload,
      long responsesCompared,
      long wrongBytes,
      long failedViewers) {

    /** The line that the demo prints when the day is over. */
    String line() {
      long served = nearestBytes + otherSiteBytes + originBytes;
      return String.format(
          Locale.ROOT,
          "day %d: nearest site %s (%.0f %%), offload %.1f %%, origin %s, fill %s (%s of it from"
              + " the origin), %d responses compared, %d wrong bytes",
          day,
          mib(nearestBytes),
          served == 0 ? 0 : 100.0 * nearestBytes / served,
          100 * offload,
          mib(originBytes),
          mib(fillBytes),
          mib(originFillBytes),
          responsesCompared,
          wrongBytes);
    }

    private static String mib(long bytes) {
      return String.format(Locale.ROOT, "%.0f MiB", bytes / 1048576.0);
    }
  }

  private static final class Tally {
    final LongAdder nearest = new LongAdder();
    final LongAdder otherSite = new LongAdder();
    final LongAdder origin = new LongAdder();
    final LongAdder compared = new LongAdder();
    final LongAdder wrong = new LongAdder();
    final LongAdder failed = new LongAdder();
    volatile long fill;
    volatile long originFill;
  }

  private final ConcurrentSkipListMap<Integer, Tally> days = new ConcurrentSkipListMap<>();

  void compared(int day, Nearness nearness, long bytes, long wrongBytes) {
    Tally tally = tally(day);
    LongAdder adder =
        switch (nearness) {
          case NEAREST_SITE -> tally.nearest;
          case OTHER_SITE -> tally.otherSite;
          case ORIGIN -> tally.origin;
        };
    adder.add(bytes);
    tally.compared.increment();
    tally.wrong.add(wrongBytes);
  }

  void failed(int day) {
    tally(day).failed.increment();
  }

  /** Sets the day's fill totals, which the appliances report as running sums. */
  void filled(int day, long fillBytes, long originFillBytes) {
    Tally tally = tally(day);
    tally.fill = fillBytes;
    tally.originFill = originFillBytes;
  }

  List<Day> days() {
    List<Day> out = new ArrayList<>();
    days.forEach((day, tally) -> out.add(day(day, tally)));
    return out;
  }

  Day day(int day) {
    return day(day, tally(day));
  }

  long wrongBytes() {
    return days.values().stream().mapToLong(tally -> tally.wrong.sum()).sum();
  }

  long failedViewers() {
    return days.values().stream().mapToLong(tally -> tally.failed.sum()).sum();
  }

  private Tally tally(int day) {
    return days.computeIfAbsent(day, _ -> new Tally());
  }

  private static Day day(int day, Tally tally) {
    long near = tally.nearest.sum();
    long other = tally.otherSite.sum();
    long origin = tally.origin.sum();
    long all = near + other + origin;
    return new Day(
        day,
        near,
        other,
        origin,
        tally.fill,
        tally.originFill,
        all == 0 ? 0 : (double) (near + other) / all,
        tally.compared.sum(),
        tally.wrong.sum(),
        tally.failed.sum());
  }
}
