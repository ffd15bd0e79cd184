package oca.fill.forecast;

import java.util.Arrays;

/**
 * How releases of each kind draw over their age in one region, learned from those that have come.
 *
 * <p>A curve grows by ratios: what releases drew at an age, by what the same ones had drawn before
 * it. So a month with greater titles than the next does not bend it. The first age is the mean of
 * all. Kinds of which little is known follow all kinds together. How far single releases are off
 * their curve is a gamma distribution whose shape is found by likelihood, and so is how much of the
 * announced audience comes true: a power of it, from none to all.
 */
final class ReleaseCurves {
  private static final double[] SHAPES = {.15, .3, .6, 1.2, 2.4, 5, 10};
  private static final double[] POWERS = {0, .25, .5, .75, 1};
  private static final double HOLD = 30;
  private static final double HOLD_FIRST = 3;

  private final int ages;
  private final int kinds;
  private final double keep;
  private final double[][] drawn;
  private final double[][] before;
  private final double[] first;
  private final double[] came;
  private final double[][] curve;
  private final double[][] sum;
  private final double[] scale;
  private double power = 0.5;
  private double shape = 0.6;
  private double plainShape = 0.6;

  /** Kind 0 is what came unannounced; {@code keep} is what the past counts for a period later. */
  ReleaseCurves(int kinds, int ages, double keep) {
    this.kinds = kinds;
    this.ages = ages;
    this.keep = keep;
    drawn = new double[kinds + 1][ages];
    before = new double[kinds + 1][ages];
    first = new double[kinds + 1];
    came = new double[kinds + 1];
    curve = new double[kinds][ages];
    sum = new double[kinds][ages + 1];
    scale = new double[kinds];
    Arrays.fill(scale, 1);
  }

  int ages() {
    return ages;
  }

  /** A release of {@code kind} drew {@code plays} at {@code age}, after {@code total} before. */
  void see(int kind, int age, double plays, double total) {
    see(age, plays, total, kind);
    if (kind > 0) {
      see(age, plays, total, kinds);
    }
  }

  private void see(int age, double plays, double total, int row) {
    if (age == 0) {
      first[row] += plays;
      came[row]++;
    } else if (age < ages) {
      drawn[row][age] += plays;
      before[row][age] += total;
    }
  }

  /** Makes the curves from what was seen, and lets that count for a little less from now on. */
  void settle() {
    double[] ratios = new double[ages];
    for (int age = 1; age < ages; age++) {
      double expected = age == 1 ? 0.9 : ratios[age - 1] * (age - 1) / age * 0.98;
      ratios[age] = ratio(kinds, age, expected);
    }
    double start = first[kinds] / Math.max(1e-9, came[kinds]);
    for (int kind = 0; kind < kinds; kind++) {
      boolean follows = kind > 0;
      double own = 0;
      double at =
          follows
              ? (first[kind] + HOLD_FIRST * start) / (came[kind] + HOLD_FIRST)
              : first[kind] / Math.max(1, came[kind]);
      for (int age = 0; age < ages; age++) {
        if (age > 0) {
          double usual = follows ? ratios[age] : age == 1 ? 0.9 : own * (age - 1) / age * 0.98;
          own = ratio(kind, age, usual);
          at = sum[kind][age] * own;
        }
        curve[kind][age] = at;
        sum[kind][age + 1] = sum[kind][age] + at;
      }
    }
    for (int row = 0; row <= kinds; row++) {
      first[row] *= keep;
      came[row] *= keep;
      for (int age = 0; age < ages; age++) {
        drawn[row][age] *= keep;
        before[row][age] *= keep;
      }
    }
  }

  private double ratio(int row, int age, double usual) {
    return (drawn[row][age] + HOLD * usual) / (before[row][age] + HOLD);
  }

  /** What an average release draws by the end of {@code age}, counted from {@code from}. */
  double sum(int kind, int from, int age) {
    return sum[kind][Math.clamp(age + 1, 0, ages)] - sum[kind][Math.clamp(from, 0, ages)];
  }

