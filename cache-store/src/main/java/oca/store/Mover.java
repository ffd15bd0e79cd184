package oca.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import oca.store.disk.ContentFile;
import oca.store.disk.FileCopy;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the files of a volume that is drained to others, one after the other on a thread of its own
 * and no faster than allowed.
 *
 * <pre>
 *   claim the key on the target    nobody fills it there
 *   copy, comparing checksums      partial/ID.part on the target, synced
 *   publish on the target          from here a crash leaves twins; recovery drops one
 *   open it there, swap the table  lookups see one or the other, never neither
 *   take the old one off           once its last reader is gone its room is free
 * </pre>
 *
 * <p>Only room that is free is used: nothing is evicted for a file that may be worth less. What
 * finds none stays and is served; it is tried again as long as the volume is drained. What waited
 * to be filled on the volume is dropped, to be filled elsewhere.
 */
final class Mover implements VolumeTasks.Task {
  private static final Logger log = LoggerFactory.getLogger(Mover.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Shelf source;
  private final Holdings holdings;
  private final Room room;
  private final OpenFiles openFiles;
  private final Consumer<ContentKey> suspect;
  private final InstantSource clock;
  private final Throttle throttle;
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * @param suspect is told of files that cannot be read as they should; must not block
   */
  Mover(
      Shelf source,
      Holdings holdings,
      Room room,
      OpenFiles openFiles,
      Consumer<ContentKey> suspect,
      long bytesPerSecond,
      InstantSource clock) {
    this.source = source;
    this.holdings = holdings;
    this.room = room;
    this.openFiles = openFiles;
    this.suspect = suspect;
    this.clock = clock;
    this.throttle = new Throttle(bytesPerSecond, System::nanoTime, this::rest);
  }

  @Override
  public void stop() {
    end.countDown();
  }

  @Override
  public void run() {
    while (goesOn()) {
      int moved = 0;
      if (source.known()) {
        holdings.dropPartials(source);
        for (StoredFile file : files()) {
          moved += goesOn() && move(file) ? 1 : 0;
        }
      }
      if (moved == 0) {
        rest(PAUSE_NANOS);
      } else {
        log.info(
            "{} files were moved off {}, {} are left",
            moved,
            source.volume().folder(),
            source.volume().files());
      }
    }
  }

  private List<StoredFile> files() {
    List<StoredFile> files = new ArrayList<>();
    if (source.volume().files() > 0) {
      holdings.forEachFile(
          file -> {
            if (file.shelf() == source) {
              files.add(file);
            }
          });
    }
    return files;
  }

  private boolean move(StoredFile file) {
    Optional<Shelf> found = holdings.claimRoom(file, room);
    if (found.isEmpty()) {
      return false;
    }
    Shelf target = found.get();
    try {
      if (copy(file, target) && take(file, target)) {
        return true;
      }
    } catch (FileCopy.TargetException e) {
      target.charge(e.failure());
    } catch (IOException e) {
      // Read once more by itself, the file is charged for, repaired or set aside.
      log.warn("content {} cannot be moved off {}", file.key(), source.volume().folder(), e);
      suspect.accept(file.key());
    } finally {
      target.departures().unclaim(file.key());
    }
    return false;
  }

  /** Makes and publishes the copy; otherwise nothing of it is left. */
  private boolean copy(StoredFile file, Shelf target) throws IOException {
    Volume volume = target.volume();
    ContentKey key = file.key();
    Path partial = volume.partialPath(key.high(), key.low());
    boolean done = false;
    try {
      done =
          new FileCopy(source.volume().disk(), volume.disk())
              .copy(
                  file.path(),
                  file.header(),
                  partial,
                  volume.storeId(),
                  clock.instant().getEpochSecond(),
                  bytes -> throttle.take(bytes) && goesOn() && holdings.get(key) == file);
      if (done) {
        done = false;
        publish(volume, key);
        done = true;
      }
      return done;
    } finally {
      if (!done && deleted(target, partial) && deleted(target, path(volume, key))) {
        target.released(file.footprint());
      }
    }
  }

  private static void publish(Volume volume, ContentKey key) throws IOException {
    try {
      volume.publish(key.high(), key.low());
    } catch (IOException e) {
      throw FileCopy.failedOnTarget(e);
    }
  }

  /** Lets the copy take over; false when it is not wanted any more and off the disk. */
  private boolean take(StoredFile file, Shelf target) {
    ContentFile.Header header = file.header().on(target.volume().storeId());
    StoredFile copy = new StoredFile(header, target);
    if (!openFiles.reserve()) {
      // Without a descriptor the next lookup would miss: later, when somebody has ended reading.
      copy.discard(deleted(target, copy.path()));
      return false;
    }
    SharedLease lease;
    try {
      OpenFile open = OpenFiles.openChecked(copy);
      lease = openFiles.openedAndLeased(copy, open);
    } catch (IOException e) {
      openFiles.unreserve();
      target.charge(e);
      copy.discard(deleted(target, copy.path()));
      return false;
    }
    boolean taken = holdings.swap(file, copy);
    if (!taken) {
      copy.discard(deleted(target, copy.path()));
    }
    lease.close();
    return taken;
  }

  private static Path path(Volume volume, ContentKey key) {
    return volume.contentPath(key.high(), key.low());
  }

  private static boolean deleted(Shelf shelf, Path path) {
    try {
      shelf.volume().disk().delete(path);
      return true;
    } catch (IOException e) {
      shelf.charge(e);
      return false;
    }
  }

  private boolean goesOn() {
    return end.getCount() > 0
        && source.volume().inService()
        && source.volume().draining()
        && !holdings.closed();
  }

  private boolean rest(long nanos) {
    try {
      return !end.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      return false;
    }
  }
}
