package oca.store.pull;

import java.nio.file.Path;
import java.time.Duration;
import oca.store.evict.EvictionPolicies;

/**
 * How a store of pulled objects is set up. Every limit of it stands here.
 *
 * @param folder where the objects lie; made when it does not exist, and must hold nothing else
 * @param capacityBytes what they may take on the disk, in bytes: what was written, in whole pages,
 *     and a page for each object
 * @param maxObjects so many objects are held at most, each with an open descriptor; below the
 *     process's limit of open files, with room for connections
 * @param maxObjectBytes a longer object is not kept, in bytes
 * @param maxLabelBytes a longer label is refused, in bytes
 * @param sliceBytes the aligned unit of which an object's presence is kept across a restart, with a
 *     checksum: a power of two, 4 KiB to 64 MiB
 * @param diskThreads so many threads write and unlink, 1 to 64; one object is always written by the
 *     same
 * @param maxQueuedBytes so many bytes wait for the disk at most
 * @param hangAfter when one call to the disk takes so long, what waits behind it is given up
 * @param policy chooses what makes room
 */
public record PullStoreConfig(
    Path folder,
    long capacityBytes,
    int maxObjects,
    long maxObjectBytes,
    int maxLabelBytes,
    int sliceBytes,
    int diskThreads,
    long maxQueuedBytes,
    Duration hangAfter,
    EvictionPolicies policy) {

  /** 100,000. */
  public static final int DEFAULT_MAX_OBJECTS = 100_000;

  /** 64 GiB. */
  public static final long DEFAULT_MAX_OBJECT_BYTES = 64L << 30;

  /** 64 KiB. */
  public static final int DEFAULT_MAX_LABEL_BYTES = 64 << 10;

  /** 1 MiB. */
  public static final int DEFAULT_SLICE_BYTES = 1 << 20;

  /** 2. */
  public static final int DEFAULT_DISK_THREADS = 2;

  /** 64 MiB. */
  public static final long DEFAULT_MAX_QUEUED_BYTES = 64 << 20;

  /** 30 seconds: longer than a disk takes to give up on a sector. */
  public static final Duration DEFAULT_HANG_AFTER = Duration.ofSeconds(30);

  private static final int MIN_SLICE = 4096;
  private static final int MAX_SLICE = 64 << 20;
  private static final int MAX_THREADS = 64;
  private static final int MAX_LABEL = 1 << 20;

  public PullStoreConfig {
    require(capacityBytes > 0, "capacityBytes: above 0");
    require(maxObjects >= 1 && maxObjects <= 100_000_000, "maxObjects: 1 to 100,000,000");
    require(
        sliceBytes >= MIN_SLICE && sliceBytes <= MAX_SLICE && Integer.bitCount(sliceBytes) == 1,
        "sliceBytes: a power of two, 4096 to 64 MiB");
    require(
        maxObjectBytes >= 1 && maxObjectBytes / sliceBytes < 1 << 24,
        "maxObjectBytes: 1 to 16,777,216 slices");
    require(maxLabelBytes >= 0 && maxLabelBytes <= MAX_LABEL, "maxLabelBytes: 0 to 1 MiB");
    require(diskThreads >= 1 && diskThreads <= MAX_THREADS, "diskThreads: 1 to 64");
    require(maxQueuedBytes >= 1, "maxQueuedBytes: 1 or more");
    require(hangAfter.toMillis() >= 10, "hangAfter: 10 ms or more");
  }

  /** With the default limits. */
  public static PullStoreConfig of(Path folder, long capacityBytes) {
    return new PullStoreConfig(
        folder,
        capacityBytes,
        DEFAULT_MAX_OBJECTS,
        DEFAULT_MAX_OBJECT_BYTES,
        DEFAULT_MAX_LABEL_BYTES,
        DEFAULT_SLICE_BYTES,
        DEFAULT_DISK_THREADS,
        DEFAULT_MAX_QUEUED_BYTES,
        DEFAULT_HANG_AFTER,
        EvictionPolicies.DEFAULT);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
