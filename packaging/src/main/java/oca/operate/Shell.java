package oca.operate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the system that are asked for what only they know. */
interface Shell {
  /** The most that is read of what one of them prints. */
  int MOST = 8 << 20;

  /** What it printed; empty when it is not there, failed, or took longer than it may. */
  Optional<String> run(List<String> command);

  /** That of this machine: no shell interprets the words, standard error is thrown away. */
  static Shell system(Duration most) {
    return command -> {
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
      } catch (IOException e) {
        // Not installed, which is an answer too.
        return Optional.empty();
      }
      Thread guard =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                        process.destroyForcibly();
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      try (InputStream printed = process.getInputStream()) {
        String text = new String(printed.readNBytes(MOST), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
      } catch (IOException e) {
        // It was ended because it took too long.
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } finally {
        process.destroyForcibly();
        guard.interrupt();
      }
    };
  }
}
