package oca.operate;

import oca.config.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much may be put on a disk. */
final class DiskSize {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--capacity",
      paramLabel = "SIZE",
      required = true,
      description = "what may be kept there, such as 7TB")
  @SuppressWarnings("NullAway.Init") // Required.
  private String capacity;

  @Option(
      names = "--reserve",
      paramLabel = "SIZE",
      description = "left free on its file system whatever the capacity; default 256MiB")
  private @Nullable String reserve;

  ByteSize capacity() {
    return size("--capacity", capacity);
  }

  ByteSize reserve() {
    return size("--reserve", reserve == null ? "256MiB" : reserve);
  }

  private ByteSize size(String option, String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }
}
