package oca.protocol.records;

/**
 * What became of the files of records since the start.
 *
 * @param rotated files closed in good order, with whole lines only
 * @param torn files that ended within a line, after a crash or a failed write, and were cut back
 * @param deleted files deleted to keep the limits, oldest first
 * @param compressFailures files that could not be compressed, and stay as they are until the next
 *     rotation
 */
public record FilesStatus(long rotated, long torn, long deleted, long compressFailures) {
  /** For those who write no files. */
  public static final FilesStatus NONE = new FilesStatus(0, 0, 0, 0);
}
