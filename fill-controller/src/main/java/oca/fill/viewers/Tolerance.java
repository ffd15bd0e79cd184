package oca.fill.viewers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oca.fill.viewers.Concern.Finding;
import oca.fill.viewers.Concern.Level;

/**
 * What viewers of a site are to be spared.
 *
 * @param late the share of bytes that took longer than they play, 0 to 1
 * @param starved the share of responses whose player had run out of media, of those whose player
 *     tells
 * @param failed the share of answers with a 5xx
 * @param firstByte 95 in a hundred first bytes are to be within this
 * @param least with fewer responses nothing is said
 */
public record Tolerance(double late, double starved, double failed, Duration firstByte, int least) {
  public Tolerance {
    for (double share : List.of(late, starved, failed)) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("late, starved and failed must be above 0, to 1");
      }
    }
    if (!firstByte.isPositive() || least < 1) {
      throw new IllegalArgumentException("firstByte must be above 0, and least 1 or more");
    }
  }

  /** What is wrong at a site. */
  public List<Finding> findings(ViewerReport.Site one) {
    ViewerFigure of = one.figure();
    List<Finding> found = new ArrayList<>();
    if (of.responses() < least) {
      return found;
    }
    String site = one.site();
    if (of.failed() > failed * of.responses()) {
      found.add(
          new Finding(
              "failed " + site,
              Level.VIEWERS,
              percent(of.failed(), of.responses()) + " of the answers of " + site + " were a 5xx",
              "oca log and oca status at its appliances say why; oca drain takes one out",
              "misses"));
    }
    if (of.told() >= least && of.starved() > starved * of.told()) {
      found.add(
          new Finding(
              "starved " + site,
              Level.VIEWERS,
              percent(of.starved(), of.told()) + " of the players at " + site + " ran out of media",
              "compare what its appliances send with their bitsPerSecond, and look for lost packets"
                  + " on the way to the viewers",
              ""));
    }
    if (of.timedBytes() > 0 && of.told() >= least && of.late() > late) {
      found.add(
          new Finding(
              "late " + site,
              Level.VIEWERS,
              percent(of.lateBytes(), of.timedBytes())
                  + " of the bytes of "
                  + site
                  + " took longer than they play",
              "oca top at its appliances shows whether disks, loops or the link are busy",
              ""));
    }
    Long first = of.firstByteP95Micros();
    if (first != null && first > firstByte.toNanos() / 1000) {
      found.add(
          new Finding(
              "first byte " + site,
              Level.VIEWERS,
              String.format(
                  Locale.ROOT,
                  "5 in a hundred first bytes of %s take longer than %d ms",
                  site,
                  firstByte.toMillis()),
              "oca flame at its appliances shows where the time goes; oca disk list, whether a disk"
                  + " is slow",
              ""));
    }
    return found;
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }
}
