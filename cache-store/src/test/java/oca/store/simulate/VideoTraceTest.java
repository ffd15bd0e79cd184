package oca.store.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Holds the made video trace to the public figures it is made from. The tolerances are what one
 * seed differs from another by, for 1000 titles; the seeds are those that the policies' bars use.
 */
class VideoTraceTest {
  private static final long[] SEEDS = {1, 2, 3};
  private static final int REQUESTS = 600_000;
  private static final int WEEK = 168;

  /** What one trace asked for, added up. */
  private static final class Seen {
    private final VideoTrace trace;
    private final double[] byTitle;
    private final int[][] byTitleAndHour;
    private final double[] oldByHour;
    private final double[] byHour;
    private final Map<Long, Integer> byObject = new HashMap<>();
    private final Map<Long, Long> bytes = new HashMap<>();

    Seen(long seed, int days) throws Exception {
      trace = new VideoTrace(seed, REQUESTS, days);
      byTitle = new double[trace.titles()];
      byTitleAndHour = new int[trace.titles()][days * 24 + 48];
      oldByHour = new double[days * 24 + 48];
      byHour = new double[days * 24 + 48];
      trace.tell(
          (seconds, high, low, size) -> {
            int title = VideoTrace.titleOf(low);
            int hour = (int) (seconds / 3600);
            byTitle[title]++;
            byTitleAndHour[title][hour]++;
            oldByHour[hour] += trace.releasedAt(title) == Double.NEGATIVE_INFINITY ? 1 : 0;
            byHour[hour]++;
            byObject.merge(low, 1, Integer::sum);
            bytes.putIfAbsent(low, size);
          });
    }

    double shareOfTop(double part) {
      double[] sorted = byTitle.clone();
      Arrays.sort(sorted);
      int top = (int) Math.round(sorted.length * part);
      return Arrays.stream(sorted, sorted.length - top, sorted.length).sum() / REQUESTS;
    }

    /** Of a title in a week from an hour on. */
    double hours(int title, int from) {
      return Arrays.stream(byTitleAndHour[title], from, from + WEEK).sum();
    }

    int[] mostOf(int week, int count) {
      return IntStream.range(0, byTitle.length)
          .boxed()
          .sorted(Comparator.comparingDouble(title -> -hours(title, week * WEEK)))
          .limit(count)
          .mapToInt(Integer::intValue)
          .toArray();
    }

    long bytesAt(double part) {
      long[] sorted = bytes.values().stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted[(int) (sorted.length * part)];
    }
  }

  @Test
  void tell_sameSeed_isTheSame() throws Exception {
    assertEquals(new Seen(1, 7).byObject, new Seen(1, 7).byObject);
  }

  /** The figures are of half a year; a single week has its novelties at their height, so more. */
  @Test
  void tell_fourWeeks_hasTheSharesOfTheTopTitlesAndAWeekSomeMore() throws Exception {
    double[] top = {0.01, 0.05, 0.10, 0.20};
    double[] share = {0.24, 0.52, 0.68, 0.83};
    for (long seed : SEEDS) {
      Seen month = new Seen(seed, 28);
      Seen week = new Seen(seed, 7);
      for (int i = 0; i < top.length; i++) {
        String where = "top " + top[i] + ", seed " + seed;
        assertEquals(share[i], month.shareOfTop(top[i]), 0.025, where);
        assertEquals(share[i] + 0.03, week.shareOfTop(top[i]), 0.025, where);
      }
    }
  }

  @Test
  void tell_week_hasTheSizesAndTheOnceOnlyShareOfTheEdge() throws Exception {
    for (long seed : SEEDS) {
      Seen seen = new Seen(seed, 7);
      double once =
          seen.byObject.values().stream().filter(times -> times == 1).count()
              / (double) seen.byObject.size();
      assertTrue(once >= 0.42 && once <= 0.56, "seed " + seed + ": " + once);
      assertEquals(300e3, (double) seen.bytesAt(0.5), 30e3, "seed " + seed);
      assertEquals(2e6, (double) seen.bytesAt(0.9), 0.2e6, "seed " + seed);
    }
  }

  @Test
  void tell_week_peaksInTheEveningAndSleepsAtNight() throws Exception {
    for (long seed : SEEDS) {
      double[] day = new double[24];
      Seen seen = new Seen(seed, 7);
      for (int hour = 0; hour < WEEK; hour++) {
        day[hour % 24] += seen.byHour[hour];
      }
      double peak = Arrays.stream(day).max().orElseThrow();
      double trough = Arrays.stream(day).min().orElseThrow();
      double mean = Arrays.stream(day).average().orElseThrow();
      assertEquals(1.95, peak / mean, 0.1, "seed " + seed);
      assertTrue(trough / peak >= 0.17 && trough / peak <= 0.32, "seed " + seed);
    }
  }

  /**
   * Beside the old stock's hours, because the hours of all together are given: what a later release
   * takes from an earlier one is not decay.
   */
  @Test
  void tell_fourWeeks_releasesDecayAsPublished() throws Exception {
    double[] film = new double[3];
    double[] series = new double[3];
    for (long seed : SEEDS) {
      Seen seen = new Seen(seed, 28);
      for (int title = 0; title < seen.byTitle.length; title++) {
        double released = seen.trace.releasedAt(title);
        if (released >= 0 && released <= WEEK) {
          for (int week = 0; week < 3; week++) {
            int from = (int) released + week * WEEK;
            double old = Arrays.stream(seen.oldByHour, from, from + WEEK).sum();
            (seen.trace.film(title) ? film : series)[week] += seen.hours(title, from) / old;
          }
        }
      }
    }
    assertEquals(0.8, film[1] / film[0], 0.08);
    assertEquals(0.3, film[2] / film[1], 0.04);
    assertEquals(1.0, series[1] / series[0], 0.08);
    assertEquals(0.5, series[2] / series[1], 0.06);
  }

  /**
   * New are those released in the trace or four weeks before; never listed are those of them that
   * were in none of the trace's earlier lists. The trace has more of the former than published and
   * less of the latter (.35 and .22), being of fewer titles.
   */
  @Test
  void tell_fourWeeks_thirdOfTheHoursIsOfNewTitles() throws Exception {
    for (long seed : SEEDS) {
      Seen seen = new Seen(seed, 28);
      double fresh =
          IntStream.range(0, seen.byTitle.length)
              .filter(title -> seen.trace.releasedAt(title) > Double.NEGATIVE_INFINITY)
              .mapToDouble(title -> seen.byTitle[title])
              .sum();
      assertEquals(0.30, fresh / REQUESTS, 0.08, "seed " + seed);
      Set<Integer> listed = new HashSet<>();
      double listedHours = 0;
      double first = 0;
      for (int week = 0; week < 4; week++) {
        for (int title : seen.mostOf(week, 40)) {
          double hours = seen.hours(title, week * WEEK);
          boolean isNew = seen.trace.releasedAt(title) >= (week - 1) * WEEK;
          listedHours += week == 0 ? 0 : hours;
          first += week > 0 && isNew && !listed.contains(title) ? hours : 0;
          listed.add(title);
        }
      }
      assertEquals(0.33, first / listedHours, 0.14, "seed " + seed);
    }
  }
}
