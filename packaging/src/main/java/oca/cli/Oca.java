package oca.cli;

import oca.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/**
 * The command {@code oca}.
 *
 * <p>Exit status: 0 done, 1 failed (or a check that did not hold), 2 unusable arguments, 78
 * unusable configuration (EX_CONFIG of sysexits.h).
 */
@Command(
    name = "oca",
    description = "An open edge cache appliance for video: serve, fill, steer.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ApplianceCommand.class,
      FillCommand.class,
      SteeringCommand.class,
      OriginCommand.class,
      StoreCommand.class,
      PurgeCommand.class,
      VersionCommand.class
    })
public final class Oca {
  static final int FAILED = 1;
  static final int BAD_CONFIG = 78;

  private Oca() {}

  /** Runs a subcommand and exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Oca())
        .setExecutionExceptionHandler((e, line, _) -> explain(e, line))
        .setUsageHelpAutoWidth(true);
  }

  private static int explain(Exception e, CommandLine line) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    line.getErr().println("oca " + line.getCommandName() + ": " + message);
    if (e instanceof RuntimeException) {
      e.printStackTrace(line.getErr());
    }
    return e instanceof ConfigException ? BAD_CONFIG : FAILED;
  }
}
