package oca.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import oca.store.disk.ContentFile;
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
   * @param thread the name of this shelf's own thread
   * @param whenOut told once when the volume's error budget is spent; must not block
   */
  Shelf(Volume volume, EvictionPolicy policy, String thread, Consumer<Shelf> whenOut) {
    this.volume = volume;
    this.policy = policy;
    this.chores =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(thread).factory());
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

  /** The volume's sizes and counts. Never blocks. */
  StoreStatus.VolumeStatus status() {
    return new StoreStatus.VolumeStatus(
        volume.folder().toString(),
        volume.inService(),
        volume.capacityBytes(),
        volume.usedBytes(),
        volume.files(),
        volume.errors());
  }

  /** The header of a new file on this shelf. */
  ContentFile.Header header(ContentMeta meta, int blockBytes) {
    return new ContentFile.Header(
        volume.storeId(),
        meta.key().high(),
        meta.key().low(),
        meta.length(),
        blockBytes,
        meta.sha256(),
        meta.mediaType(),
        meta.modifiedSecond());
  }

  /** Deletes a file that nobody knows of yet. */
  void delete(ContentFile.Header header) {
    try {
      Files.delete(volume.contentPath(header.high(), header.low()));
    } catch (IOException e) {
      charge(e);
    }
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
