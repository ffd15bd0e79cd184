package oca.fill.forecast;

import java.util.Arrays;
import oca.fill.forecast.RateModel.Shape;
import oca.fill.forecast.RateModel.YoungFiles;

/** What {@link RateModel} keeps of one region, and does for it. */
final class RegionModel {
  static final int YOUNG_DAYS = 70;

  /** Files to learn from, at most; of more, every second, third and so on is looked at. */
  private static final int SAMPLE = 120_000;

  private static final float QUIET = 0.02f;
  private static final int QUIET_SHARE = 8;
  private static final int MAX_TITLE = 64;
  private static final int RUNG_KNOWN = 5;

  /**
   * A file that has come is not expected to draw more than this many times what all drew in the
   * busiest period: weights learned from days of a few plays do not hold for one of thousands.
   */
  private static final double BEYOND_BUSIEST = 2;

  private final Shape shape;
  private final FileFacts facts;
  private final YoungFiles young;
  private final int horizons;
  private final int stride;
  private final RegionRates rates;
  private final ReleaseCurves curves;
  private final Learner[] learners;
  private final float[][] features;
  private final byte[][] types;
  private final float[][] came;
  private final double[][] traffic;
  private final float[][] expected;

  /** Plays of each file at mean traffic, since it came. */
  private final float[] drawn;

  /** By title, or by file where there is none: what its young files drew, and what is usual. */
  private final double[] unitDrawn;

  private final double[] unitUsual;
  private double[] rungFactor = new double[0];
  private int observed;
  private boolean fresh;

  RegionModel(Shape shape, FileFacts facts, YoungFiles young, int kinds) {
    this.shape = shape;
    this.facts = facts;
    this.young = young;
    int files = facts.files();
    horizons = shape.horizons().size();
    stride = Math.max(1, (files + SAMPLE - 1) / SAMPLE);
    rates = new RegionRates(files, shape.cycle());
    double day = 1.0 / shape.perDay();
    curves = new ReleaseCurves(kinds, YOUNG_DAYS * shape.perDay(), Math.pow(0.995, day));
    learners = new Learner[horizons];
    features = new float[horizons][];
    types = new byte[horizons][];
    came = new float[horizons][];
    traffic = new double[horizons][];
    expected = new float[horizons][files];
    drawn = new float[files];
    unitDrawn = new double[files];
    unitUsual = new double[files];
    int sampled = (files + stride - 1) / stride;
    for (int h = 0; h < horizons; h++) {
      int horizon = shape.horizons().get(h);
      learners[h] = new Learner(horizon, Math.pow(0.99, day));
      features[h] = new float[sampled * Features.COUNT];
      types[h] = new byte[sampled];
      Arrays.fill(types[h], (byte) -1);
      came[h] = new float[sampled];
      traffic[h] = new double[horizon];
    }
  }

  Learner learner(int horizon) {
    return learners[horizon];
  }

  float[] expected(int horizon) {
    return expected[horizon];
  }

  double meanPlays() {
    return rates.meanPlays();
  }

  double traffic(long number) {
    return rates.traffic(number);
  }

  /** Nobody knows what this region asked for. */
  void skip() {
    rates.skip();
    fresh = false;
  }

  void observe(long number, long passed, Plays plays) {
    rates.take(plays);
    observed++;
    fresh = true;
    for (int h = 0; h < horizons; h++) {
      ripen(h, plays);
      learn(h);
    }
    float[] last = rates.last();
    for (int[] release : young.files()) {
      int file = release[0];
      long age = number - facts.born(file);
      if (release[1] == 0 && age < curves.ages()) {
        curves.see(facts.kind(file), (int) age, last[file], drawn[file]);
      }
      drawn[file] += last[file];
    }
    rates.smooth(number, passed);
    if (observed % shape.perDay() == 0) {
      curves.settle();
      rungFactor = rungFactors();
      fit(number);
    }
  }

  private void ripen(int h, Plays plays) {
    for (int row = 0; row < plays.files().length; row++) {
      int file = plays.files()[row];
      if (file % stride == 0) {
        came[h][file / stride] += (float) plays.plays()[row];
      }
    }
    for (int group = 0; group < traffic[h].length; group++) {
      traffic[h][group] += rates.exposure();
    }
  }

