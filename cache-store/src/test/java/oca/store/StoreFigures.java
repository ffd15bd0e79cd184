package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import oca.store.disk.BlockChecksums;
import oca.store.disk.ContentFile;
import oca.store.disk.Volume;

/**
 * Prints what a lookup and a start cost: {@code java @packaging/jvm.options -cp ...
 * oca.store.StoreFigures FOLDER}.
 */
final class StoreFigures {
  private static final int FILES = 20_000;
  private static final int LOOKUPS = 5_000_000;

  private StoreFigures() {}

  public static void main(String[] arguments) throws IOException {
    StoreConfig config =
        StoreConfig.of(
            List.of(new StoreConfig.VolumeConfig(Path.of(arguments[0], "disk"), 10L << 30)),
            Path.of(arguments[0], "index"));
    lay(config);
    try (DiskStore store = DiskStore.open(config)) {
      System.out.println("without index: " + store.recovery());
      lookups(store);
    }
    try (DiskStore store = DiskStore.open(config)) {
      System.out.println("with index: " + store.recovery());
    }
  }

  /** Lays the files out unsynced: 20,000 commits would measure the disk's sync. */
  private static void lay(StoreConfig config) throws IOException {
    StoreConfig.VolumeConfig disk = config.volumes().get(0);
    Volume volume =
        Volume.open(
            new Volume.Settings(
                disk.path(), disk.capacityBytes(), 9, 9, oca.store.disk.FileOpener.PLAIN));
    for (int seed = 0; seed < FILES; seed++) {
      TestContent content = TestContent.of(seed, 2_000);
      ContentKey key = content.key();
      ContentFile.Header header =
          new ContentFile.Header(
              volume.storeId(),
              key.high(),
              key.low(),
              2_000,
              1 << 20,
              content.meta().sha256(),
              "video/mp4",
              content.meta().modifiedSecond());
      Path path = volume.contentPath(key.high(), key.low());
      Files.deleteIfExists(path);
      try (FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ContentFile.create(file, header);
        ContentFile.writeFully(file, ByteBuffer.wrap(content.bytes()), 4096);
        BlockChecksums sums = new BlockChecksums(key.high(), key.low());
        sums.begin(0);
        sums.update(ByteBuffer.wrap(content.bytes()));
        ContentFile.writeChecksum(file, header, 0, sums.value());
        ContentFile.writeTableChecksum(file, header);
      }
    }
    volume.close();
  }

  private static void lookups(DiskStore store) {
    ContentKey[] keys = store.held().stream().limit(1_000).toArray(ContentKey[]::new);
    for (int round = 0; round < 3; round++) {
      int hits = 0;
      long start = System.nanoTime();
      for (int i = 0; i < LOOKUPS; i++) {
        if (store.lookup(keys[i % keys.length]) instanceof Lookup.Hit(ContentLease lease)) {
          hits++;
          lease.close();
        }
      }
      long nanos = (System.nanoTime() - start) / LOOKUPS;
      System.out.println("lookup and close: " + nanos + " ns, " + hits + " hits of " + LOOKUPS);
    }
  }
}
