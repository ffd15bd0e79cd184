package oca.cli;

import java.util.concurrent.Callable;
import oca.fill.placement.Explanation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oca fill why} and {@code why-not}: says why a file is on an appliance, or is not. */
@Command(
    name = "why",
    aliases = "why-not",
    description =
        "Say why a file is to be on an appliance, or is not, and what would have to be otherwise"
            + " for the opposite.")
final class FillWhyCommand implements Callable<Integer> {
  @Mixin private ControllerOptions controller = new ControllerOptions();

  @Parameters(index = "0", paramLabel = "FILE", description = "a path, an id or a title")
  @SuppressWarnings("NullAway.Init") // Required.
  private String file;

  @Parameters(index = "1", paramLabel = "APPLIANCE", description = "its id")
  @SuppressWarnings("NullAway.Init") // Required.
  private String appliance;

  @Option(names = "--plan", paramLabel = "VERSION", description = "without it the one in force")
  private @Nullable Long plan;

  @Override
  public Integer call() throws Exception {
    controller.get(
        "/v1/plans/why?file="
            + ControllerOptions.encoded(file)
            + "&appliance="
            + ControllerOptions.encoded(appliance)
            + (plan == null ? "" : "&plan=" + plan),
        Explanation.class,
        it -> controller.tables().why(it));
    return 0;
  }
}
