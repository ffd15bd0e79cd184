package oca.server.records;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes serve records from event loops and posts them in batches.
 *
 * <p>{@link #accept} may be called on any thread and never blocks. One virtual thread posts: as
 * soon as a batch is full, and at the latest after the interval. A batch that is not accepted is
 * sent again under the same sequence, so that the receiver can tell a repetition; meanwhile the
 * ring fills and then drops, and the next batch says how many.
 */
public final class ServeLog implements Consumer<ServeRecord>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServeLog.class);

  private final ApplianceId server;
  private final String bootId;
  private final RecordsConfig config;
  private final ControlClient client;
  private final RecordRing ring;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final @Nullable Thread sender;
  private volatile boolean closing;
  // Only the sender's thread touches these.
  private long sequence;
  private long droppedTold;
  private boolean failing;

  private ServeLog(ApplianceId server, String bootId, RecordsConfig config, ControlClient client) {
    this.server = server;
    this.bootId = bootId;
    this.config = config;
    this.client = client;
    this.ring = new RecordRing(config.target().isPresent() ? config.ring() : 1);
    this.sender =
        config
            .target()
            .map(to -> Thread.ofVirtual().name("serve-log").unstarted(() -> run(to)))
            .orElse(null);
  }

  /**
   * Starts to take records.
   *
   * @param server the sender named in batches
   * @param bootId drawn at this start of the process
   * @param client stays open until this is closed, and is closed by the caller
   */
  public static ServeLog start(
      ApplianceId server, String bootId, RecordsConfig config, ControlClient client) {
    ServeLog serveLog = new ServeLog(server, bootId, config, client);
    if (serveLog.sender != null) {
      serveLog.sender.start();
    }
    return serveLog;
  }

  /** Takes a record, or drops and counts it when the ring is full. Any thread, never blocks. */
  @Override
  public void accept(ServeRecord record) {
    accepted.increment();
    if (sender == null) {
      return;
    }
    if (closing || !ring.offer(record)) {
      dropped.increment();
    } else if (ring.size() % config.batch() == 0) {
      // At each multiple: two writers at once may both step over one, not over all that follow.
      LockSupport.unpark(sender);
    }
  }

  /** Records offered since the start, dropped ones included. */
  public long accepted() {
    return accepted.sum();
  }

  /** Records dropped since the start: the ring was full, or their batch was given up. */
  public long dropped() {
    return dropped.sum();
  }

  /** Posts that failed since the start. */
  public long failures() {
    return failures.sum();
  }

  /** Sends what is in the ring, for at most the configured time; what cannot be sent is dropped. */
  @Override
  public void close() {
    closing = true;
    if (sender == null) {
      return;
    }
    LockSupport.unpark(sender);
    try {
      if (!sender.join(config.flush())) {
        sender.interrupt();
        sender.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run(URI target) {
    boolean goOn = true;
    while (goOn && !closing) {
      if (ring.size() < config.batch()) {
        LockSupport.parkNanos(config.interval().toNanos());
      }
      goOn = sendBatches(target);
    }
    while (goOn && ring.size() > 0) {
      goOn = sendBatches(target);
    }
    long left = ring.size();
    dropped.add(left);
    if (left > 0) {
      log.warn("{} serve records were not sent before closing", left);
    }
  }

  /** Sends what is in the ring now; false when closing and the target does not take it. */
  private boolean sendBatches(URI target) {
    for (int left = ring.size(); left > 0; left -= config.batch()) {
      List<ServeRecord> records = take();
      if (records.isEmpty()) {
        return true;
      }
      long droppedNow = dropped.sum();
      ServeRecords batch =
          new ServeRecords(server, bootId, ++sequence, droppedNow - droppedTold, records);
      if (post(target, batch)) {
        droppedTold = droppedNow;
      } else {
        dropped.add(records.size());
        if (closing) {
          return false;
        }
      }
    }
    return true;
  }

  private List<ServeRecord> take() {
    List<ServeRecord> records = new ArrayList<>(Math.min(config.batch(), ring.size()));
    while (records.size() < config.batch()) {
      ServeRecord record = ring.poll();
      if (record == null) {
        break;
      }
      records.add(record);
    }
    return records;
  }

  /** Posts until accepted; false when given up after all attempts, or because of closing. */
  private boolean post(URI target, ServeRecords batch) {
    Duration pause = config.backoff();
    for (int attempt = 1; attempt <= config.attempts(); attempt++) {
      try {
        client.post(target, batch);
        noteSuccess(target);
        return true;
      } catch (IOException e) {
        noteFailure(target, e);
      }
      if (closing || attempt == config.attempts()) {
        break;
      }
      LockSupport.parkNanos(pause.toNanos());
      pause = min(pause.multipliedBy(2), config.backoffMax());
    }
    return false;
  }

  private void noteSuccess(URI target) {
    if (failing) {
      failing = false;
      log.info("{} takes serve records again", target);
    }
  }

  private void noteFailure(URI target, IOException e) {
    failures.increment();
    if (!failing) {
      failing = true;
      log.warn("{} does not take serve records, trying again: {}", target, e.getMessage());
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
