package oca.fill.forecast;

/**
 * What the model knows of a file when it says what comes next. All are plays a period, so that the
 * weights are plain numbers that add up to about one.
 */
final class Features {
  /** The same for all files: what an average file draws. */
  static final int MEAN = 0;

  /** The period before. */
  static final int LAST = 1;

  /** Smoothed rates, from {@link #HALF_LIVES}; six of them. */
  static final int SMOOTHED = 2;

  /** The same phases of earlier cycles as those to come. */
  static final int SEASON = 8;

  /** What releases of its kind draw at its age, times how it has done so far. */
  static final int RELEASE = 9;

  /** What other regions ask for, at this region's traffic; short and long. */
  static final int ELSEWHERE = 10;

  /**
   * What its title draws, times the part that files of its place in a ladder have; one for each of
   * {@link #TITLE_SCALES}.
   */
  static final int TITLE = 12;

  static final int COUNT = 16;

  /** In periods. */
  static final double[] HALF_LIVES = {2, 5, 12, 30, 90, 365};

  /** Scales of {@link #HALF_LIVES} that stand for short and long. */
  static final int SHORT = 1;

  static final int LONG = 3;

  /**
   * Scales at which titles are looked at. A title's files together are known better than each, so
   * that both a shorter and a longer memory pay than of files alone.
   */
  static final int[] TITLE_SCALES = {0, SHORT, LONG, 4};

  /** Weights before anything was learned: a smoothed rate. */
  static final double[] FIRST = new double[COUNT];

  static {
    FIRST[MEAN] = 0.02;
    FIRST[LAST] = 0.15;
    FIRST[SMOOTHED] = 0.25;
    FIRST[SMOOTHED + SHORT] = 0.25;
    FIRST[SMOOTHED + 2] = 0.2;
    FIRST[SMOOTHED + LONG] = 0.1;
  }

  private Features() {}
}
