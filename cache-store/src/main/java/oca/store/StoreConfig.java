package oca.store;

import java.nio.file.Path;
import java.time.Duration;
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
 * @param hangAfter a volume whose disk does not answer for so long is taken out of service
 * @param unlinksPerSecond so many files are taken off each disk in a second at most
 * @param syncBytes so many appended bytes are left to the page cache before they are pushed to the
 *     disk, so that the sync in a commit is short
 * @param scrubBytesPerSecond so fast each volume is read by itself to find damage; 0 for not at all
 * @param drainBytesPerSecond so fast files are moved off each volume that is drained, at least 1
 */
public record StoreConfig(
    List<VolumeConfig> volumes,
    Path indexFolder,
    int blockBytes,
    long maxFiles,
    int maxOpenFiles,
    int errorBudget,
    int quarantineLimit,
    Duration hangAfter,
    int unlinksPerSecond,
    long syncBytes,
    long scrubBytesPerSecond,
    long drainBytesPerSecond) {

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

  /** 30 seconds: longer than a disk takes to give up on a sector. */
  public static final Duration DEFAULT_HANG_AFTER = Duration.ofSeconds(30);

  /** 500. */
  public static final int DEFAULT_UNLINKS_PER_SECOND = 500;

  /** 64 MiB. */
  public static final long DEFAULT_SYNC_BYTES = 64 << 20;

  /** 16 MiB: a disk of 10 TB in a week, with a fifth of a hard disk's time. */
  public static final long DEFAULT_SCRUB_BYTES_PER_SECOND = 16 << 20;

  /** 64 MiB: a disk of 10 TB in two days. */
  public static final long DEFAULT_DRAIN_BYTES_PER_SECOND = 64 << 20;

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
    require(hangAfter.toMillis() >= 10, "hangAfter: 10 ms or more");
    require(
        unlinksPerSecond >= 1 && unlinksPerSecond <= 1_000_000, "unlinksPerSecond: 1 to 1,000,000");
    require(syncBytes >= 1, "syncBytes: 1 or more");
    require(scrubBytesPerSecond >= 0, "scrubBytesPerSecond: 0 or more");
    require(drainBytesPerSecond >= 1, "drainBytesPerSecond: 1 or more");
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
        DEFAULT_HANG_AFTER,
        DEFAULT_UNLINKS_PER_SECOND,
        DEFAULT_SYNC_BYTES,
        DEFAULT_SCRUB_BYTES_PER_SECOND,
        DEFAULT_DRAIN_BYTES_PER_SECOND);
  }

  /**
   * One disk.
   *
   * @param path its folder; made when it does not exist
   * @param capacityBytes what the store may keep there, in bytes
   * @param reserveBytes so much of the file system is left free whatever the capacity, in bytes
   */
  public record VolumeConfig(Path path, long capacityBytes, long reserveBytes) {
    public VolumeConfig {
      require(capacityBytes > 0, "capacityBytes: above 0");
      require(reserveBytes >= 0, "reserveBytes: 0 or more");
    }

    /** Without a reserve. */
    public VolumeConfig(Path path, long capacityBytes) {
      this(path, capacityBytes, 0);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