  /**
   * Of each horizon one part of the files is due in each period; of that the forecast is judged.
   */
  private void learn(int h) {
    int horizon = learners[h].horizon();
    int group = observed % horizon;
    double mean = rates.meanPlays() / facts.seenCount();
    for (int slot = group; slot < types[h].length; slot += horizon) {
      int at = slot * Features.COUNT;
      if (types[h][slot] >= 0) {
        boolean quiet =
            came[h][slot] == 0
                && features[h][at + Features.SMOOTHED + 2] < QUIET
                && types[h][slot] != Learner.UNBORN;
        if (!quiet || slot / horizon % QUIET_SHARE == 0) {
          double drew = came[h][slot] / traffic[h][group];
          learners[h].learn(types[h][slot], features[h], at, drew, mean, quiet ? QUIET_SHARE : 1);
        }
      }
      came[h][slot] = 0;
      types[h][slot] = -1;
    }
    traffic[h][group] = 0;
  }

  /** How files of a rung differ from the average file of a title. */
  private double[] rungFactors() {
    double[] sum = new double[facts.rungs()];
    int[] count = new int[facts.rungs()];
    for (int file = 0; file < facts.files(); file++) {
      if (facts.title(file) >= 0 && facts.isSeen(file)) {
        sum[facts.rung(file)] += rates.rate(file, Features.LONG, facts.since(file));
        count[facts.rung(file)]++;
      }
    }
    double mean = Arrays.stream(sum).sum() / Math.max(1, Arrays.stream(count).sum());
    double[] factors = new double[sum.length];
    for (int rung = 0; rung < sum.length; rung++) {
      boolean known = count[rung] >= RUNG_KNOWN && mean > 0;
      factors[rung] = known ? sum[rung] / count[rung] / mean : Double.NaN;
    }
    return factors;
  }

  private double rungFactor(int file) {
    int rung = facts.rung(file);
    boolean known = facts.title(file) >= 0 && rung < rungFactor.length;
    return known && !Double.isNaN(rungFactor[rung]) ? rungFactor[rung] : 1;
  }

  private int unit(int file) {
    return facts.titleSize(file) > 1 && facts.titleSize(file) <= MAX_TITLE
        ? facts.title(file)
        : file;
  }

  private double multiplier(int file) {
    double prior = facts.prior(file);
    double known = curves.multiplier(facts.kind(file), prior);
    return Double.isNaN(prior) ? known * rungFactor(file) : known;
  }

  private void fit(long number) {
    int count = young.files().size();
    int[] kind = new int[count];
    double[] prior = new double[count];
    double[] total = new double[count];
    double[] usual = new double[count];
    int[] at = new int[facts.files()];
    int units = 0;
    for (int[] release : young.files()) {
      int file = release[0];
      int unit = unit(file);
      if (at[unit] == 0) {
        at[unit] = ++units;
        prior[units - 1] = facts.prior(file);
        kind[units - 1] = facts.kind(file);
      } else {
        // The title's announced audience is that of its files on average.
        int seen = at[unit] - 1;
        prior[seen] = Double.isNaN(prior[seen]) ? facts.prior(file) : prior[seen];
      }
      total[at[unit] - 1] += drawn[file];
      long age = number - facts.born(file);
      usual[at[unit] - 1] += curves.sum(facts.kind(file), release[1], (int) age);
    }
    if (units > 0) {
      curves.fit(units, kind, prior, total, usual);
    }
  }

  private void sumUnits(long number) {
    Arrays.fill(unitDrawn, 0);
    Arrays.fill(unitUsual, 0);
    for (int[] release : young.files()) {
      int file = release[0];
      int unit = unit(file);
      int age = (int) (number - facts.born(file));
      unitDrawn[unit] += drawn[file];
      unitUsual[unit] += multiplier(file) * curves.sum(facts.kind(file), release[1], age);
    }
  }

  void addRates(float[][] sums) {
    for (int file = 0; file < facts.files(); file++) {
      if (facts.isSeen(file)) {
        sums[0][file] += rates.rate(file, Features.SHORT, facts.since(file));
        sums[1][file] += rates.rate(file, Features.LONG, facts.since(file));
      }
    }
  }

