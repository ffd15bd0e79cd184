package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.FillConfig;
import oca.fill.FillController;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code oca fill}: runs the fill controller, which decides which appliance holds which file; its
 * subcommands ask one that runs, or work on files alone.
 */
@Command(
    name = "fill",
    description = "Run the fill controller, which decides which appliance holds which file.",
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = {
      FillPlanCommand.class,
      FillPlansCommand.class,
      FillDiffCommand.class,
      FillApplyCommand.class,
      FillRollbackCommand.class,
      FillWhyCommand.class,
      EvaluateCommand.class,
      WorkloadCommand.class
    })
final class FillCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  // A group, so that what is required of the process is not required of the subcommands.
  @ArgGroup(exclusive = false, multiplicity = "0..1")
  private @Nullable ServiceOptions options;

  @Override
  public Integer call() throws Exception {
    ServiceOptions given = options;
    if (given == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--config=FILE', or a subcommand");
    }
    return given.runThatMayWait(FillConfig.class, FillController::start);
  }
}
