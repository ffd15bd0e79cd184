package oca.steering.catalog;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import oca.protocol.Catalog;
import oca.protocol.CatalogDelta;
import oca.protocol.http.Asked;
import oca.protocol.http.ControlClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the catalogue, again and again, with the ETag of the last one: the publisher, or a fill
 * controller, which can tell it by what changed. Whatever comes replaces what is in force at once
 * and as a whole, by one reference.
 *
 * <p>One virtual thread asks; any thread may read {@link #titles}. Failures are counted and logged
 * once per change between reachable and not, however long either lasts.
 */
public final class CatalogPoller implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CatalogPoller.class);

  private final URI source;
  private final Duration interval;
  private final int maxFiles;
  private final LongSupplier nanoClock;
  private final ControlClient client;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final LongAdder failures = new LongAdder();
  private final LongAdder wholes = new LongAdder();
  private final LongAdder deltas = new LongAdder();
  private final LongAdder misfits = new LongAdder();
  private final Thread thread;

  private volatile CatalogImage image;
  private volatile boolean reachable;

  /** On the given clock. */
  private volatile @Nullable Long reachedAt;

  private boolean failureTold;

  /**
   * Prepares to poll; {@link #start} begins.
   *
   * @param source of {@link Catalog} JSON
   * @param interval between two polls, and after a failure
   * @param timeout of one poll
   * @param maxFiles a catalogue of more files is refused and the last one kept
   * @param nanoClock monotonic; tells how old the catalogue is
   */
  public CatalogPoller(
      URI source, Duration interval, Duration timeout, int maxFiles, LongSupplier nanoClock) {
    this(source, interval, new ControlClient(timeout), maxFiles, nanoClock);
  }

  /**
   * Prepares to poll with a client, which {@link #close} closes.
   *
   * @param source of {@link Catalog} JSON
   * @param interval between two polls, and after a failure
   * @param maxFiles a catalogue of more files is refused and the last one kept
   * @param nanoClock monotonic; tells how old the catalogue is
   */
  public CatalogPoller(
      URI source, Duration interval, ControlClient client, int maxFiles, LongSupplier nanoClock) {
    this.source = source;
    this.image = new CatalogImage(source, null, Titles.NONE);
    this.interval = interval;
    this.maxFiles = maxFiles;
    this.nanoClock = nanoClock;
    this.client = client;
    this.thread = Thread.ofVirtual().name("catalog-poller").unstarted(this::run);
  }

  /** Begins with titles that were had from the same source before; before {@link #start} only. */
  public void beginWith(CatalogImage known) {
    image = known.source().equals(source) ? known : new CatalogImage(source, null, known.titles());
  }

  /** Begins to poll. */
  public void start() {
    thread.start();
  }

  /** The newest catalogue that could be had; {@link Titles#NONE} before the first. */
  public Titles titles() {
    return image.titles();
  }

  /** The same with where it came from. */
  public CatalogImage image() {
    return image;
  }

  /** Catalogues that came whole. */
  public long wholes() {
    return wholes.sum();
  }

  /** Changes that came as deltas and fitted. */
  public long deltas() {
    return deltas.sum();
  }

  /** Deltas that did not fit: the whole catalogue was asked for. */
  public long misfits() {
    return misfits.sum();
  }

  /** Whether the last poll went well. */
  public boolean reachable() {
    return reachable;
  }

  /** Since the last poll that went well; empty before the first. */
  public Optional<Duration> age() {
    Long at = reachedAt;
    return at == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, nanoClock.getAsLong() - at)));
  }

  /** Polls that failed. */
  public long failures() {
    return failures.sum();
  }

  /** Stops polling. */
  @Override
  public void close() {
    closing.countDown();
    client.close();
    thread.interrupt();
  }

  private void run() {
    try {
      do {
        poll();
      } while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // close() interrupts to end a poll under way: nothing is left to do.
      Thread.currentThread().interrupt();
    }
  }

  private void poll() {
    try {
      CatalogImage now = image;
      switch (ask(now.etag())) {
        case Asked.Same<Catalog, CatalogDelta> _ -> {}
        case Asked.Whole<Catalog, CatalogDelta> whole -> take(whole.message(), whole.etag());
        case Asked.Delta<Catalog, CatalogDelta> delta -> take(now, delta);
      }
      if (!reachable) {
        log.info("catalogue at {} reached, version \"{}\"", source, titles().version());
      }
      reachedAt = nanoClock.getAsLong();
      reachable = true;
      failureTold = false;
    } catch (IOException | RuntimeException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private Asked<Catalog, CatalogDelta> ask(@Nullable String etag) throws IOException {
    return client.ask(source, etag, Catalog.class, CatalogDelta.class, CatalogDelta.MANIPULATION);
  }

  private void take(CatalogImage now, Asked.Delta<Catalog, CatalogDelta> answer)
      throws IOException {
    try {
      Titles next = now.titles().with(answer.message());
      require(next.files());
      deltas.increment();
      image = new CatalogImage(source, answer.etag(), next);
    } catch (IOException e) {
      misfits.increment();
      // What is at hand stays until the whole is there.
      image = new CatalogImage(source, null, now.titles());
      throw e;
    }
  }

  private void take(Catalog catalog, @Nullable String etag) throws IOException {
    require(catalog.files().size());
    CatalogImage next = new CatalogImage(source, etag, new Titles(catalog));
    wholes.increment();
    image = next;
  }

  private void require(int files) throws IOException {
    if (files > maxFiles) {
      throw new IOException(
          "%d files are more than limits.catalogFiles, %d; the last catalogue stays in force"
              .formatted(files, maxFiles));
    }
  }

  private void failed(String why) {
    if (closing.getCount() == 0) {
      return;
    }
    failures.increment();
    if (reachable || !failureTold) {
      log.warn(
          "no catalogue from {}: {}; trying again every {} ms, answers {}",
          source,
          why,
          interval.toMillis(),
          titles() == Titles.NONE ? "for titles name the origin only" : "use the last one");
    }
    reachable = false;
    failureTold = true;
  }
}
