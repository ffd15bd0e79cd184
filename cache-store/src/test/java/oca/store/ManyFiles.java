package oca.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import oca.store.disk.BlockChecksums;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.LocalDisk;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;

/** Stores of very many small files, for figures. */
public final class ManyFiles {
  /** The length of every file's content, in bytes. */
  static final int LENGTH = 100;

  private ManyFiles() {}

  /** A store of one volume in a folder, with room for so many files. */
  public static StoreConfig config(Path folder, long maxFiles, int maxOpenFiles) {
    return new StoreConfig(
        List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 1L << 50)),
        folder.resolve("index"),
        1 << 20,
        maxFiles,
        maxOpenFiles,
        16,
        64,
        Duration.ofSeconds(60),
        100_000,
        64 << 20,
        0,
        1 << 30);
  }

  /**
   * Lays out files number 0 to {@code count} as if they had been filled, unsynced: a million
   * commits would measure the disk's sync.
   */
  static void lay(StoreConfig config, long count) throws IOException {
    StoreConfig.VolumeConfig disk = config.volumes().getFirst();
    Volume volume =
        Volume.open(
            new Volume.Settings(disk.path(), disk.capacityBytes(), 0, 9, 9, false, new LocalDisk()),
            new UUID(1, 2));
    LongStream.range(0, count)
        .parallel()
        .forEach(
            seed -> {
              try {
                layOne(volume, seed);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    volume.close();
  }

  /** Makes the table of an open store hold files that are on no disk, with no descriptor. */
  public static void pretend(DiskStore store, long from, long to) {
    Shelf shelf = store.shelves().getFirst();
    for (long seed = from; seed < to; seed++) {
      store.holdings().adopt(shelf, header(shelf.volume().storeId(), content(seed)));
    }
  }

  /** Fills files for real, so that lookups of them hit. */
  public static void fill(DiskStore store, long from, long to) throws IOException {
    for (long seed = from; seed < to; seed++) {
      content(seed).fillInto(store);
    }
  }

  /** The key of a file's content. */
  public static ContentKey key(long seed) {
    return TestContent.key(seed);
  }

  static TestContent content(long seed) {
    return TestContent.of(seed, LENGTH);
  }

  private static ContentFile.Header header(UUID storeId, TestContent content) {
    return new ContentFile.Header(
        storeId,
        content.key().high(),
        content.key().low(),
        LENGTH,
        1 << 20,
        content.meta().sha256(),
        "video/mp4",
        content.meta().modifiedSecond());
  }

  private static void layOne(Volume volume, long seed) throws IOException {
    TestContent content = content(seed);
    ContentFile.Header header = header(volume.storeId(), content);
    Path path = volume.contentPath(header.high(), header.low());
    try (OpenFile file = volume.disk().open(path, Disk.Mode.WRITE)) {
      FileChannel channel = file.channel();
      channel.write(ByteBuffer.allocate(1), header.fileBytes() - 1);
      ContentFile.create(channel, header);
      ContentFile.writeFully(channel, ByteBuffer.wrap(content.bytes()), ContentFile.CONTENT_OFFSET);
      BlockChecksums sums = new BlockChecksums(header.high(), header.low());
      sums.begin(0);
      sums.update(ByteBuffer.wrap(content.bytes()));
      BlockTable table = new BlockTable(channel, header);
      table.enter(0, sums.value(), content.meta().modifiedSecond(), 0);
      table.close();
    }
  }
}
