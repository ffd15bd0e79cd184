package oca.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import oca.config.ConfigFile;
import oca.origin.Origin;
import oca.origin.OriginConfig;
import oca.origin.Publisher;
import oca.protocol.Catalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code oca origin}: publishes a folder, or serves a published one. */
@Command(
    name = "origin",
    description = "Serve a published folder as the origin, or make its catalogue.")
final class OriginCommand implements Callable<Integer> {

  /** Exactly one of the two ways to use the command. */
  static final class Use {
    @ArgGroup(exclusive = false)
    private @Nullable ServiceOptions serve;

    @Option(
        names = "--publish",
        paramLabel = "FOLDER",
        description = "write FOLDER/catalog.json, which lists every file below FOLDER, and exit")
    private @Nullable Path publish;
  }

  @ArgGroup(multiplicity = "1")
  private Use use = new Use();

  @Override
  public Integer call() throws Exception {
    if (use.publish != null) {
      Catalog catalog = Publisher.publish(use.publish);
      System.out.println(
          "published " + catalog.files().size() + " files as version " + catalog.version());
      return 0;
    }
    ServiceOptions options = java.util.Objects.requireNonNull(use.serve);
    return options.run(() -> Origin.start(ConfigFile.read(options.config(), OriginConfig.class)));
  }
}
