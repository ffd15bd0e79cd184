package oca.cli;

import java.io.IOException;
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

  /** Runs a started process until SIGTERM, SIGINT or the end of standard input, then closes it. */
  int run(AutoCloseable process) throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              awaitQuietly(stopped);
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    if (stopOnStdinEof) {
      Thread.ofPlatform().daemon().name("stdin").start(() -> awaitEof(stop));
    }
    try (process) {
      stop.await();
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private static void awaitEof(CountDownLatch stop) {
    try {
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe is an ended one.
      System.err.println("standard input: " + e.getMessage());
    }
    stop.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
