package oca.store;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import oca.store.disk.BadFileException;
import oca.store.disk.ContentFile;
import oca.store.disk.FileOpener;
import oca.store.disk.OpenFile;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store on one or more disks.
 *
 * <p>Three things are kept: the files (the truth), the table in memory (what lookups see) and the
 * index (a hint for the next start). A file is published in that order and taken out in the reverse
 * one, so at any moment what lookups see is on the disk, and a crash leaves at worst a file that
 * recovery finds again. The table is a concurrent map that lookups read without a lock; everything
 * that changes which files are held happens under one lock. Content itself is written, synced and
 * verified outside of that lock.
 *
 * <p>Every file is on one volume only. A volume that spends its error budget is taken out with all
 * its files, which may then be filled again elsewhere.
 */
public final class DiskStore implements ContentStore {
  private static final Logger log = LoggerFactory.getLogger(DiskStore.class);
  private static final int EVICTION_TRIES = 3;

  private final StoreConfig config;
  private final List<Shelf> shelves;
  private final Room room;
  private final ContentIndex index;
  private final OpenFiles openFiles;
  private final RecoveryReport recovery;
  private final DamageChecks checks = new DamageChecks(this::verify);
  private final Thread indexing;
  private final ConcurrentHashMap<ContentKey, Entry> table = new ConcurrentHashMap<>();
  private final Partials partials = new Partials(key -> table.get(key) instanceof StoredFile);
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong version = new AtomicLong(1);
  private final AtomicLong evicted = new AtomicLong();
  private volatile Set<ContentKey> pinned = Set.of();
  private volatile boolean closed;

  private enum Fate {
    DELETE,
    QUARANTINE,
    LEAVE
  }

  private DiskStore(
      StoreConfig config,
      List<Volume> volumes,
      ContentIndex index,
      RandomGenerator random,
      Supplier<EvictionPolicy> policy,
      long start)
      throws IOException {
    this.config = config;
    this.index = index;
    this.openFiles = new OpenFiles(config.maxOpenFiles(), new Losses());
    List<Shelf> made = new ArrayList<>();
    for (Volume volume : volumes) {
      made.add(new Shelf(volume, policy.get(), "store-volume-" + made.size(), this::retireSoon));
    }
    this.shelves = List.copyOf(made);
    this.room = new Room(shelves, random);
    try {
      this.recovery = recover(volumes, start);
      this.indexing = Thread.ofPlatform().daemon().name("store-index").unstarted(this::makeIndex);
    } catch (IOException | RuntimeException e) {
      stopThreads();
      throw e;
    }
  }

  /**
   * Opens the store, making volumes of new or empty folders.
   *
   * @throws StoreRefusedException when a folder is in use, holds something else or was written by a
   *     newer version; nothing was changed then
   * @throws IOException when the index folder cannot be used. A volume that cannot is only out of
   *     service
   */
  public static DiskStore open(StoreConfig config) throws IOException {
    return open(config, FileOpener.PLAIN, new SplittableRandom());
  }

  static DiskStore open(StoreConfig config, FileOpener opener, RandomGenerator random)
      throws IOException {
    long start = System.nanoTime();
    List<Volume> volumes = StoreStart.volumes(config, opener);
    ContentIndex index = null;
    boolean done = false;
    try {
      index =
          ContentIndex.open(
              config.indexFolder(),
              config.maxFiles(),
              volumes.stream().map(Volume::storeId).toList());
      DiskStore store = new DiskStore(config, volumes, index, random, SieveEviction::new, start);
      store.indexing.start();
      done = true;
      return store;
    } finally {
      if (!done) {
        if (index != null) {
          index.close(false);
        }
        volumes.forEach(Volume::close);
      }
    }
  }

  /** How the volumes were found at the start. */
  public RecoveryReport recovery() {
    return recovery;
  }

  @Override
  public Lookup lookup(ContentKey key) {
    Entry entry = table.get(key);
    return entry == null || closed ? Lookup.Miss.MISS : entry.lookup();
  }

  @Override
  public Admission fill(ContentMeta meta) throws IOException {
    DiskFill fill;
    lock.lock();
    try {
      requireOpen();
      Optional<Admission.Reason> refusal = refusal(meta.key());
      if (refusal.isPresent()) {
        return new Admission.Refused(refusal.get());
      }
      Optional<StoredFile> earlier = earlier(meta);
      Optional<StoredFile> place = earlier.isPresent() ? earlier : place(meta);
      if (place.isEmpty()) {
        return new Admission.Refused(Admission.Reason.NO_SPACE);
      }
      fill = new DiskFill(this, place.get(), earlier.isPresent(), config.syncBytes());
      table.put(meta.key(), fill);
    } finally {
      lock.unlock();
    }
    fill.start(openFiles);
    return new Admission.Admitted(fill);
  }

