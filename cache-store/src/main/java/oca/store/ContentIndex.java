package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import oca.store.disk.ContentFile;
import oca.store.disk.FolderLock;
import oca.store.disk.LocalDisk;
import oca.store.disk.VolumeIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the volumes hold, kept in a Chronicle Map so that a clean start need not walk them. Only a
 * hint: it can be thrown away at any time and is rebuilt from the files.
 *
 * <p>Beside the map lies a marker, written when the map was closed in order and removed before it
 * is opened. The map is trusted only with a marker that names this schema, this size and these
 * volumes; otherwise it is deleted and made anew. A map left by a crash is never opened: its
 * segments may be locked for good, and opening it does not tell.
 *
 * <p>Chronicle takes seconds to start and blocks on page faults, so the map is touched by one
 * thread alone, which gets its orders through a queue. When the queue overflows or the map fails,
 * only the hint is lost.
 */
final class ContentIndex {
  private static final Logger log = LoggerFactory.getLogger(ContentIndex.class);
  private static final int SCHEMA = 2;
  private static final String MAP = "index.map";
  private static final String MARKER = "index.clean";
  private static final int KEY_BYTES = 16;
  private static final int FIXED_BYTES = 16 + 8 + 4 + 32 + 8;
  private static final int TYPICAL_MEDIA_TYPE = 24;

  /** So many orders wait at most. */
  static final int QUEUE = 1 << 16;

