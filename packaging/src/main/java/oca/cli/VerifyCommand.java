package oca.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import oca.operate.Figures;
import oca.operate.OnBreak;
import oca.operate.OutputOptions;
import oca.protocol.Wire;
import oca.store.OfflineVerify;
import oca.store.disk.StoreRefusedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code oca store verify}: reads volumes that no appliance has open, and changes nothing. */
@Command(
    name = "verify",
    description = {
      "Read every whole file on volumes that no appliance has open, compare it with its checksums"
          + " and list each that is not what it should be.",
      "Changes nothing: a volume may be mounted read-only. Exit status: 0 all is good, 1 damage was"
          + " found or a disk failed, 78 a folder is no volume or is in use, 130 broken off.",
      "With -o json there is a line for each bad file and one for each volume's end."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--volume",
      paramLabel = "FOLDER",
      required = true,
      description = "the folder of a volume, in which oca-store lies; may be given again")
  @SuppressWarnings("NullAway.Init") // Required.
  private List<Path> volumes;

  @Mixin private OutputOptions output = new OutputOptions();

  /** A line of {@code -o json}: a file that is bad. */
  record Bad(
      String volume, String file, String flaw, String why, List<OfflineVerify.Blocks> blocks) {}

  /** A line of {@code -o json}: the end of a volume. */
  record End(String volume, OfflineVerify.Report report) {}

  @Override
  public Integer call() throws Exception {
    boolean good = true;
    for (Path volume : volumes) {
      try (OfflineVerify offline = OfflineVerify.open(volume)) {
        good &= verify(volume, offline);
      } catch (StoreRefusedException e) {
        spec.commandLine().getErr().println("oca verify: " + e.getMessage());
        return Oca.BAD_CONFIG;
      }
    }
    return good ? 0 : Oca.FAILED;
  }

  private boolean verify(Path volume, OfflineVerify offline) throws IOException {
    Progress progress = new Progress(volume, spec.commandLine());
    OfflineVerify.Report report;
    try (OnBreak _ = new OnBreak(progress::broken)) {
      report = offline.verify(progress);
    }
    progress.clear();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      out.println(line(new End(volume.toString(), report)));
    } else {
      out.printf(
          Locale.ROOT,
          "%s: %,d files, %s: %s%n",
          volume,
          report.files(),
          Figures.bytes(report.bytes()),
          report.good() ? "all good" : summary(report));
      if (report.lostOrigins() > 0) {
        out.printf(
            Locale.ROOT,
            "%s: %,d entries of provenance are damaged; the content is not touched by that%n",
            volume,
            report.lostOrigins());
      }
    }
    out.flush();
    return report.good();
  }

  private static String summary(OfflineVerify.Report report) {
    String flaws =
        report.flawed().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey().sentence()))
            .collect(Collectors.joining(", "));
    return flaws + " (%,d damaged blocks)".formatted(report.damagedBlocks());
  }

  private static String name(OfflineVerify.Blocks run) {
    return run.to() - run.from() == 1
        ? Long.toString(run.from())
        : run.from() + "-" + (run.to() - 1);
  }

  private static String line(Object record) {
    return new String(Wire.write(record), StandardCharsets.UTF_8);
  }

  /** Shows on a terminal one line that is drawn anew, elsewhere one every ten seconds. */
  private final class Progress implements OfflineVerify.Listener {
    private final Path volume;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private long shown = start;
    private long allFiles;
    private long allBytes;

    @SuppressWarnings("SystemConsoleNull") // Its declaration still allows null.
    Progress(Path volume, CommandLine line) {
      this.volume = volume;
      this.out = line.getOut();
      this.err = line.getErr();
      Console console = System.console();
      this.terminal = console != null && console.isTerminal();
    }

    @Override
    public void total(long files, long bytes) {
      allFiles = files;
      allBytes = bytes;
    }

    @Override
    public void progress(long files, long bytes) {
      long now = System.nanoTime();
      if (now - shown < TimeUnit.MILLISECONDS.toNanos(terminal ? 200 : 10_000)) {
        return;
      }
      shown = now;
      double seconds = (now - start) / 1e9;
      double rate = bytes / seconds;
      double share = allBytes == 0 ? 1 : Math.min(1, (double) bytes / allBytes);
      long left = rate == 0 ? 0 : Math.round(Math.max(0, allBytes - bytes) / rate);
      String text =
          "%s %3.0f %%  %,d of %,d files  %s of %s  %s/s  %s left"
              .formatted(
                  bar(share),
                  100 * share,
                  files,
                  allFiles,
                  Figures.bytes(bytes),
                  Figures.bytes(allBytes),
                  Figures.bytes(rate),
                  Figures.time(left));
      err.print(terminal ? "\r" + text + "\033[K" : text + System.lineSeparator());
      err.flush();
    }

    @Override
    public void bad(OfflineVerify.BadFile file) {
      clear();
      if (output.isJson()) {
        out.println(
            line(
                new Bad(
                    volume.toString(),
                    file.path().toString(),
                    file.flaw().name(),
                    file.why(),
                    file.blocks())));
      } else {
        out.println(file.path() + " " + file.flaw().sentence() + ": " + file.why());
        if (!file.blocks().isEmpty()) {
          out.println(
              "  blocks "
                  + file.blocks().stream()
                      .map(VerifyCommand::name)
                      .collect(Collectors.joining(", ")));
        }
      }
      out.flush();
    }

    /** Ctrl-C: nothing was changed, and nothing is lost but the time. */
    void broken() {
      clear();
      err.println(volume + ": broken off; what was read up to now was told");
      err.flush();
    }

    /** Takes the line away for another text. */
    void clear() {
      if (terminal) {
        err.print("\r\033[K");
        err.flush();
      }
    }

    private static String bar(double share) {
      int full = (int) (share * 8);
      return "[" + "#".repeat(full) + ".".repeat(8 - full) + "]";
    }
  }
}
