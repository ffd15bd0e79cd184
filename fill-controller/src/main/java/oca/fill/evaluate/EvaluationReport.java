package oca.fill.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each method served and fetched.
 *
 * @param table what was read
 * @param refused rows that could not be used, by the option that names the file
 * @param counted periods that count, those after the warm-up
 * @param warmup periods before them, from which all methods learn and the first filling is made
 * @param fillBudget what may be fetched per period, as it was given
 * @param bound the method whose lead over yesterday is the gap
 * @param capacities one for each capacity asked for
 */
public record EvaluationReport(
    Table table,
    Map<String, BadRows.Summary> refused,
    Span counted,
    Span warmup,
    String fillBudget,
    String bound,
    List<AtCapacity> capacities) {

  /** What was read. */
  public record Table(
      int periods, int regions, int files, long rows, long bytes, int releases, boolean rates) {}

  /** Periods from {@code first} to {@code last}. */
  public record Span(int periods, String first, String last) {}

  /**
   * All methods at one capacity.
   *
   * @param capacity as it was given
   * @param diskBytes of each region
   * @param demandBytes asked for in the periods that count
   * @param methods in the order of the table
   */
  public record AtCapacity(
      String capacity, long diskBytes, double demandBytes, List<MethodLine> methods) {}

  /**
   * One method.
   *
   * @param served share of the demand, 0 to 1
   * @param fillBytesPerPeriod fetched, of all regions, mean
   * @param fillShare of the disks, mean per period
   * @param gapClosed share of the way from yesterday, at the same budget, to the bound; absent
   *     where there is no way
   * @param gapClosedFree the same from yesterday without a budget, which refills disks each night
   * @param ofBound served by what the bound served
   * @param regions the share of each region's demand
   * @param variants how often which horizon was followed, or which was best
   */
  public record MethodLine(
      String method,
      double served,
      double fillBytesPerPeriod,
      double fillShare,
      @Nullable Double gapClosed,
      @Nullable Double gapClosedFree,
      @Nullable Double ofBound,
      Map<String, Double> regions,
      Map<String, Integer> variants) {}

  /** For people. */
  public String text() {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "%,d rows: %,d periods, %,d regions, %,d files of %s; %,d releases announced",
        table.rows(),
        table.periods(),
        table.regions(),
        table.files(),
        bytes((double) table.bytes()),
        table.releases());
    line(
        out,
        "learned from %,d periods (%s to %s), counted over %,d (%s to %s)",
        warmup.periods(),
        warmup.first(),
        warmup.last(),
        counted.periods(),
        counted.first(),
        counted.last());
    for (AtCapacity at : capacities) {
      line(out, "");
      line(
          out,
          "capacity %s (%s a region), fill at most %s a period",
          at.capacity(),
          bytes((double) at.diskBytes()),
          fillBudget);
      line(
          out,
          "  %-28s %8s %14s %10s %12s %12s %10s",
          "method",
          "served",
          "fill/period",
          "of disk",
          "gap closed",
          "(no budget)",
          "of bound");
      for (MethodLine method : at.methods()) {
        line(
            out,
            "  %-28s %7.2f%% %14s %9.2f%% %12s %12s %10s",
            method.method(),
            100 * method.served(),
            bytes(method.fillBytesPerPeriod()),
            100 * method.fillShare(),
            percent(method.gapClosed()),
            percent(method.gapClosedFree()),
            share(method.ofBound()));
      }
    }
    return out.toString();
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  private static String share(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.3f", share);
  }

  @SuppressWarnings("AnnotateFormatMethod") // Its annotation is no dependency of ours.
  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String bytes(double bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = bytes;
    int unit = 0;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
