package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import oca.fill.evaluate.BadRows;
import oca.fill.evaluate.Capacity;
import oca.fill.evaluate.Evaluation;
import oca.fill.evaluate.EvaluationReport;
import oca.fill.evaluate.Tables;
import oca.operate.ReportOptions;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca fill evaluate}: forecasts over a demand table. */
@Command(
    name = "evaluate",
    description = {
      "Walk a demand table forward and print what each forecast would have served and fetched.",
      "Before each period a method changes what the disk of a region holds, by the periods before"
          + " alone, fetching the fill budget at most and evicting what it likes; the period's"
          + " bytes of files held count as served. All methods begin with the same disk, filled by"
          + " the mean of the warm-up, whose periods do not count, and change it by the same rule."
          + " yesterday takes the period before for the next; smoothed moves 0.3 of the way to each"
          + " new period; the oracles know what comes, the demand itself or its true rates, for the"
          + " best number of periods ahead. Gap closed is (served - yesterday) / (oracle -"
          + " yesterday), by the true rates where they are given.",
      "Tables are CSV with a header: period,region,file,size_bytes,bytes_streamed; the calendar"
          + " file,release_period,kind[,prior][,size_bytes]; rates"
          + " period,region,file,expected_bytes, in force until the file's next row. Periods are"
          + " dates, hours (2026-01-31T05) or whole numbers; any may be missing. Columns are found"
          + " by name, .gz is unpacked, rows that cannot be used are refused and counted. Files"
          + " that differ behind their last slash alone are taken for one title."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--demand",
      paramLabel = "CSV",
      required = true,
      description = "what was asked for")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path demand;

  @Option(names = "--calendar", paramLabel = "CSV", description = "what was announced")
  private @Nullable Path calendar;

  @Option(names = "--rates", paramLabel = "CSV", description = "true rates, of generated demand")
  private @Nullable Path rates;

  @Option(
      names = "--capacity",
      paramLabel = "SIZE",
      split = ",",
      defaultValue = "5%,10%,20%",
      description =
          "the disk of each region: a percentage of the bytes of all files in the table, or bytes"
              + " such as 10TB (default: ${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init") // Has a default.
  private List<String> capacities;

  @Option(
      names = "--fill-budget",
      paramLabel = "SIZE",
      defaultValue = "1%",
      description =
          "what may be fetched for a disk in a period: a percentage of the disk, or bytes (default:"
              + " ${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init") // Has a default.
  private String budget;

  @Option(
      names = "--warmup",
      paramLabel = "PERIODS",
      description = "periods that do not count (default: a quarter of them, at most 28 days)")
  private @Nullable Integer warmup;

  @Option(
      names = "--hysteresis",
      defaultValue = "" + Evaluation.Settings.HYSTERESIS,
      description =
          "by how much what is fetched must be expected to serve more than what leaves for it"
              + " (default: ${DEFAULT-VALUE})")
  private double hysteresis;

  @Option(names = "--max-rows", description = "rows of a table (default: 200 million)")
  private long maxRows = Tables.Limits.DEFAULT.rows();

  @Option(names = "--max-files", description = "files in all tables (default: 5 million)")
  private int maxFiles = Tables.Limits.DEFAULT.files();

  @Override
  public Integer call() throws Exception {
    PrintWriter err = report.err();
    Evaluation.Settings settings = settings();
    Tables.Limits usual = Tables.Limits.DEFAULT;
    Tables.Read read =
        Tables.read(
            demand,
            calendar,
            rates,
            new Tables.Limits(maxRows, maxFiles, usual.regions(), usual.periods()));
    complain(err, read.refused());
    double reading = report.seconds();
    Evaluation evaluation = evaluation(read, settings);
    int periods = read.table().periods();
    EvaluationReport made =
        evaluation.run(read.refused(), done -> report.progress(done, periods, "periods"));
    report.print(made.text(), Wire.writePretty(made));
    err.printf(
        Locale.ROOT, "read in %.1f s, evaluated in %.1f s%n", reading, report.seconds() - reading);
    err.flush();
    return 0;
  }

  private Evaluation evaluation(Tables.Read read, Evaluation.Settings settings) {
    try {
      return new Evaluation(read.table(), settings);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--demand " + demand + ": " + e.getMessage());
    }
  }

  private Evaluation.Settings settings() {
    List<Capacity> parsed = sizes("--capacity", capacities);
    Capacity fetched = sizes("--fill-budget", List.of(budget)).getFirst();
    OptionalInt given = warmup == null ? OptionalInt.empty() : OptionalInt.of(warmup);
    try {
      return new Evaluation.Settings(parsed, fetched, given, hysteresis);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private List<Capacity> sizes(String option, List<String> texts) {
    return report.sizes(option, texts, Capacity::parse, "5% or 10TB");
  }

  private static void complain(PrintWriter err, Map<String, BadRows.Summary> refused) {
    refused.forEach(
        (file, bad) -> {
          if (bad.rows() > 0) {
            err.printf(
                Locale.ROOT,
                "%,d rows of --%s refused, by column %s%n",
                bad.rows(),
                file,
                bad.byReason());
            bad.examples().forEach(it -> err.println("  " + it));
          }
        });
    err.flush();
  }
}
