package oca.fill.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a release calendar: {@code file,release_period,kind[,prior][,size_bytes]}, columns in any
 * order. Lines that cannot be used are refused and counted, the others are used.
 */
public final class ReleaseCsv {
  private static final int MAX_KINDS = 256;

  /**
   * A line.
   *
   * @param file as the calendar names it
   * @param period of release, in the count of the kind asked for
   * @param prior size of audience, in any unit
   * @param sizeBytes of the file, where the calendar tells
   */
  public record Line(
      String file, long period, String kind, OptionalDouble prior, OptionalLong sizeBytes) {}

  /** What was read. */
  public record Read(List<Line> lines, BadRows.Summary refused) {
    public Read {
      lines = List.copyOf(lines);
    }
  }

  private ReleaseCsv() {}

  /**
   * Reads a calendar of release times; periods come as hours since 1970, dates as their first hour.
   *
   * @param most lines that are taken
   * @throws Tables.TableRefusedException when it cannot be used at all
   */
  public static Read read(Path file, int most) throws IOException {
    return read(file, most, Periods.HOURS);
  }

  static Read read(Path file, int most, Periods kind) throws IOException {
    BadRows bad = new BadRows(file.toString());
    List<Line> taken = new ArrayList<>();
    Set<String> listed = new HashSet<>();
    Map<String, String> kinds = new HashMap<>();
    try (CsvLines lines = Columns.open(file)) {
      Columns columns = Columns.read(file, lines, List.of("file", "release_period", "kind"));
      while (lines.next()) {
        Optional<Line> line = line(lines, columns, kind, kinds, bad);
        if (line.isEmpty()) {
          continue;
        }
        if (!listed.add(line.get().file())) {
          bad.refuse(
              "file",
              lines.line(),
              "file " + CsvLines.shown(line.get().file()) + " is listed twice; keep one line");
        } else if (taken.size() == most) {
          throw new Tables.TableRefusedException(
              file, "more than " + most + " lines; leave out what was released long ago");
        } else {
          taken.add(line.get());
        }
      }
    }
    return new Read(taken, bad.summary());
  }

  private static Optional<Line> line(
      CsvLines lines, Columns columns, Periods periods, Map<String, String> kinds, BadRows bad) {
    if (!columns.fits(lines, bad) || !columns.isName(lines, "file", bad)) {
      return Optional.empty();
    }
    int periodAt = columns.at("release_period");
    Optional<Long> period =
        lines.to(periodAt) - lines.from(periodAt) > 64
            ? Optional.empty()
            : periods.number(lines.text(periodAt));
    if (period.isEmpty()) {
      bad.refuse(
          "release_period",
          lines.line(),
          "release_period is " + lines.shown(periodAt) + "; write " + periods.example());
      return Optional.empty();
    }
    String kind = lines.text(columns.at("kind"));
    if (kind.length() > Columns.MAX_NAME
        || (!kinds.containsKey(kind) && kinds.size() >= MAX_KINDS)) {
      bad.refuse(
          "kind", lines.line(), "kind is too long, or more than " + MAX_KINDS + "; use fewer");
      return Optional.empty();
    }
    Optional<OptionalDouble> prior = columns.optional(lines, "prior", bad);
    Optional<OptionalDouble> size = columns.optional(lines, "size_bytes", bad);
    if (prior.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong bytes =
        size.get().isPresent()
            ? OptionalLong.of(Math.max(1, Math.round(size.get().getAsDouble())))
            : OptionalLong.empty();
    return Optional.of(
        new Line(
            lines.text(columns.at("file")),
            period.get(),
            kinds.computeIfAbsent(kind, it -> it),
            prior.get(),
            bytes));
  }
}
