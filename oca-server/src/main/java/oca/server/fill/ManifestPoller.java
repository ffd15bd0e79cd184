package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import oca.model.ApplianceId;
import oca.protocol.FillManifest;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlClient.Versioned;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the controller's manifest at an interval, on a virtual thread of its own, and hands each
 * new one on. With the controller down the last manifest stays in force.
 */
final class ManifestPoller {
  private static final Logger log = LoggerFactory.getLogger(ManifestPoller.class);

  /** What a look led to. Called on the poller's thread. */
  interface Listener {
    /** A manifest with another ETag than the one before. */
    void changed(FillManifest manifest);

    /** The manifest is as it was. */
    void unchanged();
  }

  private final ApplianceId appliance;
  private final URI manifest;
  private final Duration interval;
  private final ControlClient client;
  private final Listener listener;
  private final LongAdder failures = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Semaphore soon = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("manifest").unstarted(this::run);
  // Only the thread touches these.
  private @Nullable String etag;
  private @Nullable FillManifest last;
  private boolean failing;

  ManifestPoller(
      ApplianceId appliance,
      URI manifest,
      Duration interval,
      ControlClient client,
      Listener listener) {
    this.appliance = appliance;
    this.manifest = manifest;
    this.interval = interval;
    this.client = client;
    this.listener = listener;
  }

  void start() {
    thread.start();
  }

  long failures() {
    return failures.sum();
  }

  /** Looks at once, and not only at the next interval. */
  void lookSoon() {
    soon.release();
  }

  void close() {
    closing.countDown();
    thread.interrupt();
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        look();
        if (soon.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS)) {
          soon.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      log.debug("the manifest is no longer looked at");
    }
  }

  private void look() {
    try {
      Optional<Versioned<FillManifest>> found =
          client.getIfChanged(manifest, etag, FillManifest.class);
      if (found.isEmpty()) {
        listener.unchanged();
      } else {
        accept(found.get());
      }
      if (failing) {
        failing = false;
        log.info("{} answers again", manifest);
      }
    } catch (IOException e) {
      if (closing.getCount() > 0) {
        noteFailure(e);
      }
    }
  }

  private void accept(Versioned<FillManifest> found) throws IOException {
    FillManifest next = found.message();
    if (!next.appliance().equals(appliance)) {
      throw new IOException(
          "GET " + manifest + ": a manifest for " + next.appliance() + ", this is " + appliance);
    }
    etag = found.etag();
    if (next.equals(last)) {
      listener.unchanged();
      return;
    }
    last = next;
    log.info(
        "manifest {}: {} files, window {} to {}",
        next.version(),
        next.entries().size(),
        next.window().opens(),
        next.window().closes());
    listener.changed(next);
  }

  private void noteFailure(IOException e) {
    failures.increment();
    if (!failing) {
      failing = true;
      log.warn("no look at the manifest, the last one stays in force: {}", e.getMessage());
    }
  }
}
