package oca.store;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import oca.store.disk.ContentFile;
import oca.store.disk.Volume;
import oca.store.evict.EvictionPolicy;

/**
 * A volume, what is evicted from it, and its own threads: one that opens files, one that takes them
 * off the disk. Each volume has its own, so that a disk which hangs holds up no other.
 */
final class Shelf {
  /** So many files wait to be opened at most. */
  static final int OPEN_QUEUE = 1024;

  private final Volume volume;
  private final EvictionPolicy<StoredFile> policy;
  private final OpenFiles openFiles;
  private final ExecutorService opener;
  private final Departures departures;
  private final Consumer<Shelf> whenOut;
  private final Semaphore openQueue = new Semaphore(OPEN_QUEUE);
  private final AtomicLong repaired = new AtomicLong();
  private volatile boolean known;

  /**
   * @param name of this shelf's threads
   * @param unlinksPerSecond so many files are taken off the disk in a second at most
   * @param whenOut told once when the volume goes out of service; must not block
   */
  Shelf(
      Volume volume,
      EvictionPolicy<StoredFile> policy,
      OpenFiles openFiles,
      String name,
      int unlinksPerSecond,
      Consumer<Shelf> whenOut) {
    this.volume = volume;
    this.policy = policy;
    this.openFiles = openFiles;
    // Its queue is bounded by the permits.
    this.opener =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name(name + "-open").factory());
    this.departures = new Departures(name + "-unlink", unlinksPerSecond);
    this.whenOut = whenOut;
  }

  Volume volume() {
    return volume;
  }

  /** Called under the store's lock only. */
  EvictionPolicy<StoredFile> policy() {
    return policy;
  }

  OpenFiles openFiles() {
    return openFiles;
  }

  Departures departures() {
    return departures;
  }

  /** Whether all that is on the volume has been found, so that its room is known. */
  boolean known() {
    return known;
  }

  /** All that is on the volume has been found. */
  void becomesKnown() {
    known = true;
    departures.signal();
  }

  /** Files whose damaged blocks were fetched anew. */
  long repaired() {
    return repaired.get();
  }

  /** A file's damaged blocks were fetched anew. */
  void countRepaired() {
    repaired.incrementAndGet();
  }

  /** Whether a new file may be put here. */
  boolean takesFiles() {
    return known && volume.takesFiles();
  }

  /** The volume's sizes and counts. Never blocks. */
  StoreStatus.VolumeStatus status() {
    return new StoreStatus.VolumeStatus(
        volume.folder().toString(),
        volume.inService()
            ? volume.draining()
                ? StoreStatus.VolumeState.DRAINING
                : known ? StoreStatus.VolumeState.IN_SERVICE : StoreStatus.VolumeState.RECOVERING
            : StoreStatus.VolumeState.OUT_OF_SERVICE,
        volume.capacityBytes(),
        volume.usedBytes(),
        Math.max(0, volume.freeBytes()),
        volume.files(),
        volume.errors(),
        volume.quarantined(),
        departures.waiting());
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

  /** A file's room is free again. */
  void released(long bytes) {
    volume.release(bytes);
    departures.signal();
  }

  /** Takes an error into account. */
  void charge(IOException error) {
    if (volume.charge(error)) {
      whenOut.accept(this);
    }
  }

  /** Takes the volume out of service. */
  void takeOut(String why) {
    if (volume.takeOut(why)) {
      whenOut.accept(this);
    }
  }

  /** Queues the opening of a file, unless too many wait already. Never blocks. */
  boolean offerOpening(Runnable task) {
    if (!openQueue.tryAcquire()) {
      return false;
    }
    try {
      opener.execute(
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

  /** Lets both threads end once their queues are empty. */
  void shutdown() {
    opener.shutdown();
    departures.shutdown();
  }
}
