package oca.server.vitals;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import oca.protocol.HeartbeatReply;
import oca.protocol.InventoryDelta;
import oca.protocol.http.ControlClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeats to one target, on a virtual thread, and what is held on another: an inventory that
 * takes seconds must not cost the lease.
 */
final class HeartbeatTarget {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatTarget.class);

  private final URI base;
  private final URI heartbeats;
  private final URI inventories;
  private final URI deltas;
  private final Supplier<HeartbeatConfig> settings;
  private final HeartbeatSender.Beats beats;
  private final HeldJournal journal;
  private final ControlClient client;
  private final DoubleSupplier random;
  private final LongAdder failures;
  private final Consumer<URI> onOrders;
  private final LongConsumer onManifest;
  private final Semaphore wake = new Semaphore(0);
  private final AtomicBoolean telling = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean leaving;
  private volatile @Nullable Thread teller;
  // Only the thread touches these.
  private long sequence;
  private boolean failing;

  /**
   * A target that is not beaten yet.
   *
   * @param random from 0 to 1, for the jitter
   * @param onOrders given {@code base} when orders wait there
   * @param onManifest given the version of the newest manifest
   */
  HeartbeatTarget(
      URI base,
      Supplier<HeartbeatConfig> settings,
      HeartbeatSender.Beats beats,
      HeldJournal journal,
      ControlClient client,
      DoubleSupplier random,
      LongAdder failures,
      Consumer<URI> onOrders,
      LongConsumer onManifest) {
    this.base = base;
    this.heartbeats = below(base, "v1/heartbeats");
    this.inventories = below(base, "v1/inventories");
    this.deltas = below(base, "v1/inventory-deltas");
    this.settings = settings;
    this.beats = beats;
    this.journal = journal;
    this.client = client;
    this.random = random;
    this.failures = failures;
    this.onOrders = onOrders;
    this.onManifest = onManifest;
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
    Thread last = teller;
    if (last != null) {
      last.interrupt();
    }
  }

  private void run() {
    try {
      while (!leaving) {
        long began = System.nanoTime();
        beat(false);
        long left = interval() - (System.nanoTime() - began);
        if (wake.tryAcquire(Math.max(0, left), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
      beat(true);
    } catch (InterruptedException e) {
      log.debug("the heartbeats to {} were ended", base);
    }
  }

  /** Nanoseconds from this heartbeat to the next, drawn anew each time. */
  private long interval() {
    HeartbeatConfig config = settings.get();
    double stretch = 1 + config.jitter() * (2 * random.getAsDouble() - 1);
    return Math.round(config.interval().toNanos() * stretch);
  }

  private void beat(boolean last) {
    try {
      HeartbeatReply reply =
          client.post(
              heartbeats,
              beats.next(++sequence, last),
              HeartbeatReply.class,
              settings.get().timeout());
      if (reply.inventoryWanted() && !last) {
        tell(reply);
      }
      if (Boolean.TRUE.equals(reply.ordersWaiting()) && !last) {
        onOrders.accept(base);
      }
      if (reply.manifestVersion() != null && !last) {
        onManifest.accept(reply.manifestVersion());
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

  /** Tells what is held, unless that is still under way from a heartbeat before. */
  private void tell(HeartbeatReply reply) {
    if (telling.compareAndSet(false, true)) {
      teller =
          Thread.ofVirtual()
              .name("inventory-" + base.getAuthority())
              .start(() -> tellNow(reply.deltaFrom()));
    }
  }

  private void tellNow(@Nullable Long from) {
    try {
      Optional<InventoryDelta> delta = from == null ? Optional.empty() : journal.since(from);
      if (delta.isPresent()) {
        client.post(deltas, delta.get());
      } else {
        client.post(inventories, journal.inventory());
      }
    } catch (InterruptedIOException e) {
      log.debug("telling {} what is held was ended", base);
    } catch (IOException e) {
      // The next heartbeat's reply asks again.
      failures.increment();
      log.warn("{} does not take what is held: {}", base, e.getMessage());
    } finally {
      telling.set(false);
    }
  }

  private static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text + path : text + "/" + path);
  }
}
