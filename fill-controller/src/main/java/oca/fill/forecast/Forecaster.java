package oca.fill.forecast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.ContentId;
import oca.model.SiteId;

/**
 * Exponential smoothing over days, per file and region.
 *
 * <p>The rate starts at the demand of the first day on which a region asked for a file; each later
 * day moves it by {@code smoothing} towards that day's demand, a day without any counting as zero.
 * Smoothing is what keeps a disk from being refilled each night for the sake of yesterday's noise.
 * The other half of that, the advantage of what is already placed, needs to know what is placed and
 * therefore lives in the planner ({@code PlacementPlanner.Rules.hysteresis}).
 *
 * @param smoothing weight of the newest day, above 0, at most 1
 */
public record Forecaster(double smoothing) {
  public Forecaster {
    if (!(smoothing > 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          "smoothing must be above 0 and at most 1, not " + smoothing);
    }
  }

  /**
   * Bytes asked for on one day; several of one day and pair add up.
   *
   * @param daysAgo 0 for the newest day, 0 or more
   * @param bytes 0 or more
   */
  public record Observation(ContentId file, SiteId region, int daysAgo, double bytes) {}

  /** What the next day will bring, in any order of {@code past}. */
  public Forecast forecast(List<Observation> past) {
    Map<Forecast.Key, List<Observation>> byPair = new HashMap<>();
    for (Observation day : past) {
      byPair
          .computeIfAbsent(new Forecast.Key(day.file(), day.region()), _ -> new ArrayList<>())
          .add(day);
    }
    Map<Forecast.Key, Double> expected = new HashMap<>();
    byPair.forEach((pair, days) -> expected.put(pair, smooth(days)));
    return new Forecast(expected);
  }

  private double smooth(List<Observation> days) {
    int first = days.stream().mapToInt(Observation::daysAgo).max().orElse(0);
    double[] bytes = new double[first + 1];
    for (Observation day : days) {
      bytes[day.daysAgo()] += day.bytes();
    }
    double rate = bytes[first];
    for (int ago = first - 1; ago >= 0; ago--) {
      rate += smoothing * (bytes[ago] - rate);
    }
    return rate;
  }
}
