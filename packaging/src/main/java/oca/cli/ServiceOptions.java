package oca.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.ConfigInput;
import oca.config.Effective;
import oca.protocol.service.Supervised;
import oca.protocol.service.Supervision;
import picocli.CommandLine.Option;

/** What the commands that run a process have in common: a configuration file and a way to stop. */
final class ServiceOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "the YAML file that configures the process")
  private Path config = Path.of("");

  @Option(
      names = "--stop-on-stdin-eof",
      description =
          "stop when standard input ends, so that the process never outlives the supervisor at its"
              + " other end")
  private boolean stopOnStdinEof;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "a setting over those of the file, its drop-ins and the environment, such as"
              + " http.maxConnections=100")
  private List<String> settings = List.of();

  /** All that the process is configured by. */
  private <T extends Record> Effective<T> load(Class<T> type) throws ConfigException {
    return ConfigFile.load(new ConfigInput(config, System.getenv(), settings), type);
  }

  /** Something that {@link #run} starts. */
  interface Start<C> {
    Supervised start(C config) throws Exception;
  }

  /**
   * Starts a process, runs it until SIGTERM, SIGINT or the end of standard input, then closes it.
   * SIGHUP has it read again what it can, see {@link Reloading}. A service manager is told of all
   * this.
   */
  <C extends Record> int run(Class<C> type, Start<C> process) throws Exception {
    CountDownLatch stop = Signals.stop();
    Supervision supervision = Supervision.of(System.getenv(), ProcessHandle.current().pid());
    Reloading reloading = new Reloading(supervision, Reloading.outcomeFile(System.getenv()));
    Signals.onHangup(reloading::order);
    if (stopOnStdinEof) {
      Thread.ofPlatform().daemon().name("stdin").start(() -> awaitEof(stop));
    }
    Effective<C> read = load(type);
    supervision.note("starting");
    try (Supervised running = process.start(read.config())) {
      supervision.note(null);
      reloading.serve(
          () -> {
            // First of all, so that a configuration of no use changes nothing.
            Effective<C> now = load(type);
            running.reload();
            return now.changesSince(read).stream().map(Effective.Change::toString).toList();
          });
      supervision.ready(running);
      stop.await();
      supervision.close();
    }
    return 0;
  }

  private static void awaitEof(CountDownLatch stop) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe is an ended one.
      System.err.println("standard input: " + e.getMessage());
    }
    stop.countDown();
  }
}
