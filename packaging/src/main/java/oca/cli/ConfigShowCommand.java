package oca.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.config.Effective.Setting;
import oca.protocol.Wire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Parameters(paramLabel = "FILE", description = "the process's configuration")
  private Path file = Path.of("");

  @Override
  public Integer call() throws Exception {
    List<Setting> settings =
        options.load(file).settings().stream().filter(setting -> !given || setting.said()).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(new String(Wire.writePretty(settings), StandardCharsets.UTF_8));
    } else {
      settings.forEach(setting -> out.println(line(setting)));
    }
    out.flush();
    return 0;
  }

  private static String line(Setting setting) {
    String value = setting.value().isEmpty() ? "-" : setting.value();
    return String.format(
        Locale.ROOT, "%-48s %-24s # %s", setting.key() + ":", value, setting.origin());
  }
}
