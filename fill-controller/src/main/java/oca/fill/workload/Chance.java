package oca.fill.workload;

import java.util.random.RandomGenerator;

/** Draws from distributions that the JDK does not have. */
final class Chance {
  private static final double BY_NORMAL = 60;
  private static final int BY_SINGLES = 64;

  /** Mean and variance of what a session watches of a file, by {@link #watched}. */
  private static final double WATCHED_MEAN = .35 * .05 + .3 * .5 + .35 * .95;

  private static final double WATCHED_SIGMA = 0.407;

  private Chance() {}

  /** Events of a Poisson process with that mean. */
  static int poisson(RandomGenerator chance, double mean) {
    if (mean > BY_NORMAL) {
      return (int) Math.max(0, Math.rint(mean + Math.sqrt(mean) * chance.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = chance.nextDouble();
    int events = 0;
    while (product > limit) {
      product *= chance.nextDouble();
      events++;
    }
    return events;
  }

  /** Log-normal with mean 1. */
  static double around1(RandomGenerator chance, double sigma) {
    return sigma == 0 ? 1 : Math.exp(sigma * chance.nextGaussian() - sigma * sigma / 2);
  }

  /** What {@code sessions} watch together, in whole lengths: many leave at once, many stay. */
  static double watched(RandomGenerator chance, int sessions) {
    if (sessions > BY_SINGLES) {
      double noise = WATCHED_SIGMA * Math.sqrt(sessions) * chance.nextGaussian();
      return Math.max(0, sessions * WATCHED_MEAN + noise);
    }
    double sum = 0;
    for (int i = 0; i < sessions; i++) {
      double which = chance.nextDouble();
      double part = chance.nextDouble();
      sum += which < .35 ? .1 * part : which < .65 ? .1 + .8 * part : .9 + .1 * part;
    }
    return sum;
  }

  /** Lengths watched per session on average. */
  static double watchedMean() {
    return WATCHED_MEAN;
  }
}
