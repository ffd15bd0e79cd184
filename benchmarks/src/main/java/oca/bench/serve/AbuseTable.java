package oca.bench.serve;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import oca.bench.serve.AbuseReport.Row;

/** Rows of abuses in plain text. */
final class AbuseTable {
  /** Names the columns. */
  static final String HEADING =
      String.format(
          Locale.ROOT,
          "%-20s %8s %8s %6s %8s %8s %6s %9s %8s %6s %23s %7s %6s %7s %5s",
          "attack",
          "req/s",
          "under",
          "share",
          "p99 ms",
          "under",
          "cores",
          "attempt/s",
          "us each",
          "conns",
          "RSS MiB before-most-after",
          "direct",
          "TCP",
          "heap+",
          "back");

  private AbuseTable() {}

  /** One row; below it what was counted, what was answered, and what is wrong. */
  static String of(Row row) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-20s %8.0f %8.0f %6.2f %8.2f %8.2f %6.2f %9.0f %8.1f %6d %7s %7s %7s %9s %6s %7s"
                    + " %5.1f%n",
                row.attack(),
                Row.rate(row.alone()),
                Row.rate(row.under()),
                row.share(),
                row.alone().p99Millis(),
                row.under().p99Millis(),
                row.under().serverCpuSeconds() / Math.max(1e-9, row.under().seconds()),
                row.abuser().attempts() / Math.max(1e-9, row.abuser().seconds()),
                row.microsPerAttempt(),
                row.highest().files() - row.before().files(),
                Setup.mebibytes(row.before().resident()),
                Setup.mebibytes(row.highest().resident()),
                Setup.mebibytes(row.after().resident()),
                Setup.mebibytes(row.highest().direct()),
                Setup.mebibytes(row.highest().kernelTcp()),
                Setup.mebibytes(row.after().liveHeap() - row.before().liveHeap()),
                row.secondsToRecover()));
    text.append("    counted: ").append(counted(row.counted()));
    if (!row.abuser().answers().isEmpty()) {
      text.append("; answered: ").append(row.abuser().answers());
    }
    text.append(
        String.format(
            Locale.ROOT,
            "; %d connections, %d ended by the server, %d came to nothing%n",
            row.abuser().connections(),
            row.abuser().ended(),
            row.abuser().unconnected()));
    row.faults().forEach(fault -> text.append("    FAULT: ").append(fault).append('\n'));
    return text.toString().stripTrailing();
  }

  /** Without the honest load's own. */
  private static String counted(Map<String, Long> counted) {
    String text =
        counted.entrySet().stream()
            .filter(count -> !count.getKey().equals("outcome.part"))
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "nothing" : text;
  }
}
