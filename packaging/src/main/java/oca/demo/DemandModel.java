package oca.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * What the simulated viewers ask for, and how much of it at what time of day. Pure: the same seed
 * gives the same demand.
 *
 * <p>Shaped after public figures of large video services: popularity falls with rank by a slope of
 * -0.5 for the first hundred titles and -1.0 beyond; the evening's peak is twice the mean and the
 * trough a quarter of the peak; networks agree on most, not all, of what is popular; ranks drift
 * from day to day.
 */
final class DemandModel {
  private static final double PEAK_HOUR = 20.5;
  private static final double TROUGH = 0.25;
  private static final double SHARPNESS = 2.3;
  private static final double MEAN_OF_PEAK = 0.513;
  private static final double LOCAL_TASTE = 0.5;
  private static final double DAILY_DRIFT = 0.08;

  private final List<String> titles;
  private final long seed;

  /**
   * Creates the model.
   *
   * @param titles most popular first
   */
  DemandModel(List<String> titles, long seed) {
    this.titles = List.copyOf(titles);
    this.seed = seed;
  }

  /**
   * How busy a time of day is.
   *
   * @param hour 0 to below 24
   * @return 1 for the day's mean
   */
  static double load(double hour) {
    double cosine = Math.cos(2 * Math.PI * (hour - PEAK_HOUR) / 24);
    double hump = Math.pow((1 + cosine) / 2, SHARPNESS);
    return (TROUGH + (1 - TROUGH) * hump) / MEAN_OF_PEAK;
  }

  /**
   * Draws titles for one network on one day.
   *
   * @param network which network, from 0
   * @param day from 1
   */
  Popularity popularity(int network, int day) {
    Random taste = new Random(seed * 31 + network);
    double[] score = new double[titles.size()];
    for (int i = 0; i < score.length; i++) {
      score[i] = Math.log(i + 1.0) + LOCAL_TASTE * taste.nextGaussian();
    }
    for (int d = 1; d <= day; d++) {
      Random drift = new Random(seed * 31 + 1000L * d + network);
      for (int i = 0; i < score.length; i++) {
        score[i] += DAILY_DRIFT * drift.nextGaussian();
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < score.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> score[i]));
    return new Popularity(order.stream().map(titles::get).toList());
  }

  /** One network's taste on one day. */
  static final class Popularity {
    private static final double[] TITLES = {0.01, 0.05, 0.10, 0.20, 1};
    private static final double[] SHARE = {0.24, 0.52, 0.68, 0.83, 1};

    private final List<String> ranked;
    private final double[] cumulative;

    Popularity(List<String> ranked) {
      this.ranked = ranked;
      this.cumulative = new double[ranked.size()];
      for (int i = 0; i < cumulative.length; i++) {
        cumulative[i] = share((i + 1.0) / cumulative.length);
      }
    }

    /** Draws a title; {@code uniform} is from 0 to below 1. */
    String draw(double uniform) {
      double target = uniform * cumulative[cumulative.length - 1];
      int at = java.util.Arrays.binarySearch(cumulative, target);
      int index = at >= 0 ? at + 1 : -at - 1;
      return ranked.get(Math.min(index, ranked.size() - 1));
    }

    /** Most popular first. */
    List<String> ranked() {
      return ranked;
    }

    /**
     * The share of all demand that the titles up to a rank draw: straight lines in log-log between
     * the figures.
     */
    private static double share(double titles) {
      int i = 1;
      while (i < TITLES.length - 1 && titles > TITLES[i]) {
        i++;
      }
      double slope = Math.log(SHARE[i] / SHARE[i - 1]) / Math.log(TITLES[i] / TITLES[i - 1]);
      return SHARE[i] * Math.pow(titles / TITLES[i], slope);
    }
  }
}
