package oca.store.pull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import oca.store.disk.Disk;
import oca.store.disk.LocalDisk;
import oca.store.disk.StoreRefusedException;
import oca.store.evict.EvictionPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is fetched from elsewhere, in one folder, as long as there is room.
 *
 * <p>It may forget anything at any time, and never tells of a byte that it was not handed. Which
 * object answers which request is the caller's to know; the store tells of those that go. Nothing
 * is synced: a crash empties the folder, and so does a restart of the machine. {@link #create} and
 * all of {@link PulledObject} are safe on event loops; {@link #open} and {@link #close} block.
 */
public final class PullStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PullStore.class);
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private final PullStoreConfig config;
  private final PullListener listener;
  private final Disk disk;
  private final UUID boot;
  private final PullFolder folder;
  private final Closeable lock;
  private final DiskThreads threads;
  private final PullRoom room;
  private final Tally tally = new Tally();
  private final Set<PulledObject> live = ConcurrentHashMap.newKeySet();
  private final AtomicLong nextId = new AtomicLong(1);
  private final AtomicLong queued = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean trimming = new AtomicBoolean();
  private final Object volume = new Object();
  private PullStatus.Start start = PullStatus.Start.NEW;
  private long reopened;
  private long lost;

  /**
   * Opens a folder. What a clean stop left comes back; after anything else it is emptied.
   *
   * @param listener hears of objects that go; those that the start finds wanting were never there
   * @throws StoreRefusedException when the folder is in use, or something else's
   * @throws IOException when the disk fails
   */
  public static PullStore open(PullStoreConfig config, PullListener listener) throws IOException {
    return open(config, listener, new LocalDisk(), boot());
  }

  static PullStore open(PullStoreConfig config, PullListener listener, Disk disk, UUID boot)
      throws IOException {
    PullFolder folder = PullFolder.of(disk, config.folder());
    Closeable lock = folder.lock();
    boolean good = false;
    try {
      PullStore store = new PullStore(config, listener, disk, boot, folder, lock);
      store.begin();
      good = true;
      return store;
    } finally {
      if (!good) {
        lock.close();
      }
    }
  }

  private PullStore(
      PullStoreConfig config,
      PullListener listener,
      Disk disk,
      UUID boot,
      PullFolder folder,
      Closeable lock) {
    this.config = config;
    this.listener = listener;
    this.disk = disk;
    this.boot = boot;
    this.folder = folder;
    this.lock = lock;
    this.threads = new DiskThreads(config.diskThreads(), config.hangAfter(), tally.hangs);
    EvictionPolicy<PulledObject> policy =
        config
            .policy()
            .create(config.capacityBytes(), boot.getLeastSignificantBits(), PulledObject::identity);
    this.room = new PullRoom(config, policy, new Evictions(), tally);
  }

  private final class Evictions implements PullRoom.Exits {
    @Override
    public boolean end(PulledObject victim) {
      return takeOff(victim);
    }

    @Override
    public void evicted(PulledObject victim) {
      dropped(victim, PullListener.Cause.EVICTED);
    }
  }

  private static UUID boot() {
    try {
      return UUID.fromString(Files.readString(BOOT).strip());
    } catch (IOException | IllegalArgumentException e) {
      log.info("cannot tell one boot of the machine from another: nothing outlives a stop", e);
      return UUID.randomUUID();
    }
  }

  private void begin() throws IOException {
    boolean fresh = folder.furnish();
    List<KeptObject> kept = fresh ? List.of() : readIndex();
    // From here on a crash finds no index.
    disk.delete(folder.index());
    Set<Long> ids = ConcurrentHashMap.newKeySet();
    kept.forEach(object -> ids.add(object.id));
    folder.sweep(ids::contains);
    for (KeptObject object : kept) {
      reopen(object);
    }
    if (!fresh) {
      log.info(
          "{}: {}; {} objects are back, {} are lost",
          config.folder(),
          start.sentence(),
          reopened,
          lost);
    }
    threads.begin();
  }

  private List<KeptObject> readIndex() throws IOException {
    if (disk.kind(folder.index()) == Disk.Kind.MISSING) {
      start = PullStatus.Start.NOT_STOPPED;
      return List.of();
    }
    try {
      PullIndex index = PullIndex.read(disk, folder.index());
      start = judge(index);
      if (start == PullStatus.Start.REOPENED) {
        nextId.set(index.nextId);
        return index.objects;
      }
    } catch (IOException e) {
      start = PullStatus.Start.INDEX_DAMAGED;
      log.warn("the index in {} cannot be used: {}", config.folder(), e.getMessage());
    }
    return List.of();
  }

  private PullStatus.Start judge(PullIndex index) {
    if (index.version != PullIndex.VERSION) {
      return PullStatus.Start.OTHER_FORMAT;
    }
    if (!index.boot.equals(boot)) {
      return PullStatus.Start.OTHER_BOOT;
    }
    return index.sliceBytes == config.sliceBytes()
        ? PullStatus.Start.REOPENED
        : PullStatus.Start.OTHER_SLICES;
  }

  private void reopen(KeptObject kept) {
    Path path = folder.file(kept.id);
    try {
      if (isAsKept(path, kept) && room.enter()) {
        restore(kept);
        reopened++;
        return;
      }
      disk.delete(path);
    } catch (IOException e) {
      tally.errors.incrementAndGet();
      log.warn("object {} cannot be reopened: {}", path, e.toString());
    }
    lost++;
  }

  private boolean isAsKept(Path path, KeptObject kept) throws IOException {
    return disk.kind(path) == Disk.Kind.FILE
        && disk.size(path) == kept.fileBytes
        && disk.modified(path) == kept.modified;
  }

  private void restore(KeptObject kept) throws IOException {
    PulledObject object = object(kept.id, kept.identity, kept.label, kept.length);
    try {
      object.file().make();
    } catch (IOException e) {
      room.exit();
      throw e;
    }
    for (int slice = 0; slice < kept.checksums.length; slice++) {
      if (kept.checksums[slice] != 0) {
        int bytes = object.file().sliceLength(slice, kept.length);
        object.slices().advance(slice, bytes, kept.checksums[slice]);
      }
    }
    room.restore(object, kept.charged);
    live.add(object);
  }

  private PulledObject object(long id, long identity, byte[] label, long length) {
    Slices slices = new Slices(config.sliceBytes());
    PulledFile file = new PulledFile(disk, folder.file(id), id, config.sliceBytes(), slices);
    return new PulledObject(this, threads.of(id), id, identity, label, length, slices, file);
  }

  /**
   * Begins an object; its file is made by a disk thread. Never blocks.
   *
   * @param identity 64 well spread bits of what it is a copy of, the same for a later copy: by that
   *     the eviction policy remembers what was asked for
   * @param label whatever the caller wants to know of it after a restart
   * @param length of the whole object in bytes, or {@link PulledObject#UNKNOWN}
   */
  public PullAdmission create(long identity, byte[] label, long length) {
    if (length < 0 && length != PulledObject.UNKNOWN) {
      throw new IllegalArgumentException("a length below zero: " + length);
    }
    long id = nextId.getAndIncrement();
    PullRefusal refusal = refusal(id, label.length, length);
    if (refusal != null) {
      if (refusal == PullRefusal.TOO_MANY_OBJECTS) {
        trimSoon(id);
      }
      var _ = tally.refuse(refusal);
      return new PullAdmission.Refused(refusal);
    }
    PulledObject made = object(id, identity, label.clone(), length);
    room.missed(identity, Math.max(length, PullRoom.OBJECT_BYTES));
    tally.created.incrementAndGet();
    live.add(made);
    made.make();
    return new PullAdmission.Admitted(made);
  }

  private @Nullable PullRefusal refusal(long id, int label, long length) {
    if (closed.get()) {
      return PullRefusal.CLOSED;
    }
    if (length > config.maxObjectBytes()) {
      return PullRefusal.OBJECT_TOO_LARGE;
    }
    if (label > config.maxLabelBytes()) {
      return PullRefusal.LABEL_TOO_LARGE;
    }
    if (threads.of(id).hangs()) {
      return PullRefusal.DISK_HANGS;
    }
    return room.enter() ? null : PullRefusal.TOO_MANY_OBJECTS;
  }

  /** Those that may not go now may later, so each one who is refused has it tried again. */
  private void trimSoon(long id) {
    if (trimming.compareAndSet(false, true)
        && !threads
            .of(id)
            .offer(
                () -> {
                  trimming.set(false);
                  room.trim();
                })) {
      trimming.set(false);
    }
  }

  /**
   * All objects at this moment, in no order: right after the start those that a clean stop left.
   * Walks over all of them.
   */
  public List<PulledObject> objects() {
    return List.copyOf(live);
  }

  /** How many bytes wait to be written, of all objects. */
  public long queued() {
    return queued.get();
  }

  /** Sizes and counts. Cheap, never blocks. */
  public PullStatus status() {
    return new PullStatus(
        config.capacityBytes(),
        room.usedBytes(),
        room.objects(),
        queued.get(),
        tally.written.get(),
        tally.created.get(),
        tally.dropped(),
        tally.refused(),
        tally.errors.get(),
        tally.hangs.get(),
        start,
        reopened,
        lost);
  }

  PullStoreConfig config() {
    return config;
  }

  Tally tally() {
    return tally;
  }

  PullRoom room() {
    return room;
  }

  Object volume() {
    return volume;
  }

  /** Lets so many bytes wait, unless too many do. */
  boolean queue(int bytes) {
    while (true) {
      long now = queued.get();
      // What is larger than all that may wait is let in alone.
      if (now > 0 && now + bytes > config.maxQueuedBytes()) {
        return false;
      }
      if (queued.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  void unqueue(int bytes) {
    queued.addAndGet(-bytes);
  }

  void wrote(long bytes) {
    tally.written.addAndGet(bytes);
  }

  /** The disk failed an object. */
  void faulted(PulledObject object, IOException why) {
    tally.errors.incrementAndGet();
    log.warn("object {} is dropped: {}", object.file().path(), why.toString());
  }

  /** An object gives no leases any more. */
  void dropped(PulledObject object, PullListener.Cause cause) {
    live.remove(object);
    tally.dropped(cause);
    try {
      listener.dropped(object, cause);
    } catch (RuntimeException e) {
      log.error("who listens failed when told of a dropped object", e);
    }
  }

  /** A dropped object loses its name on the disk, while others still read it. Blocks. */
  void leaves(PulledObject object) {
    room.forget(object);
    try {
      object.file().unlink();
    } catch (IOException e) {
      // It is tried again when the last reader is gone.
      log.debug("cannot unlink {}", object.file().path(), e);
    }
  }

  /** Nobody reads or writes a dropped object any more. Blocks. */
  void ends(PulledObject object) {
    room.leave(object, takeOff(object));
  }

  /** Takes an object's file off the disk, unless it is kept; false when the disk refuses. */
  private boolean takeOff(PulledObject object) {
    boolean freed = true;
    try {
      object.file().unlink();
    } catch (IOException e) {
      freed = false;
      faulted(object, e);
    }
    try {
      object.file().close();
    } catch (IOException e) {
      tally.errors.incrementAndGet();
      log.warn("cannot close {}", object.file().path(), e);
    }
    return freed;
  }

  /**
   * Writes what waits, leaves an index for the next start, and lets go of the folder. Leases that
   * are out stay good. When the disk hangs there is no index, and the folder stays locked until the
   * process ends.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (!threads.stop()) {
      log.warn("the disk of {} hangs: the next start empties it", config.folder());
      return;
    }
    try {
      keep();
    } catch (IOException e) {
      log.warn("no index can be left in {}: the next start empties it", config.folder(), e);
    }
    live.forEach(PulledObject::retire);
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("cannot unlock {}", config.folder(), e);
    }
  }

  private void keep() throws IOException {
    List<PulledObject> all = new ArrayList<>(live);
    all.sort(Comparator.comparingLong(PulledObject::id));
    List<KeptObject> kept = new ArrayList<>(all.size());
    for (PulledObject object : all) {
      // One without a whole slice has nothing to give.
      if (object.isWhole() || object.slices().whole() > 0) {
        keep(object, kept);
      }
    }
    new PullIndex(PullIndex.VERSION, config.sliceBytes(), boot, nextId.get(), kept)
        .write(disk, folder.index());
  }

  private void keep(PulledObject object, List<KeptObject> kept) throws IOException {
    try {
      kept.add(kept(object));
    } catch (NoSuchFileException e) {
      log.debug("{} was dropped in the last moment", object.file().path(), e);
    }
  }

  private KeptObject kept(PulledObject object) throws IOException {
    Path path = object.file().path();
    int[] checksums = new int[object.wholeSlices().length()];
    for (int slice = 0; slice < checksums.length; slice++) {
      checksums[slice] = object.slices().checksum(slice);
    }
    return new KeptObject(
        object.id(),
        object.identity(),
        object.length(),
        object.charged(),
        disk.size(path),
        disk.modified(path),
        object.label(),
        checksums);
  }
}