  /** Mean a period of {@code periods} from {@code age} on; ages below zero draw nothing. */
  double mean(int kind, int age, int periods) {
    int end = Math.clamp((long) age + periods, 0, ages);
    int begin = Math.clamp(age, 0, ages);
    return (sum[kind][end] - sum[kind][begin]) / periods;
  }

  /** How a release's audience is expected to differ from the average of its kind. */
  double multiplier(int kind, double prior) {
    return kind == 0 || Double.isNaN(prior) ? 1 : scale[kind] * Math.pow(prior, power);
  }

  /** Pseudo releases that the multiplier counts as: the fewer the more they differ. */
  double shape(int kind) {
    return kind == 0 ? plainShape : shape;
  }

  /**
   * Finds the power of the prior and the shapes with which what came is likeliest.
   *
   * @param kind of each release
   * @param prior of each, NaN for none
   * @param total what each drew
   * @param usual what its curve says by its age
   */
  void fit(int count, int[] kind, double[] prior, double[] total, double[] usual) {
    double best = Double.NEGATIVE_INFINITY;
    double plainBest = Double.NEGATIVE_INFINITY;
    double[] found = scale.clone();
    for (double candidate : POWERS) {
      double[] scales = scales(count, kind, prior, total, usual, candidate);
      for (double form : SHAPES) {
        // A little in favour of what the prior says, until releases tell otherwise.
        double announced = 2 * candidate;
        double plain = 0;
        for (int i = 0; i < count; i++) {
          double known = kind[i] == 0 || Double.isNaN(prior[i]) ? 1 : Math.pow(prior[i], candidate);
          double mean = scales[kind[i]] * known * usual[i];
          double likely = likelihood(total[i], Math.max(1e-9, mean), form);
          if (kind[i] == 0) {
            plain += likely;
          } else {
            announced += likely;
          }
        }
        if (announced > best) {
          best = announced;
          power = candidate;
          shape = form;
          found = scales;
        }
        if (plain > plainBest) {
          plainBest = plain;
          plainShape = form;
        }
      }
    }
    System.arraycopy(found, 0, scale, 0, kinds);
  }

  private double[] scales(
      int count, int[] kind, double[] prior, double[] total, double[] usual, double candidate) {
    double[] drew = new double[kinds + 1];
    double[] said = new double[kinds + 1];
    for (int i = 0; i < count; i++) {
      if (kind[i] > 0 && !Double.isNaN(prior[i])) {
        double known = Math.pow(prior[i], candidate) * usual[i];
        drew[kind[i]] += total[i];
        said[kind[i]] += known;
        drew[kinds] += total[i];
        said[kinds] += known;
      }
    }
    double all = said[kinds] > 0 ? drew[kinds] / said[kinds] : 1;
    double[] scales = new double[kinds];
    for (int i = 0; i < kinds; i++) {
      double hold = said[kinds] == 0 ? 1 : 1e-9 + HOLD / Math.max(1e-9, all);
      scales[i] = i == 0 ? 1 : (drew[i] + hold * all) / (said[i] + hold);
    }
    return scales;
  }

  /** Of a negative binomial, less what does not depend on mean and shape. */
  private static double likelihood(double total, double mean, double shape) {
    return logGamma(total + shape)
        - logGamma(shape)
        + shape * Math.log(shape)
        + total * Math.log(mean)
        - (total + shape) * Math.log(mean + shape);
  }

  /** Stirling's series, raised to where it is good for nine digits. */
  static double logGamma(double x) {
    double shift = 0;
    double at = x;
    while (at < 7) {
      shift -= Math.log(at);
      at++;
    }
    double inverse = 1 / (at * at);
    return shift
        + (at - 0.5) * Math.log(at)
        - at
        + 0.9189385332046727
        + (1.0 / 12 - inverse * (1.0 / 360 - inverse / 1260)) / at;
  }
}
