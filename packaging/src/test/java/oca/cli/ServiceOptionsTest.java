package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import oca.config.Default;
import oca.protocol.service.Supervised;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServiceOptionsTest {
  @TempDir Path folder;
  private final CountDownLatch stop = new CountDownLatch(1);

  record Settings(@Default("1") int number) {}

  /** A process that does nothing until it ends by itself. */
  private static final class Idle implements Supervised {
    final CompletableFuture<IOException> end = new CompletableFuture<>();
    boolean closed;

    @Override
    public Optional<String> standstill(Duration patience) {
      return Optional.empty();
    }

    @Override
    public String summary() {
      return "idle";
    }

    @Override
    public void reload() {
      // It has nothing that could be read again.
    }

    @Override
    public CompletionStage<IOException> end() {
      return end;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void run_processThatEndsByItself_isClosedAndTheReasonThrown() throws Exception {
    Idle process = new Idle();
    IOException why = new IOException("its database went on without it");
    process.end.complete(why);
    assertSame(
        why,
        assertThrows(IOException.class, () -> options().run(Settings.class, _ -> process, stop)));
    assertTrue(process.closed);
  }

  @Test
  void runThatMayWait_stoppedWhenItHasStarted_isClosed() throws Exception {
    Idle process = new Idle();
    assertEquals(
        0,
        options()
            .runThatMayWait(
                Settings.class,
                _ -> {
                  stop.countDown();
                  return process;
                },
                stop));
    assertTrue(process.closed);
    assertFalse(Thread.interrupted());
  }

  @Test
  void runThatMayWait_stoppedWhileItWaits_ends() throws Exception {
    assertEquals(
        0,
        options()
            .runThatMayWait(
                Settings.class,
                _ -> {
                  stop.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    throw new InterruptedIOException("stopped while standing by");
                  }
                  throw new AssertionError("it waits for nothing");
                },
                stop));
  }

  private ServiceOptions options() throws IOException {
    Path file = Files.writeString(folder.resolve("settings.yaml"), "number: 2\n");
    ServiceOptions options = new ServiceOptions();
    new CommandLine(options).parseArgs("--config", file.toString());
    return options;
  }
}
