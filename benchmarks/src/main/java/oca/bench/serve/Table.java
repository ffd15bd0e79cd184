package oca.bench.serve;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import oca.bench.serve.Report.Measured;

/** A report in plain text. */
final class Table {
  private Table() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder();
    Machine machine = report.machine();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d cores, %d GiB, Linux %s; JDK %s; Netty %s; %s; %s%n",
            machine.cpu(),
            machine.cores(),
            machine.memoryGiB(),
            machine.kernel(),
            machine.jdk(),
            machine.netty(),
            machine.nginx(),
            machine.openssl()));
    text.append(
        String.format(
            Locale.ROOT,
            "server on CPU %s, client on CPU %s; load before %s, after %s%n",
            report.settings().serverCpus(),
            report.settings().clientCpus(),
            report.loadBefore(),
            report.loadAfter()));
    report
        .notCompared()
        .forEach((name, why) -> text.append(String.format(Locale.ROOT, "%s: %s%n", name, why)));
    report.cells().forEach(cell -> text.append(of(cell)));
    text.append(verdicts(report.verdicts()));
    return text.toString();
  }

  /** One cell; the ratios in brackets are to the better configuration of nginx. */
  static String of(Measured measured) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%n%s%n", measured.cell()));
    int longest = measured.servers().keySet().stream().mapToInt(String::length).max().orElse(0);
    String server = "  %-" + Math.max(14, longest) + "s";
    text.append(
        String.format(
            Locale.ROOT,
            server + " %17s %9s %17s %8s %18s %9s %8s %6s %6s%n",
            "server",
            "req/s",
            "MB/s",
            "CPU ms/GB",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "B/req",
            "server",
            "client"));
    for (Map.Entry<String, Report.Result> entry : measured.servers().entrySet()) {
      String name = entry.getKey();
      Figures figures = entry.getValue().median();
      text.append(
          String.format(
              Locale.ROOT,
              server + " %9.0f %7s %9.0f %9.0f %7s %8.2f %10.2f %7s %9.2f %8s %6.2f %6.2f%n",
              name,
              figures.requestsPerSecond(),
              ratio(measured, name, Bars.Figure.REQUESTS),
              figures.megabytesPerSecond(),
              figures.cpuSecondsPerGigabyte() * 1000,
              ratio(measured, name, Bars.Figure.CPU),
              figures.p50Millis(),
              figures.p99Millis(),
              ratio(measured, name, Bars.Figure.P99),
              figures.p999Millis(),
              figures.allocatedPerRequest() == null ? "-" : "%.0f".formatted(figures.allocated()),
              figures.serverCores(),
              figures.clientCores()));
    }
    return text.toString();
  }

  private static String verdicts(List<Bars.Verdict> verdicts) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%nBars%n"));
    for (Bars.Verdict verdict : verdicts) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-6s %8.2f  %s: %s%n",
              verdict.met() ? "met" : "MISSED",
              verdict.value(),
              verdict.cell(),
              verdict.bar()));
    }
    return text.toString();
  }

  private static String ratio(Measured cell, String server, Bars.Figure figure) {
    double ratio = Bars.ratio(cell, server, figure);
    return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "(%.2f)", ratio);
  }
}
