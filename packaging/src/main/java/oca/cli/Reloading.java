package oca.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import oca.config.ConfigException;
import oca.protocol.service.Supervision;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGHUP orders: certificates, keys, tokens and log levels are read again. All else that
 * changed in the configuration is named as waiting for a restart.
 *
 * <p>The outcome goes to the log, to the service manager's status, and to the file {@code reload}
 * in the process's runtime folder, if it has one: a first line {@code done} or {@code refused}, and
 * the reason. A signal cannot be answered, and whoever sent it wants to know.
 *
 * <p>Orders are carried out one after the other, on the thread that brings them.
 */
final class Reloading {
  private static final Logger log = LoggerFactory.getLogger(Reloading.class);

  /** Reads all of it again. */
  interface Work {
    /**
     * Does so.
     *
     * @return what has changed in the configuration and waits for a restart
     */
    List<String> reload() throws IOException, ConfigException;
  }

  private final Supervision supervision;
  private final Optional<Path> outcome;
  private final ReentrantLock one = new ReentrantLock();
  private @Nullable Work work;

  Reloading(Supervision supervision, Optional<Path> outcome) {
    this.supervision = supervision;
    this.outcome = outcome;
  }

  /** By RUNTIME_DIRECTORY, which the service manager sets; the first when there are several. */
  static Optional<Path> outcomeFile(Map<String, String> environment) {
    String folders = environment.getOrDefault("RUNTIME_DIRECTORY", "");
    return folders.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(folders.split(":", 2)[0], "reload"));
  }

  /** Carries orders out from now on. Before, they are refused. */
  void serve(Work given) {
    one.lock();
    try {
      work = given;
    } finally {
      one.unlock();
    }
  }

  /** Carries one order out. Throws nothing: the outcome is told. */
  void order() {
    one.lock();
    try {
      Work carried = work;
      if (carried == null) {
        refuse("it is still starting");
        return;
      }
      List<String> waiting = carried.reload();
      LogLevels.reload();
      String done = "certificates, keys, tokens and log levels were read again";
      if (waiting.isEmpty()) {
        log.info(done);
        supervision.note(null);
      } else {
        done += "; for a restart wait: " + String.join(", ", waiting);
        log.warn(done);
        supervision.note(waiting.size() + " changed settings wait for a restart");
      }
      write("done\n" + done + "\n");
    } catch (IOException | ConfigException | RuntimeException e) {
      refuse(e.getMessage() == null ? e.toString() : e.getMessage());
    } finally {
      one.unlock();
    }
  }

  private void refuse(String why) {
    log.error("not read again: {}", why);
    supervision.note("reload refused: " + why);
    write("refused\n" + why + "\n");
  }

  /** Whole or not at all, for somebody waits for it. */
  private void write(String text) {
    if (outcome.isEmpty()) {
      return;
    }
    Path file = outcome.get();
    try {
      Path next = file.resolveSibling("reload.next");
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.error("the outcome of the reload could not be written: {}", e.getMessage());
    }
  }
}