  /** Forecasts from here. */
  void expect(long number, float[][] everywhere, double allPlays) {
    sumUnits(number);
    float[][] titles = titles();
    float[] row = new float[Features.COUNT];
    double others = allPlays - rates.meanPlays();
    float share = others <= 0 ? 0 : (float) (rates.meanPlays() / others);
    int ahead = shape.horizons().stream().mapToInt(Integer::intValue).max().orElse(1);
    float most = (float) (BEYOND_BUSIEST * rates.busiest());
    for (int file = 0; file < facts.files(); file++) {
      if (!facts.isKnown(file, number, ahead)) {
        continue;
      }
      Arrays.fill(row, 0);
      long born = facts.born(file);
      boolean isBorn = born <= number;
      if (isBorn) {
        own(file, row);
        elsewhere(file, row, everywhere, share);
        title(file, row, titles);
      }
      int type = Learner.type(isBorn ? number - born : -1, rates.evidence(file), shape.perDay());
      for (int h = 0; h < horizons; h++) {
        int horizon = learners[h].horizon();
        coming(file, row, number, horizon);
        float told = learners[h].expect(type, row, 0);
        expected[h][file] = isBorn ? Math.min(told, most) : told;
        int slot = file / stride;
        if (fresh && file % stride == 0 && slot % horizon == observed % horizon) {
          System.arraycopy(row, 0, features[h], slot * Features.COUNT, Features.COUNT);
          types[h][slot] = (byte) type;
        }
      }
    }
  }

  private void own(int file, float[] row) {
    row[Features.MEAN] = (float) (rates.meanPlays() / facts.seenCount());
    row[Features.LAST] = rates.last()[file];
    for (int scale = 0; scale < Features.HALF_LIVES.length; scale++) {
      row[Features.SMOOTHED + scale] = rates.rate(file, scale, facts.since(file));
    }
  }

  private static void elsewhere(int file, float[] row, float[][] everywhere, float share) {
    if (everywhere[0].length > 0) {
      float near = everywhere[0][file] - row[Features.SMOOTHED + Features.SHORT];
      float far = everywhere[1][file] - row[Features.SMOOTHED + Features.LONG];
      row[Features.ELSEWHERE] = Math.max(0, near) * share;
      row[Features.ELSEWHERE + 1] = Math.max(0, far) * share;
    }
  }

  /** By title: its rate at each scale, and the weight of its rungs. */
  private float[][] titles() {
    int count = facts.rungs() == 0 ? 0 : facts.files();
    int scales = Features.TITLE_SCALES.length;
    float[][] sums = new float[scales + 1][count];
    for (int file = 0; file < count; file++) {
      int title = facts.title(file);
      if (title >= 0 && facts.isSeen(file)) {
        for (int i = 0; i < scales; i++) {
          sums[i][title] += rates.rate(file, Features.TITLE_SCALES[i], facts.since(file));
        }
        sums[scales][title] += (float) rungWeight(file);
      }
    }
    return sums;
  }

  private double rungWeight(int file) {
    int rung = facts.rung(file);
    return rung < rungFactor.length && !Double.isNaN(rungFactor[rung])
        ? rungFactor[rung] * rates.meanPlays() / facts.seenCount()
        : rates.rate(file, Features.LONG, facts.since(file));
  }

  private void title(int file, float[] row, float[][] titles) {
    int size = facts.titleSize(file);
    int title = facts.title(file);
    int scales = Features.TITLE_SCALES.length;
    if (size > 1 && size <= MAX_TITLE && titles[scales][title] > 0) {
      float part = (float) (rungWeight(file) / titles[scales][title]);
      for (int i = 0; i < scales; i++) {
        row[Features.TITLE + i] = titles[i][title] * part;
      }
    } else {
      for (int i = 0; i < scales; i++) {
        row[Features.TITLE + i] = row[Features.SMOOTHED + Features.TITLE_SCALES[i]];
      }
    }
  }

  /** What depends on how far ahead is looked. */
  private void coming(int file, float[] row, long number, int horizon) {
    long born = facts.born(file);
    boolean isOld = born == FileFacts.OLD || number - born >= curves.ages() - horizon;
    if (isOld) {
      row[Features.RELEASE] = row[Features.SMOOTHED + Features.LONG];
    } else {
      int unit = unit(file);
      double shapeOf = curves.shape(facts.kind(file));
      double better = (shapeOf + unitDrawn[unit]) / (shapeOf + unitUsual[unit]);
      int age = (int) (number + 1 - born);
      row[Features.RELEASE] =
          (float) (better * multiplier(file) * curves.mean(facts.kind(file), age, horizon));
    }
    row[Features.SEASON] =
        born > number || !rates.knowsCycle() || number - born < 2L * shape.cycle()
            ? row[Features.SMOOTHED + 2]
            : rates.season(file, number + 1, Math.min(horizon, shape.cycle()));
  }
}
