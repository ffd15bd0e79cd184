package oca.store;

import java.nio.file.Path;
import java.util.List;
import oca.store.disk.ContentFile;

/**
 * How a store on disks is set up. Every limit of the store stands here.
 *
 * @param volumes the disks, at least one; their order is that of {@link StoreStatus#volumes}
 * @param indexFolder where the index lies; on a disk that does not fill up, not inside a volume
 * @param blockBytes the unit of checksums, resumption and the verified front in new files: whole
 *     pages of 4 KiB, up to 64 MiB
 * @param maxFiles so many files are held or being filled at most; the index is sized for it
 * @param maxOpenFiles so many descriptors are kept open at most; beyond it the first lookup of a
 *     file misses and has it opened in the background, in place of one that nobody reads. Below the
 *     process's limit, with room for connections
 * @param errorBudget with so many I/O errors since the start a volume is taken out of service
 * @param quarantineLimit so many damaged or foreign files are kept on each volume, at least 1
 * @param syncBytes so many appended bytes are left to the page cache before they are pushed to the
 *     disk, so that the sync in a commit is short
 */
public record StoreConfig(
    List<VolumeConfig> volumes,
    Path indexFolder,
    int blockBytes,
    long maxFiles,
    int maxOpenFiles,
    int errorBudget,
    int quarantineLimit,
    long syncBytes) {

  /** 1 MiB. */
  public static final int DEFAULT_BLOCK_BYTES = 1 << 20;

  /** One million. */
  public static final long DEFAULT_MAX_FILES = 1_000_000;

  /** 10,000. */
  public static final int DEFAULT_MAX_OPEN_FILES = 10_000;

  /** 16. */
  public static final int DEFAULT_ERROR_BUDGET = 16;

  /** 64. */
  public static final int DEFAULT_QUARANTINE_LIMIT = 64;

  /** 64 MiB. */
  public static final long DEFAULT_SYNC_BYTES = 64 << 20;

  public StoreConfig {
    volumes = List.copyOf(volumes);
    require(!volumes.isEmpty(), "volumes: name at least one");
    require(
        volumes.stream().map(v -> v.path().toAbsolutePath().normalize()).distinct().count()
            == volumes.size(),
        "volumes: each path only once");
    require(ContentFile.validBlock(blockBytes), "blockBytes: a multiple of 4096, 4096 to 64 MiB");
    require(maxFiles >= 1 && maxFiles <= 100_000_000, "maxFiles: 1 to 100,000,000");
    require(maxOpenFiles >= 1, "maxOpenFiles: 1 or more");
    require(errorBudget >= 1, "errorBudget: 1 or more");
    require(quarantineLimit >= 1, "quarantineLimit: 1 or more");
    require(syncBytes >= 1, "syncBytes: 1 or more");
  }

  /** With the default limits. */
  public static StoreConfig of(List<VolumeConfig> volumes, Path indexFolder) {
    return new StoreConfig(
        volumes,
        indexFolder,
        DEFAULT_BLOCK_BYTES,
        DEFAULT_MAX_FILES,
        DEFAULT_MAX_OPEN_FILES,
        DEFAULT_ERROR_BUDGET,
        DEFAULT_QUARANTINE_LIMIT,
        DEFAULT_SYNC_BYTES);
  }

  /**
   * One disk.
   *
   * @param path its folder; made when it does not exist
   * @param capacityBytes what the store may keep there, in bytes
   */
  public record VolumeConfig(Path path, long capacityBytes) {
    public VolumeConfig {
      require(capacityBytes > 0, "capacityBytes: above 0");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
