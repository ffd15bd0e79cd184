package oca.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
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

  Path config() {
    return config;
  }

  /** Something that {@link #run} starts. */
  interface Start {
    AutoCloseable start() throws Exception;
  }

  /**
   * Starts a process, runs it until SIGTERM, SIGINT or the end of standard input, then closes it.
   */
  int run(Start process) throws Exception {
    CountDownLatch stop = StopSignal.install();
    if (stopOnStdinEof) {
      Thread.ofPlatform().daemon().name("stdin").start(() -> awaitEof(stop));
    }
    AutoCloseable running = process.start();
    stop.await();
    running.close();
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
