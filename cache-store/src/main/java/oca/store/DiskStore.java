package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import oca.store.disk.BadFileException;
import oca.store.disk.Disk;
import oca.store.disk.LocalDisk;
import oca.store.disk.OpenFile;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;
import oca.store.evict.EvictionPolicies;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store on one or more disks.
 *
 * <p>Three things are kept: the files (the truth), the table in memory (what lookups see, {@link
 * Holdings}) and the index (a hint for the next start). A file is published in that order and taken
 * out in the reverse one, so at any moment what lookups see is on the disk, and a crash leaves at
 * worst a file that {@link Recovery} finds again. Content itself is written, synced and verified
 * outside of all locks.
 *
 * <p>Every file is on one volume only. A volume that spends its error budget, or whose disk hangs,
 * is taken out with all its files, which may then be filled again elsewhere.
 *
 * <p>The store serves as soon as it is open: what is on its volumes is found meanwhile, and what is
 * asked for is found first.
 */
public final class DiskStore implements ContentStore {
  /** So long the index may take to be closed: longer than making one of millions of files. */
  private static final long INDEX_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final Logger log = LoggerFactory.getLogger(DiskStore.class);
  private final StoreConfig config;
  private final VolumeStart volumeStart;
  private final Roster roster;
  private final CopyOnWriteArrayList<Shelf> shelves = new CopyOnWriteArrayList<>();
  private final ContentIndex index;
  private final Holdings holdings;
  private final OpenFiles openFiles;
  private final RandomGenerator random;
  private final Recovery recovery;
  private final Recalls recalls;
  private final LineageReader lineages;
  private final Intake intake;
  private final Damage damage;
  private final DamageChecks checks;
  private final Scrubber scrubber;
  private final VolumeTasks<Mover> movers = new VolumeTasks<>("store-drain");
  private final List<Shelf> detached = new CopyOnWriteArrayList<>();
  private final Room room;
  private final InstantSource clock;
  private final Watchdog watchdog;

  private DiskStore(
      StoreConfig config,
      VolumeStart volumeStart,
      VolumeStart.Opened opened,
      ContentIndex index,
      RecallBook recallBook,
      RandomGenerator random,
      InstantSource clock) {
    this.config = config;
    this.volumeStart = volumeStart;
    this.roster = opened.roster();
    this.index = index;
    this.holdings = new Holdings(index);
    this.damage = new Damage(holdings, clock);
    this.checks = new DamageChecks(this::verify);
    this.scrubber = new Scrubber(holdings, damage, config.scrubBytesPerSecond(), clock);
    this.random = random;
    this.openFiles = new OpenFiles(config.maxOpenFiles(), new Losses());
    opened.volumes().forEach(volume -> shelves.add(shelf(volume)));
    this.lineages = new LineageReader(holdings);
    this.recalls = new Recalls(() -> shelves, holdings, damage, recallBook, clock);
    this.recovery = new Recovery(() -> shelves, holdings, index, openFiles, recalls);
    this.room = new Room(() -> shelves, holdings, random);
    this.clock = clock;
    this.intake = new Intake(config, () -> shelves, holdings, recovery, room, clock);
    this.watchdog = new Watchdog(() -> shelves, config.hangAfter());
  }

  /**
   * Opens the store, making volumes of new or empty folders. What they hold is found while the
   * store serves already, see {@link #recovery}.
   *
   * @throws StoreRefusedException when a folder is in use, holds something else, belongs to another
   *     store or was written by a newer version; nothing was changed then
   * @throws IOException when the index folder cannot be used. A volume that cannot is only out of
   *     service
   */
  public static DiskStore open(StoreConfig config) throws IOException {
    return open(config, new LocalDisk(), new SplittableRandom(), InstantSource.system());
  }

  static DiskStore open(StoreConfig config, Disk disk, RandomGenerator random, InstantSource clock)
      throws IOException {
    VolumeStart start = new VolumeStart(config, disk);
    VolumeStart.Opened opened = start.open(Roster.read(config.indexFolder()));
    ContentIndex index = null;
    boolean done = false;
    try {
      RecallBook recallBook = RecallBook.open(config.indexFolder());
      index =
          ContentIndex.open(
              config.indexFolder(),
              config.maxFiles(),
              opened.volumes().stream().map(Volume::storeId).toList());
      opened.roster().write(config.indexFolder());
      DiskStore store = new DiskStore(config, start, opened, index, recallBook, random, clock);
      store.begin();
      done = true;
      return store;
    } finally {
      if (!done) {
        if (index != null) {
          index.close(Optional.empty(), INDEX_NANOS);
        }
        opened.volumes().forEach(Volume::close);
      }
    }
  }

