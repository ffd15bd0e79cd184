package oca.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import oca.config.ByteSize;
import oca.origin.Origin;
import oca.origin.OriginConfig;
import oca.origin.Publisher;
import oca.protocol.Catalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code oca origin}: publishes a folder, or serves a published one. */
@Command(
    name = "origin",
    description = "Serve a published folder as the origin, or make its catalogue.")
final class OriginCommand implements Callable<Integer> {

  /** Exactly one of the two ways to use the command. */
  static final class Use {
    @ArgGroup(exclusive = false)
    private @Nullable ServiceOptions serve;

    @ArgGroup(exclusive = false)
    private @Nullable Publish publish;
  }

  /** What to publish, and how. */
  static final class Publish {
    @Option(
        names = "--publish",
        paramLabel = "FOLDER",
        required = true,
        description =
            "write FOLDER/catalog.json, which lists every file below FOLDER, and beside each file"
                + " larger than a block the digests of its blocks, and exit")
    private Path folder = Path.of("");

    @Option(
        names = "--block-size",
        paramLabel = "SIZE",
        converter = Size.class,
        description =
            "the block whose digest is announced, a multiple of 4KiB up to 64MiB; 1MiB unless"
                + " given")
    private ByteSize blockSize = Publisher.BLOCK_SIZE;
  }

  /** Reads {@code 512KiB}. */
  static final class Size implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      try {
        ByteSize size = ByteSize.parse(text);
        Publisher.requireBlockSize(size);
        return size;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @ArgGroup(multiplicity = "1")
  private Use use = new Use();

  @Override
  public Integer call() throws Exception {
    if (use.publish != null) {
      Catalog catalog = Publisher.publish(use.publish.folder, use.publish.blockSize);
      System.out.println(
          "published " + catalog.files().size() + " files as version " + catalog.version());
      return 0;
    }
    ServiceOptions options = java.util.Objects.requireNonNull(use.serve);
    return options.run(OriginConfig.class, Origin::start);
  }
}
