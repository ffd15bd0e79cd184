package oca.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import oca.operate.OutputOptions;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.UnreachedException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which running controller a subcommand of {@code oca fill} asks, and how it answers. */
final class ControllerOptions {
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--controller",
      paramLabel = "URL",
      defaultValue = "${env:OCA_CONTROLLER:-http://127.0.0.1:8450}",
      description =
          "the fill controller; default OCA_CONTROLLER of the environment, else"
              + " http://127.0.0.1:8450")
  private URI controller = URI.create("http://127.0.0.1:8450");

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "for the answer; default 120, as a large fleet takes a while to plan")
  private int timeoutSeconds = 120;

  /** Where a person's answer goes. */
  PrintWriter out() {
    return output.out();
  }

  /** What the answer says, for people. */
  PlanTables tables() {
    return new PlanTables(output.out(), output.style());
  }

  /** How an answer is shown to people. */
  interface Show<T> {
    void show(T answer);
  }

  <T> void get(String path, Class<T> type, Show<T> show) throws IOException {
    try (ControlClient client = new ControlClient(Duration.ofSeconds(timeoutSeconds))) {
      tell(client.get(controller.resolve(path), type), show);
    } catch (IOException e) {
      throw explained(e);
    }
  }

  <T> void post(String path, Class<T> type, Show<T> show) throws IOException {
    try (ControlClient client = new ControlClient(Duration.ofSeconds(timeoutSeconds))) {
      tell(client.post(controller.resolve(path), Map.of(), type), show);
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** Whether nobody answered is told by its status, too. */
  private IOException explained(IOException e) {
    return e.getCause() instanceof ConnectException || e.getCause() instanceof HttpTimeoutException
        ? new UnreachedException(
            "the fill controller does not answer at " + controller + "; name it by --controller", e)
        : e;
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private <T> void tell(T answer, Show<T> show) {
    if (output.isJson()) {
      out().print(new String(Wire.writePretty(answer), StandardCharsets.UTF_8));
    } else {
      show.show(answer);
    }
    out().flush();
  }
}
