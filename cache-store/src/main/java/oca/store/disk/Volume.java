package oca.store.disk;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One disk's folder, its identity, room and health.
 *
 * <pre>
 *   oca-store              format and id of this volume, text
 *   lock                   held while open
 *   content/ab/ID.oca      whole files; ab spreads them over 256 folders
 *   partial/ID.part        files being filled
 *   quarantine/            what did not belong or was damaged: for people, never read again
 * </pre>
 *
 * Safe on any thread. Once as many I/O errors happened as the budget allows, the volume is out of
 * service until it is opened again; running out of room or of descriptors is no error of the disk.
 */
public final class Volume implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Volume.class);
  private static final int FORMAT = 1;
  private static final String IDENTITY = "oca-store";
  private static final String IDENTITY_TEMP = "oca-store.new";
  private static final Set<String> HARMLESS = Set.of("lost+found", FolderLock.NAME, IDENTITY_TEMP);
  private static final List<String> NO_DISK_ERRORS =
      List.of("No space left on device", "Disk quota exceeded", "Too many open files");
  private static final HexFormat HEX = HexFormat.of();
  private static final long PAGE = 4096;

  private final Path folder;
  private final long capacityBytes;
  private final int errorBudget;
  private final int quarantineLimit;
  private final FileOpener opener;
  private final @Nullable FolderLock lock;
  private final UUID storeId;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong files = new AtomicLong();
  private final AtomicInteger errors = new AtomicInteger();
  private final AtomicInteger quarantined = new AtomicInteger();
  private volatile boolean inService;

  private Volume(Settings settings, @Nullable FolderLock lock, UUID storeId) {
    this.folder = settings.folder();
    this.capacityBytes = settings.capacityBytes();
    this.errorBudget = settings.errorBudget();
    this.quarantineLimit = settings.quarantineLimit();
    this.opener = settings.opener();
    this.lock = lock;
    this.storeId = storeId;
    this.inService = lock != null;
  }

  /**
   * How a volume is to be opened.
   *
   * @param folder made when it does not exist
   * @param capacityBytes what it may hold
   * @param errorBudget with so many I/O errors it is taken out of service
   * @param quarantineLimit so many files are kept in quarantine, the oldest go first
   * @param opener the door to the disk
   */
  public record Settings(
      Path folder, long capacityBytes, int errorBudget, int quarantineLimit, FileOpener opener) {}

  /**
   * Opens a volume; a new folder or an empty one becomes one.
   *
   * <p>When the disk fails meanwhile, the volume is returned out of service and the error logged:
   * the other volumes go on.
   *
   * @throws StoreRefusedException when the folder is in use, holds something else, or a newer
   *     format
   */
  public static Volume open(Settings settings) throws StoreRefusedException {
    FolderLock lock = null;
    try {
      Files.createDirectories(settings.folder());
      boolean isNew = !Files.exists(settings.folder().resolve(IDENTITY));
      if (isNew) {
        refuseForeign(settings.folder());
      }
      lock = FolderLock.take(settings.folder());
      UUID storeId = isNew ? found(settings.folder()) : identity(settings.folder());
      Volume volume = new Volume(settings, lock, storeId);
      volume.makeFolders();
      return volume;
    } catch (StoreRefusedException e) {
      closeQuietly(lock);
      throw e;
    } catch (IOException e) {
      log.error(
          "volume {} cannot be opened and stays out of service: {}",
          settings.folder(),
          e.toString());
      closeQuietly(lock);
      Volume volume = new Volume(settings, null, new UUID(0, 0));
      volume.errors.incrementAndGet();
      return volume;
    }
  }

  /** Its folder. */
  public Path folder() {
    return folder;
  }

  /** The id every file on it carries. */
  public UUID storeId() {
    return storeId;
  }

  /** False once it was taken out. Never blocks. */
  public boolean inService() {
    return inService;
  }

  /** What it may hold, in bytes. */
  public long capacityBytes() {
    return capacityBytes;
  }

  /** What it holds or has promised, in bytes. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** The room left, in bytes; below 0 when the capacity was lowered under what is held. */
  public long freeBytes() {
    return capacityBytes - usedBytes.get();
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

  /** Counts bytes as used, whether there is room or not: for what is already on the disk. */
  public void occupy(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  /** Counts bytes as free again. */
  public void release(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** Counts whole files coming (above 0) or going. */
  public void countFiles(int change) {
    files.addAndGet(change);
  }

  /** Where the whole file of a content lies. */
  public Path contentPath(long high, long low) {
    return folder.resolve("content").resolve(fan(high, low)).resolve(name(high, low) + ".oca");
  }

  /** Where a content is filled. */
  public Path partialPath(long high, long low) {
    return folder.resolve("partial").resolve(name(high, low) + ".part");
  }

  /** Opens a file of this volume. */
  public OpenFile openFile(Path path, FileOpener.Mode mode) throws IOException {
    return opener.open(path, mode);
  }

  /** Takes one path after the other. */
  @FunctionalInterface
  public interface Visitor {
    /** A path; what is thrown ends the walk. */
    void visit(Path path) throws IOException;
  }

  /** Shows all that lies where whole files do, one folder at a time. */
  public void visitContent(Visitor visitor) throws IOException {
    for (Path path : list(folder.resolve("content"))) {
      if (isFan(path)) {
        for (Path file : list(path)) {
          visitor.visit(file);
        }
      } else {
        visitor.visit(path);
      }
    }
  }

  /** Shows all that lies where files are filled. */
  public void visitPartials(Visitor visitor) throws IOException {
    for (Path path : list(folder.resolve("partial"))) {
      visitor.visit(path);
    }
  }

  /** Gives a synced partial file its final name, durably. */
  public void publish(long high, long low) throws IOException {
    Path target = contentPath(high, low);
    Files.move(partialPath(high, low), target, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(folder.resolve("content").resolve(fan(high, low)));
  }

  /**
   * Moves a file that does not belong or is damaged out of the way, and logs it. Beyond the limit
   * the oldest file in quarantine is deleted.
   */
  public void quarantine(Path file, String why) throws IOException {
    quarantined.incrementAndGet();
    Path rooms = folder.resolve("quarantine");
    List<Path> kept = list(rooms).stream().sorted(Comparator.comparing(Path::getFileName)).toList();
    for (Path oldest : kept.subList(0, Math.max(0, kept.size() - quarantineLimit + 1))) {
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
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
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
    log.warn("volume {}: I/O error {} of {}", folder, count, errorBudget, error);
    if (count < errorBudget || !inService) {
      return false;
    }
    synchronized (this) {
      if (!inService) {
        return false;
      }
      inService = false;
    }
    log.error("volume {} is out of service after {} I/O errors: replace the disk", folder, count);
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
        || isMissing(error)) {
      return false;
    }
    String text = String.valueOf(error.getMessage());
    return NO_DISK_ERRORS.stream().noneMatch(text::contains) && hasRoom();
  }

  /** Whether an error says that there is no such file. */
  public static boolean isMissing(IOException error) {
    return error instanceof NoSuchFileException
        || (error instanceof FileNotFoundException
            && String.valueOf(error.getMessage()).contains("No such file or directory"));
  }

  private boolean hasRoom() {
    try {
      return Files.getFileStore(folder).getUsableSpace() >= PAGE;
    } catch (IOException e) {
      // A disk that cannot even tell its room: not a full one.
      return true;
    }
  }

  @Override
  public void close() {
    inService = false;
    closeQuietly(lock);
  }

  /** Deletes a file, or a foreign folder with all in it. */
  private void deleteTree(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path below : list(path)) {
        deleteTree(below);
      }
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      release(Files.size(path));
    }
    Files.deleteIfExists(path);
  }

  /** Counts what lies in quarantine as used, foreign folders included. */
  private void occupyTree(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path below : list(path)) {
        occupyTree(below);
      }
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      occupy(Files.size(path));
    }
  }

  /** The folder that a content id falls into: a hash, so that ids in sequence spread too. */
  private static String fan(long high, long low) {
    long mixed = (high * 0x9e3779b97f4a7c15L + low) * 0xbf58476d1ce4e5b9L;
    return HEX.toHexDigits((byte) (mixed >>> 56));
  }

  private static String name(long high, long low) {
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }

  private static boolean isFan(Path path) {
    return path.getFileName().toString().matches("[0-9a-f]{2}") && Files.isDirectory(path);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private void makeFolders() throws IOException {
    for (int fan = 0; fan < 256; fan++) {
      Files.createDirectories(folder.resolve("content").resolve(HEX.toHexDigits((byte) fan)));
    }
    Files.createDirectories(folder.resolve("partial"));
    Path rooms = Files.createDirectories(folder.resolve("quarantine"));
    syncFolder(folder.resolve("content"));
    syncFolder(folder);
    occupyTree(rooms);
  }

  private static void refuseForeign(Path folder) throws IOException {
    List<String> foreign =
        list(folder).stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> !HARMLESS.contains(name))
            .sorted()
            .limit(3)
            .toList();
    if (!foreign.isEmpty()) {
      throw new StoreRefusedException(
          "%s is not a store and not empty (it holds %s): name an empty folder"
              .formatted(folder, String.join(", ", foreign)));
    }
  }

  private static UUID found(Path folder) throws IOException {
    UUID id = UUID.randomUUID();
    Path temp = folder.resolve(IDENTITY_TEMP);
    writeSynced(temp, "format " + FORMAT + "\nid " + id + "\n");
    Files.move(temp, folder.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
    syncFolder(folder);
    return id;
  }

  private static UUID identity(Path folder) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(IDENTITY), StandardCharsets.UTF_8);
    try {
      int format = Integer.parseInt(lines.get(0).substring("format ".length()));
      if (format > FORMAT) {
        throw new StoreRefusedException(
            "%s has format %d, this version reads up to %d: install the newer version, or empty it"
                .formatted(folder, format, FORMAT));
      }
      return UUID.fromString(lines.get(1).substring("id ".length()));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new StoreRefusedException(
          "%s cannot be understood: restore the file, or empty the folder"
              .formatted(folder.resolve(IDENTITY)));
    }
  }

  /** Writes a small file and syncs it; the caller renames it and syncs the folder. */
  public static void writeSynced(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ContentFile.writeFully(channel, StandardCharsets.UTF_8.encode(text), 0);
      channel.force(true);
    }
  }

  /** Makes names in a folder durable. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
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
