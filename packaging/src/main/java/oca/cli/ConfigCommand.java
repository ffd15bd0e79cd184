package oca.cli;

import picocli.CommandLine.Command;

/** {@code oca config}: looks at configurations without starting anything. */
@Command(
    name = "config",
    description =
        "Check a configuration, show what is in force and where it came from, and explain its"
            + " keys.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ConfigCheckCommand.class,
      ConfigShowCommand.class,
      ConfigDiffCommand.class,
      ConfigExplainCommand.class,
      ConfigSchemaCommand.class
    })
final class ConfigCommand {}
