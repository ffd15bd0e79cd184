package oca.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.ConfigInput;
import oca.config.Effective;
import oca.config.Running;
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
  interface Start<C extends Record> {
    Supervised start(Running<C> config) throws Exception;
  }

  /**
   * Starts a process, runs it until SIGTERM, SIGINT or the end of standard input, then closes it.
   * SIGHUP has it read again what it can, see {@link Reloading}. A service manager is told of all
   * this.
   *
   * @throws IOException when the process ended by itself; why
   */
  <C extends Record> int run(Class<C> type, Start<C> process) throws Exception {
    return run(type, process, Signals.stop());
  }

  /** The same of a process whose start may wait long, which the signals break off. */
  <C extends Record> int runThatMayWait(Class<C> type, Start<C> process) throws Exception {
    return runThatMayWait(type, process, Signals.stop());
  }

  /** The same by what stands for the signals. */
  <C extends Record> int runThatMayWait(Class<C> type, Start<C> process, CountDownLatch stop)
      throws Exception {
    Thread starting = Thread.currentThread();
    AtomicBoolean started = new AtomicBoolean();
    try {
      return run(
          type,
          config -> {
            Thread.ofPlatform()
                .daemon()
                .name("start")
                .start(() -> breakOff(starting, started, stop));
            Supervised running = process.start(config);
            synchronized (started) {
              started.set(true);
              var _ = Thread.interrupted();
            }
            return running;
          },
          stop);
    } catch (InterruptedIOException e) {
      if (started.get() || stop.getCount() > 0) {
        throw e;
      }
      return 0;
    }
  }

  private static void breakOff(Thread starting, AtomicBoolean started, CountDownLatch stop) {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (started) {
      if (!started.get()) {
        starting.interrupt();
      }
    }
  }

  <C extends Record> int run(Class<C> type, Start<C> process, CountDownLatch stop)
      throws Exception {
    Supervision supervision = Supervision.of(System.getenv(), ProcessHandle.current().pid());
    Reloading reloading = new Reloading(supervision, Reloading.outcomeFile(System.getenv()));
    Signals.onHangup(reloading::order);
    if (stopOnStdinEof) {
      Thread.ofPlatform().daemon().name("stdin").start(() -> awaitEof(stop));
    }
    Running<C> config = Running.start(() -> load(type), type);
    config.carriedOutBy(reloading::order);
    supervision.note("starting");
    try (Supervised running = process.start(config)) {
      supervision.note(null);
      reloading.serve(
          () ->
              config.read(
                  () -> {
                    LogLevels.check();
                    running.reload();
                    LogLevels.reload();
                  }));
      supervision.ready(running);
      CompletableFuture<IOException> end = running.end().toCompletableFuture();
      var _ = end.thenRun(stop::countDown);
      stop.await();
      supervision.close();
      if (end.isDone()) {
        throw end.join();
      }
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
