package oca.fill.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the three CSV files of an evaluation, each once, as a stream; {@code .gz} is unpacked.
 *
 * <p>A row that cannot be used is refused, counted and, if among the first, shown with its line and
 * the remedy; the others are used. A file without its columns, without any usable row, or beyond a
 * limit is refused as a whole.
 */
public final class Tables {
  /**
   * What a table may hold.
   *
   * @param rows of demand or of rates
   * @param files named in any file
   * @param regions named
   * @param periods with rows
   */
  public record Limits(long rows, int files, int regions, int periods) {
    /** 200 million rows, 5 million files, 1,000 regions, 100,000 periods. */
    public static final Limits DEFAULT = new Limits(200_000_000, 5_000_000, 1_000, 100_000);
  }

  /** A file that cannot be used at all; the message names it and the remedy. */
  public static final class TableRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    TableRefusedException(Path file, String why) {
      super(file + ": " + why);
    }
  }

  /**
   * What was read.
   *
   * @param refused by the option that names the file: demand, calendar, rates
   */
  public record Read(DemandTable table, Map<String, BadRows.Summary> refused) {}

  private final Limits limits;
  private final DemandTable.Builder building = new DemandTable.Builder();
  private final Map<String, BadRows.Summary> refused = new HashMap<>();

  private Tables(Limits limits) {
    this.limits = limits;
  }

  /**
   * Reads a table and what belongs to it.
   *
   * @param calendar null for none
   * @param rates null for none
   * @throws TableRefusedException when a file cannot be used
   */
  public static Read read(Path demand, @Nullable Path calendar, @Nullable Path rates, Limits limits)
      throws IOException {
    Tables tables = new Tables(limits);
    tables.demand(demand);
    if (calendar != null) {
      tables.calendar(calendar);
    }
    if (rates != null) {
      tables.rates(rates);
    }
    return new Read(tables.building.build(), Map.copyOf(tables.refused));
  }

  private void demand(Path file) throws IOException {
    BadRows bad = new BadRows(file.toString());
    try (CsvLines lines = Columns.open(file)) {
      Columns header =
          Columns.read(
              file, lines, List.of("period", "region", "file", "size_bytes", "bytes_streamed"));
      PeriodColumn periods = new PeriodColumn(header.at("period"), bad);
      long rows = 0;
      while (lines.next()) {
        if (demandRow(lines, header, periods, bad) && ++rows > limits.rows()) {
          throw new TableRefusedException(
              file, "more than " + limits.rows() + " rows; leave out periods or raise --max-rows");
        }
        check(file);
      }
      if (rows == 0) {
        throw new TableRefusedException(file, "no usable row" + first(bad));
      }
    }
    refused.put("demand", bad.summary());
  }

  private boolean demandRow(CsvLines lines, Columns header, PeriodColumn periods, BadRows bad) {
    if (!header.fits(lines, bad)) {
      return false;
    }
    Optional<Long> period = periods.read(lines);
    if (period.isEmpty()) {
      return false;
    }
    int regionAt = header.at("region");
    int fileAt = header.at("file");
    if (!header.isName(lines, "region", bad) || !header.isName(lines, "file", bad)) {
      return false;
    }
    long size = amount(lines, header.at("size_bytes"), "size_bytes", 1, bad);
    long bytes = amount(lines, header.at("bytes_streamed"), "bytes_streamed", 0, bad);
    if (size < 0 || bytes < 0) {
      return false;
    }
    int region = id(lines, regionAt, building.regionNames);
    int file = id(lines, fileAt, building.fileNames);
    DemandTable.Builder.cell(building.byPeriod, period.get(), region)
        .add(file, (double) bytes, building.sizes.version(file, size));
    return true;
  }

  private void calendar(Path file) throws IOException {
    ReleaseCsv.Read read = ReleaseCsv.read(file, limits.files(), building.kind());
    for (ReleaseCsv.Line line : read.lines()) {
      byte[] name = line.file().getBytes(StandardCharsets.UTF_8);
      building.releases.add(
          new DemandTable.Release(
              building.fileNames.id(name, 0, name.length),
              line.period(),
              line.kind(),
              line.prior(),
              line.sizeBytes()));
    }
    check(file);
    refused.put("calendar", read.refused());
  }

  private void rates(Path file) throws IOException {
    BadRows bad = new BadRows(file.toString());
    try (CsvLines lines = Columns.open(file)) {
      Columns header =
          Columns.read(file, lines, List.of("period", "region", "file", "expected_bytes"));
      PeriodColumn periods = new PeriodColumn(header.at("period"), bad);
      long rows = 0;
      while (lines.next()) {
        if (!header.fits(lines, bad)) {
          continue;
        }
        Optional<Long> period = periods.read(lines);
        double rate = lines.number(header.at("expected_bytes"));
        if (period.isEmpty()) {
          continue;
        }
        if (!(rate >= 0 && rate <= 1L << 60)) {
          bad.refuse(
              "expected_bytes",
              lines.line(),
              "expected_bytes is "
                  + lines.shown(header.at("expected_bytes"))
                  + "; write bytes, 0 or more");
          continue;
        }
        if (++rows > limits.rows()) {
          throw new TableRefusedException(
              file, "more than " + limits.rows() + " rows; raise --max-rows");
        }
        int id = find(lines, header.at("file"), building.fileNames);
        int region = find(lines, header.at("region"), building.regionNames);
        // What was never asked for, or not there, is nothing to place.
        if (id >= 0 && region >= 0) {
          DemandTable.Builder.cell(building.ratesByPeriod, period.get(), region).add(id, rate);
        }
      }
    }
    refused.put("rates", bad.summary());
  }

  private void check(Path file) throws TableRefusedException {
    if (building.fileNames.size() > limits.files()) {
      throw new TableRefusedException(
          file, "more than " + limits.files() + " files; leave some out or raise --max-files");
    }
    if (building.regionNames.size() > limits.regions()) {
      throw new TableRefusedException(
          file, "more than " + limits.regions() + " regions; is the column right?");
    }
    if (building.byPeriod.size() > limits.periods()) {
      throw new TableRefusedException(
          file, "more than " + limits.periods() + " periods; is the column right?");
    }
  }

  private static String first(BadRows bad) {
    List<String> examples = bad.summary().examples();
    return examples.isEmpty()
        ? "; add rows below the header"
        : "; the first that was refused: " + examples.getFirst();
  }

  private static int id(CsvLines lines, int field, Names names) {
    return names.id(lines.bytes(), lines.from(field), lines.to(field));
  }

  private static int find(CsvLines lines, int field, Names names) {
    return names.find(lines.bytes(), lines.from(field), lines.to(field));
  }

  private static long amount(CsvLines lines, int field, String column, long least, BadRows bad) {
    long digits = lines.digits(field);
    long value = digits >= 0 ? digits : lines.amount(field).orElse(-1L);
    if (value < least) {
      bad.refuse(
          column,
          lines.line(),
          column
              + " is "
              + lines.shown(field)
              + "; write bytes, "
              + least
              + " or more, up to 2^60");
      return -1;
    }
    return value;
  }

  /** Periods of one file; all of them of the kind of the demand table's first. */
  private final class PeriodColumn {
    private final int field;
    private final BadRows bad;
    private byte[] last = new byte[0];
    private long number;

    PeriodColumn(int field, BadRows bad) {
      this.field = field;
      this.bad = bad;
    }

    Optional<Long> read(CsvLines lines) {
      if (last.length > 0 && lines.same(field, last, last.length)) {
        return Optional.of(number);
      }
      String text = lines.to(field) - lines.from(field) > 64 ? "" : lines.text(field);
      if (!building.isKindKnown()) {
        Periods.kind(text).ifPresent(building::kind);
      }
      Optional<Long> found =
          building.isKindKnown() ? building.kind().number(text) : Optional.empty();
      if (found.isPresent()) {
        number = found.get();
        last = text.getBytes(StandardCharsets.UTF_8);
      } else {
        bad.refuse(
            "period",
            lines.line(),
            "the period is "
                + lines.shown(field)
                + "; write dates (2026-01-31), hours (2026-01-31T05) or whole numbers, one of these"
                + " throughout");
      }
      return found;
    }
  }
}
