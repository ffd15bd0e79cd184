package oca.store;

import java.util.List;

/**
 * A store's sizes and counts at one moment.
 *
 * @param files whole files held
 * @param version changes whenever the set of whole files does
 * @param evicted files evicted since the start
 * @param recovering whether files are still being looked for after the start
 * @param openFiles descriptors of content that are open
 * @param volumes each volume, in the order of the configuration, added ones last
 */
public record StoreStatus(
    long files,
    long version,
    long evicted,
    boolean recovering,
    int openFiles,
    List<VolumeStatus> volumes) {
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

  /** What a volume does at the moment. */
  public enum VolumeState {
    /** It is being read after the start: what was found is served, nothing new is put on it. */
    RECOVERING,
    /** It serves and is filled. */
    IN_SERVICE,
    /** It serves, and its files are leaving. */
    DRAINING,
    /** Its disk failed, hung or was taken out: nothing on it is served. */
    OUT_OF_SERVICE
  }

  /**
   * One volume.
   *
   * @param path its folder
   * @param state what it does at the moment
   * @param capacityBytes what it may hold
   * @param usedBytes what it holds, files being filled included
   * @param freeBytes what may still be put on it, the reserve left alone
   * @param files whole files on it
   * @param errors I/O errors since the start
   * @param quarantined files moved out of the way since the start
   * @param leaving files taken out that are still to be taken off the disk
   */
  public record VolumeStatus(
      String path,
      VolumeState state,
      long capacityBytes,
      long usedBytes,
      long freeBytes,
      long files,
      long errors,
      long quarantined,
      long leaving) {

    /** Whether it serves. */
    public boolean inService() {
      return state != VolumeState.OUT_OF_SERVICE;
    }
  }
}
