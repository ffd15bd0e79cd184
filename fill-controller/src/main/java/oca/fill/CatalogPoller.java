package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.fill.catalog.CatalogBook;
import oca.fill.demand.DemandLedger;
import oca.protocol.Catalog;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlClient.Versioned;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the origin for its catalogue every interval, on a virtual thread of its own. */
final class CatalogPoller implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CatalogPoller.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final FillConfig.Origin origin;
  private final CatalogBook book;
  private final DemandLedger demand;
  private final Runnable onChange;
  private final ControlClient client = new ControlClient(TIMEOUT);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** The polling thread's own. */
  private @Nullable String etag;

  private volatile String problem = "";

  /**
   * A poller that is not running yet.
   *
   * @param onChange called after a new catalogue has come into force
   */
  CatalogPoller(
      FillConfig.Origin origin, CatalogBook book, DemandLedger demand, Runnable onChange) {
    this.origin = origin;
    this.book = book;
    this.demand = demand;
    this.onChange = onChange;
    this.thread = Thread.ofVirtual().name("catalog-poller").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Why the newest catalogue is not in force; empty when it is. */
  String problem() {
    return problem;
  }

  @Override
  public void close() {
    closed.countDown();
    client.close();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        log.warn("the catalogue poller does not end; leaving it behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      do {
        poll();
      } while (!closed.await(origin.interval().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll() {
    try {
      Optional<Versioned<Catalog>> newer =
          client.getIfChanged(origin.catalog(), etag, Catalog.class);
      if (newer.isEmpty()) {
        return;
      }
      // A refused catalogue is not fetched again either until the publisher changes it.
      etag = newer.get().etag();
      if (book.accept(newer.get().message())) {
        demand.adopt();
        onChange.run();
      }
      note("");
    } catch (IOException | RuntimeException e) {
      if (closed.getCount() > 0) {
        note(String.valueOf(e.getMessage()));
      }
    }
  }

  private void note(String next) {
    if (!next.equals(problem)) {
      problem = next;
      if (!next.isEmpty()) {
        log.warn("the catalogue of version {} stays in force: {}", book.view().version(), next);
      }
    }
  }
}