  /** One whose volumes are walked at every start: it has no index folder. */
  static DiskStore openWithoutIndex(
      StoreConfig config, Disk disk, RandomGenerator random, InstantSource clock)
      throws IOException {
    VolumeStart start = new VolumeStart(config, disk);
    DiskStore store =
        new DiskStore(
            config,
            start,
            start.open(Optional.empty()),
            ContentIndex.none(),
            RecallBook.inMemory(),
            random,
            clock);
    store.begin();
    return store;
  }

  private void begin() {
    recovery.begin();
    watchdog.begin();
    shelves.forEach(scrubber::begin);
  }

  /** Ends when all that is on the volumes has been found. */
  public CompletableFuture<RecoveryReport> recovery() {
    return recovery.report().copy();
  }

  /** Who is told from now on of files with damaged blocks. */
  public void repairs(RepairHook hook) {
    damage.tell(hook);
  }

  @Override
  public Lookup lookup(ContentKey key) {
    Lookup found = holdings.lookup(key);
    if (found instanceof Lookup.Miss && recovery.running() && !holdings.closed()) {
      recovery.seek(key);
    }
    return found;
  }

  @Override
  public Admission fill(FillRequest request) throws IOException {
    return intake.fill(request);
  }

  @Override
  public void pin(Set<ContentKey> keys) {
    holdings.pin(keys);
  }

  @Override
  public boolean remove(ContentKey key) {
    recovery.findNow(key);
    return holdings.get(key) instanceof StoredFile file
        && holdings.takeOut(file, Holdings.Fate.DELETE, "removed");
  }

  @Override
  public Collection<ContentKey> held() {
    return holdings.held();
  }

  @Override
  public @Nullable ContentMeta describe(ContentKey key) {
    return holdings.get(key) instanceof StoredFile file && file.shelf().volume().inService()
        ? file.meta()
        : null;
  }

  @Override
  public StoreStatus status() {
    List<StoreStatus.VolumeStatus> volumes = new ArrayList<>();
    long files = 0;
    for (Shelf shelf : shelves) {
      files += shelf.volume().inService() ? shelf.volume().files() : 0;
      volumes.add(shelf.status());
    }
    return new StoreStatus(
        files,
        holdings.version(),
        holdings.evicted(),
        recovery.running(),
        openFiles.count(),
        volumes);
  }

  /**
   * Reads a whole file and compares every block with its checksum; a damaged file is taken out, and
   * is to be repaired or in quarantine. Blocks for as long as the reading takes.
   *
   * @throws IOException when it could not be read for want of descriptors; the file stays
   */
  public Verification verify(ContentKey key) throws IOException {
    recovery.findNow(key);
    return damage.verify(key);
  }

  /**
   * Where the blocks of a whole file came from and when they were last verified, as runs of blocks
   * that share it, in order. Empty when there is no such file or it has no content.
   *
   * @throws IOException when the file cannot be read
   */
  public List<LineageRun> lineage(ContentKey key) throws IOException {
    recovery.findNow(key);
    if (!(holdings.get(key) instanceof StoredFile file)) {
      return List.of();
    }
    try (OpenFile open = OpenFiles.openChecked(file)) {
      return LineageRun.of(open.channel(), file.header());
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      file.shelf().charge(e);
      throw e;
    }
  }

  /**
   * Where the blocks came from that are here of a file, be it whole or not; empty when nothing is.
   * Blocks on a disk.
   *
   * @throws IOException when the file cannot be read
   */
  public Optional<FileLineage> trace(ContentKey key) throws IOException {
    recovery.findNow(key);
    return lineages.of(key);
  }

  /**
   * Which files have blocks that came from one source in a time. Reads some blocks of every file.
   *
   * @param most files that are listed; all are counted
   * @param goOn asked before each file
   */
  public SourceTrace trace(SourceQuery what, int most, BooleanSupplier goOn) {
    SourceTrace found = lineages.trace(what, most, goOn);
    return recovery.running() ? found.cutShort() : found;
  }

