package oca.cli;

import java.nio.file.Path;
import java.util.List;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.ConfigInput;
import oca.config.ConfigKeys;
import oca.config.Effective;
import oca.config.KeyDocs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which process a configuration is for, and what is laid over its file. */
final class ConfigOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "PROCESS",
      description =
          "appliance, fill, steering or origin; as the file's name begins unless it is given")
  private @Nullable ProcessKind kind;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting over those of the file, its drop-ins and the environment")
  private List<String> settings = List.of();

  ProcessKind kind(Path file) {
    ProcessKind given = kind;
    return given != null
        ? given
        : ProcessKind.ofFile(file)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "the name "
                            + file.getFileName()
                            + " does not tell for which process it"
                            + " is; say --for appliance, fill, steering or origin"));
  }

  /** As given, or as the file is called; else that one. */
  ProcessKind kindOr(@Nullable Path file, ProcessKind otherwise) {
    ProcessKind given = kind;
    return given != null ? given : file == null ? otherwise : kind(file);
  }

  /** All that the process would be configured by if it were started here and now. */
  Effective<? extends Record> load(Path file) throws ConfigException {
    return ConfigFile.load(new ConfigInput(file, System.getenv(), settings), kind(file).config());
  }

  /** The keys that a process's file may have. */
  static ConfigKeys keys(ProcessKind kind) {
    return ConfigKeys.of(kind.config(), KeyDocs.read());
  }
}
