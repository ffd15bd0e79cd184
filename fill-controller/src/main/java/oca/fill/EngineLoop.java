package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import oca.fill.jobs.FillEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the engine its time, on a thread of its own: sleeps until something is due or was told. */
final class EngineLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
  private static final long AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(200);

  private final FillEngine engine;
  private final Semaphore nudge = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;
  private volatile String fault = "the database of jobs has not been reached yet";

  EngineLoop(FillEngine engine) {
    this.engine = engine;
    this.thread = Thread.ofVirtual().name("fill-engine").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Something has changed in the book; any thread. */
  void changed() {
    engine.lookSoon();
    nudge.release();
  }

  /** Why the engine does not work at present; empty when it does. */
  String fault() {
    return fault;
  }

  @Override
  public void close() {
    closed = true;
    nudge.release();
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        log.warn("the engine does not end; leaving it behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean joined = false;
    try {
      while (!closed) {
        long wait = AFTER_FAILURE;
        try {
          if (!joined) {
            engine.start();
            joined = true;
          }
          wait = Math.min(LONGEST, engine.tick());
          fault = "";
        } catch (IOException | RuntimeException e) {
          if (fault.isEmpty()) {
            log.warn("fill jobs wait: {}", e.getMessage());
          }
          fault = String.valueOf(e.getMessage());
        }
        if (nudge.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
          nudge.drainPermits();
        }
      }
      engine.stop();
    } catch (IOException e) {
      log.info("slots were not laid down; others take them when the leases run out");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
