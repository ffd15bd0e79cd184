package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One disk's folder, its identity, room and health.
 *
 * <pre>
 *   oca-store              who this volume is, see {@link VolumeIdentity}
 *   lock                   held while open
 *   alive                  written and synced by the watchdog
 *   scrub                  how far the scrub has come, for the next start
 *   content/ab/ID.oca      whole files; ab spreads them over 256 folders
 *   partial/ID.part        files being filled
 *   quarantine/            what did not belong or was damaged: for people, never read again
 * </pre>
 *
 * Safe on any thread. Once as many I/O errors happened as the budget allows, or the disk hangs, the
 * volume is out of service until it is opened again; running out of room or of descriptors is no
 * error of the disk.
 */
public final class Volume implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Volume.class);
  private static final String ALIVE = "alive";
  private static final List<String> NO_DISK_ERRORS =
      List.of("No space left on device", "Disk quota exceeded", "Too many open files");
  private static final HexFormat HEX = HexFormat.of();
  private static final long PAGE = 4096;

  private final Settings settings;
  private final Path folder;
  private final Layout layout;
  private final Disk disk;
  private final @Nullable Closeable lock;
  private final VolumeIdentity identity;
  private final boolean mounted;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong usableBytes = new AtomicLong();
  private final AtomicLong files = new AtomicLong();
  private final AtomicInteger errors = new AtomicInteger();
  private final AtomicInteger quarantined = new AtomicInteger();
  private volatile boolean draining;
  private volatile boolean inService;

  private Volume(
      Settings settings, @Nullable Closeable lock, VolumeIdentity identity, boolean mounted) {
    this.settings = settings;
    this.folder = settings.folder();
    this.layout = new Layout(folder);
    this.disk = settings.disk();
    this.lock = lock;
    this.identity = identity;
    this.mounted = mounted;
    this.inService = lock != null;
  }

  /**
   * How a volume is to be opened.
   *
   * @param folder made when it does not exist
   * @param capacityBytes what it may hold
   * @param reserveBytes so much of the file system is left free, whatever the capacity
   * @param errorBudget with so many I/O errors it is taken out of service
   * @param quarantineLimit so many files are kept in quarantine, the oldest go first
   * @param mustBeMounted whether a file system of its own has to begin at the folder: a disk that
   *     was there once must not be taken for an empty one when it is not mounted
   * @param disk the door to the disk
   */
  public record Settings(
      Path folder,
      long capacityBytes,
      long reserveBytes,
      int errorBudget,
      int quarantineLimit,
      boolean mustBeMounted,
      Disk disk) {}

  /**
   * Opens a volume of this set; a new folder or an empty one becomes one.
   *
   * <p>When the disk fails meanwhile, the volume is returned out of service and the error logged:
   * the other volumes go on.
   *
   * @throws StoreRefusedException when the folder is in use, holds something else, belongs to
   *     another set, or has a newer format
   */
  public static Volume open(Settings settings, UUID set) throws StoreRefusedException {
    Closeable lock = null;
    try {
      Disk disk = settings.disk();
      Path folder = settings.folder();
      Path above = folder.toAbsolutePath().getParent();
      boolean isNew = disk.kind(folder) == Disk.Kind.MISSING;
      disk.makeFolder(folder);
      if (isNew && above != null) {
        disk.syncFolder(above);
      }
      boolean mounted = disk.isMountPoint(folder);
      if (settings.mustBeMounted() && !mounted) {
        throw new IOException("it was a mounted disk and is not now: mount it and start again");
      }
      VolumeIdentity found = VolumeIdentity.read(disk, folder).orElse(null);
      if (found != null && !found.set().equals(set)) {
        throw new StoreRefusedException(
            ("%s belongs to another store, %s, and not to this one, %s: take that disk out, or"
                    + " empty it")
                .formatted(folder, found.set(), set));
      }
      lock = disk.lock(folder);
      VolumeIdentity identity = found != null ? found : VolumeIdentity.found(disk, folder, set);
      Volume volume = new Volume(settings, lock, identity, mounted);
      volume.makeFolders();
      volume.refreshRoom();
      return volume;
    } catch (StoreRefusedException e) {
      closeQuietly(lock);
      throw e;
    } catch (IOException e) {
      closeQuietly(lock);
      return outOfService(settings, e);
    }
  }

  /** A volume that could not be opened, so that it can be reported. */
  public static Volume outOfService(Settings settings, IOException why) {
    log.error(
        "volume {} cannot be opened and stays out of service: {}",
        settings.folder(),
        why.toString());
    UUID none = new UUID(0, 0);
    Volume volume =
        new Volume(settings, null, new VolumeIdentity(none, none), settings.mustBeMounted());
    volume.errors.incrementAndGet();
    return volume;
  }

  /** Its folder. */
  public Path folder() {
    return folder;
  }

  /** The id every file on it carries. */
  public UUID storeId() {
    return identity.storeId();
  }

  /** Whether a file system of its own begins at its folder. */
  public boolean mounted() {
    return mounted;
  }

  /** The door to the disk it is on. */
  public Disk disk() {
    return disk;
  }

  /** False once it was taken out. Never blocks. */
  public boolean inService() {
    return inService;
  }

  /** Whether new files may come: in service and not being drained. */
  public boolean takesFiles() {
    return inService && !draining;
  }

  /** Whether its files are to leave. */
  public boolean draining() {
    return draining;
  }

  /** From now on no new files come, or they do again. */
  public void drain(boolean on) {
    draining = on;
  }

  /** What it may hold, in bytes. */
  public long capacityBytes() {
    return settings.capacityBytes();
  }

  /** What it holds or has promised, in bytes. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /**
   * The room left, in bytes: of its capacity, and of the file system above the reserve as far as
   * known since {@link #refreshRoom}. Below 0 when there is less than was reserved.
   */
  public long freeBytes() {
    return Math.min(
        settings.capacityBytes() - usedBytes.get(), usableBytes.get() - settings.reserveBytes());
  }

  /** Asks the file system anew how much room there is. */
  public void refreshRoom() throws IOException {
    usableBytes.set(disk.usableBytes(folder));
  }

  /** Whole files on it. */
  public long files() {
    return files.get();
  }

  /** Errors of the disk since it was opened. */
  public int errors() {
    return errors.get();
  }

  /** Files moved to quarantine since it was opened. */
  public int quarantined() {
    return quarantined.get();
  }

  /** What a file takes on disk, in whole pages. */
  public static long footprint(long length, int blockBytes) {
    return (ContentFile.fileBytes(length, blockBytes) + PAGE - 1) / PAGE * PAGE;
  }

  /** Counts bytes as used, whether there is room or not. */
  public void occupy(long bytes) {
    usedBytes.addAndGet(bytes);
    usableBytes.addAndGet(-bytes);
  }

  /** Counts bytes as used that were on the disk before it was asked for its room. */
  public void occupyFound(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  /** Counts bytes as free again. */
  public void release(long bytes) {
    usedBytes.addAndGet(-bytes);
    usableBytes.addAndGet(bytes);
  }

  /** Counts whole files coming (above 0) or going. */
  public void countFiles(int change) {
    files.addAndGet(change);
  }

  /** Where what lies. */
  public Layout layout() {
    return layout;
  }

  /** Where the whole file of a content lies. */
  public Path contentPath(long high, long low) {
    return layout.contentPath(high, low);
  }

  /** Where a content is filled. */
  public Path partialPath(long high, long low) {
    return layout.partialPath(high, low);
  }

  /**
   * Shows all that lies where whole files do, one folder at a time. A folder that cannot be read
   * hides none of the others: they are shown first.
   */
  public void visitContent(Layout.Visitor visitor) throws IOException {
    layout.visitContent(disk, visitor);
  }

  /** Shows all that lies where files are filled. */
  public void visitPartials(Layout.Visitor visitor) throws IOException {
    for (Path path : disk.list(layout.partial())) {
      visitor.visit(path);
    }
  }

  /** Gives a synced partial file its final name, durably. */
  public void publish(long high, long low) throws IOException {
    disk.rename(partialPath(high, low), contentPath(high, low));
    disk.syncFolder(layout.contentFolder(high, low));
  }

  /** Makes a whole file one that is being filled again, durably. */
  public void withdraw(long high, long low) throws IOException {
    disk.rename(contentPath(high, low), partialPath(high, low));
    disk.syncFolder(layout.partial());
    disk.syncFolder(layout.contentFolder(high, low));
  }

  /**
   * Moves a file that does not belong or is damaged out of the way, and logs it. Beyond the limit
   * the oldest file in quarantine is deleted.
   */
  public void quarantine(Path file, String why) throws IOException {
    quarantined.incrementAndGet();
    Path rooms = layout.quarantine();
    List<Path> kept =
        disk.list(rooms).stream().sorted(Comparator.comparing(Path::getFileName)).toList();
    int limit = settings.quarantineLimit();
    for (Path oldest : kept.subList(0, Math.max(0, kept.size() - limit + 1))) {
      log.warn("quarantine is full, deleting {}", oldest);
      deleteTree(oldest);
    }
    // Names sort by the time of arrival; the random part keeps namesakes apart.
    String name =
        String.format(
            Locale.ROOT,
            "%013d-%s-%s",
            System.currentTimeMillis(),
            UUID.randomUUID().toString().substring(0, 8),
            file.getFileName());
    Path target = rooms.resolve(name);
    disk.rename(file, target);
    occupyTree(target);
    log.warn("{} is not served and was moved to {}: {}", file, target, why);
  }

  /**
   * Takes an error into account, and the volume out of service when the budget is spent.
   *
   * @return true when this very error took the volume out
   */
  public boolean charge(IOException error) {
    if (!isDiskError(error)) {
      return false;
    }
    int count = errors.incrementAndGet();
    log.warn("volume {}: I/O error {} of {}", folder, count, settings.errorBudget(), error);
    return count >= settings.errorBudget() && takeOut("after " + count + " I/O errors");
  }

  /**
   * Takes the volume out of service.
   *
   * @return false when it was out already
   */
  public synchronized boolean takeOut(String why) {
    if (!inService) {
      return false;
    }
    inService = false;
    log.error("volume {} is out of service {}: replace the disk", folder, why);
    return true;
  }

  /**
   * Whether an error speaks against the disk: not when room or descriptors have run out, a file is
   * not there or is not what it should be. The JDK hands on only the text of errno, so a full disk
   * is also told by asking for its room.
   */
  public boolean isDiskError(IOException error) {
    if (error instanceof BadFileException
        || error instanceof StoreRefusedException
        || error instanceof NoSuchFileException) {
      return false;
    }
    String text = String.valueOf(error.getMessage());
    return NO_DISK_ERRORS.stream().noneMatch(text::contains) && hasRoom();
  }

  /** Whether an error says that there was no room. */
  public boolean isFull(IOException error) {
    String text = String.valueOf(error.getMessage());
    return text.contains("No space left on device")
        || text.contains("Disk quota exceeded")
        || !hasRoom();
  }

  /** Writes and syncs a few bytes, as proof that the disk answers. */
  public void proveAlive() throws IOException {
    try (OpenFile file = disk.open(folder.resolve(ALIVE), Disk.Mode.WRITE)) {
      ByteBuffer now = ByteBuffer.allocate(Long.BYTES).putLong(System.currentTimeMillis()).flip();
      ContentFile.writeFully(file.channel(), now, 0);
      file.channel().force(false);
    }
    refreshRoom();
  }

  private boolean hasRoom() {
    try {
      return disk.usableBytes(folder) >= PAGE;
    } catch (IOException e) {
      // A disk that cannot even tell its room: not a full one.
      return true;
    }
  }

  /** Takes the volume out of service in order, to be closed. */
  public synchronized void detach() {
    if (inService) {
      inService = false;
      log.info("volume {} is taken out of service in order", folder);
    }
  }

  @Override
  public void close() {
    inService = false;
    closeQuietly(lock);
  }

  /** Deletes a file, or a foreign folder with all in it. */
  private void deleteTree(Path path) throws IOException {
    switch (disk.kind(path)) {
      case FOLDER -> {
        for (Path below : disk.list(path)) {
          deleteTree(below);
        }
      }
      case FILE -> release(disk.size(path));
      case OTHER, MISSING -> log.debug("{} takes no room", path);
    }
    disk.delete(path);
  }

  /** Counts what lies in quarantine as used, foreign folders included. */
  private void occupyTree(Path path) throws IOException {
    switch (disk.kind(path)) {
      case FOLDER -> {
        for (Path below : disk.list(path)) {
          occupyTree(below);
        }
      }
      case FILE -> occupyFound(disk.size(path));
      case OTHER, MISSING -> log.debug("{} takes no room", path);
    }
  }

  private void makeFolders() throws IOException {
    for (int fan = 0; fan < 256; fan++) {
      disk.makeFolder(layout.content().resolve(HEX.toHexDigits((byte) fan)));
    }
    disk.makeFolder(layout.partial());
    Path rooms = layout.quarantine();
    disk.makeFolder(rooms);
    disk.syncFolder(layout.content());
    disk.syncFolder(folder);
    occupyTree(rooms);
  }

  private static void closeQuietly(@Nullable Closeable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (IOException e) {
      log.warn("cannot close a lock", e);
    }
  }
}
