package oca.operate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which appliance a command asks. */
public final class AdminOptions {
  private static final Path SOCKET = Path.of("/run/oca/admin.sock");
  private static final String URL = "http://127.0.0.1:8081";

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--admin",
      paramLabel = "URL|PATH",
      defaultValue = "${env:OCA_ADMIN}",
      description =
          "the appliance's admin address, or its socket; default OCA_ADMIN of the environment, else"
              + " /run/oca/admin.sock when it is there, else http://127.0.0.1:8081")
  private @Nullable String admin;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "for each answer; default 10, and 600 for what takes longer")
  private int timeoutSeconds;

  /** Whether one was named, rather than looked for in the usual places. */
  boolean isNamed() {
    return admin != null;
  }

  /** Who is asked. */
  public Door door() {
    return door(10);
  }

  /** The same for an order that takes long. */
  Door patientDoor() {
    return door(600);
  }

  /** The same of others than the one that was named, or of that one when there are none. */
  List<Door> patientDoors(List<String> others) {
    return others.isEmpty()
        ? List.of(patientDoor())
        : others.stream().map(it -> door(it, 600)).toList();
  }

  private Door door(int seconds) {
    String named = admin;
    return door(named != null ? named : Files.exists(SOCKET) ? SOCKET.toString() : URL, seconds);
  }

  private Door door(String address, int seconds) {
    Duration wait = Duration.ofSeconds(timeoutSeconds > 0 ? timeoutSeconds : seconds);
    try {
      return new Door(new PlainClient(address, wait, Optional.empty()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--admin: " + e.getMessage(), e);
    }
  }
}
