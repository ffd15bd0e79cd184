package oca.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Tells the sender of a body how much of it can be sent without waiting for the disk, and has the
 * rest read. On one event loop only; one body at a time.
 *
 * <p>A whole chunk in memory is sent as it is. Otherwise the body goes by pieces, small at first so
 * that the first byte leaves early: a piece in memory is sent, any other is read first, and while
 * one is sent the next is read, so that the disk need not wait for the client nor the client for
 * the disk. Never is more than one piece under way for a body. What was read is sent without asking
 * again, or else a file system that keeps nothing in its cache would be asked for ever.
 */
final class Supply {
  /** The piece is being read: the sender is resumed. */
  static final long WAIT = 0;

  /** Nothing was sent yet, and there is no place to wait for the disk. */
  static final long REFUSED = -1;

  /** What was in memory is asked for again after so long, as a slow client's may be evicted. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Residency residency;
  private final PageCache cache;
  private final Executor loop;
  private final long chunk;
  private final Runnable resume;
  private final Fetch.Waiter waiter = this::fetched;

  private @Nullable FileLease lease;
  private long end;
  private long readyTo;
  private long asked;
  private long piece;
  private boolean cold;
  private boolean begun;
  private boolean refused;
  private boolean waiting;
  private long waitingSince;
  private @Nullable Fetch pending;
  private @Nullable ContentReadException fault;

  /**
   * @param cache the event loop's
   * @param chunk the most that is sent at once
   * @param resume run on the loop after {@link #WAIT}
   */
  Supply(Residency residency, PageCache cache, Executor loop, long chunk, Runnable resume) {
    this.residency = residency;
    this.cache = cache;
    this.loop = loop;
    this.chunk = chunk;
    this.resume = resume;
  }

  /** Begins with a body; the one before was dropped. */
  void begin(FileLease of, long position, long length) {
    lease = of;
    end = position + length;
    readyTo = position;
    piece = residency.config().firstPiece().bytes();
    cold = false;
    begun = false;
    refused = false;
    fault = null;
  }

  /** Whether bytes were allowed to be sent; until then the answer can still be another. */
  boolean isBegun() {
    return begun;
  }

  /** Whether the body stands still until a piece is read. */
  boolean isWaiting() {
    return waiting;
  }

  /** Since when it does, in {@link System#nanoTime}. */
  long waitingSince() {
    return waitingSince;
  }

  /**
   * How many bytes from there can be sent now, at most a chunk; or {@link #WAIT} or {@link
   * #REFUSED}.
   *
   * @throws ContentReadException when they cannot be read
   */
  long ready(long position) throws ContentReadException {
    FileLease of = lease;
    if (of == null) {
      return WAIT;
    }
    if (!residency.isOn()) {
      begun = true;
      return Math.min(end - position, chunk);
    }
    if (position >= readyTo || isStale()) {
      long answer = ask(of, position);
      if (answer <= WAIT) {
        return answer;
      }
    }
    begun = true;
    if (cold) {
      readAhead(of);
    }
    return Math.min(readyTo - position, chunk);
  }

  private boolean isStale() {
    return pending == null && System.nanoTime() - asked > FRESH_NANOS;
  }

  private long ask(FileLease of, long position) throws ContentReadException {
    if (pending != null) {
      return await();
    }
    ContentReadException found = fault;
    if (found != null) {
      throw found;
    }
    if (refused) {
      return REFUSED;
    }
    long most = Math.min(end - position, chunk);
    cold = !residency.isResident(cache, of, position, most);
    if (!cold) {
      piece = residency.config().firstPiece().bytes();
      return readyTo(position + most);
    }
    long least = Math.min(piece, most);
    if (least < most && residency.isResident(cache, of, position, least)) {
      return readyTo(position + least);
    }
    pending = residency.fetch(of, position, least, begun, loop, waiter);
    if (pending != null) {
      return await();
    }
    if (begun) {
      throw new ContentReadException("no more is read, the listener closes", true);
    }
    residency.tally().refused();
    return REFUSED;
  }

  private long readyTo(long position) {
    readyTo = position;
    asked = System.nanoTime();
    return position;
  }

  private long await() {
    if (!waiting) {
      waiting = true;
      waitingSince = System.nanoTime();
    }
    return WAIT;
  }

  private void readAhead(FileLease of) {
    if (pending == null && fault == null && readyTo < end) {
      long next = Math.min(piece, end - readyTo);
      if (!residency.isResident(cache, of, readyTo, next)) {
        pending = residency.fetch(of, readyTo, next, false, loop, waiter);
      }
    }
  }

  private void fetched(Fetch fetch) {
    if (fetch != pending) {
      return; // for a body that was dropped
    }
    pending = null;
    fault = fetch.fault();
    if (fault == null) {
      readyTo(fetch.end());
      piece = Math.min(piece * 2, residency.config().piece().bytes());
    }
    goOn();
  }

  private void goOn() {
    if (waiting) {
      waiting = false;
      residency.tally().waited(System.nanoTime() - waitingSince);
      resume.run();
    }
  }

  /** The disk has had its time: what waits fails, by {@link #REFUSED} or a fault. */
  void giveUp() {
    if (!waiting) {
      return;
    }
    residency.tally().timedOut();
    withdraw();
    refused = !begun;
    if (begun) {
      // Whether the disk hangs or too much is asked of it is not known here.
      fault = new ContentReadException("the disk took too long", true);
    }
    goOn();
  }

  /** The body has ended, one way or another; nothing more is resumed. */
  void drop() {
    withdraw();
    waiting = false;
    lease = null;
  }

  private void withdraw() {
    Fetch reading = pending;
    FileLease of = lease;
    pending = null;
    if (reading != null && of != null) {
      residency.withdraw(of, reading);
    }
  }
}
