package oca.fill.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Demand by period, region and file, in memory; 12 bytes a row.
 *
 * <p>Files are numbered by when they came: first those of the calendar by their release, then the
 * others by their first row, ties by name. So no number of a file tells what is still to come. Made
 * by {@link Tables}; not changed afterwards.
 */
public final class DemandTable {
  /**
   * A release that was announced.
   *
   * @param file its number
   * @param period number of the period in which it comes, of the table's kind
   * @param kind such as film; releases of one kind are taken to fade alike
   * @param prior size of audience expected, in any unit, as long as it is always the same
   * @param sizeBytes what the catalogue says of its size
   */
  record Release(
      int file, long period, String kind, OptionalDouble prior, OptionalLong sizeBytes) {}

  /** Sizes that become known with a period: that of {@code files[i]} is {@code bytes[i]}. */
  record SizesTold(int[] files, long[] bytes) {}

  private final Periods kind;
  private final List<String> regions;
  private final List<String> files;
  private final long[] numbers;
  private final @Nullable Cell[][] cells;
  private final SizesTold[] sizes;
  private final List<Release> releases;
  private final @Nullable Cell @Nullable [][] rates;
  private final long bytes;
  private final long rows;

  private DemandTable(Builder from, int[] order, List<String> files, List<Release> releases) {
    kind = from.kind();
    this.files = files;
    this.releases = releases;
    List<String> places = new ArrayList<>();
    for (int region = 0; region < from.regionNames.size(); region++) {
      places.add(from.regionNames.name(region));
    }
    regions = List.copyOf(places);
    numbers = from.byPeriod.keySet().stream().mapToLong(Long::longValue).toArray();
    cells = grid(from.byPeriod, order);
    rates = from.ratesByPeriod.isEmpty() ? null : rateGrid(from, order);
    rows = Arrays.stream(cells).flatMap(Arrays::stream).mapToLong(DemandTable::size).sum();
    long[] last = new long[files.size()];
    sizes = sizes(from, order, last);
    bytes = Arrays.stream(last).sum();
  }

  private static int size(@Nullable Cell cell) {
    return cell == null ? 0 : cell.size();
  }

  private @Nullable Cell[][] grid(Map<Long, List<@Nullable Cell>> from, int[] order) {
    @Nullable Cell[][] grid = new @Nullable Cell[from.size()][regions.size()];
    int at = 0;
    for (List<@Nullable Cell> period : from.values()) {
      for (int region = 0; region < period.size(); region++) {
        Cell cell = period.get(region);
        if (cell != null) {
          cell.settle(order);
          grid[at][region] = cell;
        }
      }
      at++;
    }
    return grid;
  }

  /** Rates told at a period that has no demand come into force with the next that has. */
  private @Nullable Cell[][] rateGrid(Builder from, int[] order) {
    @Nullable Cell[][] grid = new @Nullable Cell[numbers.length][regions.size()];
    from.ratesByPeriod.forEach(
        (number, period) -> {
          int found = Arrays.binarySearch(numbers, number);
          int at = found >= 0 ? found : -found - 1;
          for (int region = 0; region < period.size() && at < numbers.length; region++) {
            Cell told = period.get(region);
            if (told == null) {
              continue;
            }
            Cell kept = grid[at][region];
            if (kept == null) {
              kept = new Cell();
              grid[at][region] = kept;
            }
            for (int row = 0; row < told.size(); row++) {
              kept.add(order[told.file(row)], told.amount(row));
            }
          }
        });
    return grid;
  }

