package oca.bench.pull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the origin has, and what it has sent of it. Safe on any thread.
 *
 * <p>Live segments are objects of numbers from {@link #LIVE} on, so that their bytes are no other
 * object's.
 */
final class Shelf {
  /** The number of the live segment 0 among objects. */
  static final long LIVE = 1 << 19;

  /** Segments of the live event from this number on will never be there. */
  static final long NEVER = 1_000_000_000;

  final AtomicLong connections = new AtomicLong();
  final AtomicLong objects = new AtomicLong();
  final AtomicLong live = new AtomicLong();
  final AtomicLong absent = new AtomicLong();
  final AtomicLong tooEarly = new AtomicLong();
  final AtomicLong bytes = new AtomicLong();
  final AtomicLong faults = new AtomicLong();

  private final Map<Long, Ledger> ledgers = new ConcurrentHashMap<>();
  private long published = -1; // guarded by this

  /** What is sent of an object is written there. */
  Ledger ledger(long object, long length) {
    return ledgers.computeIfAbsent(object, _ -> new Ledger(length));
  }

  /** Segments up to this one are there from now on. */
  synchronized void publish(long segment) {
    published = segment;
    notifyAll();
  }

  synchronized boolean isPublished(long segment) {
    return segment <= published;
  }

  /** Waits until a segment is there. */
  synchronized void await(long segment) throws InterruptedException {
    while (segment > published) {
      wait();
    }
  }

  OriginCounts counts() {
    return new OriginCounts(
        connections.get(),
        objects.get(),
        live.get(),
        absent.get(),
        tooEarly.get(),
        bytes.get(),
        faults.get());
  }

  /**
   * Writes an object's ledger.
   *
   * @return whether anything of it was ever asked for
   */
  boolean write(long object, Path file) throws IOException {
    Ledger ledger = ledgers.get(object);
    if (ledger == null) {
      return false;
    }
    ledger.write(file);
    return true;
  }
}
