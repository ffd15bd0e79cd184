package oca.fill.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.fill.evaluate.DemandTable.Release;
import oca.fill.evaluate.DemandTable.SizesTold;

/** Where a walk stands: the table, and the sizes that are known so far. */
final class Walk {
  private final DemandTable table;
  private final int ahead;

  /**
   * Sizes by file; of announced files what the calendar says, or what their kind has on average.
   */
  private final long[] known;

  /** Sizes as they are, known or not. */
  private final long[] actual;

  private final boolean[] isTold;
  private final Map<String, double[]> meanOfKind = new HashMap<>();
  private final double[] meanOfAll = new double[2];
  private final String[] kinds;
  private int upcoming;
  private final List<Release> releases;

  /**
   * Before the first period.
   *
   * @param ahead for how many periods to come sizes of announced files are asked for
   */
  Walk(DemandTable table, int ahead) {
    this.table = table;
    this.ahead = ahead;
    known = new long[table.files()];
    actual = new long[table.files()];
    isTold = new boolean[table.files()];
    kinds = new String[table.files()];
    java.util.Arrays.fill(kinds, "");
    for (int period = table.periods() - 1; period >= 0; period--) {
      SizesTold told = table.sizes(period);
      for (int i = 0; i < told.files().length; i++) {
        actual[told.files()[i]] = told.bytes()[i];
      }
    }
    releases =
        table.releases().stream()
            .sorted(java.util.Comparator.comparingLong(Release::period))
            .toList();
    releases.forEach(it -> kinds[it.file()] = it.kind());
  }

  DemandTable table() {
    return table;
  }

  long[] known() {
    return known;
  }

  long[] actual() {
    return actual;
  }

  double plays(Cell cell, int row) {
    return cell.amount(row) / Math.max(1, known[cell.file(row)]);
  }

  /** Gives announced files their sizes before they come. */
  void announce(int period) {
    long until = table.number(period) + ahead;
    for (; upcoming < releases.size() && releases.get(upcoming).period() <= until; upcoming++) {
      Release release = releases.get(upcoming);
      if (known[release.file()] == 0) {
        double[] mean = meanOfKind.getOrDefault(release.kind(), meanOfAll);
        long usual = (long) (mean[0] / Math.max(1, mean[1]));
        known[release.file()] = Math.max(1, release.sizeBytes().orElse(usual));
      }
    }
  }

  /** Takes the sizes that a period's rows tell; {@code stores} are told what changed. */
  void tell(int period, Resized stores) {
    SizesTold told = table.sizes(period);
    for (int i = 0; i < told.files().length; i++) {
      int file = told.files()[i];
      long size = told.bytes()[i];
      stores.resized(file, known[file], actual[file], size);
      known[file] = size;
      actual[file] = size;
      if (!isTold[file]) {
        isTold[file] = true;
        double[] mean = meanOfKind.computeIfAbsent(kinds[file], _ -> new double[2]);
        mean[0] += size;
        mean[1]++;
        meanOfAll[0] += size;
        meanOfAll[1]++;
      }
    }
  }

  /** Told of a file that has another size than was known, or than it had. */
  @FunctionalInterface
  interface Resized {
    void resized(int file, long known, long actual, long now);
  }
}
