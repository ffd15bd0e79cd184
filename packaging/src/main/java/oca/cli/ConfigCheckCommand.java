package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import oca.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca config check}: tells every problem of a configuration. */
@Command(
    name = "check",
    description =
        "Tell every problem of a configuration with its place and a remedy. Exit status 78 when"
            + " there is one.")
final class ConfigCheckCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "one file for each process")
  private List<Path> files = List.of();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    int status = 0;
    for (Path file : files) {
      try {
        options.load(file);
        out.println(file + ": in order");
      } catch (ConfigException e) {
        out.println(e.explained());
        int count = e.problems().size();
        out.println(file + ": " + count + (count == 1 ? " problem" : " problems"));
        status = Oca.BAD_CONFIG;
      }
    }
    out.flush();
    return status;
  }
}
