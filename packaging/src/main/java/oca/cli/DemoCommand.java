package oca.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import oca.demo.Demo;
import oca.demo.DemoOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code oca demo}: the whole loop on this machine. */
@Command(
    name = "demo",
    description = {
      "Run an origin, four appliances, a fill controller and steering on this machine, with"
          + " viewers.",
      "Open the printed URL to watch; Ctrl-C ends everything and leaves nothing behind."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--check",
      description =
          "run two days and a kill -9 without a browser, print one JSON line, exit 0 when all held"
              + " and 1 when not")
  private boolean check;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8440",
      description = "the first of five ports used in 127.0.0.0/24 (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--day",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "how long a day lasts (default: ${DEFAULT-VALUE})")
  private int daySeconds;

  @Option(
      names = "--sessions",
      paramLabel = "RATE",
      defaultValue = "25",
      description = "viewers that arrive per second, the day's mean (default: ${DEFAULT-VALUE})")
  private double sessionsPerSecond;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of catalogue and demand (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description =
          "where to put some 700 MiB while it runs (default: a new folder in the temporary folder)")
  private @Nullable Path work;

  @Override
  public Integer call() throws Exception {
    String home = System.getProperty("oca.home");
    if (home == null) {
      throw new IllegalStateException(
          "the system property oca.home must name the packaging folder");
    }
    DemoOptions options =
        new DemoOptions(Path.of(home), work, port, daySeconds, sessionsPerSecond, seed);
    CountDownLatch stop = Signals.stop();
    return check ? Demo.check(options, stop) : Demo.show(options, stop);
  }
}
