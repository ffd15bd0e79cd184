package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import oca.store.disk.ContentFile;
import oca.store.disk.FolderLock;
import oca.store.disk.Volume;
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
 * <p>Called under the store's lock. Blocks on locks and page faults, so never from a lookup.
 */
final class ContentIndex {
  private static final Logger log = LoggerFactory.getLogger(ContentIndex.class);
  private static final int SCHEMA = 1;
  private static final String MAP = "index.map";
  private static final String MARKER = "index.clean";
  private static final int KEY_BYTES = 16;
  private static final int FIXED_BYTES = 16 + 8 + 4 + 32 + 8;
  private static final int TYPICAL_MEDIA_TYPE = 24;

  private final Path folder;
  private final FolderLock lock;
  private final long maxFiles;
  private final String marker;
  private final boolean trusted;
  private @Nullable ChronicleMap<byte[], byte[]> map;
  private boolean broken;

  private ContentIndex(
      Path folder, FolderLock lock, long maxFiles, String marker, boolean trusted) {
    this.folder = folder;
    this.lock = lock;
    this.maxFiles = maxFiles;
    this.marker = marker;
    this.trusted = trusted;
  }

  /**
   * Opens the index of these volumes. One that cannot be trusted is deleted, and stays without a
   * map until {@link #makeMap}: Chronicle takes seconds to start, and nobody need wait for a hint.
   *
   * @throws IOException when the folder is in use or cannot be written
   */
  static ContentIndex open(Path folder, long maxFiles, List<UUID> stores) throws IOException {
    Files.createDirectories(folder);
    FolderLock lock = FolderLock.take(folder);
    boolean done = false;
    try {
      String marker = marker(maxFiles, stores);
      boolean trusted = takeMarker(folder).equals(marker) && Files.exists(folder.resolve(MAP));
      if (!trusted) {
        Files.deleteIfExists(folder.resolve(MAP));
      }
      ContentIndex index = new ContentIndex(folder, lock, maxFiles, marker, trusted);
      if (trusted) {
        index.useMap(index.makeMap());
      }
      done = true;
      return index;
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  /** Whether it was closed in order and speaks of the volumes it was opened for. */
  boolean trusted() {
    return trusted;
  }

  /** Hands out what is known of each file, in no order; nothing without a map. */
  void forEach(Consumer<ContentFile.Header> taker) {
    ChronicleMap<byte[], byte[]> known = map;
    if (known != null) {
      known.forEach((key, value) -> taker.accept(decode(key, value)));
    }
  }

  /** Makes the map, or opens the one that is trusted. Slow; the only step outside of the lock. */
  Map makeMap() throws IOException {
    return new Map(map(folder.resolve(MAP), maxFiles));
  }

  /** Takes the map in use. The caller then puts what is held already. */
  void useMap(Map made) {
    map = made.chronicle;
  }

  /** A map that is not in use yet; keeps Chronicle's type inside of here. */
  static final class Map {
    private final ChronicleMap<byte[], byte[]> chronicle;

    private Map(ChronicleMap<byte[], byte[]> chronicle) {
      this.chronicle = chronicle;
    }
  }

  /** A file was published. */
  void put(ContentFile.Header header) {
    change(known -> known.put(key(header.high(), header.low()), encode(header)));
  }

  /** A file was taken out. */
  void remove(ContentKey key) {
    change(known -> known.remove(key(key.high(), key.low())));
  }

  /**
   * Closes it.
   *
   * @param clean whether it agrees with the volumes, so that it may be trusted next time
   */
  void close(boolean clean) throws IOException {
    try (lock) {
      ChronicleMap<byte[], byte[]> known = map;
      if (known == null) {
        return;
      }
      known.close();
      if (clean && !broken) {
        try (FileChannel file =
            FileChannel.open(
                folder.resolve(MAP), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          file.force(true);
        }
        Path temp = folder.resolve(MARKER + ".new");
        Volume.writeSynced(temp, marker);
        Files.move(temp, folder.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
        Volume.syncFolder(folder);
      }
    }
  }

  /** A map that fails is only a hint lost: it is rebuilt at the next start. */
  private void change(Consumer<ChronicleMap<byte[], byte[]>> step) {
    ChronicleMap<byte[], byte[]> known = map;
    if (broken || known == null) {
      return;
    }
    try {
      step.accept(known);
    } catch (RuntimeException e) {
      broken = true;
      log.error("the index in {} failed and is rebuilt at the next start", folder, e);
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
    Volume.syncFolder(folder);
    return found;
  }

  private static byte[] key(long high, long low) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(high).putLong(low).array();
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
