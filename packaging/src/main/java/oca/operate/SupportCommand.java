package oca.operate;

import picocli.CommandLine.Command;

/** {@code oca support}: what whoever helps needs to know. */
@Command(
    name = "support",
    description = "Gather what whoever helps needs to know.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = BundleCommand.class)
public final class SupportCommand {}
