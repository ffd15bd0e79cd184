package oca.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import oca.config.ByteSize;
import oca.config.Default;
import oca.store.StoreConfig;
import oca.store.StoreConfig.VolumeConfig;

/**
 * Where and how files are kept, as an operator writes it; the meanings are those of {@link
 * StoreConfig}.
 *
 * @param volumes the disks, at least one
 * @param indexFolder the folder of the index, not inside a volume
 * @param blockBytes unit of checksums and resumption in new files whose blocks are not announced
 * @param maxFiles the index is sized for so many
 * @param maxOpenFiles descriptors kept open
 * @param errorBudget I/O errors after which a volume is taken out of service
 * @param quarantineLimit damaged files kept on each volume
 * @param hangAfter a volume whose disk does not answer for so long is taken out of service
 * @param unlinksPerSecond files taken off each disk in a second at most
 * @param syncBytes bytes appended before they are pushed to the disk
 * @param scrubBytesPerSecond so fast each volume is read by itself to find damage; 0 for not at all
 * @param drainBytesPerSecond so fast files are moved off a volume that is drained
 * @param startPatience the longest that a start waits, before it serves, for what the disks hold;
 *     what is not known by then is looked for when it is asked for
 */
public record StoreSettings(
    List<Volume> volumes,
    Path indexFolder,
    @Default("1MiB") ByteSize blockBytes,
    @Default("1000000") long maxFiles,
    @Default("10000") int maxOpenFiles,
    @Default("16") int errorBudget,
    @Default("64") int quarantineLimit,
    @Default("30s") Duration hangAfter,
    @Default("500") int unlinksPerSecond,
    @Default("64MiB") ByteSize syncBytes,
    @Default("16MiB") ByteSize scrubBytesPerSecond,
    @Default("64MiB") ByteSize drainBytesPerSecond,
    @Default("5s") Duration startPatience) {

  /** Checks all values, so that a bad one is told with its place in the file. */
  public StoreSettings {
    config(
        volumes,
        indexFolder,
        blockBytes,
        maxFiles,
        maxOpenFiles,
        errorBudget,
        quarantineLimit,
        hangAfter,
        unlinksPerSecond,
        syncBytes,
        scrubBytesPerSecond,
        drainBytesPerSecond);
    if (startPatience.isNegative()) {
      throw new IllegalArgumentException("startPatience must not be below zero");
    }
  }

  /**
   * One disk.
   *
   * @param path its folder
   * @param capacity what the store may keep there
   * @param reserve so much of its file system is left free whatever the capacity: room for the file
   *     system itself, and for whatever else is kept there
   */
  public record Volume(Path path, ByteSize capacity, @Default("256MiB") ByteSize reserve) {
    public Volume {
      if (capacity.bytes() == 0) {
        throw new IllegalArgumentException("capacity must be above zero");
      }
    }

    VolumeConfig config() {
      return new VolumeConfig(path, capacity.bytes(), reserve.bytes());
    }
  }

  /** The same for the store. */
  StoreConfig config() {
    return config(
        volumes,
        indexFolder,
        blockBytes,
        maxFiles,
        maxOpenFiles,
        errorBudget,
        quarantineLimit,
        hangAfter,
        unlinksPerSecond,
        syncBytes,
        scrubBytesPerSecond,
        drainBytesPerSecond);
  }

  private static StoreConfig config(
      List<Volume> volumes,
      Path indexFolder,
      ByteSize blockBytes,
      long maxFiles,
      int maxOpenFiles,
      int errorBudget,
      int quarantineLimit,
      Duration hangAfter,
      int unlinksPerSecond,
      ByteSize syncBytes,
      ByteSize scrubBytesPerSecond,
      ByteSize drainBytesPerSecond) {
    return new StoreConfig(
        volumes.stream().map(Volume::config).toList(),
        indexFolder,
        Math.toIntExact(Math.min(blockBytes.bytes(), Integer.MAX_VALUE)),
        maxFiles,
        maxOpenFiles,
        errorBudget,
        quarantineLimit,
        hangAfter,
        unlinksPerSecond,
        syncBytes.bytes(),
        scrubBytesPerSecond.bytes(),
        drainBytesPerSecond.bytes());
  }
}
