package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import oca.store.disk.BadFileException;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.OpenFile;
import oca.store.disk.OutdatedFileException;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what the volumes hold, while the store serves already: each volume on a thread of its
 * own, from the index if that is trusted and from the files themselves otherwise.
 *
 * <p>Where a file lies follows from its key, so nobody need wait for the walk: a lookup of a file
 * that is not known yet has it looked for in its one possible place on each volume, and the next
 * lookup finds it. Until a volume was walked its room is not known, and nothing new is put on it.
 *
 * <p>Reads headers and tables of checksums, no content: a whole file was synced before it got its
 * name. What does not belong goes to quarantine, never to nothing; only our own torn partial files,
 * in which nothing can be resumed, and files of an older format are deleted.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final Supplier<List<Shelf>> shelves;
  private final Holdings holdings;
  private final ContentIndex index;
  private final OpenFiles openFiles;
  private final Recalls recalls;

  /** On these something could not be read, so recalls stay in force. */
  private final Set<Shelf> unsure = ConcurrentHashMap.newKeySet();

  private final long start = System.nanoTime();
  private final Map<Shelf, CompletableFuture<Void>> walks = new ConcurrentHashMap<>();
  private final Set<ContentKey> sought = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<RecoveryReport> report = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock sifting = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private volatile boolean running = true;

  Recovery(
      Supplier<List<Shelf>> shelves,
      Holdings holdings,
      ContentIndex index,
      OpenFiles openFiles,
      Recalls recalls) {
    this.shelves = shelves;
    this.holdings = holdings;
    this.index = index;
    this.openFiles = openFiles;
    this.recalls = recalls;
  }

  /** Whether there may be files that are not known yet. */
  boolean running() {
    return running;
  }

  /** Ends when all volumes have been walked. */
  CompletableFuture<RecoveryReport> report() {
    return report;
  }

  /** Begins; returns at once. */
  void begin() {
    CompletableFuture<Boolean> known =
        index.trusted() && !recalls.anyOpen(shelves.get())
            ? index.load(this::known)
            : CompletableFuture.completedFuture(false);
    for (Shelf shelf : shelves.get()) {
      walks.put(shelf, new CompletableFuture<>());
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(walks.values().toArray(CompletableFuture[]::new));
    var _ = all.whenComplete((none, error) -> end(known.join()));
    var _ =
        known.whenComplete(
            (indexed, error) ->
                walks.forEach((shelf, walked) -> walkOnThread(shelf, !indexed, walked)));
  }

  /** A volume went out of service: nobody need wait for its walk, which may hang. */
  void lost(Shelf shelf) {
    CompletableFuture<Void> walked = walks.get(shelf);
    if (walked != null) {
      walked.complete(null);
    }
  }

  /** Walks one volume that was added while the store serves; blocks until it is known. */
  void walk(Shelf shelf) {
    walk(shelf, true);
  }

  /** Has a file looked for soon that is not known yet. Never blocks. */
  void seek(ContentKey key) {
    if (!sought.add(key)) {
      return;
    }
    boolean queued = false;
    for (Shelf shelf : shelves.get()) {
      if (!shelf.known() && shelf.volume().inService()) {
        queued |= shelf.offerOpening(() -> find(shelf, key));
      }
    }
    if (!queued) {
      sought.remove(key);
    }
  }

  /** Looks for a file that is not known yet. Blocks on the disks. */
  void findNow(ContentKey key) {
    for (Shelf shelf : shelves.get()) {
      if (!shelf.known() && shelf.volume().inService() && holdings.get(key) == null) {
        find(shelf, key);
        Path partial = shelf.volume().partialPath(key.high(), key.low());
        readPartial(shelf, partial).ifPresent(header -> holdings.adoptPartial(shelf, header));
      }
    }
  }

  /** Waits for progress of the recovery that makes a condition hold. */
  boolean await(BooleanSupplier condition, Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (running && !condition.getAsBoolean() && left > 0) {
        left = progress.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return condition.getAsBoolean();
  }

  private void known(ContentFile.Header header) {
    for (Shelf shelf : shelves.get()) {
      if (shelf.volume().storeId().equals(header.storeId())) {
        holdings.adopt(shelf, header);
      }
    }
  }

  private void walkOnThread(Shelf shelf, boolean content, CompletableFuture<Void> walked) {
    Thread.ofPlatform()
        .daemon()
        .name("store-recovery")
        .start(
            () -> {
              try {
                walk(shelf, content);
                holdings.forEachFile(
                    file -> {
                      if (file.shelf() == shelf) {
                        openFiles.openIfRoom(file);
                      }
                    });
              } finally {
                walked.complete(null);
              }
            });
  }

  private void walk(Shelf shelf, boolean content) {
    Volume volume = shelf.volume();
    if (content) {
      walk(shelf, () -> volume.visitContent(path -> visitContent(shelf, path)));
    }
    walk(shelf, () -> volume.visitPartials(path -> visitPartial(shelf, path)));
    if (content && volume.inService() && !unsure.contains(shelf)) {
      recalls.sifted(shelf);
    }
    shelf.becomesKnown();
    signal();
  }

  private interface Walk {
    void run() throws IOException;
  }

  private void walk(Shelf shelf, Walk walk) {
    try {
      if (shelf.volume().inService()) {
        walk.run();
      }
    } catch (IOException e) {
      unsure.add(shelf);
      if (!holdings.closed()) {
        shelf.charge(e);
      }
    }
  }

  private void end(boolean indexed) {
    holdings.recovered();
    running = false;
    sought.clear();
    signal();
    if (!indexed) {
      index.rebuild(holdings::forEachFile, file -> holdings.get(file.key()) == file);
    }
    long files = 0;
    long quarantined = 0;
    for (Shelf shelf : shelves.get()) {
      files += shelf.volume().files();
      quarantined += shelf.volume().quarantined();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    int partials;
    holdings.lock().lock();
    try {
      partials = holdings.partials().count();
    } finally {
      holdings.lock().unlock();
    }
    log.info(
        "all volumes read after {} ms: {} files, {} partial, {} quarantined, index {}",
        took.toMillis(),
        files,
        partials,
        quarantined,
        indexed ? "trusted" : "rebuilt");
    report.complete(new RecoveryReport(indexed, files, partials, quarantined, took));
  }

  private void signal() {
    lock.lock();
    try {
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void find(Shelf shelf, ContentKey key) {
    try {
      if (holdings.get(key) != null || !shelf.volume().inService()) {
        return;
      }
      Path path = shelf.volume().contentPath(key.high(), key.low());
      readContent(shelf, path).ifPresent(header -> holdings.adopt(shelf, header));
      if (holdings.get(key) instanceof StoredFile file && file.shelf() == shelf) {
        openFiles.open(file);
      }
    } finally {
      sought.remove(key);
    }
  }

  private void visitContent(Shelf shelf, Path path) throws IOException {
    requireGoingOn(shelf);
    if (!path.getFileName().toString().matches("[0-9a-f]{32}\\.oca")
        || shelf.volume().disk().kind(path) != Disk.Kind.FILE) {
      quarantine(shelf, path, "it is not a file of content");
      return;
    }
    readContent(shelf, path).ifPresent(header -> holdings.adopt(shelf, header));
  }

  private void visitPartial(Shelf shelf, Path path) throws IOException {
    requireGoingOn(shelf);
    if (!path.getFileName().toString().matches("[0-9a-f]{32}\\.part")
        || shelf.volume().disk().kind(path) != Disk.Kind.FILE) {
      quarantine(shelf, path, "it is not a partial file");
      return;
    }
    readPartial(shelf, path).ifPresent(header -> holdings.adoptPartial(shelf, header));
  }

  /** Ends the walk when the store is closed or the volume taken out meanwhile. */
  private void requireGoingOn(Shelf shelf) throws IOException {
    if (holdings.closed() || !shelf.volume().inService()) {
      throw new BadFileException("the walk was given up");
    }
  }

  private Optional<ContentFile.Header> readContent(Shelf shelf, Path path) {
    if (!recalls.anyOpen(List.of(shelf))) {
      return readWhole(shelf, path);
    }
    // Who asks for a file and who walks the volume may come upon it together; the second would see
    // it in the midst of being changed.
    sifting.lock();
    try {
      return readWhole(shelf, path);
    } finally {
      sifting.unlock();
    }
  }

  private Optional<ContentFile.Header> readWhole(Shelf shelf, Path path) {
    Volume volume = shelf.volume();
    try (OpenFile file = volume.disk().open(path, Disk.Mode.READ)) {
      ContentFile.Header header = header(path, file);
      requireOurs(volume, header, path, volume.contentPath(header.high(), header.low()));
      new BlockTable(file.channel(), header).checkWhole();
      BitSet all = new BitSet();
      all.set(0, Math.toIntExact(header.blocks()));
      if (!recalls.sift(shelf, path, header, all, true)) {
        return Optional.of(header);
      }
      readPartial(shelf, volume.partialPath(header.high(), header.low()))
          .ifPresent(partial -> holdings.adoptPartial(shelf, partial));
    } catch (OutdatedFileException e) {
      drop(shelf, path, e);
    } catch (BadFileException e) {
      quarantine(shelf, path, String.valueOf(e.getMessage()));
    } catch (NoSuchFileException e) {
      // Not on this volume, or gone since the folder was listed.
      log.trace("no {}", path);
    } catch (IOException e) {
      refusedOrCharged(shelf, e);
    }
    return Optional.empty();
  }

  private Optional<ContentFile.Header> readPartial(Shelf shelf, Path path) {
    Volume volume = shelf.volume();
    ContentFile.@Nullable Header header = null;
    try (OpenFile file = volume.disk().open(path, Disk.Mode.READ)) {
      header = header(path, file);
      ContentFile.checkSize(file.channel(), header);
    } catch (BadFileException e) {
      if (!isOpen(path)) {
        drop(shelf, path, e);
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      log.trace("no {}", path);
      return Optional.empty();
    } catch (IOException e) {
      refusedOrCharged(shelf, e);
      return Optional.empty();
    }
    try {
      requireOurs(volume, header, path, volume.partialPath(header.high(), header.low()));
      siftPartial(shelf, path, header);
      return Optional.of(header);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (BadFileException e) {
      quarantine(shelf, path, String.valueOf(e.getMessage()));
      return Optional.empty();
    } catch (IOException e) {
      refusedOrCharged(shelf, e);
      return Optional.empty();
    }
  }

  /** Of one that a session is writing, what was here before it has been sifted already. */
  private void siftPartial(Shelf shelf, Path path, ContentFile.Header header) throws IOException {
    if (!recalls.anyOpen(List.of(shelf)) || isOpen(path)) {
      return;
    }
    BitSet written;
    try (OpenFile file = shelf.volume().disk().open(path, Disk.Mode.READ)) {
      written = new BlockTable(file.channel(), header).written();
    }
    recalls.sift(shelf, path, header, written, false);
  }

  /** Whether a session is writing the partial file at this moment. */
  private boolean isOpen(Path path) {
    String name = path.getFileName().toString();
    ContentKey key =
        new ContentKey(
            Long.parseUnsignedLong(name.substring(0, 16), 16),
            Long.parseUnsignedLong(name.substring(16, 32), 16));
    return holdings.get(key) instanceof DiskFill;
  }

  /** A newer version's file: the volume is left alone rather than half understood. */
  private void refusedOrCharged(Shelf shelf, IOException e) {
    unsure.add(shelf);
    if (e instanceof StoreRefusedException) {
      shelf.takeOut("because " + e.getMessage());
    } else {
      shelf.charge(e);
    }
  }

  private static void drop(Shelf shelf, Path path, BadFileException why) {
    log.info("{} is dropped: {}", path, why.getMessage());
    try {
      shelf.volume().disk().delete(path);
    } catch (IOException e) {
      shelf.charge(e);
    }
  }

  private static void quarantine(Shelf shelf, Path path, String why) {
    try {
      shelf.volume().quarantine(path, why);
    } catch (NoSuchFileException e) {
      // Somebody else moved it first.
      log.debug("no {}", path);
    } catch (IOException e) {
      shelf.charge(e);
    }
  }

  private static ContentFile.Header header(Path path, OpenFile file) throws IOException {
    try {
      return ContentFile.readHeader(file.channel());
    } catch (StoreRefusedException e) {
      throw e.at(path);
    }
  }

  private static void requireOurs(Volume volume, ContentFile.Header header, Path path, Path due)
      throws BadFileException {
    if (!header.storeId().equals(volume.storeId())) {
      throw new BadFileException("it was written for another volume, " + header.storeId());
    }
    if (!path.equals(due)) {
      throw new BadFileException("its place would be " + due);
    }
  }
}
