package oca.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
  private static final Path RUNNING =
      Path.of(System.getProperty("java.io.tmpdir"), "oca-drill.pid");

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
    Exercise exercise =
        new Exercise(
            new Exercise.Settings(new ApplianceId(appliance), seconds, viewers, 2),
            stop,
            line -> System.err.println("oca drill: " + line));
    Files.writeString(RUNNING, Long.toString(ProcessHandle.current().pid()));
    try {
      List<Judgement> judgements =
          exercise.run(new DemoOptions(Path.of(home), null, port, 30, 25, 1), drills);
      Report report = new Report(when, machine(), judgements);
      if (folder != null) {
        Files.createDirectories(folder);
        Files.write(folder.resolve("drills.json"), report.json());
        Files.write(folder.resolve("drills.html"), report.html());
        Files.writeString(folder.resolve("drills.md"), report.markdown());
      }
      spec.commandLine().getOut().print(report.markdown());
      spec.commandLine().getOut().flush();
      return report.isGood() ? 0 : Oca.FAILED;
    } finally {
      Files.deleteIfExists(RUNNING);
    }
  }

  @Command(description = "End the drill that runs on this machine: its fault is undone.")
  int halt() throws IOException {
    try {
      long pid = Long.parseLong(Files.readString(RUNNING).strip());
      boolean asked = ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(false);
      spec.commandLine()
          .getOut()
          .println(asked ? "the drill of process " + pid + " ends" : "no drill runs");
      return asked ? 0 : Oca.FAILED;
    } catch (NoSuchFileException e) {
      spec.commandLine().getOut().println("no drill runs");
      return Oca.FAILED;
    } finally {
      spec.commandLine().getOut().flush();
    }
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
