package oca.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which running controller a subcommand of {@code oca fill} asks, and how it answers. */
final class ControllerOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--controller",
      paramLabel = "URL",
      description = "the fill controller; default http://127.0.0.1:8450")
  private URI controller = URI.create("http://127.0.0.1:8450");

  @Option(names = "--json", description = "the controller's answer as it is, for programs")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "for the answer; default 120, as a large fleet takes a while to plan")
  private int timeoutSeconds = 120;

  /** Where a person's answer goes. */
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** How an answer is shown to people. */
  interface Show<T> {
    void show(T answer);
  }

  <T> void get(String path, Class<T> type, Show<T> show) throws IOException {
    try (ControlClient client = new ControlClient(Duration.ofSeconds(timeoutSeconds))) {
      tell(client.get(controller.resolve(path), type), show);
    }
  }

  <T> void post(String path, Class<T> type, Show<T> show) throws IOException {
    try (ControlClient client = new ControlClient(Duration.ofSeconds(timeoutSeconds))) {
      tell(client.post(controller.resolve(path), Map.of(), type), show);
    }
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private <T> void tell(T answer, Show<T> show) {
    if (json) {
      out().print(new String(Wire.writePretty(answer), StandardCharsets.UTF_8));
    } else {
      show.show(answer);
    }
    out().flush();
  }
}
