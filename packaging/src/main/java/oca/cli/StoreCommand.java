package oca.cli;

import picocli.CommandLine.Command;

/** {@code oca store}: what concerns the bytes on disk and what is kept of them. */
@Command(
    name = "store",
    description = "Look at what a cache keeps.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      VerifyCommand.class,
      ShowCommand.class,
      SimulateCommand.class,
      TraceCommand.class
    })
final class StoreCommand {}
