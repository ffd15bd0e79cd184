package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import oca.config.ConfigKeys;
import oca.config.Effective;
import oca.config.Effective.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca config diff}: in which values two configurations differ. */
@Command(
    name = "diff",
    description =
        "Tell in which values two configurations of a process differ, whatever their files look"
            + " like, or a file and the process that runs. Exit status 1 when they do.")
final class ConfigDiffCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(index = "0", paramLabel = "OLD", description = "one configuration")
  private Path old = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", arity = "0..1", description = "the other")
  private @Nullable Path young;

  @Option(
      names = "--running",
      description =
          "one file only, which is held against what the process that runs has in force; behind"
              + " each difference stands whether a reload or a restart would bring it")
  private boolean withRunning;

  @Mixin private RunningOptions running = new RunningOptions();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path other = young;
    if (withRunning != (other == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "name two files, or one and --running to hold it against the process");
    }
    if (other == null) {
      return diffRunning(out);
    }
    List<Effective.Change> changes = options.load(other).changesSince(options.load(old));
    for (Effective.Change change : changes) {
      out.println(change.key());
      tell(out, "-", change.before());
      tell(out, "+", change.after());
    }
    out.flush();
    return changes.isEmpty() ? 0 : Oca.FAILED;
  }

  private int diffRunning(PrintWriter out) throws Exception {
    ProcessKind kind = options.kind(old);
    ConfigKeys keys = ConfigOptions.keys(kind);
    List<Setting> inForce =
        new RunningProcess(running.process(kind))
            .values().values().stream()
                .filter(it -> !it.origin().isEmpty())
                .map(it -> new Setting(it.key(), it.value(), it.origin()))
                .toList();
    Effective<?> file = options.load(old).shown();
    List<Effective.Change> changes = file.changesSince(new Effective<>(file.config(), inForce));
    for (Effective.Change change : changes) {
      boolean live = keys.find(change.key()).map(ConfigKeys.Key::live).orElse(false);
      out.println(change.key() + (live ? ", by a reload" : ", with a restart"));
      tell(out, "-", change.before());
      tell(out, "+", change.after());
    }
    out.flush();
    return changes.isEmpty() ? 0 : Oca.FAILED;
  }

  private static void tell(PrintWriter out, String sign, @Nullable Setting setting) {
    if (setting != null) {
      out.println("  " + sign + " " + setting.value() + "  # " + setting.origin());
    }
  }
}
