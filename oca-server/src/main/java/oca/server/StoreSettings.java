package oca.server;

import java.nio.file.Path;
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
 * @param blockBytes unit of checksums and resumption in new files
 * @param maxFiles the index is sized for so many
 * @param maxOpenFiles descriptors kept open
 * @param errorBudget I/O errors after which a volume is taken out of service
 * @param quarantineLimit damaged files kept on each volume
 * @param syncBytes bytes appended before they are pushed to the disk
 */
public record StoreSettings(
    List<Volume> volumes,
    Path indexFolder,
    @Default("1MiB") ByteSize blockBytes,
    @Default("1000000") long maxFiles,
    @Default("10000") int maxOpenFiles,
    @Default("16") int errorBudget,
    @Default("64") int quarantineLimit,
    @Default("64MiB") ByteSize syncBytes) {

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
        syncBytes);
  }

  /**
   * One disk.
   *
   * @param path its folder
   * @param capacity what the store may keep there
   */
  public record Volume(Path path, ByteSize capacity) {
    public Volume {
      if (capacity.bytes() == 0) {
        throw new IllegalArgumentException("capacity must be above zero");
      }
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
        syncBytes);
  }

  private static StoreConfig config(
      List<Volume> volumes,
      Path indexFolder,
      ByteSize blockBytes,
      long maxFiles,
      int maxOpenFiles,
      int errorBudget,
      int quarantineLimit,
      ByteSize syncBytes) {
    return new StoreConfig(
        volumes.stream().map(it -> new VolumeConfig(it.path(), it.capacity().bytes())).toList(),
        indexFolder,
        Math.toIntExact(Math.min(blockBytes.bytes(), Integer.MAX_VALUE)),
        maxFiles,
        maxOpenFiles,
        errorBudget,
        quarantineLimit,
        syncBytes.bytes());
  }
}