  @Override
  public void pin(Set<ContentKey> keys) {
    pinned = Set.copyOf(keys);
  }

  @Override
  public boolean remove(ContentKey key) {
    lock.lock();
    try {
      return table.get(key) instanceof StoredFile file
          && !closed
          && takeOut(file, Fate.DELETE, "removed");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Collection<ContentKey> held() {
    List<ContentKey> held = new ArrayList<>();
    table.forEach(
        (key, entry) -> {
          if (entry instanceof StoredFile file && file.shelf().volume().inService()) {
            held.add(key);
          }
        });
    return held;
  }

  @Override
  public @Nullable ContentMeta describe(ContentKey key) {
    return table.get(key) instanceof StoredFile file && file.shelf().volume().inService()
        ? file.meta()
        : null;
  }

  @Override
  public StoreStatus status() {
    List<StoreStatus.VolumeStatus> volumes = new ArrayList<>();
    long files = 0;
    for (Shelf shelf : shelves) {
      Volume volume = shelf.volume();
      files += volume.inService() ? volume.files() : 0;
      volumes.add(shelf.status());
    }
    return new StoreStatus(files, version.get(), evicted.get(), volumes);
  }

  /** How many descriptors of content are open. Never blocks. */
  public int openFiles() {
    return openFiles.count();
  }

  /**
   * Reads a whole file and compares every block with its checksum; a damaged file is taken out and
   * moved to quarantine. Blocks for as long as the reading takes.
   *
   * @throws IOException when it could not be read for want of descriptors; the file stays
   */
  public Verification verify(ContentKey key) throws IOException {
    if (!(table.get(key) instanceof StoredFile file)) {
      return Verification.NOT_HERE;
    }
    try (OpenFile open = OpenFiles.openChecked(file)) {
      ContentFile.verify(open.channel(), file.header());
      return Verification.WHOLE;
    } catch (IOException e) {
      if (table.get(key) != file) {
        return Verification.NOT_HERE;
      }
      if (Volume.isMissing(e)) {
        lose(file, Fate.DELETE, "it is not there");
        return Verification.NOT_HERE;
      }
      if (!(e instanceof BadFileException) && !file.shelf().volume().isDiskError(e)) {
        throw e;
      }
      file.shelf().charge(e);
      lose(file, Fate.QUARANTINE, String.valueOf(e.getMessage()));
      return Verification.DAMAGED;
    }
  }

  @Override
  public void close() {
    List<DiskFill> fills = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      for (Entry entry : table.values()) {
        if (entry instanceof DiskFill fill) {
          fills.add(fill);
        }
      }
    } finally {
      lock.unlock();
    }
    fills.forEach(DiskFill::close);
    stopThreads();
    boolean indexed = awaitIndex();
    lock.lock();
    try {
      for (Entry entry : table.values()) {
        if (entry instanceof StoredFile file) {
          file.discard(false);
        }
      }
      table.clear();
      index.close(
          indexed
              && shelves.stream()
                  .allMatch(s -> s.volume().inService() && s.volume().errors() == 0));
    } catch (IOException e) {
      log.warn("the index could not be closed in order and is rebuilt at the next start", e);
    } finally {
      shelves.forEach(shelf -> shelf.volume().close());
      lock.unlock();
    }
  }

  /** A session's file is durable under its final name. */
  void publish(DiskFill fill) {
    StoredFile file = fill.file();
    lock.lock();
    try {
      index.put(file.header());
      shelve(file);
      version.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /** A session ended without a commit. */
  void ended(DiskFill fill, boolean keep) {
    StoredFile file = fill.file();
    lock.lock();
    try {
      if (!table.remove(file.meta().key(), fill)) {
        return;
      }
      Partials.Partial partial = new Partials.Partial(file.shelf(), file.header());
      boolean kept = keep && file.shelf().volume().inService();
      if (kept) {
        partials.add(partial);
      }
      file.discard(!kept && partials.delete(partial));
    } finally {
      lock.unlock();
    }
  }

  private RecoveryReport recover(List<Volume> volumes, long start) throws IOException {
    List<StoreStart.Found> found = StoreStart.find(volumes, index);
    List<List<StoredFile>> perShelf = new ArrayList<>();
    lock.lock();
    try {
      for (int i = 0; i < found.size(); i++) {
        Shelf shelf = shelves.get(i);
        List<StoredFile> files = new ArrayList<>();
        for (ContentFile.Header header : found.get(i).whole()) {
          adopt(shelf, header).ifPresent(files::add);
        }
        perShelf.add(files);
      }
      for (int i = 0; i < found.size(); i++) {
        for (ContentFile.Header header : found.get(i).partial()) {
          adoptPartial(shelves.get(i), header);
        }
      }
    } finally {
      lock.unlock();
    }
    StoreStart.onEach(
        perShelf,
        files -> {
          files.forEach(openFiles::openIfRoom);
          return files;
        });
    long files = table.size();
    long quarantined = volumes.stream().mapToLong(Volume::quarantined).sum();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    log.info(
        "store open after {} ms: {} files, {} partial, {} quarantined, index {}",
        took.toMillis(),
        files,
        partials.count(),
        quarantined,
        index.trusted() ? "trusted" : "rebuilt");
    return new RecoveryReport(index.trusted(), files, partials.count(), quarantined, took);
  }

  /** Makes the index anew from the table, while lookups and fills go on. */
  private void makeIndex() {
    if (index.trusted()) {
      return;
    }
    try {
      ContentIndex.Map map = index.makeMap();
      lock.lock();
      try {
        index.useMap(map);
        for (Entry entry : table.values()) {
          if (entry instanceof StoredFile file) {
            index.put(file.header());
          }
        }
      } finally {
        lock.unlock();
      }
    } catch (IOException e) {
      log.error("no index can be made in {}: starts will be slower", config.indexFolder(), e);
    }
  }

  /** False when interrupted before the index was made. */
  private boolean awaitIndex() {
    try {
      indexing.join();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<StoredFile> adopt(Shelf shelf, ContentFile.Header header) {
    ContentMeta meta = StoredFile.meta(header);
    StoredFile file = new StoredFile(meta, header, shelf, openFiles);
    if (table.get(meta.key()) instanceof StoredFile twin) {
      // Filled again while its volume was out of service: one copy is enough.
      log.info("content {} is on {} too, dropping it", meta.key(), twin.shelf().volume().folder());
      shelf.delete(header);
      return Optional.empty();
    }
    shelf.volume().occupy(file.footprint());
    shelve(file);
    return Optional.of(file);
  }

  private void adoptPartial(Shelf shelf, ContentFile.Header header) {
    Partials.Partial partial = new Partials.Partial(shelf, header);
    shelf.volume().occupy(partial.footprint());
    if (table.containsKey(partial.key()) || partials.has(partial.key())) {
      // The crash came between the rename and its way to the disk, or it was begun twice.
      partials.drop(partial);
    } else {
      partials.add(partial);
    }
  }

  private void shelve(StoredFile file) {
    Shelf shelf = file.shelf();
    file.touches(shelf.policy().inserted(file.meta().key(), file.footprint()));
    table.put(file.meta().key(), file);
    shelf.volume().countFiles(1);
  }

  private Optional<Admission.Reason> refusal(ContentKey key) {
    @Nullable Entry entry = table.get(key);
    if (entry instanceof StoredFile file && !file.shelf().volume().inService()) {
      takeOut(file, Fate.LEAVE, "its volume is out of service");
      entry = null;
    }
    if (entry instanceof StoredFile) {
      return Optional.of(Admission.Reason.HELD);
    }
    if (entry instanceof DiskFill) {
      return Optional.of(Admission.Reason.BEING_FILLED);
    }
    if (shelves.stream().noneMatch(shelf -> shelf.volume().inService())) {
      return Optional.of(Admission.Reason.NO_VOLUME);
    }
    return table.size() >= config.maxFiles()
        ? Optional.of(Admission.Reason.INDEX_FULL)
        : Optional.empty();
  }

  /** What an earlier session left of a file; dropped when it was of another one. */
  private Optional<StoredFile> earlier(ContentMeta meta) {
    Optional<Partials.Partial> left = partials.take(meta.key());
    if (left.isEmpty()) {
      return Optional.empty();
    }
    Partials.Partial partial = left.get();
    if (!partial.shelf().volume().inService() || !StoredFile.meta(partial.header()).equals(meta)) {
      partials.drop(partial);
      return Optional.empty();
    }
    return Optional.of(new StoredFile(meta, partial.header(), partial.shelf(), openFiles));
  }

  /** Finds a volume for a new file and takes the room on it. */
  private Optional<StoredFile> place(ContentMeta meta) {
    long bytes = Volume.footprint(meta.length(), config.blockBytes());
    Optional<Shelf> shelf = room.withFree(bytes);
    if (shelf.isEmpty()) {
      shelf = room.toClear(bytes).stream().filter(full -> makeRoom(full, bytes)).findFirst();
    }
    return shelf.map(
        chosen -> {
          chosen.volume().occupy(bytes);
          return new StoredFile(meta, chosen.header(meta, config.blockBytes()), chosen, openFiles);
        });
  }

  /**
   * Drops partial files nobody resumes and then evicts; nothing when even all of it would not be
   * enough. Pinned and leased files stay: a leased one would give back nothing now.
   */
  private boolean makeRoom(Shelf shelf, long bytes) {
    Volume volume = shelf.volume();
    for (int tries = 0; tries < EVICTION_TRIES && volume.freeBytes() < bytes; tries++) {
      long missing = bytes - volume.freeBytes();
      List<Partials.Partial> idle = partials.worth(shelf, missing, pinned);
      missing -= Partials.footprint(idle);
      List<ContentKey> victims = List.of();
      if (missing > 0) {
        victims = shelf.policy().victims(missing, this::mayGo);
        if (victims.isEmpty()) {
          return false;
        }
      }
      idle.forEach(partials::drop);
      for (ContentKey key : victims) {
        if (table.get(key) instanceof StoredFile file && takeOut(file, Fate.DELETE, "evicted")) {
          evicted.incrementAndGet();
        }
      }
    }
    return volume.freeBytes() >= bytes;
  }

  private boolean mayGo(ContentKey key) {
    return !pinned.contains(key) && table.get(key) instanceof StoredFile file && !file.leased();
  }

  private void lose(StoredFile file, Fate fate, String why) {
    lock.lock();
    try {
      takeOut(file, fate, why);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a file out of table and index, and off the disk as its fate is. Under the lock. */
  private boolean takeOut(StoredFile file, Fate fate, String why) {
    ContentKey key = file.meta().key();
    if (closed || !table.remove(key, file)) {
      return false;
    }
    log.debug("content {} is taken out: {}", key, why);
    Volume volume = file.shelf().volume();
    index.remove(key);
    file.shelf().policy().removed(key);
    volume.countFiles(-1);
    version.incrementAndGet();
    boolean off = false;
    try {
      switch (fate) {
        case DELETE -> Files.deleteIfExists(volume.contentPath(key.high(), key.low()));
        case QUARANTINE -> volume.quarantine(volume.contentPath(key.high(), key.low()), why);
        case LEAVE -> log.debug("content {} stays on {}", key, volume.folder());
      }
      off = fate != Fate.LEAVE;
    } catch (IOException e) {
      file.shelf().charge(e);
    }
    file.discard(off);
    return true;
  }

  /** Takes out all files of a volume that went out of service. */
  private void retire(Shelf shelf) {
    lock.lock();
    try {
      for (Entry entry : table.values()) {
        if (entry instanceof StoredFile file && file.shelf() == shelf) {
          takeOut(file, Fate.LEAVE, "its volume is out of service");
        }
      }
      partials.forget(shelf);
      version.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /** On its own thread: the checks' queue may be full, and the caller may hold an event loop. */
  private void retireSoon(Shelf shelf) {
    Thread.ofVirtual().name("retire").start(() -> retire(shelf));
  }

  private final class Losses implements OpenFiles.Losses {
    @Override
    public void missing(StoredFile file) {
      if (table.get(file.meta().key()) != file) {
        // Removed while it waited to be opened.
        return;
      }
      log.warn("content {} is not on its volume any more", file.meta().key());
      lose(file, Fate.DELETE, "it is not there");
    }

    @Override
    public void damaged(StoredFile file, String why) {
      lose(file, Fate.QUARANTINE, why);
    }

    @Override
    public void unreadable(StoredFile file, IOException error) {
      if (!(error instanceof BadFileException)) {
        file.shelf().charge(error);
      }
      checks.ask(file.meta().key());
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the store is closed");
    }
  }

  private void stopThreads() {
    checks.close();
    shelves.forEach(shelf -> shelf.chores().shutdown());
  }
}
