package oca.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import oca.store.BlockChecks;
import oca.store.DamagedBlockException;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One read of a piece of a file into memory, for somebody who waits for it. It holds a lease of its
 * own, so that the descriptor stays this file's until the disk thread is done, however long the
 * disk takes and whatever became of the connection meanwhile.
 */
final class Fetch {
  private static final Logger log = LoggerFactory.getLogger(Fetch.class);

  /** Told of the end, on the executor that was given along. */
  interface Waiter {
    /**
     * The piece was read as far as the file goes, or the fetch has a fault. Not told of a fetch
     * that was cancelled before it was begun.
     */
    void fetched(Fetch fetch);
  }

  private enum State {
    QUEUED,
    RUNNING,
    OVER
  }

  private final FileLease lease;
  private final long position;
  private final long length;
  private final Executor loop;
  private final Waiter waiter;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private volatile @Nullable ContentReadException fault;

  /** Takes over a lease. */
  Fetch(FileLease lease, long position, long length, Executor loop, Waiter waiter) {
    this.lease = lease;
    this.position = position;
    this.length = length;
    this.loop = loop;
    this.waiter = waiter;
  }

  /** Of the first byte in the file. */
  long position() {
    return position;
  }

  long length() {
    return length;
  }

  /** Of the first byte that was not asked for. */
  long end() {
    return position + length;
  }

  /** Why the file could not be read, which the store was told already; null when it could. */
  @Nullable ContentReadException fault() {
    return fault;
  }

  /** The number of the open file; only while this is being run. */
  int descriptor() {
    return lease.descriptor();
  }

  /** What of the file was compared; only while this is being run. */
  BlockChecks checks() {
    return lease.checks();
  }

  /** Before the first use of the descriptor; false when it was cancelled. */
  boolean begin() {
    return state.compareAndSet(State.QUEUED, State.RUNNING);
  }

  /**
   * After the last use of the descriptor.
   *
   * @param result 0, or an errno below zero
   * @param damage what is wrong with the bytes, which the store knows already
   */
  void end(long result, @Nullable DamagedBlockException damage) {
    state.set(State.OVER);
    try (lease) {
      if (damage != null) {
        fault = new ContentReadException(damage);
      } else if (result < 0) {
        ContentReadException found =
            new ContentReadException(
                "reading "
                    + length
                    + " bytes from byte "
                    + position
                    + " failed, errno "
                    + -result
                    + (Errno.isReadFault(-result) ? "" : ", which is not a disk's"),
                true);
        fault = found;
        lease.reportReadError(found);
      }
    } catch (RuntimeException e) {
      log.warn("the store did not take a lease back, or a read error", e);
    }
    try {
      loop.execute(() -> waiter.fetched(this));
    } catch (RejectedExecutionException e) {
      log.debug("the event loop has ended before a read for it did", e);
    }
  }

  /**
   * Nobody waits any more. A read that has begun goes on to its end.
   *
   * @return whether it had not begun, and now never will
   */
  boolean cancel() {
    if (!state.compareAndSet(State.QUEUED, State.OVER)) {
      return false;
    }
    lease.close();
    return true;
  }
}
