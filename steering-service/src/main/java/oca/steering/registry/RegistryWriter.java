package oca.steering.registry;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to the registry's database: connects, reads, writes what waits, and
 * begins again when anything fails. It is never interrupted, because H2 closes its file when the
 * thread that reads it is.
 */
final class RegistryWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RegistryWriter.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final long CLOSE_SECONDS = 5;

  private final ConnectionSource source;
  private final Registry registry;
  private final Backlog backlog;
  private final Registry.Settings settings;
  private final Thread thread;
  private final LongAdder written = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile String fault = "not tried yet";
  private @Nullable RegistryDatabase database;
  private long last;

  RegistryWriter(
      ConnectionSource source, Registry registry, Backlog backlog, Registry.Settings settings) {
    this.source = source;
    this.registry = registry;
    this.backlog = backlog;
    this.settings = settings;
    this.thread = Thread.ofPlatform().daemon().name("registry-writer").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isConnected() {
    return fault.isEmpty();
  }

  /** Why it is not connected; empty when it is. */
  String fault() {
    return fault;
  }

  long written() {
    return written.sum();
  }

  long failures() {
    return failures.sum();
  }

  @Override
  public void close() {
    backlog.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      if (thread.isAlive()) {
        log.warn("the registry's database takes more than {} s; closing without it", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        try {
          boolean goOn = step();
          pause = FIRST_PAUSE;
          if (!goOn) {
            return;
          }
        } catch (Migrations.NewerException e) {
          failed(e);
          // As long as it lasts nothing is written; at a start it ends the start.
          registry.refused(e.told());
          backlog.pause(settings.retryAtMost().toNanos());
          if (backlog.isClosed()) {
            return;
          }
        } catch (SQLException | RuntimeException e) {
          failed(e);
          if (backlog.isClosed()) {
            return;
          }
          backlog.pause(pause.toNanos());
          Duration next = pause.multipliedBy(2);
          pause = next.compareTo(settings.retryAtMost()) < 0 ? next : settings.retryAtMost();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  /** One look or one write; false at the end. */
  private boolean step() throws SQLException, InterruptedException {
    RegistryDatabase open = database;
    if (open == null) {
      open = RegistryDatabase.open(source);
      database = open;
      reload(open);
      log.info("the registry's database answers; its newest change is {}", last);
    }
    List<Backlog.Waiting> batch = backlog.oldest(settings.refresh().toNanos());
    if (!batch.isEmpty()) {
      open.append(batch.stream().map(Backlog.Waiting::line).toList());
      last = batch.getLast().line().change().number();
      written.add(batch.size());
      backlog.done(batch);
      return true;
    }
    if (backlog.isClosed()) {
      return false;
    }
    if (open.last() != last) {
      reload(open);
    }
    return true;
  }

  private void reload(RegistryDatabase open) throws SQLException {
    Book stored = open.load(settings.book().changes());
    last = stored.last();
    // Who waits for the first reading is to find it connected.
    fault = "";
    registry.rebase(stored);
  }

  private void failed(Exception e) {
    failures.increment();
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (fault.isEmpty() || !fault.equals(why)) {
      log.warn("the registry's database fails, changes wait in memory: {}", why);
      log.debug("in full", e);
    }
    fault = why.isEmpty() ? e.getClass().getSimpleName() : why;
    disconnect();
  }

  private void disconnect() {
    RegistryDatabase open = database;
    database = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("a connection to the registry's database did not close", e);
      }
    }
  }
}
