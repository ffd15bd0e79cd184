package oca.fill.forecast;

import java.util.Arrays;

/**
 * Finds by what has come of earlier forecasts how much each feature tells, in one region and for
 * one horizon.
 *
 * <p>Files are told apart by age and by how much was seen of them, for a play of a file that is
 * hardly known means less than one of many. Weights of such a class are held near those of all, and
 * a region's near those of all regions, until there is enough to go by. Errors count by what is to
 * be expected of counts, and no single one counts without bound.
 */
final class Learner {
  /** By age and evidence; and one for what is announced but has not come. */
  static final int CLASSES = 21;

  static final int UNBORN = 20;

  /** Plays seen over the last weeks, at which the next class begins. */
  private static final double[] EVIDENCE = {.75, 3, 10, 40};

  private static final double HOLD_ALL = 300;
  private static final double HOLD_CLASS = 60;
  private static final double HOLD_REGION = 2_000;
  private static final double OVERDISPERSION = 0.1;
  private static final double FAR_OFF = 8;

  private final int horizon;
  private final double keep;
  private final Regression[] seen = new Regression[CLASSES];
  private final double[][] weights = new double[CLASSES][];

  Learner(int horizon, double keep) {
    this.horizon = horizon;
    this.keep = keep;
    Arrays.setAll(seen, _ -> new Regression());
    Arrays.setAll(weights, Learner::first);
  }

  private static double[] first(int type) {
    double[] first = Features.FIRST.clone();
    if (type == UNBORN) {
      Arrays.fill(first, 0);
      first[Features.RELEASE] = 0.8;
    }
    return first;
  }

  int horizon() {
    return horizon;
  }

  /**
   * Which class a file is in.
   *
   * @param evidence plays seen of it over the last weeks
   */
  static int type(long age, double evidence, int perDay) {
    if (age < 0) {
      return UNBORN;
    }
    double days = (double) age / perDay;
    int old = days < 2 ? 0 : days < 8 ? 1 : days < 29 ? 2 : 3;
    int known = 0;
    while (known < EVIDENCE.length && evidence >= EVIDENCE[known]) {
      known++;
    }
    return old * (EVIDENCE.length + 1) + known;
  }

  float expect(int type, float[] features, int at) {
    double[] weight = weights[type];
    double sum = 0;
    for (int i = 0; i < Features.COUNT; i++) {
      sum += weight[i] * features[at + i];
    }
    return (float) sum;
  }

  /**
   * Takes what came of a forecast.
   *
   * @param came plays a period over the horizon
   * @param mean what an average file draws
   * @param count observations that this one stands for
   */
  void learn(int type, float[] features, int at, double came, double mean, double count) {
    double expected = expect(type, features, at) + 0.2 * mean + 1e-9;
    double bounded = Math.min(came, FAR_OFF * (expected + (type == UNBORN ? 4 : 1)));
    double variance = (expected + 0.05) / horizon + OVERDISPERSION * expected * expected;
    seen[type].add(features, at, bounded, count / variance, count);
  }

  /** Makes the weights anew, {@code regions} being the learners of this horizon in all regions. */
  static void settle(Learner[] regions) {
    Regression all = new Regression();
    Regression[] classes = new Regression[CLASSES];
    for (int type = 0; type < CLASSES; type++) {
      classes[type] = new Regression();
      for (Learner region : regions) {
        classes[type].add(region.seen[type]);
      }
      if (type != UNBORN) {
        all.add(classes[type]);
      }
    }
    double[] common = all.solve(first(0), HOLD_ALL);
    for (int type = 0; type < CLASSES; type++) {
      double[] around = type == UNBORN ? first(type) : common;
      double[] shared = classes[type].solve(around, type == UNBORN ? 30 : HOLD_CLASS);
      for (Learner region : regions) {
        region.weights[type] =
            regions.length == 1 ? shared : region.seen[type].solve(shared, HOLD_REGION);
      }
    }
    for (Learner region : regions) {
      for (Regression type : region.seen) {
        type.fade(region.keep);
      }
    }
  }
}
