package oca.store.pull;

/** What an index says of an object. Arrays are handed over, not copied. */
final class KeptObject {
  final long id;
  final long identity;
  final long length;
  final long charged;
  final long fileBytes;
  final long modified;
  final byte[] label;
  final int[] checksums;

  /**
   * @param charged what it was counted as taking, in bytes
   * @param fileBytes the size of its file
   * @param modified when that was last changed, by the disk's count
   * @param checksums of its slices, 0 for those that are not whole
   */
  KeptObject(
      long id,
      long identity,
      long length,
      long charged,
      long fileBytes,
      long modified,
      byte[] label,
      int[] checksums) {
    this.id = id;
    this.identity = identity;
    this.length = length;
    this.charged = charged;
    this.fileBytes = fileBytes;
    this.modified = modified;
    this.label = label;
    this.checksums = checksums;
  }
}
