package oca.server.vitals;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heartbeats to one target, on a virtual thread. */
final class HeartbeatTarget {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatTarget.class);

  private final URI base;
  private final URI heartbeats;
  private final URI inventories;
  private final Duration interval;
  private final HeartbeatSender.Beats beats;
  private final Supplier<Inventory> inventory;
  private final ControlClient client;
  private final LongAdder failures;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean leaving;
  // Only the thread touches these.
  private long sequence;
  private boolean failing;

  HeartbeatTarget(
      URI base,
      Duration interval,
      HeartbeatSender.Beats beats,
      Supplier<Inventory> inventory,
      ControlClient client,
      LongAdder failures) {
    this.base = base;
    this.heartbeats = below(base, "v1/heartbeats");
    this.inventories = below(base, "v1/inventories");
    this.interval = interval;
    this.beats = beats;
    this.inventory = inventory;
    this.client = client;
    this.failures = failures;
    this.thread = Thread.ofVirtual().name("heartbeat-" + base.getAuthority()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void wake() {
    wake.release();
  }

  void leave() {
    leaving = true;
    wake.release();
  }

  /** Waits for the thread to end, then ends it. */
  void await(Duration atMost) {
    try {
      if (!thread.join(atMost)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!leaving) {
        beat(false);
        if (wake.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
      beat(true);
    } catch (InterruptedException e) {
      log.debug("the heartbeats to {} were ended", base);
    }
  }

  private void beat(boolean last) {
    try {
      HeartbeatReply reply =
          client.post(heartbeats, beats.next(++sequence, last), HeartbeatReply.class);
      if (reply.inventoryWanted() && !last) {
        client.post(inventories, inventory.get());
      }
      if (failing) {
        failing = false;
        log.info("{} takes heartbeats again", base);
      }
    } catch (IOException e) {
      failures.increment();
      if (!failing) {
        failing = true;
        log.warn("{} does not take heartbeats, trying again: {}", base, e.getMessage());
      }
    }
  }

  private static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text + path : text + "/" + path);
  }
}
