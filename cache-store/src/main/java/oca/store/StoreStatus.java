package oca.store;

import java.util.List;

/**
 * A store's sizes and counts at one moment.
 *
 * @param files whole files held
 * @param version changes whenever the set of whole files does
 * @param evicted files evicted since the start
 * @param volumes each volume, in the order of the configuration
 */
public record StoreStatus(long files, long version, long evicted, List<VolumeStatus> volumes) {
  public StoreStatus {
    volumes = List.copyOf(volumes);
  }

  /** What all volumes in service may hold, in bytes. */
  public long capacityBytes() {
    return volumes.stream()
        .filter(VolumeStatus::inService)
        .mapToLong(VolumeStatus::capacityBytes)
        .sum();
  }

  /** What all volumes in service hold, files being filled included, in bytes. */
  public long usedBytes() {
    return volumes.stream()
        .filter(VolumeStatus::inService)
        .mapToLong(VolumeStatus::usedBytes)
        .sum();
  }

  /**
   * One volume.
   *
   * @param path its folder
   * @param inService false once it was taken out after errors
   * @param capacityBytes what it may hold
   * @param usedBytes what it holds, files being filled included
   * @param files whole files on it
   * @param errors I/O errors since the start
   */
  public record VolumeStatus(
      String path,
      boolean inService,
      long capacityBytes,
      long usedBytes,
      long files,
      long errors) {}
}
