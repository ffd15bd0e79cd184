package oca.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import oca.fill.workload.Workload;
import oca.fill.workload.WorkloadSpec;
import oca.operate.OutputOptions;
import oca.operate.WholeFile;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca fill workload}: generated demand. */
@Command(
    name = "workload",
    description = {
      "Generate demand by public figures of how video is watched: demand.csv, calendar.csv and the"
          + " true rates behind them, rates.csv, as oca fill evaluate reads them.",
      "The same options give the same files on any machine."
    })
final class WorkloadCommand implements Callable<Integer> {
  private static final WorkloadSpec USUAL = WorkloadSpec.DEFAULT;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "made if absent")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path out;

  @Option(names = "--seed", description = "of all chance (default: ${DEFAULT-VALUE})")
  private long seed = USUAL.seed();

  @Option(names = "--first-day", description = "default: ${DEFAULT-VALUE}")
  private LocalDate firstDay = USUAL.firstDay();

  @Option(names = "--days", description = "default: ${DEFAULT-VALUE}")
  private int days = USUAL.days();

  @Option(names = "--hourly", description = "periods are hours, with a daily cycle")
  private boolean hourly;

  @Option(names = "--regions", description = "default: ${DEFAULT-VALUE}")
  private int regions = USUAL.regions();

  @Option(
      names = "--titles",
      description = "in the library at the start (default: ${DEFAULT-VALUE})")
  private int titles = USUAL.titles();

  @Option(names = "--rungs", description = "files of a title (default: ${DEFAULT-VALUE})")
  private int rungs = USUAL.rungs();

  @Option(names = "--sessions", description = "a day and region (default: ${DEFAULT-VALUE})")
  private double sessions = USUAL.sessions();

  @Option(
      names = "--new-share",
      description =
          "of half a year's hours, to titles released within it (default: ${DEFAULT-VALUE})")
  private double newShare = USUAL.newShare();

  @Option(
      names = "--releases",
      description = "a week, as a share of --titles (default: ${DEFAULT-VALUE})")
  private double releases = USUAL.releases();

  @Option(
      names = "--audience-spread",
      description = "sigma of log audience of releases (default: ${DEFAULT-VALUE})")
  private double audienceSpread = USUAL.audienceSpread();

  @Option(
      names = "--prior-noise",
      description =
          "sigma of the log by which announced audiences are off (default: ${DEFAULT-VALUE})")
  private double priorNoise = USUAL.priorNoise();

  @Option(
      names = "--taste",
      description =
          "sigma of the log by which regions differ over a title (default: ${DEFAULT-VALUE})")
  private double taste = USUAL.taste();

  @Option(
      names = "--drift",
      description = "sigma of the log by which library titles wander (default: ${DEFAULT-VALUE})")
  private double drift = USUAL.drift();

  @Option(
      names = "--bursts",
      description = "sigma of the log of a title's luck of the day (default: ${DEFAULT-VALUE})")
  private double bursts = USUAL.bursts();

  @Option(
      names = "--weekly",
      description = "height of the weekly cycle, 0 for none (default: ${DEFAULT-VALUE})")
  private double weekly = USUAL.weekly();

  @Override
  public Integer call() throws Exception {
    Workload workload = workload();
    Files.createDirectories(out);
    long[] lines = new long[1];
    try (WholeFile demands = WholeFile.begin(out.resolve("demand.csv"));
        WholeFile announced = WholeFile.begin(out.resolve("calendar.csv"));
        WholeFile truth = WholeFile.begin(out.resolve("rates.csv"))) {
      try (BufferedWriter demand = Files.newBufferedWriter(demands.part());
          BufferedWriter calendar = Files.newBufferedWriter(announced.part());
          BufferedWriter rates = Files.newBufferedWriter(truth.part())) {
        workload.calendar(text -> line(calendar, text));
        workload.demand(
            text -> {
              line(demand, text);
              lines[0]++;
            },
            text -> line(rates, text),
            _ -> {});
      }
      announced.done();
      truth.done();
      demands.done();
    }
    tell(workload, lines[0] - 1);
    return 0;
  }

  private void tell(Workload workload, long rows) {
    if (output.isJson()) {
      Map<String, Object> made = new LinkedHashMap<>();
      made.put("folder", out.toString());
      made.put("rows", rows);
      made.put("titles", workload.titles());
      made.put("days", days);
      output.print(Json.of(made));
      return;
    }
    output
        .out()
        .printf(
            Locale.ROOT,
            "%,d rows of %,d titles over %,d days in %s: demand.csv, calendar.csv, rates.csv%n",
            rows,
            workload.titles(),
            days,
            out);
    output.out().flush();
  }

  private Workload workload() {
    try {
      return new Workload(
          new WorkloadSpec(
              seed,
              firstDay,
              days,
              hourly,
              regions,
              titles,
              rungs,
              sessions,
              newShare,
              releases,
              audienceSpread,
              priorNoise,
              taste,
              drift,
              bursts,
              weekly));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static void line(BufferedWriter to, String text) throws IOException {
    to.write(text);
    to.write('\n');
  }
}
