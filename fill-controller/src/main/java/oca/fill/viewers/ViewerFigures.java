package oca.fill.viewers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import org.jspecify.annotations.Nullable;

/**
 * What viewers got, by site and slice of event time. Records may come in any order within the span;
 * what is older, or from the future, is counted and left out. Not safe for several threads.
 */
public final class ViewerFigures {
  /** Stands for sites that nobody knows, and for those beyond {@link ViewerLimits#cells}. */
  public static final String OTHERS = "others";

  private final ViewerLimits limits;
  private final long sliceMillis;

  /** By the slice's number since 1970, then by site. */
  private final TreeMap<Long, Map<String, ViewerSums>> slices = new TreeMap<>();

  private final Map<String, Boolean> sessions;
  private final ViewerSums all = new ViewerSums();
  private int cells;
  private long old;
  private long future;
  private long folded;

  public ViewerFigures(ViewerLimits limits) {
    this.limits = limits;
    this.sliceMillis = limits.slice().toMillis();
    this.sessions =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > limits.sessions();
          }
        };
  }

  /**
   * Adds a response.
   *
   * @param site where it came from
   */
  public void take(String site, ServeRecord record, Instant now) {
    long slice = slice(record.at());
    long newest = slice(now);
    prune(newest);
    if (slice > newest + 1) {
      future++;
      return;
    }
    if (slice <= newest - most()) {
      old++;
      return;
    }
    boolean isStart = isStart(record.playback());
    sums(slice, site).add(record, isStart);
    all.add(record, isStart);
  }

  private boolean isStart(@Nullable Playback playback) {
    return playback != null
        && playback.session() != null
        && sessions.put(playback.session(), true) == null;
  }

  private ViewerSums sums(long slice, String site) {
    Map<String, ViewerSums> sites = slices.computeIfAbsent(slice, _ -> new TreeMap<>());
    ViewerSums there = sites.get(site);
    if (there != null) {
      return there;
    }
    String name = site;
    if (cells >= limits.cells()) {
      folded++;
      name = OTHERS;
    }
    return sites.computeIfAbsent(
        name,
        _ -> {
          cells++;
          return new ViewerSums();
        });
  }

  /** Since the start; rates are those of one second. */
  public ViewerFigure total() {
    return all.over(1);
  }

  /** Records older than the span. */
  public long old() {
    return old;
  }

  /** Records more than a slice from the future. */
  public long future() {
    return future;
  }

  /** Records summed up as {@link #OTHERS} because there were too many sites. */
  public long folded() {
    return folded;
  }

  /**
   * What happened.
   *
   * @param over so long before {@code now} for the figures of all and of each site; what is newest
   *     may still be coming in
   * @param back so long for the slices, each of all sites or of {@code site}; at most the span
   * @param site empty for all
   */
  public ViewerReport report(Instant now, Duration over, Duration back, String site) {
    long newest = slice(now);
    prune(newest);
    long slicesOver = count(over);
    Map<String, ViewerSums> bySite = new TreeMap<>();
    ViewerSums together = new ViewerSums();
    slices
        .tailMap(newest - slicesOver, false)
        .values()
        .forEach(
            sites ->
                sites.forEach(
                    (name, sums) -> {
                      bySite.computeIfAbsent(name, _ -> new ViewerSums()).add(sums);
                      if (site.isEmpty() || site.equals(name)) {
                        together.add(sums);
                      }
                    }));
    double seconds = slicesOver * sliceMillis / 1e3;
    List<ViewerReport.Site> found = new ArrayList<>();
    bySite.forEach((name, sums) -> found.add(new ViewerReport.Site(name, sums.over(seconds))));
    return new ViewerReport(
        now, seconds, sliceMillis, together.over(seconds), found, series(newest, back, site));
  }

  private List<ViewerReport.Slice> series(long newest, Duration back, String site) {
    List<ViewerReport.Slice> series = new ArrayList<>();
    for (long at = newest - count(back) + 1; at <= newest; at++) {
      ViewerSums sums = new ViewerSums();
      slices
          .getOrDefault(at, Map.of())
          .forEach(
              (name, there) -> {
                if (site.isEmpty() || site.equals(name)) {
                  sums.add(there);
                }
              });
      series.add(
          new ViewerReport.Slice(
              Instant.ofEpochMilli(at * sliceMillis), sums.over(sliceMillis / 1e3)));
    }
    return series;
  }

  private long slice(Instant at) {
    return Math.floorDiv(at.toEpochMilli(), sliceMillis);
  }

  private long most() {
    return limits.span().toMillis() / sliceMillis;
  }

  private long count(Duration time) {
    return Math.clamp(time.toMillis() / sliceMillis, 1, most());
  }

  private void prune(long newest) {
    while (!slices.isEmpty() && slices.firstKey() <= newest - most()) {
      cells -= slices.pollFirstEntry().getValue().size();
    }
  }
}
