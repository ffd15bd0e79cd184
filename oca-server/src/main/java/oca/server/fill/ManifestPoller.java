package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import oca.model.ApplianceId;
import oca.protocol.FillManifest;
import oca.protocol.ManifestDelta;
import oca.protocol.WireException;
import oca.protocol.http.Asked;
import oca.protocol.http.ControlClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the controller's manifest at an interval, and when it hears of a newer one, on a virtual
 * thread of its own, and hands each new one on. It may be told by what changed; whatever comes of
 * that is checked against the digest of the whole. With the controller down the last manifest stays
 * in force.
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
  private final Supplier<Duration> interval;
  private final ControlClient client;
  private final Listener listener;
  private final LongAdder failures = new LongAdder();
  private final LongAdder misfits = new LongAdder();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Semaphore soon = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("manifest").unstarted(this::run);
  // Only the thread touches these.
  private @Nullable String etag;
  private @Nullable FillManifest last;
  private boolean failing;

  /** The version at hand; 0 before the first. */
  private volatile long version;

  ManifestPoller(
      ApplianceId appliance,
      URI manifest,
      Supplier<Duration> interval,
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

  /** Deltas that did not fit, after which the whole manifest was asked for. */
  long misfits() {
    return misfits.sum();
  }

  /** The controller has that version: looks at once when it is not the one at hand. */
  void heardOf(long newest) {
    if (newest != version) {
      lookSoon();
    }
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
        if (soon.tryAcquire(interval.get().toNanos(), TimeUnit.NANOSECONDS)) {
          soon.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      log.debug("the manifest is no longer looked at");
    }
  }

  private void look() {
    try {
      switch (ask()) {
        case Asked.Same<FillManifest, ManifestDelta> _ -> listener.unchanged();
        case Asked.Whole<FillManifest, ManifestDelta> whole -> accept(whole);
        case Asked.Delta<FillManifest, ManifestDelta> delta -> accept(delta);
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

  private Asked<FillManifest, ManifestDelta> ask() throws IOException {
    return client.ask(
        manifest, etag, FillManifest.class, ManifestDelta.class, ManifestDelta.MANIPULATION);
  }

  /** The manifest at hand stays in force until the next one is there as it was published. */
  private void accept(Asked.Delta<FillManifest, ManifestDelta> found) throws IOException {
    FillManifest older = last;
    if (older == null) {
      throw new IOException("GET " + manifest + ": a delta, and no manifest is at hand");
    }
    try {
      accept(found.message().applyTo(older), found.etag());
    } catch (WireException e) {
      misfits.increment();
      log.warn("the whole manifest is asked for: {}", e.getMessage());
      etag = null;
      if (ask() instanceof Asked.Whole<FillManifest, ManifestDelta> whole) {
        accept(whole);
      }
    }
  }

  private void accept(Asked.Whole<FillManifest, ManifestDelta> found) throws IOException {
    accept(found.message(), found.etag());
  }

  private void accept(FillManifest next, @Nullable String nextTag) throws IOException {
    if (!next.appliance().equals(appliance)) {
      throw new IOException(
          "GET " + manifest + ": a manifest for " + next.appliance() + ", this is " + appliance);
    }
    etag = nextTag;
    version = next.version();
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
