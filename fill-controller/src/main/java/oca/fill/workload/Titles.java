package oca.fill.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import oca.fill.workload.Title.Kind;

/** Draws the library and the releases of a workload. */
final class Titles {
  private static final int YEAR = 364;
  private static final double WEEKS_OF_HALF_YEAR = 26;

  /** Slopes of hours over rank, by the share of the library that lies above: not one Zipf. */
  private static final double[][] SLOPES = {
    {1 / 160.0, .5}, {1 / 40.0, .6}, {1 / 4.0, 1}, {1, 1.8}
  };

  /** Megabits a second of a ladder's rungs. */
  private static final double[] MEGABITS = {0.4, 0.9, 1.8, 3.2, 4.5, 6, 8.5, 14};

  private static final double LEAVES_PER_WEEK = 0.004;

  private final WorkloadSpec spec;
  private final RandomGenerator chance;

  Titles(WorkloadSpec spec, RandomGenerator chance) {
    this.spec = spec;
    this.chance = chance;
  }

  /** Library first, most wanted first; then the releases of a year before and of all days. */
  List<Title> draw() {
    List<Title> titles = new ArrayList<>();
    double[] levels = libraryLevels();
    for (int i = 0; i < levels.length; i++) {
      int stays = (int) (7 * -Math.log(1 - chance.nextDouble()) / LEAVES_PER_WEEK);
      titles.add(title(String.format(Locale.ROOT, "t%06d", i), Title.LIBRARY, stays, levels[i]));
    }
    double perDay = spec.releases() * spec.titles() / 7;
    double audience = meanAudience(perDay);
    double spread = spec.audienceSpread();
    int released = 0;
    for (int day = -YEAR; day < spec.days() && audience > 0; day++) {
      int count = Chance.poisson(chance, perDay);
      for (int i = 0; i < count; i++) {
        double level = audience * Math.exp(spread * chance.nextGaussian() - spread * spread / 2);
        String name = String.format(Locale.ROOT, "r%06d", released++);
        titles.add(title(name, day, Integer.MAX_VALUE, level));
      }
    }
    return titles;
  }

  /** Hours by rank, adding up to 1. */
  private double[] libraryLevels() {
    double[] levels = new double[spec.titles()];
    double log = 0;
    double sum = 0;
    for (int i = 0; i < levels.length; i++) {
      if (i > 0) {
        log -= slope(i) * Math.log((i + 1.0) / i);
      }
      levels[i] = Math.exp(log);
      sum += levels[i];
    }
    for (int i = 0; i < levels.length; i++) {
      levels[i] /= sum;
    }
    return levels;
  }

  private double slope(int rank) {
    for (double[] piece : SLOPES) {
      if (rank < piece[0] * spec.titles()) {
        return piece[1];
      }
    }
    return SLOPES[SLOPES.length - 1][1];
  }

  /** The mean level of a release with which {@code newShare} comes out, the library being 1. */
  private double meanAudience(double perDay) {
    double fresh = 0;
    double all = 0;
    for (int age = 0; age < YEAR; age++) {
      double left = (Kind.FILM.left(age) + Kind.SERIES.left(age)) / 2;
      all += left;
      fresh += left * Math.max(0, 1 - age / (7 * WEEKS_OF_HALF_YEAR));
    }
    double share = spec.newShare();
    double room = fresh - share * all;
    if (room <= 0) {
      throw new IllegalArgumentException(
          "newShare " + share + " cannot be reached by titles that fade as these do; take less");
    }
    return share / room / perDay;
  }

  private Title title(String name, int firstDay, int lastDay, double level) {
    Kind kind = chance.nextBoolean() ? Kind.FILM : Kind.SERIES;
    double[] taste = new double[spec.regions()];
    for (int i = 0; i < taste.length; i++) {
      taste[i] = Chance.around1(chance, spec.taste());
    }
    double minutes = (kind == Kind.FILM ? 100 : 48) * Math.exp(0.25 * chance.nextGaussian());
    long[] sizes = new long[spec.rungs()];
    for (int i = 0; i < sizes.length; i++) {
      double megabits = MEGABITS[(MEGABITS.length * (i + 1) - 1) / (spec.rungs() + 1)];
      sizes[i] = (long) (minutes * 60 * megabits * 125_000);
    }
    return new Title(name, kind, firstDay, lastDay, level, taste, sizes, wander());
  }

  /** A mean-reverting walk, one step a week. */
  private double[] wander() {
    double[] drift = new double[spec.days() / 7 + 1];
    double keep = 0.95;
    double at = spec.drift() * chance.nextGaussian();
    for (int week = 0; week < drift.length; week++) {
      drift[week] = at;
      at = keep * at + spec.drift() * Math.sqrt(1 - keep * keep) * chance.nextGaussian();
    }
    return drift;
  }
}
