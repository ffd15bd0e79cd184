package oca.operate;

import picocli.CommandLine.Command;

/** {@code oca disk}: disks of a running appliance. */
@Command(
    name = "disk",
    description =
        "List the disks of a running appliance, put one into service, empty one, exchange one."
            + " What is changed here is to be changed in its configuration too.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DiskListCommand.class,
      DiskAddCommand.class,
      DiskDrainCommand.class,
      DiskUndrainCommand.class,
      DiskDetachCommand.class,
      DiskReplaceCommand.class
    })
public final class DiskCommand {}