  private SizesTold[] sizes(Builder from, int[] order, long[] last) {
    int[] back = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      back[order[i]] = i;
    }
    SizesTold[] told = new SizesTold[numbers.length];
    for (int period = 0; period < numbers.length; period++) {
      Map<Integer, Long> changed = new TreeMap<>();
      for (Cell cell : cells[period]) {
        for (int row = 0; row < size(cell); row++) {
          int file = java.util.Objects.requireNonNull(cell).file(row);
          long size = from.sizes.of(back[file], cell.version(row));
          if (last[file] != size) {
            last[file] = size;
            changed.put(file, size);
          }
        }
      }
      told[period] =
          new SizesTold(
              changed.keySet().stream().mapToInt(Integer::intValue).toArray(),
              changed.values().stream().mapToLong(Long::longValue).toArray());
    }
    return told;
  }

  /** How periods are written. */
  public Periods kind() {
    return kind;
  }

  /** Names of the regions. */
  public List<String> regions() {
    return regions;
  }

  /** Files asked for or announced. */
  public int files() {
    return files.size();
  }

  /** Periods with any row. */
  public int periods() {
    return numbers.length;
  }

  /** Rows, those of one period, region and file counted once. */
  public long rows() {
    return rows;
  }

  /** Bytes of all files that were asked for, by their newest sizes. */
  public long bytes() {
    return bytes;
  }

  String file(int file) {
    return files.get(file);
  }

  /** Number of the period in its kind's own count, where those left out count too. */
  long number(int period) {
    return numbers[period];
  }

  String label(int period) {
    return kind.text(numbers[period]);
  }

  /** Bytes asked for; null when the region has no row of that period. */
  @Nullable Cell cell(int period, int region) {
    return cells[period][region];
  }

  SizesTold sizes(int period) {
    return sizes[period];
  }

  List<Release> releases() {
    return releases;
  }

  boolean hasRates() {
    return rates != null;
  }

  /** True rates that come into force with the period, in bytes. */
  Cell rates(int period, int region) {
    Cell cell = rates == null ? null : rates[period][region];
    return cell == null ? Cell.EMPTY : cell;
  }

  /** Sizes that rows name, by file; most files have one. */
  static final class Sizes {
    private static final int MAX_VERSIONS = 65_535;
    private long[] first = new long[1 << 10];
    private final Map<Integer, List<Long>> later = new HashMap<>();

    /** The version of a size, 0 for the first; the last one kept when there are too many. */
    int version(int file, long size) {
      if (file >= first.length) {
        first = Arrays.copyOf(first, Math.max(2 * first.length, file + 1));
      }
      if (first[file] == 0) {
        first[file] = size;
      }
      if (first[file] == size) {
        return 0;
      }
      List<Long> versions = later.computeIfAbsent(file, _ -> new ArrayList<>());
      int at =
          versions.isEmpty() || versions.getLast() != size
              ? versions.indexOf(size)
              : versions.size() - 1;
      if (at < 0 && versions.size() < MAX_VERSIONS) {
        versions.add(size);
      }
      return at < 0 ? versions.size() : at + 1;
    }

    long of(int file, int version) {
      return version == 0 ? first[file] : later.getOrDefault(file, List.of()).get(version - 1);
    }
  }

  /** Takes rows in any order. */
  static final class Builder {
    final Names fileNames = new Names();
    final Names regionNames = new Names();
    final Sizes sizes = new Sizes();
    final TreeMap<Long, List<@Nullable Cell>> byPeriod = new TreeMap<>();
    final TreeMap<Long, List<@Nullable Cell>> ratesByPeriod = new TreeMap<>();
    final List<Release> releases = new ArrayList<>();
    private @Nullable Periods kind;

    Periods kind() {
      return kind == null ? Periods.NUMBERS : kind;
    }

    void kind(Periods found) {
      kind = found;
    }

    boolean isKindKnown() {
      return kind != null;
    }

    static Cell cell(Map<Long, List<@Nullable Cell>> of, long period, int region) {
      List<@Nullable Cell> regions = of.computeIfAbsent(period, _ -> new ArrayList<>());
      while (regions.size() <= region) {
        regions.add(null);
      }
      Cell cell = regions.get(region);
      if (cell == null) {
        cell = new Cell();
        regions.set(region, cell);
      }
      return cell;
    }

    DemandTable build() {
      int count = fileNames.size();
      long[] came = new long[count];
      Arrays.fill(came, Long.MAX_VALUE);
      byPeriod.forEach(
          (period, regions) -> {
            for (Cell cell : regions) {
              for (int row = 0; row < size(cell); row++) {
                int file = java.util.Objects.requireNonNull(cell).file(row);
                came[file] = Math.min(came[file], period);
              }
            }
          });
      boolean[] listed = new boolean[count];
      releases.forEach(
          release -> {
            came[release.file()] = release.period();
            listed[release.file()] = true;
          });
      Integer[] byCame = new Integer[count];
      Arrays.setAll(byCame, i -> i);
      Arrays.sort(
          byCame,
          (a, b) -> {
            if (listed[a] != listed[b]) {
              return listed[a] ? -1 : 1;
            }
            int first = Long.compare(came[a], came[b]);
            return first != 0 ? first : Arrays.compare(fileNames.bytes(a), fileNames.bytes(b));
          });
      int[] order = new int[count];
      List<String> names = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        order[byCame[i]] = i;
        names.add(fileNames.name(byCame[i]));
      }
      List<Release> ordered =
          releases.stream()
              .map(
                  it ->
                      new Release(
                          order[it.file()], it.period(), it.kind(), it.prior(), it.sizeBytes()))
              .sorted(java.util.Comparator.comparingInt(Release::file))
              .toList();
      return new DemandTable(this, order, names, ordered);
    }
  }
}
