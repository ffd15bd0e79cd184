package oca.cli;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import oca.config.ConfigSchema;
import oca.config.KeyDocs;
import oca.protocol.Wire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca config schema}: the JSON Schema of a configuration, for editors. */
@Command(
    name = "schema",
    description = "Print the JSON Schema of a process's configuration, for editors.")
final class ConfigSchemaCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Parameters(paramLabel = "PROCESS", description = "appliance, fill, steering or origin")
  @SuppressWarnings("NullAway.Init") // Required.
  private ProcessKind kind;

  @Override
  public Integer call() {
    String title = "Configuration of oca " + kind.word();
    spec.commandLine()
        .getOut()
        .print(
            new String(
                Wire.writePretty(ConfigSchema.of(title, kind.config(), KeyDocs.read())),
                StandardCharsets.UTF_8));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
