package oca.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import oca.demo.DemoOptions;
import oca.drill.Drill;
import oca.drill.Drills;
import oca.drill.Exercise;
import oca.drill.Judgement;
import oca.drill.Ledger;
import oca.drill.Report;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca drill}: does faults to a fleet on this machine and judges them by its viewers. */
@Command(
    name = "drill",
    description =
        "Do faults to a fleet on this machine, and judge each by what the same viewers see without"
            + " and with it.",
    synopsisSubcommandLabel = "COMMAND")
final class DrillCommand {
  private static final Path LEDGER =
      Path.of(System.getProperty("java.io.tmpdir"), "oca-drill.json");

  /** A run that is asked to end waits for its last viewers, then for its fleet. */
  private static final Duration HALT_PATIENCE = Duration.ofSeconds(75);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Command(description = "List the drills: what is done, and what is to hold.")
  int list() {
    PrintWriter out = spec.commandLine().getOut();
    for (Drill drill : Drills.all()) {
      out.println(drill.name() + drill.tool().map(tool -> "   (needs " + tool + ")").orElse(""));
      out.println("    does:  " + drill.scope());
      out.println("    holds: " + drill.hypothesis());
    }
    out.flush();
    return 0;
  }

  @Command(
      description = {
        "Run drills; without names, all of them.",
        "A fleet of its own is started as by oca demo, with the same addresses. Exit status 1 when"
            + " one is broken or was aborted. Ctrl-C undoes what was done and ends everything."
      })
  int run(
      @Parameters(paramLabel = "NAME", arity = "0..*") @Nullable List<String> names,
      @Option(
              names = "--appliance",
              paramLabel = "ID",
              defaultValue = "north-1",
              description = "the one that suffers: north-1, north-2, south-1 or south-2")
          String appliance,
      @Option(
              names = "--seconds",
              defaultValue = "15",
              description = "viewers arrive for so long, twice (default: ${DEFAULT-VALUE})")
          int seconds,
      @Option(
              names = "--viewers",
              paramLabel = "RATE",
              defaultValue = "6",
              description = "that arrive per second (default: ${DEFAULT-VALUE})")
          double viewers,
      @Option(names = "--port", defaultValue = "8440", description = "the first of five ports")
          int port,
      @Option(
              names = "--report",
              paramLabel = "FOLDER",
              description = "where to write drills.json, drills.html and drills.md")
          @Nullable Path folder)
      throws IOException, InterruptedException {
    List<Drill> drills = chosen(names == null ? List.of() : names);
    String home = System.getProperty("oca.home");
    if (home == null) {
      throw new IllegalStateException(
          "the system property oca.home must name the packaging folder");
    }
    CountDownLatch stop = Signals.stop();
    String when = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Ledger.requireNone(LEDGER);
    try (Ledger ledger = new Ledger(LEDGER)) {
      Exercise exercise =
          new Exercise(
              new Exercise.Settings(new ApplianceId(appliance), seconds, viewers, 2),
              stop,
              ledger,
              line -> System.err.println("oca drill: " + line));
      List<Judgement> judgements =
          exercise.run(new DemoOptions(Path.of(home), null, port, 30, 25, 1), drills);
      Report report =
          new Report(
              when,
              machine(),
              command(names == null ? List.of() : names, appliance, seconds, viewers),
              judgements);
      if (folder != null) {
        Files.createDirectories(folder);
        Files.write(folder.resolve("drills.json"), report.json());
        Files.write(folder.resolve("drills.html"), report.html());
        Files.writeString(folder.resolve("drills.md"), report.markdown());
      }
      print(report.markdown());
      return report.isGood() ? 0 : Oca.FAILED;
    }
  }

  @Command(
      description = {
        "End the drills that run on this machine: what was done is undone.",
        "Also after the run was killed, from any shell of the same user: processes that it left are"
            + " killed, and its folder is removed."
      })
  int halt() throws IOException, InterruptedException {
    List<String> done = Ledger.undo(LEDGER, HALT_PATIENCE);
    print(done.isEmpty() ? "no drill runs\n" : String.join("\n", done) + "\n");
    return done.isEmpty() ? Oca.FAILED : 0;
  }

  @Command(
      description = {
        "Print the scorecard of a run, in Markdown, from its drills.json.",
        "Of several, in their order: what one did not run is taken from the next."
      })
  int scorecard(@Parameters(paramLabel = "REPORT", arity = "1..*") List<Path> reports)
      throws IOException {
    Report all = Report.read(Files.readAllBytes(reports.getFirst()));
    for (Path next : reports.subList(1, reports.size())) {
      all = all.with(Report.read(Files.readAllBytes(next)));
    }
    print(all.scorecard());
    return 0;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  /** As it can be typed again: what counts, and not where the report went. */
  private static String command(List<String> names, String appliance, int seconds, double viewers) {
    List<String> words = new ArrayList<>(List.of("packaging/oca", "drill", "run"));
    words.addAll(names);
    words.addAll(List.of("--appliance", appliance, "--seconds", Integer.toString(seconds)));
    words.addAll(List.of("--viewers", Double.toString(viewers)));
    return String.join(" ", words);
  }

  private List<Drill> chosen(List<String> names) {
    List<Drill> drills = new ArrayList<>();
    for (String name : names) {
      drills.add(
          Drills.named(name)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "there is no drill " + name + "; oca drill list names them")));
    }
    return drills.isEmpty() ? Drills.all() : drills;
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "%d processors, Linux %s, Java %s",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        System.getProperty("java.version"));
  }
}
