package oca.protocol.records;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring between many writers that never wait and one reader.
 *
 * <p>A writer claims a place by moving {@code TAIL}, then fills it; the reader empties the place at
 * {@code HEAD}, then moves {@code HEAD}. A place that is claimed but not yet filled looks empty to
 * the reader, which comes back later: nobody ever waits for anybody.
 *
 * <p>The reader moves {@code HEAD} with each record, so a writer that looked at it each time would
 * fetch its cache line from the reader's core each time. Writers look at {@code LIMIT} instead, the
 * position up to which places were free when last somebody looked, and at {@code HEAD} only when
 * they have come there: {@code HEAD} only grows, so an old limit is too low at worst. For the same
 * reason the positions lie two cache lines apart (two, because neighbours are fetched in pairs).
 */
final class RecordRing<T> {
  /** What {@link #offer} answers when no place is free. */
  static final long FULL = -1;

  private static final int APART = 128 / Long.BYTES;
  private static final int HEAD = APART;
  private static final int TAIL = 2 * APART;
  private static final int LIMIT = 3 * APART;
  private static final int AWAITED = 4 * APART;

  private final AtomicReferenceArray<@Nullable T> places;
  private final AtomicLongArray positions = new AtomicLongArray(5 * APART);
  private final int mask;

  /** A ring of {@code capacity} places, rounded up to a power of two. */
  RecordRing(int capacity) {
    int size = capacity <= 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    this.places = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
    positions.set(LIMIT, size);
    positions.set(AWAITED, Long.MAX_VALUE);
  }

  int capacity() {
    return mask + 1;
  }

  /** Records waiting, those still being written included. */
  int size() {
    long head = positions.get(HEAD);
    return (int) (positions.get(TAIL) - head);
  }

  /** Records taken in since the start. */
  long offered() {
    return positions.get(TAIL);
  }

  /**
   * Adds a record. Any thread, never blocks.
   *
   * @return its position, from 0; {@link #FULL} when the ring is full
   */
  long offer(T record) {
    long at = positions.get(TAIL);
    while (true) {
      if (at >= positions.getOpaque(LIMIT)) {
        long limit = positions.get(HEAD) + mask + 1;
        if (at >= limit) {
          return FULL;
        }
        positions.setOpaque(LIMIT, limit);
      }
      long seen = positions.compareAndExchange(TAIL, at, at + 1);
      if (seen == at) {
        places.setRelease((int) at & mask, record);
        return at;
      }
      at = seen;
    }
  }

  /** Takes the oldest record, or null. The reader's thread only. */
  @Nullable T poll() {
    long head = positions.getPlain(HEAD);
    int place = (int) head & mask;
    T record = places.getAcquire(place);
    if (record != null) {
      places.setPlain(place, null);
      positions.setRelease(HEAD, head + 1);
    }
    return record;
  }

  /**
   * Asks that {@link #isAwaited} be true for the record that makes so many wait. The reader's
   * thread only.
   *
   * @return false when they wait already
   */
  boolean await(int records) {
    long until = positions.getPlain(HEAD) + records;
    positions.set(AWAITED, until);
    return positions.get(TAIL) < until;
  }

  /** Whether the writer that got this position is the one to wake the reader: exactly one is. */
  boolean isAwaited(long position) {
    return position + 1 == positions.get(AWAITED);
  }
}
