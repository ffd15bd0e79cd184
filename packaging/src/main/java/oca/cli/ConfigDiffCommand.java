package oca.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import oca.config.Effective;
import oca.config.Effective.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca config diff}: in which values two configurations differ. */
@Command(
    name = "diff",
    description =
        "Tell in which values two configurations of a process differ, whatever their files look"
            + " like. Exit status 1 when they do.")
final class ConfigDiffCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(index = "0", paramLabel = "OLD", description = "one configuration")
  private Path old = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "the other")
  private Path young = Path.of("");

  @Override
  public Integer call() throws Exception {
    List<Effective.Change> changes = options.load(young).changesSince(options.load(old));
    PrintWriter out = spec.commandLine().getOut();
    for (Effective.Change change : changes) {
      out.println(change.key());
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