  /**
   * Withdraws all blocks that came from one source in a time: from the moment at which a file was
   * looked at none of them is served again, after a crash or on a volume that comes back either,
   * and who listens to {@link #repairs} is told of them. The order is durable on return; it is
   * carried out on a thread of the store's.
   *
   * @param who orders it
   * @param most orders that are remembered, see {@link #recalls}
   * @throws IllegalStateException when another recall is under way, or too many are not done
   * @throws IllegalArgumentException when the time is still to come
   * @throws IOException when the order cannot be written down; nothing was done then
   */
  public RecallStatus recall(SourceQuery what, String who, String why, int most)
      throws IOException {
    return recalls.begin(what, who, why, most, recovery);
  }

  /** Recalls that are remembered, the oldest first. */
  public List<RecallStatus> recalls() {
    return recalls.status();
  }

  /** What recalls have done since the start. Never blocks. */
  public RecallCounts recallCounts() {
    return recalls.counts();
  }

  /** Waits for a recall's end; false when it has not come by then. */
  public boolean awaitRecall(long number, Duration patience) throws InterruptedException {
    return recalls.await(number, patience.toNanos());
  }

  /** How far the scrub of each volume has come; of none where the scrub is off. Never blocks. */
  public List<ScrubStatus> scrubStatus() {
    return scrubber.status(shelves);
  }

  /**
   * Puts one more disk into service; blocks until what is on it was found.
   *
   * @throws StoreRefusedException as in {@link #open}
   * @throws IOException when the disk fails
   */
  public void addVolume(StoreConfig.VolumeConfig config) throws IOException {
    for (Shelf shelf : shelves) {
      if (same(shelf.volume().folder(), config.path()) && shelf.volume().inService()) {
        throw new StoreRefusedException(config.path() + " is in service already");
      }
    }
    Volume volume = volumeStart.open(config, roster);
    if (!volume.inService()) {
      throw new IOException(config.path() + " cannot be opened: see the log");
    }
    Shelf shelf = shelf(volume);
    List<Shelf> replaced =
        shelves.stream().filter(old -> same(old.volume().folder(), config.path())).toList();
    shelves.removeAll(replaced);
    shelves.add(shelf);
    recovery.walk(shelf);
    scrubber.begin(shelf);
    roster.with(shelves.stream().map(Shelf::volume).toList()).write(this.config.indexFolder());
  }

  /**
   * Puts nothing new on a volume any more and moves its files to other volumes, as far as those
   * have free room; or takes that back. What finds no room is served on until {@link
   * #detachVolume}; how much is left stands in {@link StoreStatus.VolumeStatus#files}. A restart
   * ends it.
   *
   * @return false when there is no such volume
   */
  public boolean drainVolume(Path folder, boolean on) {
    Optional<Shelf> found = find(folder);
    found.ifPresent(shelf -> drain(shelf, on));
    return found.isPresent();
  }

  private void drain(Shelf shelf, boolean on) {
    shelf.volume().drain(on);
    if (!on) {
      movers.end(shelf);
    } else if (shelf.volume().inService()) {
      movers.begin(
          shelf,
          new Mover(
              shelf, holdings, room, openFiles, checks::ask, config.drainBytesPerSecond(), clock));
    }
  }

  /**
   * Takes a volume out of service in order, so that its disk can be taken out: sessions that fill
   * on it end, files still on it are not held any more and are left there. Blocks until all is off
   * the disk that is to go, at most half a minute. Readers finish what they read; their files are
   * open so long.
   *
   * @return false when there is no such volume
   */
  public boolean detachVolume(Path folder) {
    Optional<Shelf> found = find(folder);
    found.ifPresent(this::detach);
    return found.isPresent();
  }

  private void detach(Shelf shelf) {
    long by = System.nanoTime() + config.hangAfter().toNanos();
    shelf.volume().drain(true);
    movers.end(shelf);
    scrubber.end(shelf);
    if (shelf.volume().inService()) {
      boolean ended = endFills(by, fill -> fill.file().shelf() == shelf);
      if (!awaitDepartures(shelf, by) || !ended) {
        log.warn("volume {} is detached before all is off it", shelf.volume().folder());
      }
    }
    shelf.volume().detach();
    retire(shelf);
    shelves.remove(shelf);
    // Its threads stay until the store is closed: they close what readers still have open.
    detached.add(shelf);
    shelf.volume().close();
  }

