package oca.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * Reads logback's configuration again when it is a file of the operator's, named by the system
 * property {@code logback.configurationFile}. A file with faults is tried apart first, so that it
 * does not silence a process that runs.
 */
final class LogLevels {
  private LogLevels() {}

  /**
   * Reads it again.
   *
   * @throws IOException when the file is not fit, and logging goes on as before
   */
  static void reload() throws IOException {
    String file = System.getProperty("logback.configurationFile", "");
    if (file.isEmpty() || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext live)) {
      return;
    }
    check();
    live.reset();
    configure(live, Path.of(file));
  }

  /**
   * Tries it apart.
   *
   * @throws IOException when the file is not fit
   */
  static void check() throws IOException {
    String file = System.getProperty("logback.configurationFile", "");
    if (!file.isEmpty()) {
      LoggerContext trial = new LoggerContext();
      configure(trial, Path.of(file));
      trial.stop();
    }
  }

  private static void configure(LoggerContext context, Path file) throws IOException {
    long before = System.currentTimeMillis();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(file.toFile());
    } catch (JoranException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    String faults =
        context.getStatusManager().getCopyOfStatusList().stream()
            .filter(it -> it.getTimestamp() >= before && it.getEffectiveLevel() == Status.ERROR)
            .map(Status::getMessage)
            .collect(Collectors.joining("; "));
    if (!faults.isEmpty()) {
      throw new IOException(file + ": " + faults);
    }
  }
}
