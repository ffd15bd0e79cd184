package oca.cli;

import picocli.CommandLine.Command;

/** {@code oca config}: looks at configurations, of files and of processes that run. */
@Command(
    name = "config",
    description =
        "Check a configuration, show what is in force and where it came from, explain its keys, and"
            + " have a running process read it again.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ConfigCheckCommand.class,
      ConfigShowCommand.class,
      ConfigDiffCommand.class,
      ConfigExplainCommand.class,
      ConfigSchemaCommand.class,
      ConfigReloadCommand.class,
      ConfigReferenceCommand.class
    })
final class ConfigCommand {}
