package oca.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.config.Effective.Setting;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca config show}: the values that a process would run with, and who said so. */
@Command(
    name = "show",
    description =
        "Show the values that a process would run with and where each came from: file and line, a"
            + " variable, an option, or the default. Secrets stand in files of their own, so none"
            + " is shown.")
final class ConfigShowCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--given", description = "only what somebody said, no defaults")
  private boolean given;

  @Option(names = "--json", description = "for programs: a list of key, value and origin")
  private boolean json;

  @Option(
      names = "--running",
      description =
          "of the process that runs, which is asked; FILE is not needed then, and --for says which"
              + " process (the appliance unless given)")
  private boolean ofRunning;

  @Mixin private RunningOptions running = new RunningOptions();

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "the process's configuration")
  private @Nullable Path file;

  @Override
  public Integer call() throws Exception {
    Path from = file;
    if (ofRunning) {
      return showRunning();
    }
    if (from == null) {
      throw new ParameterException(spec.commandLine(), "name a FILE, or say --running");
    }
    List<Setting> settings =
        options.load(from).settings().stream().filter(setting -> !given || setting.said()).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(new String(Wire.writePretty(settings), StandardCharsets.UTF_8));
    } else {
      settings.forEach(setting -> out.println(line(setting)));
    }
    out.flush();
    return 0;
  }

  /** Behind each value: who said it, when another would count, and what waits. */
  private int showRunning() throws IOException {
    ProcessKind kind = options.kindOr(file, ProcessKind.APPLIANCE);
    RunningProcess process = new RunningProcess(running.process(kind));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(process.page());
    } else {
      process.values().values().stream()
          .filter(it -> !given || !it.origin().equals("default") || it.waits())
          .forEach(it -> out.println(line(it)));
    }
    out.flush();
    return 0;
  }

  private static String line(RunningProcess.Value value) {
    String line =
        line(new Setting(value.key(), value.value(), value.origin())) + ", " + value.changes();
    return value.waits()
        ? line + "; waits for a restart: " + (value.next().isEmpty() ? "-" : value.next())
        : line;
  }

  private static String line(Setting setting) {
    String value = setting.value().isEmpty() ? "-" : setting.value();
    return String.format(
        Locale.ROOT, "%-48s %-24s # %s", setting.key() + ":", value, setting.origin());
  }
}
