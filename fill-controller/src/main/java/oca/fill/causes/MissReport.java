package oca.fill.causes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Misses, summed up.
 *
 * @param total over all that was asked for; {@code nearest + missed + unknown = bytes} in it and in
 *     each row
 * @param rows those with most missed bytes first; by hour in the order of time
 * @param left rows that there was no room for
 */
public record MissReport(
    Instant from, Instant to, List<String> by, Sum total, List<Row> rows, int left) {
  public MissReport {
    by = List.copyOf(by);
    rows = List.copyOf(rows);
  }

  /**
   * One row.
   *
   * @param key in the order of the dimensions
   */
  public record Row(List<String> key, Sum sum) {
    public Row {
      key = List.copyOf(key);
    }
  }

  /**
   * Bytes and what became of them.
   *
   * @param bytes served
   * @param requests responses that had bytes
   * @param nearest bytes served by the viewers' nearest sites
   * @param missed bytes with a cause
   * @param unknown bytes of which no answer of steering is known
   * @param content missed for want of the content
   * @param origin bytes that the origin served
   * @param hours of media that play, of those bytes of which players told the bitrate
   * @param missedHours the same of missed bytes
   * @param timedBytes bytes that hours are known of
   * @param contentShed content / bytes; 0 when there are none
   * @param offload 1 - origin / bytes; 0 when there are none
   */
  public record Sum(
      long bytes,
      long requests,
      long nearest,
      long missed,
      long unknown,
      long content,
      long origin,
      double hours,
      double missedHours,
      long timedBytes,
      double contentShed,
      double offload) {}

  /** The same as CSV (RFC 4180): a line of names, then the rows. */
  public String csv() {
    StringBuilder text = new StringBuilder();
    by.forEach(name -> text.append(name).append(','));
    text.append(
        "bytes,requests,nearest,missed,unknown,content,origin,hours,missed_hours,content_shed,"
            + "offload\r\n");
    for (Row row : rows) {
      row.key().forEach(value -> text.append(quoted(value)).append(','));
      Sum sum = row.sum();
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%d,%d,%d,%d,%d,%d,%.3f,%.3f,%.6f,%.6f\r\n",
              sum.bytes(),
              sum.requests(),
              sum.nearest(),
              sum.missed(),
              sum.unknown(),
              sum.content(),
              sum.origin(),
              sum.hours(),
              sum.missedHours(),
              sum.contentShed(),
              sum.offload()));
    }
    return text.toString();
  }

  private static String quoted(String value) {
    // A spreadsheet takes what begins like this for a formula.
    String safe = value.matches("(?s)[=+@\\t\\r-].+") ? "'" + value : value;
    return safe.matches("[^\",\\r\\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  /** Adds up. For one thread, once. */
  static final class Sums {
    private static final double MILLIS_OF_AN_HOUR = 3_600_000;

    private final MissQuery query;
    private final Adder total = new Adder();
    private final Map<List<String>, Adder> rows = new HashMap<>();

    Sums(MissQuery query) {
      this.query = query;
    }

    void add(Cell cell) {
      for (Map.Entry<Dimension, String> only : query.only().entrySet()) {
        if (!cell.at(only.getKey()).equals(only.getValue())) {
          return;
        }
      }
      total.add(cell);
      if (!query.by().isEmpty()) {
        List<String> key = query.by().stream().map(cell::at).toList();
        rows.computeIfAbsent(key, _ -> new Adder()).add(cell);
      }
    }

    MissReport report() {
      boolean byHour = query.by().contains(Dimension.HOUR);
      List<Row> sorted = new ArrayList<>();
      rows.forEach((key, adder) -> sorted.add(new Row(key, adder.sum())));
      Comparator<Row> byKey = Comparator.comparing(row -> String.join("\u0000", row.key()));
      Comparator<Row> most =
          Comparator.<Row>comparingLong(row -> -row.sum().missed())
              .thenComparingLong(row -> -row.sum().bytes())
              .thenComparing(byKey);
      int hour = query.by().indexOf(Dimension.HOUR);
      sorted.sort(
          byHour
              ? Comparator.<Row, String>comparing(row -> row.key().get(hour)).thenComparing(most)
              : most);
      int shown = Math.min(sorted.size(), query.limit());
      return new MissReport(
          query.from(),
          query.to(),
          query.by().stream().map(Dimension::label).toList(),
          total.sum(),
          sorted.subList(0, shown),
          sorted.size() - shown);
    }

    private static final class Adder {
      private long bytes;
      private long requests;
      private long nearest;
      private long missed;
      private long unknown;
      private long content;
      private long origin;
      private long millis;
      private long missedMillis;
      private long timed;

      void add(Cell cell) {
        bytes += cell.bytes();
        requests += cell.requests();
        nearest += cell.label() == Label.NEAREST ? cell.bytes() : 0;
        unknown += cell.label() == Label.UNKNOWN ? cell.bytes() : 0;
        missed += cell.label().isMiss() ? cell.bytes() : 0;
        content += cell.label().isContent() ? cell.bytes() : 0;
        origin += cell.from().equals(Cell.ORIGIN) ? cell.bytes() : 0;
        millis += cell.mediaMillis();
        missedMillis += cell.label().isMiss() ? cell.mediaMillis() : 0;
        timed += cell.timedBytes();
      }

      Sum sum() {
        return new Sum(
            bytes,
            requests,
            nearest,
            missed,
            unknown,
            content,
            origin,
            millis / MILLIS_OF_AN_HOUR,
            missedMillis / MILLIS_OF_AN_HOUR,
            timed,
            bytes == 0 ? 0 : (double) content / bytes,
            bytes == 0 ? 0 : 1 - (double) origin / bytes);
      }
    }
  }
}
