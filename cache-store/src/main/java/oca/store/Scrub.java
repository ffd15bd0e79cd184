package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.store.disk.Disk;
import oca.store.disk.FileCheck;
import oca.store.disk.FileCheck.Flaw;
import oca.store.disk.Layout;
import oca.store.disk.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scrub of one volume, on its own thread: looks at every file that lies on the disk, in the
 * order of folders and names, and then for those that the table holds and the disk does not.
 *
 * <p>The order is the disk's and not the table's, so that files the table does not know are seen
 * too, and so that a place in it means the same after a restart. A file that was being read when
 * the store was closed is read again from its beginning.
 */
final class Scrub implements VolumeTasks.Task {
  private static final Logger log = LoggerFactory.getLogger(Scrub.class);

  /** A pass does not begin sooner after the one before. */
  static final Duration EVERY = Duration.ofDays(1);

  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Shelf shelf;
  private final Volume volume;
  private final Holdings holdings;
  private final Damage damage;
  private final InstantSource clock;
  private final Throttle throttle;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile ScrubProgress progress = ScrubProgress.none();
  private volatile boolean running;
  private long saved = System.nanoTime();

  Scrub(Shelf shelf, Holdings holdings, Damage damage, long bytesPerSecond, InstantSource clock) {
    this.shelf = shelf;
    this.volume = shelf.volume();
    this.holdings = holdings;
    this.damage = damage;
    this.clock = clock;
    this.throttle = new Throttle(bytesPerSecond, System::nanoTime, this::rest);
  }

  ScrubStatus status() {
    ScrubProgress now = progress;
    return new ScrubStatus(
        volume.folder().toString(),
        running,
        now.passes(),
        now.began(),
        now.files(),
        now.bytes(),
        now.done(),
        now.damagedBlocks(),
        now.flawed(),
        now.lostOrigins(),
        shelf.repaired());
  }

  @Override
  public void stop() {
    end.countDown();
  }

  @Override
  public void run() {
    // What is not known yet would be taken for foreign, or be adopted twice.
    while (!shelf.known() && goesOn()) {
      rest(WAIT_NANOS);
    }
    try {
      progress = ScrubProgress.read(volume);
    } catch (IOException e) {
      shelf.charge(e);
    }
    while (goesOn()) {
      if (progress.ended() && second() - progress.began() < EVERY.toSeconds()) {
        rest(WAIT_NANOS);
      } else {
        pass();
      }
    }
    save();
  }

  private void pass() {
    if (progress.ended()) {
      progress = progress.begin(second());
    }
    running = true;
    try {
      volume.layout().walkContent(volume.disk(), progress.after(), this::visit);
      if (goesOn()) {
        holdings.forEachFile(this::visitHeld);
      }
      if (goesOn()) {
        progress = progress.end();
        log.info("scrub of volume {} has ended: {}", volume.folder(), progress);
        save();
      }
    } catch (IOException e) {
      if (goesOn()) {
        log.warn("the scrub of volume {} waits", volume.folder(), e);
        shelf.charge(e);
        rest(RETRY_NANOS);
      }
    } finally {
      running = false;
    }
  }

  private boolean visit(Path path, double done) throws IOException {
    FileCheck.Result found = check(path);
    if (!goesOn()) {
      return false;
    }
    if (found.flaw() != null) {
      log.warn("scrub: {} {}: {}", path, found.flaw().sentence(), found.why());
    }
    // Names that are not ours may hold anything, a line's end too.
    String place = Layout.idOf(path) == null ? progress.after() : volume.layout().place(path);
    progress = progress.checked(place, done, found);
    if (System.nanoTime() - saved > SAVE_NANOS) {
      save();
    }
    return true;
  }

  private FileCheck.Result check(Path path) throws IOException {
    Layout.Id id = Layout.idOf(path);
    if (id == null) {
      return setAside(
          path, FileCheck.Result.flawed(null, Flaw.FOREIGN, "it is no file of content"));
    }
    ContentKey key = new ContentKey(id.high(), id.low());
    if (!path.equals(volume.contentPath(key.high(), key.low()))) {
      // Nobody but us looks there.
      return setAside(path, Damage.read(shelf, path, this::take));
    }
    return switch (holdings.get(key)) {
      case StoredFile file when file.shelf() == shelf -> damage.check(file, this::take);
      // About to be published.
      case DiskFill fill when fill.file().shelf() == shelf -> gone();
      case StoredFile _, DiskFill _ -> checkUnknown(path, key);
      case null -> checkUnknown(path, key);
    };
  }

  private FileCheck.Result checkUnknown(Path path, ContentKey key) throws IOException {
    if (shelf.departures().isLeaving(key)) {
      return gone();
    }
    FileCheck.Result found = Damage.read(shelf, path, this::take);
    return switch (found.flaw()) {
      case null -> {
        adopt(found);
        yield found;
      }
      case BLOCKS -> {
        adopt(found);
        boolean acted =
            holdings.get(key) instanceof StoredFile file
                && file.shelf() == shelf
                && damage.act(file, Flaw.BLOCKS, found);
        yield acted ? found : gone();
      }
      case MISSING -> gone();
      case FOREIGN, MISPLACED, TRUNCATED, HEADER, TABLE, UNREADABLE ->
          holdings.quarantineUnknown(shelf, key, path, found.why()) ? found : gone();
    };
  }

  private void adopt(FileCheck.Result found) {
    if (found.header() != null && found.complete()) {
      log.info("scrub: a whole file was found that was not known: {}", found.header());
      holdings.adopt(shelf, found.header());
    }
  }

  private FileCheck.Result setAside(Path path, FileCheck.Result found) throws IOException {
    if (found.flaw() == null || volume.disk().kind(path) == Disk.Kind.MISSING) {
      return gone();
    }
    try {
      volume.quarantine(path, found.why());
      return found;
    } catch (NoSuchFileException e) {
      log.debug("gone meanwhile: {}", path);
      return gone();
    }
  }

  private void visitHeld(StoredFile file) {
    try {
      if (file.shelf() == shelf
          && goesOn()
          && volume.disk().kind(file.path()) == Disk.Kind.MISSING
          && holdings.takeOut(file, Holdings.Fate.DELETE, "the scrub does not find it")) {
        log.warn("scrub: content {} is not on {} any more", file.key(), volume.folder());
        progress = progress.with(Flaw.MISSING);
      }
    } catch (IOException e) {
      shelf.charge(e);
    }
  }

  private static FileCheck.Result gone() {
    return new FileCheck.Result(null, null, "", new BitSet(), 0, false);
  }

  private void save() {
    saved = System.nanoTime();
    if (volume.inService()) {
      try {
        progress.write(volume);
      } catch (IOException e) {
        shelf.charge(e);
      }
    }
  }

  private boolean take(long bytes) {
    return throttle.take(bytes);
  }

  private boolean goesOn() {
    return end.getCount() > 0 && volume.inService();
  }

  /** False when there is no sense in going on. */
  private boolean rest(long nanos) {
    try {
      return !end.await(nanos, TimeUnit.NANOSECONDS) && volume.inService();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      return false;
    }
  }

  private long second() {
    return clock.instant().getEpochSecond();
  }
}
