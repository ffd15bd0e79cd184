package oca.fill.forecast;

import java.util.Arrays;
import java.util.List;

/** What is known of files beyond their demand: when they came, of what kind, of which title. */
final class FileFacts {
  /** Of files that were there from the beginning, for all that is known. */
  static final long OLD = Long.MIN_VALUE / 4;

  private static final int NONE = -1;

  private final long[] born;
  private final int[] since;
  private final int[] kind;
  private final double[] prior;
  private final boolean[] listed;
  private final boolean[] seen;
  private final int[] title;
  private final int[] rung;
  private final int[] titleSize;
  private int rungs;
  private int seenCount;

  FileFacts(int files, List<Release> releases) {
    born = new long[files];
    since = new int[files];
    kind = new int[files];
    prior = new double[files];
    listed = new boolean[files];
    seen = new boolean[files];
    title = new int[files];
    rung = new int[files];
    titleSize = new int[files];
    Arrays.fill(born, OLD);
    Arrays.fill(prior, Double.NaN);
    Arrays.fill(title, NONE);
    for (Release release : releases) {
      int file = release.file();
      listed[file] = true;
      born[file] = release.period();
      kind[file] = release.kind();
      prior[file] = release.prior();
    }
  }

  int files() {
    return born.length;
  }

  /** Makes files of the same number of {@code title} one title, whose ladder has rungs. */
  void join(int file, int ofTitle, int atRung) {
    title[file] = ofTitle;
    rung[file] = atRung;
    titleSize[ofTitle]++;
    rungs = Math.max(rungs, atRung + 1);
  }

  int rungs() {
    return rungs;
  }

  /** Number of its title, -1 for none. */
  int title(int file) {
    return title[file];
  }

  int rung(int file) {
    return rung[file];
  }

  /** Files of its title that are known. */
  int titleSize(int file) {
    return title[file] == NONE ? 1 : titleSize[title[file]];
  }

  /** Files asked for so far, 1 at least. */
  int seenCount() {
    return Math.max(1, seenCount);
  }

  boolean isSeen(int file) {
    return seen[file];
  }

  boolean isListed(int file) {
    return listed[file];
  }

  /** Whether anything can be said of it for the {@code ahead} periods after {@code now}. */
  boolean isKnown(int file, long now, int ahead) {
    return seen[file] || (listed[file] && born[file] <= now + ahead);
  }

  /** Takes it that the file has come. */
  void come(int file, long at, int period) {
    seen[file] = true;
    seenCount++;
    born[file] = at;
    since[file] = period;
  }

  void since(int file, int period) {
    since[file] = period;
  }

  /** The period in which it came; {@link #OLD} when it always was there. */
  long born(int file) {
    return born[file];
  }

  /** How many periods had been observed then. */
  int since(int file) {
    return since[file];
  }

  int kind(int file) {
    return kind[file];
  }

  double prior(int file) {
    return prior[file];
  }
}
