package oca.store;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import oca.store.disk.Volume;

/**
 * A volume, what is evicted from it, and the one thread that opens and closes its files: one for
 * each volume, so that a disk which hangs holds up no other.
 */
final class Shelf {
  /** So many files wait to be opened at most. */
  static final int OPEN_QUEUE = 1024;

  private final Volume volume;
  private final EvictionPolicy policy;
  // Its queue is bounded: openings by the permits, closings because each file is closed once.
  private final ExecutorService chores;
  private final Consumer<Shelf> whenOut;
  private final Semaphore openQueue = new Semaphore(OPEN_QUEUE);

  /**
   * @param chores one thread, of this shelf's own
   * @param whenOut told once when the volume's error budget is spent; must not block
   */
  Shelf(Volume volume, EvictionPolicy policy, ExecutorService chores, Consumer<Shelf> whenOut) {
    this.volume = volume;
    this.policy = policy;
    this.chores = chores;
    this.whenOut = whenOut;
  }

  Volume volume() {
    return volume;
  }

  EvictionPolicy policy() {
    return policy;
  }

  ExecutorService chores() {
    return chores;
  }

  /** Takes an error into account. */
  void charge(IOException error) {
    if (volume.charge(error)) {
      whenOut.accept(this);
    }
  }

  /** Runs a task that must not be lost: here and now when the store is closed. */
  void chore(Runnable task) {
    try {
      chores.execute(task);
    } catch (RejectedExecutionException e) {
      // The store is closed, and with it the event loops that must not block: the last lease of a
      // file outlived them.
      task.run();
    }
  }

  /** Queues the opening of a file, unless too many wait already. Never blocks. */
  boolean offerOpening(Runnable task) {
    if (!openQueue.tryAcquire()) {
      return false;
    }
    try {
      chores.execute(
          () -> {
            openQueue.release();
            task.run();
          });
      return true;
    } catch (RejectedExecutionException e) {
      // Closed: nothing is opened any more.
      openQueue.release();
      return false;
    }
  }
}
