package oca.store.simulate;

import java.util.List;
import java.util.Locale;

/**
 * What a simulation found.
 *
 * @param bytes asked for, over all requests
 * @param footprint bytes of all objects together
 * @param resized requests that named another size than their object's first, which is what counted
 */
public record SimulationReport(
    long requests, long bytes, long objects, long footprint, long resized, List<Size> sizes) {
  /** The row of Belady's with bypass. */
  public static final String BOUND = "belady";

  private static final String LEGEND =
      """

      gap closed: of the byte hits that belady (with bypass, knowing the future)
      has over lru; written: bytes taken in, of all bytes asked for
      """;

  /**
   * One size of cache.
   *
   * @param capacity as it was asked for
   */
  public record Size(String capacity, long capacityBytes, List<Row> rows) {}

  /**
   * One policy at one size.
   *
   * @param objectHitRatio requests that hit, of all
   * @param byteHitRatio bytes that hit, of all that were asked for
   * @param gapClosed of the byte hits that Belady has over LRU, which part this one has; 0 for LRU,
   *     1 for Belady, 0 when the gap is less than a thousandth of all bytes and so tells nothing
   * @param writtenRatio bytes taken in, of all that were asked for
   */
  public record Row(
      String policy,
      double objectHitRatio,
      double byteHitRatio,
      double gapClosed,
      double writtenRatio) {}

  static Row row(String policy, Outcome outcome, Recording recording, long lru, long bound) {
    double requests = Math.max(1, recording.requests());
    double bytes = Math.max(1, recording.bytes());
    return new Row(
        policy,
        outcome.hits() / requests,
        outcome.byteHits() / bytes,
        bound - lru < bytes / 1000 ? 0 : (outcome.byteHits() - lru) / (double) (bound - lru),
        outcome.written() / bytes);
  }

  /** The row of a policy at a size. */
  public Row row(int size, String policy) {
    return sizes.get(size).rows().stream()
        .filter(row -> row.policy().equals(policy))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no row of " + policy));
  }

  /** For a terminal: 70 columns, a block for each size. */
  public String table() {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "%,d requests, %,.1f GB; %,d objects, %,.1f GB%n",
            requests,
            bytes / 1e9,
            objects,
            footprint / 1e9));
    for (Size size : sizes) {
      out.append(
          String.format(
              Locale.ROOT,
              "%n%s (%,d bytes)%n  %-10s %13s %13s %13s %13s%n",
              size.capacity(),
              size.capacityBytes(),
              "policy",
              "object hits",
              "byte hits",
              "gap closed",
              "written"));
      size.rows().forEach(row -> out.append(line(row)));
    }
    return out.append(LEGEND).toString();
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "  %-10s %12.2f%% %12.2f%% %12.1f%% %12.2f%%%n",
        row.policy(),
        100 * row.objectHitRatio(),
        100 * row.byteHitRatio(),
        100 * row.gapClosed(),
        100 * row.writtenRatio());
  }
}
