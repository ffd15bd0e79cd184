package oca.fill.ledger;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one appliance in a day that is not closed. For one thread.
 *
 * <p>Kept as {@link Saved}.
 */
final class OpenLine {
  /** Days of their own that late records have; those of more are added up. */
  private static final int LATE_DAYS = 16;

  private static final String OLDER = "older";

  private final Map<Figure, Long> sums = new EnumMap<>(Figure.class);
  private final Map<String, Late> late = new TreeMap<>();
  private final long[] intervals = new long[LedgerDays.MOST_INTERVALS];
  private String site;
  private boolean origin;

  /** What came of a day that was closed before. */
  record Late(long bytes, long beyond, long other, long responses) {
    Late plus(Late more) {
      return new Late(
          bytes + more.bytes, beyond + more.beyond, other + more.other, responses + more.responses);
    }
  }

  /**
   * As it is written.
   *
   * @param intervals bytes to viewers that did not come from beyond, by five minutes
   */
  record Saved(
      String site,
      boolean origin,
      Map<Figure, Long> sums,
      long[] intervals,
      Map<String, Late> late) {}

  OpenLine(String site, boolean origin) {
    this.site = site;
    this.origin = origin;
  }

  static OpenLine of(Saved saved) {
    OpenLine line = new OpenLine(saved.site, saved.origin);
    line.sums.putAll(saved.sums);
    line.late.putAll(saved.late);
    System.arraycopy(
        saved.intervals,
        0,
        line.intervals,
        0,
        Math.min(saved.intervals.length, line.intervals.length));
    return line;
  }

  Saved saved() {
    return new Saved(site, origin, sums, intervals, late);
  }

  /** Where it stands now; an appliance that moves is told where it stood last. */
  void at(String nowSite, boolean isOrigin) {
    site = nowSite.equals(LedgerBook.NOWHERE) ? site : nowSite;
    origin |= isOrigin;
  }

  String site() {
    return site;
  }

  boolean isOrigin() {
    return origin;
  }

  void add(Figure figure, long amount) {
    sums.merge(figure, amount, Long::sum);
  }

  long get(Figure figure) {
    return sums.getOrDefault(figure, 0L);
  }

  void late(String day, Late more) {
    String key = late.containsKey(day) || late.size() < LATE_DAYS ? day : OLDER;
    late.merge(key, more, Late::plus);
  }

  Map<String, Late> late() {
    return late;
  }

  long[] intervals() {
    return intervals;
  }

  /**
   * Spreads bytes evenly over a time, exactly.
   *
   * @param from where in the day's intervals it begins
   * @param to where it ends, not before
   */
  void spread(long bytes, double from, double to) {
    int first = Math.min((int) from, intervals.length - 1);
    int last = Math.min((int) to, intervals.length - 1);
    long told = 0;
    for (int at = first; at < last; at++) {
      long upTo = Math.round(bytes * ((at + 1 - from) / (to - from)));
      intervals[at] += upTo - told;
      told = upTo;
    }
    intervals[last] += bytes - told;
  }
}
