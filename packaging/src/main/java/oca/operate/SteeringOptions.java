package oca.operate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which steering service a command asks. */
final class SteeringOptions {
  static final String URL = "http://127.0.0.1:8461";

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--steering",
      paramLabel = "URL",
      defaultValue = "${env:OCA_STEERING}",
      description =
          "steering's listener for operators; default OCA_STEERING of the environment, else " + URL)
  private @Nullable String steering;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:OCA_STEERING_TOKEN_FILE}",
      description =
          "whose first line is the token that it asks for; default OCA_STEERING_TOKEN_FILE of the"
              + " environment")
  private @Nullable Path tokenFile;

  boolean isNamed() {
    return steering != null;
  }

  Door door(Duration wait) throws IOException {
    Path file = tokenFile;
    Optional<String> token =
        file == null
            ? Optional.empty()
            : Optional.of(Files.readString(file).lines().findFirst().orElse("").strip());
    try {
      return new Door(new PlainClient(steering == null ? URL : steering, wait, token));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--steering: " + e.getMessage(), e);
    }
  }
}
