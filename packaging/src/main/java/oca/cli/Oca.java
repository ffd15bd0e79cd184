package oca.cli;

import oca.config.ConfigException;
import oca.operate.DiskCommand;
import oca.operate.DoctorCommand;
import oca.operate.DrainCommand;
import oca.operate.Exit;
import oca.operate.ExplainCommand;
import oca.operate.FlameCommand;
import oca.operate.LedgerCommand;
import oca.operate.LineageCommand;
import oca.operate.LogCommand;
import oca.operate.MissesCommand;
import oca.operate.RecallCommand;
import oca.operate.RoutesCommand;
import oca.operate.StatusCommand;
import oca.operate.SupportCommand;
import oca.operate.TopCommand;
import oca.operate.UndrainCommand;
import oca.protocol.http.UnreachedException;
import oca.protocol.service.NewerDataException;
import oca.store.disk.StoreRefusedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/**
 * The command {@code oca}. Its exit status is one of {@link Exit}.
 *
 * <p>A command that only looks and ends is found without loading the others ({@link #only}): all of
 * them take longer to load than it takes to answer.
 */
@Command(
    name = "oca",
    description = "An open edge cache appliance for video: serve, fill, steer.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExit status:%n",
    footer = Exit.LIST,
    subcommands = {
      StatusCommand.class,
      TopCommand.class,
      ExplainCommand.class,
      DrainCommand.class,
      UndrainCommand.class,
      DiskCommand.class,
      RoutesCommand.class,
      LogCommand.class,
      MissesCommand.class,
      LedgerCommand.class,
      WhatIfCommand.class,
      DoctorCommand.class,
      FlameCommand.class,
      SupportCommand.class,
      DemoCommand.class,
      ApplianceCommand.class,
      FillCommand.class,
      SteeringCommand.class,
      OriginCommand.class,
      StoreCommand.class,
      PurgeCommand.class,
      LineageCommand.class,
      RecallCommand.class,
      ConfigCommand.class,
      DrillCommand.class,
      VersionCommand.class
    })
public final class Oca {
  static final int FAILED = Exit.ATTENTION;
  static final int BAD_CONFIG = Exit.CONFIG;

  private Oca() {}

  /** Runs a subcommand and exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }

  /** The command with all its subcommands. */
  static CommandLine commandLine() {
    return prepared(new CommandLine(new Oca()));
  }

  /** The same for those arguments, perhaps without subcommands that they do not name. */
  static CommandLine commandLine(String... args) {
    Class<?> only = args.length == 0 ? null : only(args[0]);
    return only == null
        ? commandLine()
        : prepared(new CommandLine(new Alone()).addSubcommand(only));
  }

  private static @Nullable Class<?> only(String name) {
    return switch (name) {
      case "status" -> StatusCommand.class;
      case "top" -> TopCommand.class;
      case "explain" -> ExplainCommand.class;
      case "drain" -> DrainCommand.class;
      case "undrain" -> UndrainCommand.class;
      case "disk" -> DiskCommand.class;
      case "routes" -> RoutesCommand.class;
      case "lineage" -> LineageCommand.class;
      case "recall" -> RecallCommand.class;
      case "log" -> LogCommand.class;
      case "ledger" -> LedgerCommand.class;
      case "misses" -> MissesCommand.class;
      case "whatif" -> WhatIfCommand.class;
      case "flame" -> FlameCommand.class;
      default -> null;
    };
  }

  /** Stands for {@link Oca} where one subcommand is wanted. */
  @Command(
      name = "oca",
      mixinStandardHelpOptions = true,
      versionProvider = VersionCommand.class,
      scope = ScopeType.INHERIT,
      footerHeading = "%nExit status:%n",
      footer = Exit.LIST)
  private static final class Alone {}

  private static CommandLine prepared(CommandLine line) {
    return line.setExecutionExceptionHandler((e, at, _) -> explain(e, at))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  private static int explain(Exception e, CommandLine line) {
    if (e instanceof ConfigException config) {
      line.getErr().println("oca " + line.getCommandName() + ": the configuration is of no use:");
      line.getErr().println(config.explained());
      return BAD_CONFIG;
    }
    if (e instanceof UnreachedException) {
      line.getErr().println("oca " + line.getCommandName() + ": " + e.getMessage());
      return Exit.UNREACHED;
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    line.getErr().println("oca " + line.getCommandName() + ": " + message);
    if (e instanceof NewerDataException
        || (e instanceof StoreRefusedException refused && refused.isNewer())) {
      // As with a configuration of no use, starting again does not mend it.
      return BAD_CONFIG;
    }
    if (e instanceof RuntimeException) {
      e.printStackTrace(line.getErr());
    }
    return FAILED;
  }
}
