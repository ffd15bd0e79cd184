package oca.protocol.records;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import oca.model.ApplianceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink with its ring and its thread.
 *
 * <p>The thread takes a batch as soon as there is a full one, and at the latest after the interval,
 * and offers it until it is taken or given up; meanwhile the ring fills, and then drops. It is a
 * platform thread, for a disk that hangs would keep a virtual one's carrier, which others need.
 */
final class RecordFeed<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordFeed.class);

  private final ApplianceId server;
  private final String bootId;
  private final RecordSink<T> sink;
  private final RecordsConfig config;
  private final Duration interval;
  private final RecordRing<T> ring;
  private final LongAdder written = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder givenUp = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile boolean failing;
  // Only the thread touches these.
  private long sequence;
  private long droppedTold;

  /** Begins to feed. */
  RecordFeed(
      ApplianceId server,
      String bootId,
      RecordSink<T> sink,
      RecordsConfig config,
      Duration interval) {
    this.server = server;
    this.bootId = bootId;
    this.sink = sink;
    this.config = config;
    this.interval = interval;
    this.ring = new RecordRing<>(config.ring());
    this.thread = Thread.ofPlatform().daemon().name("records-" + sink.name()).start(this::run);
  }

  /** Takes a record, or drops and counts it. Any thread, never blocks. */
  void offer(T record) {
    long at = closing ? RecordRing.FULL : ring.offer(record);
    if (at == RecordRing.FULL) {
      refused.increment();
    } else if (ring.isAwaited(at)) {
      LockSupport.unpark(thread);
    }
  }

  /** Records offered since the start, dropped ones included. */
  long offered() {
    return ring.offered() + refused.sum();
  }

  /** Records that will never be where they go. What is in the ring at the end stays there. */
  long dropped() {
    return refused.sum() + givenUp.sum() + sink.lost() + (ended ? ring.size() : 0);
  }

  SinkStatus status() {
    return new SinkStatus(
        sink.name(),
        written.sum(),
        dropped(),
        failures.sum(),
        failing,
        ended ? 0 : ring.size(),
        ring.capacity());
  }

  /** Takes no more; what waits has the configured time to be taken by the sink. */
  void beginClose() {
    closing = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {
    beginClose();
    try {
      if (!thread.join(config.flush())) {
        thread.interrupt();
        if (!thread.join(Duration.ofSeconds(1))) {
          log.warn("the sink {} of records does not end; it is left behind", sink.name());
        }
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean goOn = true;
    while (goOn && !closing) {
      tick();
      if (!closing && ring.await(config.batch())) {
        LockSupport.parkNanos(interval.toNanos());
      }
      goOn = writeWhatWaits();
    }
    while (goOn && ring.size() > 0) {
      goOn = writeWhatWaits();
    }
    int left = ring.size();
    ended = true;
    if (left > 0) {
      log.warn("{} records were not taken by {} before closing", left, sink.name());
    }
    try {
      sink.close();
    } catch (IOException | RuntimeException e) {
      noteFailure(e);
    }
  }

  private void tick() {
    try {
      sink.tick();
    } catch (IOException e) {
      noteFailure(e);
    } catch (RuntimeException e) {
      noteFailure(e);
      log.error("the sink {} of records failed", sink.name(), e);
    }
  }

  /** Writes what is in the ring now; false when closing and the sink does not take it. */
  private boolean writeWhatWaits() {
    for (int left = ring.size(); left > 0; left -= config.batch()) {
      List<T> records = take();
      if (records.isEmpty()) {
        return true;
      }
      long droppedNow = refused.sum() + givenUp.sum();
      if (write(new RecordBatch<>(server, bootId, ++sequence, droppedNow - droppedTold, records))) {
        written.add(records.size());
        droppedTold = droppedNow;
      } else {
        givenUp.add(records.size());
        if (closing) {
          return false;
        }
      }
    }
    return true;
  }

  private List<T> take() {
    List<T> records = new ArrayList<>(Math.min(config.batch(), ring.size()));
    while (records.size() < config.batch()) {
      T record = ring.poll();
      if (record == null) {
        break;
      }
      records.add(record);
    }
    return records;
  }

  /** Offers a batch until it is taken; false when given up after all attempts, or by closing. */
  private boolean write(RecordBatch<T> batch) {
    Duration pause = config.backoff();
    for (int attempt = 1; attempt <= config.attempts(); attempt++) {
      try {
        sink.write(batch);
        noteSuccess();
        return true;
      } catch (IOException e) {
        noteFailure(e);
      } catch (RuntimeException e) {
        // Not the place's fault but this batch's: another try would end the same way.
        noteFailure(e);
        log.error("a batch of records was given up by {}", sink.name(), e);
        return false;
      }
      if (closing || attempt == config.attempts()) {
        break;
      }
      LockSupport.parkNanos(pause.toNanos());
      pause = min(pause.multipliedBy(2), config.backoffMax());
    }
    return false;
  }

  private void noteSuccess() {
    if (failing) {
      failing = false;
      log.info("records are taken by {} again", sink.name());
    }
  }

  private void noteFailure(Exception e) {
    failures.increment();
    if (!failing) {
      failing = true;
      log.warn("records are not taken by {}, trying again: {}", sink.name(), e.toString());
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
