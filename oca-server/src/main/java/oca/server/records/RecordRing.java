package oca.server.records;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import oca.protocol.ServeRecord;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring between many writers that never wait and one reader.
 *
 * <p>A writer claims a place by moving {@code tail}, then fills it; the reader empties the place at
 * {@code head}, then moves {@code head}. A place that is claimed but not yet filled looks empty to
 * the reader, which comes back later: nobody ever waits for anybody. {@code head} only grows, so a
 * writer that reads an old value drops a record too many at worst and never overwrites one.
 */
final class RecordRing {
  private final AtomicReferenceArray<@Nullable ServeRecord> places;
  private final int mask;
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong tail = new AtomicLong();

  /** A ring of {@code capacity} places, rounded up to a power of two. */
  RecordRing(int capacity) {
    int size = capacity <= 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    this.places = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  int capacity() {
    return mask + 1;
  }

  /** Records waiting, those still being written included. */
  int size() {
    return (int) (tail.get() - head.get());
  }

  /** Adds a record; false when the ring is full. Any thread, never blocks. */
  boolean offer(ServeRecord record) {
    while (true) {
      long at = tail.get();
      if (at - head.get() > mask) {
        return false;
      }
      if (tail.compareAndSet(at, at + 1)) {
        places.setRelease((int) at & mask, record);
        return true;
      }
    }
  }

  /** Takes the oldest record, or null. The reader's thread only. */
  @Nullable ServeRecord poll() {
    int place = (int) head.get() & mask;
    ServeRecord record = places.getAcquire(place);
    if (record != null) {
      places.setPlain(place, null);
      head.lazySet(head.get() + 1);
    }
    return record;
  }
}
