package oca.fill;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import oca.fill.jobs.Answer;
import oca.fill.jobs.FillEngine;
import oca.protocol.FillReport;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlCredentials;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what appliances tell this controller to the jobs of the one that decides for them: this
 * one, or another over HTTP. A report that could not be brought is tried again; of too many the
 * oldest is dropped and counted, for inventories say the same of what is held. Safe on any thread.
 */
final class Forwarding implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Forwarding.class);
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final int MOST_WAITING = 1_000;

  private final FillEngine engine;
  private final ControlClient client;
  private final Deque<FillReport> waiting = new ArrayDeque<>();
  private long lost;

  Forwarding(FillEngine engine, ControlCredentials credentials) throws IOException {
    this.engine = engine;
    this.client = new ControlClient(LONGEST, credentials);
  }

  /** Enters a report if this controller decides; false when it waits for {@link #again}. */
  boolean reported(FillReport report) {
    try {
      if (engine.reported(report) instanceof Answer.Taken) {
        return true;
      }
    } catch (IOException e) {
      log.info("a fill report waits for the database of jobs: {}", e.getMessage());
    }
    keep(report);
    return false;
  }

  /** Tries again what waits, until one cannot be brought. May block for seconds. */
  void again() throws IOException {
    for (FillReport report = take(); report != null; report = take()) {
      try {
        if (engine.reported(report) instanceof Answer.Elsewhere elsewhere) {
          forward(elsewhere, "/v1/fill/reports", report);
        }
      } catch (IOException | RuntimeException e) {
        keep(report);
        throw e;
      }
    }
  }

  /**
   * Enters or forwards an inventory.
   *
   * @throws IOException when it could not be brought
   */
  void inventory(Inventory inventory) throws IOException {
    Answer answer = engine.inventory(inventory.appliance(), Set.copyOf(inventory.held()));
    if (answer instanceof Answer.Elsewhere elsewhere) {
      forward(elsewhere, "/v1/fill/inventories", inventory);
    }
  }

  /** Reports dropped since the start. */
  synchronized long lost() {
    return lost;
  }

  @Override
  public void close() {
    client.close();
  }

  private void forward(Answer.Elsewhere to, String path, Object message) throws IOException {
    if (to.address().isEmpty()) {
      throw new IOException("nobody decides for the appliance just now");
    }
    var _ = client.post(URI.create(to.address() + path), message);
  }

  private synchronized void keep(FillReport report) {
    if (waiting.size() >= MOST_WAITING) {
      waiting.removeFirst();
      lost++;
    }
    waiting.addLast(report);
  }

  private synchronized @Nullable FillReport take() {
    return waiting.pollFirst();
  }
}
