package oca.fill.forecast;

import java.util.Arrays;

/**
 * Smoothed rates of one region, by file: one for each of {@link Features#HALF_LIVES}, and one for
 * each phase of the cycle.
 *
 * <p>Plays count by the traffic of their period, so that a Saturday, or a day of which half is
 * missing, moves no file against the others; a single file's burst is cut off before it counts as
 * traffic. A rate is over the time since the file came, not since the beginning.
 */
final class RegionRates {
  private static final int SCALES = Features.HALF_LIVES.length;
  private static final double CYCLE_KEEPS = 0.75;
  private static final double TRAFFIC_KEEPS = 0.99;
  private static final double BURST = 10;

  private final int cycle;
  private final float[][] sums = new float[SCALES][];
  private final float[][] phases;
  private final double[] phaseTraffic;
  private double[][] traffic = new double[SCALES][64];
  private final float[] last;
  private double meanPlays;
  private double meanWeight;
  private double exposure = 1;
  private double busiest;
  private int periods;

  RegionRates(int files, int cycle) {
    this.cycle = cycle;
    Arrays.setAll(sums, _ -> new float[files]);
    phases = new float[cycle][files];
    phaseTraffic = new double[cycle];
    last = new float[files];
  }

  /** Plays of the newest period by file, at mean traffic. */
  float[] last() {
    return last;
  }

  /** Traffic of the newest period, 1 on average. */
  double exposure() {
    return exposure;
  }

  /** Plays of a mean period, of all files together. */
  double meanPlays() {
    return meanWeight == 0 ? 0 : meanPlays / meanWeight;
  }

  /** Plays of all files together in the busiest period, bursts and all. */
  double busiest() {
    return busiest;
  }

  /** Puts the newest period in place of the one before: the first step. */
  void take(Plays period) {
    double total = 0;
    busiest = Math.max(busiest, Arrays.stream(period.plays()).sum());
    for (int row = 0; row < period.files().length; row++) {
      int file = period.files()[row];
      double most = periods == 0 ? Double.MAX_VALUE : BURST * (smooth(file, 1) + 1);
      total += Math.min(period.plays()[row], most);
    }
    meanPlays = meanPlays * TRAFFIC_KEEPS + total;
    meanWeight = meanWeight * TRAFFIC_KEEPS + 1;
    exposure = total == 0 ? 1e-3 : Math.max(1e-3, total / meanPlays());
    Arrays.fill(last, 0);
    for (int row = 0; row < period.files().length; row++) {
      last[period.files()[row]] = (float) (period.plays()[row] / exposure);
    }
  }

  /**
   * Works the newest period into the rates: the second step.
   *
   * @param number of the period
   * @param passed periods since the one before, 1 or more
   */
  void smooth(long number, long passed) {
    room();
    periods++;
    for (int scale = 0; scale < SCALES; scale++) {
      float keep = (float) Math.pow(0.5, passed / Features.HALF_LIVES[scale]);
      float[] sum = sums[scale];
      float share = (float) exposure;
      for (int file = 0; file < sum.length; file++) {
        sum[file] = sum[file] * keep + last[file] * share;
      }
      double[] seen = traffic[scale];
      for (int since = 0; since < periods; since++) {
        seen[since] = seen[since] * keep + exposure;
      }
    }
    int phase = (int) Math.floorMod(number, (long) cycle);
    float[] sum = phases[phase];
    for (int file = 0; file < sum.length; file++) {
      sum[file] = (float) (sum[file] * CYCLE_KEEPS + last[file] * exposure);
    }
    phaseTraffic[phase] = phaseTraffic[phase] * CYCLE_KEEPS + exposure;
  }

  /** A period of which nothing is known. */
  void skip() {
    room();
    periods++;
    Arrays.fill(last, 0);
  }

  private void room() {
    if (periods == traffic[0].length) {
      Arrays.setAll(traffic, it -> Arrays.copyOf(traffic[it], 2 * periods));
    }
  }

  /** Traffic of the phase that a period is in, 1 on average. */
  double traffic(long number) {
    double mean = Arrays.stream(phaseTraffic).average().orElse(0);
    double own = phaseTraffic[(int) Math.floorMod(number, (long) cycle)];
    return knowsCycle() && mean > 0 ? own / mean : 1;
  }

  /**
   * Smoothed plays a period.
   *
   * @param since how many periods had passed when the file came
   */
  float rate(int file, int scale, int since) {
    double seen = traffic[scale][Math.min(since, Math.max(0, periods - 1))];
    return seen <= 0 ? 0 : (float) (sums[scale][file] / seen);
  }

  private double smooth(int file, int scale) {
    return rate(file, scale, 0);
  }

  /** What was seen of a file over the last weeks, in plays. */
  float evidence(int file) {
    return sums[Features.LONG][file];
  }

  /** Whether every phase was seen. */
  boolean knowsCycle() {
    return Arrays.stream(phaseTraffic).allMatch(seen -> seen > 0);
  }

  /** Mean rate over the phases of {@code count} periods from number {@code from} on. */
  float season(int file, long from, int count) {
    double sum = 0;
    double seen = 0;
    for (int i = 0; i < count; i++) {
      int phase = (int) Math.floorMod(from + i, (long) cycle);
      sum += phases[phase][file];
      seen += phaseTraffic[phase];
    }
    return seen <= 0 ? 0 : (float) (sum / seen);
  }
}
