package oca.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which running process a command about configurations asks. */
final class RunningOptions {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Sockets that are there on a machine with the packages, else without. */
  private static final List<Path> SOCKETS =
      List.of(Path.of("/run/oca-server/admin.sock"), Path.of("/run/oca/admin.sock"));

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--at",
      paramLabel = "URL|PATH",
      description =
          "where it is asked: its address for operators, or its socket; default OCA_ADMIN or"
              + " OCA_STEERING of the environment, else the appliance's socket when it is there,"
              + " http://127.0.0.1:8081 (appliance), :8450 (fill), :8461 (steering)")
  private @Nullable String at;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:OCA_STEERING_TOKEN_FILE}",
      description = "whose first line is the token that steering's operators show")
  private @Nullable Path tokenFile;

  private final Map<String, String> environment = System.getenv();

  /** Who is asked. */
  PlainClient process(ProcessKind kind) throws IOException {
    String given = at;
    try {
      return new PlainClient(given == null ? usual(kind) : given, PATIENCE, token());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--at: " + e.getMessage(), e);
    }
  }

  private String usual(ProcessKind kind) {
    return switch (kind) {
      case APPLIANCE ->
          environment.getOrDefault(
              "OCA_ADMIN",
              SOCKETS.stream()
                  .filter(Files::exists)
                  .findFirst()
                  .map(Path::toString)
                  .orElse("http://127.0.0.1:8081"));
      case FILL -> "http://127.0.0.1:8450";
      case STEERING -> environment.getOrDefault("OCA_STEERING", "http://127.0.0.1:8461");
      case ORIGIN ->
          throw new ParameterException(
              spec.commandLine(), "an origin has no usual address; name it by --at");
    };
  }

  private Optional<String> token() throws IOException {
    Path file = tokenFile;
    return file == null
        ? Optional.empty()
        : Optional.of(Files.readString(file).lines().findFirst().orElse("").strip());
  }
}
