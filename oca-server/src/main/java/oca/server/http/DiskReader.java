package oca.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import oca.store.BlockChecks;
import oca.store.DamagedBlockException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read one volume's files into memory and compare them with their checksums, and
 * the reads that wait for them, first come first served. Whole blocks are read where a file has
 * checksums, however little is asked for. Safe on any thread.
 *
 * <p>What each thread is reading just now stands in a place of its own, where event loops look
 * without a lock: the kernel counts pages as cached that are only on their way in.
 */
final class DiskReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskReader.class);
  private static final int NOTHING = -1;

  /** Blocks are compared in parts of this size, which the processor's second cache still holds. */
  private static final int SCRATCH_BYTES = 256 << 10;

  private final int mostQueued;
  private final ReadingTally tally;
  private final BlockingQueue<Fetch> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger queued = new AtomicInteger();

  /** Reads that wait or are being read. */
  private final AtomicInteger underWay = new AtomicInteger();

  private final Place[] places;
  private final Thread[] threads;
  private volatile boolean closed;

  /** What one thread reads. */
  private static final class Place {
    final PageCache pages;
    final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    volatile int descriptor = NOTHING;
    volatile long from;
    volatile long to;

    Place(PageCache pages) {
      this.pages = pages;
    }
  }

  DiskReader(
      ReadingConfig config, java.util.function.Supplier<PageCache> caches, ReadingTally tally) {
    this.mostQueued = config.queuePerVolume();
    this.tally = tally;
    this.places = new Place[config.threadsPerVolume()];
    this.threads = new Thread[places.length];
    for (int i = 0; i < places.length; i++) {
      Place place = new Place(caches.get());
      places[i] = place;
      threads[i] = Thread.ofPlatform().daemon().name("read-" + i).unstarted(() -> run(place));
    }
  }

  /** Starts the threads, once. */
  void start() {
    for (Thread thread : threads) {
      thread.start();
    }
  }

  /**
   * Whether some of these bytes are being read now. To be asked after the page cache: a read that
   * begins later found all bytes there, and does not take any away.
   */
  boolean isReading(int descriptor, long position, long length) {
    for (Place place : places) {
      if (place.descriptor == descriptor && place.from < position + length && place.to > position) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing is being read, and no read waits. To be asked after the page cache, too. */
  boolean isIdle() {
    return underWay.get() == 0;
  }

  /**
   * Takes a read.
   *
   * @param always although as many wait as may; callers bound how often
   * @return false when it was not taken
   */
  boolean offer(Fetch fetch, boolean always) {
    if ((queued.incrementAndGet() > mostQueued && !always) || closed) {
      queued.decrementAndGet();
      return false;
    }
    underWay.incrementAndGet();
    queue.add(fetch);
    if (closed) {
      withdraw(fetch); // the threads may have looked for the last time
    }
    return true;
  }

  /** Nobody waits for it any more; one that has not begun makes room. */
  void withdraw(Fetch fetch) {
    if (fetch.cancel() && queue.remove(fetch)) {
      queued.decrementAndGet();
      underWay.decrementAndGet();
    }
  }

  /** Reads that wait for a thread. */
  int queued() {
    return queued.get();
  }

  private void run(Place place) {
    while (!closed) {
      Fetch next;
      try {
        next = queue.take();
      } catch (InterruptedException e) {
        log.trace("woken to end", e);
        continue;
      }
      queued.decrementAndGet();
      if (next.begin()) {
        read(place, next);
      }
      underWay.decrementAndGet();
    }
  }

  private void read(Place place, Fetch fetch) {
    long began = System.nanoTime();
    BlockChecks checks = fetch.checks();
    long from = checks.begin(fetch.position());
    long to = checks.end(fetch.end() - 1);
    place.from = from;
    place.to = to;
    place.descriptor = fetch.descriptor();
    long result = -Errno.EIO;
    DamagedBlockException damage = null;
    try {
      // Before anything is read: who finds it in memory then must not find it compared.
      checks.forgetEvicted(
          from, to - from, (at, count) -> place.pages.holds(fetch.descriptor(), at, count));
      result = place.pages.fetch(fetch.descriptor(), from, to - from);
      if (result == 0) {
        check(checks, fetch, place);
      }
    } catch (DamagedBlockException e) {
      damage = e;
      tally.damaged();
    } catch (IOException | RuntimeException e) {
      result = -Errno.EIO;
      log.warn("a read failed", e);
    } finally {
      place.descriptor = NOTHING;
    }
    tally.read(to - from, System.nanoTime() - began, result < 0 || damage != null);
    fetch.end(result, damage);
  }

  private void check(BlockChecks checks, Fetch fetch, Place place) throws IOException {
    if (!checks.covers(fetch.position(), fetch.length())) {
      long began = System.nanoTime();
      checks.check(fetch.position(), fetch.length(), place.scratch);
      tally.checked(System.nanoTime() - began);
    }
  }

  /** Drops what waits. A thread that hangs in its disk is left to it. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Fetch left = queue.poll(); left != null; left = queue.poll()) {
      queued.decrementAndGet();
      underWay.decrementAndGet();
      if (left.cancel()) {
        log.trace("a read was dropped at the end");
      }
    }
  }
}
