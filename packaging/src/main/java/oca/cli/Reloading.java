package oca.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import oca.config.ConfigException;
import oca.config.Effective.Change;
import oca.config.Running.Outcome;
import oca.protocol.service.Supervision;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGHUP and {@code oca config reload} order: the configuration, certificates, keys, tokens
 * and log levels are read again. What is live of the configuration comes into force; all else that
 * changed is named as waiting for a restart.
 *
 * <p>The outcome goes to whoever asked, to the log, to the service manager's status, and to the
 * file {@code reload} in the process's runtime folder, if it has one: a first line {@code done} or
 * {@code refused}, and the reason. A signal cannot be answered, and whoever sent it wants to know.
 *
 * <p>Orders are carried out one after the other, on the thread that brings them.
 */
final class Reloading {
  private static final Logger log = LoggerFactory.getLogger(Reloading.class);

  /** So many keys are named in a line; the log of the process is not for reading all of them. */
  private static final int MOST_NAMED = 20;

  /** Reads all of it again. */
  interface Work {
    /** Does so. */
    Outcome.Done reload() throws IOException, ConfigException;
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
  Outcome order() {
    one.lock();
    try {
      Work carried = work;
      if (carried == null) {
        return refuse("it is still starting");
      }
      Outcome.Done done = carried.reload();
      tell(done);
      return done;
    } catch (ConfigException e) {
      return refuse(e.explained());
    } catch (IOException | RuntimeException e) {
      return refuse(e.getMessage() == null ? e.toString() : e.getMessage());
    } finally {
      one.unlock();
    }
  }

  private void tell(Outcome.Done done) {
    String text = "certificates, keys, tokens and log levels were read again";
    if (!done.changed().isEmpty()) {
      text += "; changed: " + named(done.changed());
    }
    if (done.waiting().isEmpty()) {
      log.info(text);
      supervision.note(null);
    } else {
      text += "; for a restart wait: " + named(done.waiting());
      log.warn(text);
      supervision.note(done.waiting().size() + " changed settings wait for a restart");
    }
    write("done\n" + text + "\n");
  }

  private static String named(List<Change> changes) {
    String names =
        changes.stream().limit(MOST_NAMED).map(Change::toString).collect(Collectors.joining(", "));
    int more = changes.size() - MOST_NAMED;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  private Outcome refuse(String why) {
    log.error("not read again: {}", why);
    supervision.note("reload refused: " + why);
    write("refused\n" + why + "\n");
    return new Outcome.Refused(why);
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
