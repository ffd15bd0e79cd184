package oca.protocol.records;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import oca.protocol.records.Outlet.Fate;
import oca.protocol.records.Outlet.Sent;
import oca.protocol.records.Spool.Frame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in a spool, on a thread of its own, until all of it is taken. A few messages are
 * under way at once; what fails is sent again after a pause that doubles.
 */
final class SpoolSender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpoolSender.class);
  private static final int MOST_MESSAGES = 64;
  private static final long MOST_BYTES = 4 << 20;
  private static final Duration LOOK = Duration.ofMillis(500);

  private final String kind;
  private final Spool spool;
  private final Outlet outlet;
  private final Duration backoff;
  private final Duration backoffMax;
  private final Deque<Frame> window = new ArrayDeque<>();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean failing;

  /** Begins to send. */
  SpoolSender(String kind, Spool spool, Outlet outlet, Duration backoff, Duration backoffMax) {
    this.kind = kind;
    this.spool = spool;
    this.outlet = outlet;
    this.backoff = backoff;
    this.backoffMax = backoffMax;
    this.thread = Thread.ofPlatform().daemon().name("records-send-" + kind).start(this::run);
  }

  long delivered() {
    return delivered.sum();
  }

  long failures() {
    return failures.sum();
  }

  boolean failing() {
    return failing;
  }

  /**
   * Tries once more, at once, whatever failed before; waits until all is sent or that fails, for at
   * most {@code patience}; then ends.
   */
  void close(Duration patience) {
    closing.countDown();
    try {
      if (!thread.join(patience)) {
        close();
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      var _ = thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = backoff;
    try {
      while (true) {
        // What failed before it was closed is tried once more.
        boolean last = isClosing();
        boolean went = step();
        if (last && (failing || (window.isEmpty() && spool.isEmpty()))) {
          return;
        }
        if (went) {
          pause = backoff;
        } else {
          var _ = closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
          pause = pause.multipliedBy(2);
          pause = pause.compareTo(backoffMax) < 0 ? pause : backoffMax;
        }
      }
    } catch (InterruptedException e) {
      // What was not sent stays in the spool.
      log.debug("sending {} records was ended", kind);
    } finally {
      outlet.close();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Sends what there is; false when some of it was not taken. */
  private boolean step() throws InterruptedException {
    try {
      look();
      if (window.isEmpty()) {
        if (!isClosing()) {
          spool.await(LOOK);
        }
        return true;
      }
      Sent sent = outlet.send(window.stream().map(Frame::message).toList());
      take(sent.fates());
      if (!sent.why().isEmpty()) {
        fail(sent.why());
        return window.isEmpty();
      }
      if (failing) {
        failing = false;
        log.info("{} records are taken again", kind);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      fail(e.toString());
      return false;
    }
  }

  private void look() throws IOException {
    long bytes = window.stream().mapToLong(frame -> frame.message().length).sum();
    while (window.size() < MOST_MESSAGES && bytes < MOST_BYTES) {
      Frame frame = spool.next();
      if (frame == null) {
        return;
      }
      window.add(frame);
      bytes += frame.message().length;
    }
  }

  /** Takes those out of the window that need not be sent again. */
  private void take(List<Fate> fates) throws IOException {
    List<Fate> known = new ArrayList<>(fates);
    known.addAll(Collections.nCopies(Math.max(0, window.size() - fates.size()), Fate.FAILED));
    Iterator<Frame> frames = window.iterator();
    for (Fate fate : known) {
      Frame frame = frames.next();
      switch (fate) {
        case TAKEN -> {
          frames.remove();
          delivered.add(frame.records());
          spool.done(frame, true);
        }
        case REFUSED -> {
          frames.remove();
          spool.done(frame, false);
        }
        case FAILED -> {
          // It stays, and is sent again.
        }
      }
    }
  }

  private void fail(String why) {
    failures.increment();
    if (!failing) {
      failing = true;
      log.warn("{} records are not taken and wait on disk, trying again: {}", kind, why);
    }
  }
}