  private final Path folder;
  private final @Nullable FolderLock lock;
  private final long maxFiles;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          Thread.ofPlatform().daemon().name("store-index").factory());
  private final boolean trusted;
  private volatile boolean taking;
  private volatile boolean broken;
  private @Nullable ChronicleMap<byte[], byte[]> map;

  private ContentIndex(Path folder, @Nullable FolderLock lock, long maxFiles, boolean trusted) {
    this.folder = folder;
    this.lock = lock;
    this.maxFiles = maxFiles;
    this.trusted = trusted;
    this.taking = trusted;
    this.broken = lock == null;
  }

  /**
   * Opens the index of these volumes, without its map.
   *
   * @throws IOException when the folder is in use or cannot be written
   */
  static ContentIndex open(Path folder, long maxFiles, List<UUID> stores) throws IOException {
    Files.createDirectories(folder);
    FolderLock lock = FolderLock.take(folder);
    boolean done = false;
    try {
      boolean trusted =
          takeMarker(folder).equals(marker(maxFiles, stores)) && Files.exists(folder.resolve(MAP));
      if (!trusted) {
        Files.deleteIfExists(folder.resolve(MAP));
      }
      done = true;
      return new ContentIndex(folder, lock, maxFiles, trusted);
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  /** One that keeps nothing: every start walks the volumes. */
  static ContentIndex none() {
    return new ContentIndex(Path.of(""), null, 0, false);
  }

  /** Whether it was closed in order and speaks of the volumes it was opened for. */
  boolean trusted() {
    return trusted;
  }

  /**
   * Hands out what a trusted index knows of each file, in no order, on the index's own thread.
   *
   * @return ends with true when all was handed out, with false when the map cannot be read
   */
  CompletableFuture<Boolean> load(Consumer<ContentFile.Header> taker) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            ChronicleMap<byte[], byte[]> known = map(folder.resolve(MAP), maxFiles);
            map = known;
            known.forEach((key, value) -> taker.accept(decode(key, value)));
            return true;
          } catch (IOException | RuntimeException e) {
            log.error("the index in {} cannot be read, the volumes are walked", folder, e);
            taking = false;
            return false;
          }
        },
        thread);
  }

  /**
   * Makes the map anew, while lookups and fills go on, on the index's own thread.
   *
   * @param files shows each file to a taker
   * @param held whether a file is still held
   */
  void rebuild(Consumer<Consumer<StoredFile>> files, Predicate<StoredFile> held) {
    if (broken) {
      return;
    }
    // What changes from here on is queued behind the rebuilding.
    taking = true;
    order(
        () -> {
          closeMap();
          Files.deleteIfExists(folder.resolve(MAP));
          ChronicleMap<byte[], byte[]> made = map(folder.resolve(MAP), maxFiles);
          map = made;
          files.accept(
              file -> {
                if (held.test(file)) {
                  made.put(key(file.key()), encode(file.header()));
                }
              });
        });
  }

  /** A file was published. Never blocks. */
  void put(StoredFile file) {
    if (taking) {
      order(() -> map().put(key(file.key()), encode(file.header())));
    }
  }

  /** A file was taken out. Never blocks. */
  void remove(ContentKey key) {
    if (taking) {
      order(() -> map().remove(key(key)));
    }
  }

  /**
   * Closes it, after all that is queued.
   *
   * @param stores if it agrees with the volumes, these; then it may be trusted next time
   * @return false when it did not end in time and was left as after a crash
   */
  boolean close(Optional<List<UUID>> stores, long nanos) {
    order(
        () -> {
          boolean whole = map != null && taking;
          closeMap();
          if (whole && !broken && stores.isPresent()) {
            mark(stores.get());
          }
        });
    thread.shutdown();
    try {
      return thread.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      unlock();
    }
  }

  /** What is done to the map. */
  private interface Order {
    void run() throws IOException;
  }

  /** A map that fails is only a hint lost: it is rebuilt at the next start. */
  private void order(Order order) {
    if (broken) {
      return;
    }
    try {
      thread.execute(
          () -> {
            if (broken) {
              return;
            }
            try {
              order.run();
            } catch (IOException | RuntimeException e) {
              broken = true;
              log.error("the index in {} failed and is rebuilt at the next start", folder, e);
            }
          });
    } catch (RejectedExecutionException e) {
      broken = true;
      log.error("the index in {} does not keep up and is rebuilt at the next start", folder);
    }
  }

  private ChronicleMap<byte[], byte[]> map() {
    return Objects.requireNonNull(map);
  }

  private void closeMap() {
    if (map != null) {
      map.close();
      map = null;
    }
  }

  private void mark(List<UUID> stores) throws IOException {
    try (FileChannel file =
        FileChannel.open(folder.resolve(MAP), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    VolumeIdentity.writeText(new LocalDisk(), folder, MARKER, marker(maxFiles, stores));
  }

  private void unlock() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      log.warn("cannot unlock {}", folder, e);
    }
  }

  private static ChronicleMap<byte[], byte[]> map(Path file, long maxFiles) throws IOException {
    return ChronicleMapBuilder.of(byte[].class, byte[].class)
        .name("content")
        .constantKeySizeBySample(new byte[KEY_BYTES])
        .averageValueSize(FIXED_BYTES + TYPICAL_MEDIA_TYPE)
        // Room for long media types and uneven segments: a full map throws.
        .entries(maxFiles + maxFiles / 4 + 64)
        .putReturnsNull(true)
        .removeReturnsNull(true)
        .createPersistedTo(file.toFile());
  }

  private static String marker(long maxFiles, List<UUID> stores) {
    return "schema %d%nmaxFiles %d%nstores %s%n"
        .formatted(
            SCHEMA, maxFiles, stores.stream().map(UUID::toString).collect(Collectors.joining(",")));
  }

  /** Reads and durably removes the marker; empty when there is none. */
  private static String takeMarker(Path folder) throws IOException {
    Path file = folder.resolve(MARKER);
    if (!Files.exists(file)) {
      return "";
    }
    String found = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    Files.delete(file);
    new LocalDisk().syncFolder(folder);
    return found;
  }

  private static byte[] key(ContentKey key) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(key.high()).putLong(key.low()).array();
  }

  private static byte[] encode(ContentFile.Header header) {
    byte[] mediaType = header.mediaType().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(FIXED_BYTES + mediaType.length)
        .putLong(header.storeId().getMostSignificantBits())
        .putLong(header.storeId().getLeastSignificantBits())
        .putLong(header.length())
        .putInt(header.blockBytes())
        .put(HexFormat.of().parseHex(header.sha256()))
        .putLong(header.modifiedSecond())
        .put(mediaType)
        .array();
  }

  private static ContentFile.Header decode(byte[] key, byte[] value) {
    ByteBuffer id = ByteBuffer.wrap(key);
    ByteBuffer rest = ByteBuffer.wrap(value);
    UUID storeId = new UUID(rest.getLong(), rest.getLong());
    long length = rest.getLong();
    int blockBytes = rest.getInt();
    byte[] sha256 = new byte[32];
    rest.get(sha256);
    long modifiedSecond = rest.getLong();
    return new ContentFile.Header(
        storeId,
        id.getLong(),
        id.getLong(),
        length,
        blockBytes,
        HexFormat.of().formatHex(sha256),
        StandardCharsets.US_ASCII.decode(rest).toString(),
        modifiedSecond);
  }
}
