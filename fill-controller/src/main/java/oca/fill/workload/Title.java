package oca.fill.workload;

/**
 * A title: what it is, when it came, and how much it is wanted.
 *
 * @param firstDay day of release, counted from the first generated day; {@link #LIBRARY} for what
 *     was always there
 * @param lastDay the last day on which it can be watched
 * @param level hours it draws at its height, as a share of all hours
 * @param taste of each region for it, around 1
 * @param sizes of its files in bytes, smallest first
 * @param drift logarithm by which a library title is off its level, week by week
 */
record Title(
    String name,
    Kind kind,
    int firstDay,
    int lastDay,
    double level,
    double[] taste,
    long[] sizes,
    double[] drift) {
  static final int LIBRARY = Integer.MIN_VALUE;

  /** How long interest lasts. */
  enum Kind {
    /** Keeps .8 of the hours of its first week, then .3 of those, then the long tail. */
    FILM("film", 1, .8, .24, .17, .14, .125, .115, .11),
    /** Keeps all of the hours of its first week, then half of those, then the long tail. */
    SERIES("series", 1, 1, .5, .32, .24, .2, .18, .17);

    private static final double TAIL = 0.98;
    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // Nobody else has it, and nobody writes to it.
    private final double[] weeks;

    Kind(String text, double... weeks) {
      this.text = text;
      this.weeks = weeks;
    }

    String text() {
      return text;
    }

    /** Share of the first week's daily hours that is left at {@code age} days. */
    double left(double age) {
      double week = Math.max(0, (age - 3) / 7);
      int before = (int) week;
      double part = week - before;
      return Math.exp((1 - part) * Math.log(at(before)) + part * Math.log(at(before + 1)));
    }

    private double at(int week) {
      int last = weeks.length - 1;
      return week <= last ? weeks[week] : weeks[last] * Math.pow(TAIL, week - (double) last);
    }
  }

  boolean isRelease() {
    return firstDay != LIBRARY;
  }

  /** Share of all hours that it draws on {@code day}, the same for all regions but for taste. */
  double hours(int day) {
    if (day > lastDay) {
      return 0;
    }
    if (!isRelease()) {
      return level * Math.exp(drift[Math.max(0, day) / 7]);
    }
    return day < firstDay ? 0 : level * kind.left(day - firstDay);
  }
}
