package oca.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code oca config reference}: all keys of all processes, as a page. */
@Command(
    name = "reference",
    description =
        "Print what every key of every process is for, how it is written, its default, and whether"
            + " a reload or a restart changes it, in Markdown.")
final class ConfigReferenceCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(ConfigReference.page());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