  private Optional<Shelf> find(Path folder) {
    return shelves.stream().filter(shelf -> same(shelf.volume().folder(), folder)).findFirst();
  }

  @Override
  public void close() {
    holdings.lock().lock();
    try {
      if (holdings.closed()) {
        return;
      }
      holdings.shut();
    } finally {
      holdings.lock().unlock();
    }
    watchdog.close();
    scrubber.close();
    movers.close();
    long patience = config.hangAfter().toNanos();
    long end = System.nanoTime() + patience;
    boolean clean = endFills(end, fill -> true);
    checks.close();
    recovery.await(() -> false, config.hangAfter());
    recalls.awaitEnd(config.hangAfter());
    for (Shelf shelf : shelves) {
      clean &= awaitDepartures(shelf, end) && shelf.volume().errors() == 0;
    }
    List<UUID> stores = shelves.stream().map(shelf -> shelf.volume().storeId()).toList();
    if (!index.close(
        clean ? Optional.of(stores) : Optional.empty(), Math.max(patience, INDEX_NANOS))) {
      log.warn("the index could not be closed in time and is rebuilt at the next start");
    }
    // Only now: the index may have been made from the table up to its end. And before the volumes'
    // threads end: a disk that hangs must not close its files here.
    holdings.clear();
    detached.forEach(Shelf::shutdown);
    for (Shelf shelf : shelves) {
      shelf.shutdown();
      if (shelf.volume().inService() && !shelf.departures().awaitEnd(end - System.nanoTime())) {
        log.warn("volume {} does not close its files", shelf.volume().folder());
      }
    }
    shelves.forEach(shelf -> shelf.volume().close());
  }

  Holdings holdings() {
    return holdings;
  }

  List<Shelf> shelves() {
    return List.copyOf(shelves);
  }

  /** True once nothing is to be taken off a volume any more. */
  private static boolean awaitDepartures(Shelf shelf, long end) {
    Departures departures = shelf.departures();
    departures.await(
        () -> departures.waiting() == 0 || !shelf.volume().inService(), end - System.nanoTime());
    return departures.waiting() == 0 && shelf.volume().inService();
  }

  /** Ends sessions, each on a thread of its own: what one waits for may never come. */
  private boolean endFills(long end, Predicate<DiskFill> which) {
    List<Thread> ending = new ArrayList<>();
    for (DiskFill fill : holdings.fills()) {
      if (which.test(fill)) {
        ending.add(Thread.ofPlatform().daemon().name("store-end").start(fill::close));
      }
    }
    boolean ended = true;
    try {
      for (Thread one : ending) {
        ended &= one.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Shelf shelf(Volume volume) {
    return new Shelf(
        volume,
        EvictionPolicies.DEFAULT.create(
            volume.capacityBytes(),
            random.nextLong(),
            file -> ContentKey.hash(file.high(), file.low())),
        openFiles,
        "store-" + shelves.size(),
        config.unlinksPerSecond(),
        // On its own thread: the caller may hold an event loop.
        out -> Thread.ofVirtual().name("retire").start(() -> retire(out)));
  }

  private void retire(Shelf shelf) {
    holdings.retire(shelf);
    recovery.lost(shelf);
    shelf.departures().signal();
  }

  private static boolean same(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private final class Losses implements OpenFiles.Losses {
    @Override
    public void missing(StoredFile file) {
      if (holdings.takeOut(file, Holdings.Fate.DELETE, "it is not there")) {
        log.warn("content {} is not on its volume any more", file.key());
      }
    }

    @Override
    public void damaged(StoredFile file, String why) {
      holdings.takeOut(file, Holdings.Fate.QUARANTINE, why);
    }

    @Override
    public void damaged(StoredFile file, long block) {
      damage.found(file, block);
    }

    @Override
    public void unreadable(StoredFile file, IOException error) {
      if (!(error instanceof BadFileException)) {
        file.shelf().charge(error);
      }
      checks.ask(file.key());
    }
  }
}
