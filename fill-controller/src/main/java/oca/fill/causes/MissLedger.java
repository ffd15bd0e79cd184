package oca.fill.causes;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Labelled bytes by hour, and within the hour by all {@link Dimension dimensions}. Sums are exact;
 * where an hour has more different cells than allowed, first the file and then the title of what
 * comes on top is not told. For one thread.
 */
public final class MissLedger {
  private final int hours;
  private final int cells;
  private final NavigableMap<Long, Map<Cell, Cell>> byHour = new TreeMap<>();
  private final TreeSet<Long> changed = new TreeSet<>();
  private long folded;
  private long outside;

  /**
   * Empty.
   *
   * @param hours that are kept, 1 or more
   * @param cells of one hour that are kept apart, 1 or more
   */
  public MissLedger(int hours, int cells) {
    this.hours = hours;
    this.cells = cells;
  }

  /** Adds labelled responses. */
  public void add(List<Labelled> labelled) {
    for (Labelled one : labelled) {
      var _ = add(Cell.of(one));
    }
  }

  /**
   * Adds responses that are alike.
   *
   * @return the sum that they are in now; null when they ended before what is kept
   */
  public @Nullable Cell add(Cell cell) {
    if (!byHour.isEmpty() && cell.hour() <= byHour.lastKey() - hours) {
      outside += cell.bytes();
      return null;
    }
    Map<Cell, Cell> hour = byHour.computeIfAbsent(cell.hour(), _ -> new HashMap<>());
    Cell room = cell;
    if (hour.size() >= cells && !hour.containsKey(cell.key())) {
      folded += cell.requests();
      Cell byTitle = cell.withoutFile();
      boolean fits = hour.size() < 2 * cells || hour.containsKey(byTitle.key());
      room = fits ? byTitle : cell.withoutTitle();
    }
    changed.add(cell.hour());
    return hour.merge(room.key(), room, Cell::plus);
  }

  /** Forgets hours that are older than what is kept; those forgotten. */
  public List<Long> prune(Instant now) {
    long oldest = Math.floorDiv(now.getEpochSecond(), 3600L) - hours;
    SortedMap<Long, Map<Cell, Cell>> old = byHour.headMap(oldest, true);
    List<Long> gone = List.copyOf(old.keySet());
    old.clear();
    changed.removeAll(gone);
    return gone;
  }

  /** Hours of which anything is known. */
  public List<Long> hours() {
    return List.copyOf(byHour.keySet());
  }

  /** Hours that were added to since they were last asked for. */
  public List<Long> changed() {
    List<Long> hoursNow = List.copyOf(changed);
    changed.clear();
    return hoursNow;
  }

  /** All of an hour. */
  public List<Cell> cells(long hour) {
    return List.copyOf(byHour.getOrDefault(hour, Map.of()).values());
  }

  /** Puts an hour back. */
  public void restore(Collection<Cell> saved) {
    for (Cell cell : saved) {
      byHour.computeIfAbsent(cell.hour(), _ -> new HashMap<>()).merge(cell.key(), cell, Cell::plus);
    }
  }

  /** The same, with what has no sum of its own. */
  public void restore(Collection<Cell> saved, long foldedBefore, long outsideBefore) {
    restore(saved);
    folded = foldedBefore;
    outside = outsideBefore;
  }

  /** Responses that an hour had no cell of their own for. */
  public long folded() {
    return folded;
  }

  /** Bytes that ended before what is kept, and are in no sum. */
  public long outside() {
    return outside;
  }

  /** What was asked for, summed up. */
  public MissReport report(MissQuery query) {
    long from = Math.floorDiv(query.from().getEpochSecond(), 3600L);
    long to = Math.floorDiv(query.to().getEpochSecond() - 1, 3600L);
    MissReport.Sums sums = new MissReport.Sums(query);
    if (from <= to) {
      byHour
          .subMap(from, true, to, true)
          .values()
          .forEach(hour -> hour.values().forEach(sums::add));
    }
    return sums.report();
  }
}
