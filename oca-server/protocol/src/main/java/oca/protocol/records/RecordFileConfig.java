package oca.protocol.records;

import java.nio.file.Path;
import java.time.Duration;
import oca.config.ByteSize;
import oca.config.Default;

/**
 * How records are kept in files of JSON lines.
 *
 * @param folder for these files alone, and for one process; made when it is not there
 * @param maxFile a file is closed before it would be larger
 * @param maxAge a file is closed when it was begun so long ago
 * @param maxFiles files kept, the present one included; the oldest is deleted first
 * @param maxTotal bytes kept in all files, the present one at its largest included
 * @param interval the longest that a record waits for being written
 * @param gzip whether a file is compressed when it is closed
 * @param sync what is pushed to the disk before it is called written
 */
public record RecordFileConfig(
    Path folder,
    @Default("64MiB") ByteSize maxFile,
    @Default("1h") Duration maxAge,
    @Default("96") int maxFiles,
    @Default("4GiB") ByteSize maxTotal,
    @Default("1s") Duration interval,
    @Default("false") boolean gzip,
    @Default("rotation") Sync sync) {
  private static final long LEAST = 64 << 10;

  /** When fsync(2) is called. */
  public enum Sync {
    /** Never: after a power cut the last half minute may be missing, or more. */
    NEVER,
    /** When a file is closed, so that a closed file is whole. */
    ROTATION,
    /** After each write too. */
    WRITE
  }

  public RecordFileConfig {
    if (maxFile.bytes() < LEAST || maxFile.bytes() > 1L << 40) {
      throw new IllegalArgumentException("maxFile must be 64KiB to 1TiB, not " + maxFile);
    }
    if (maxFiles < 2 || maxFiles > 100_000) {
      throw new IllegalArgumentException("maxFiles must be 2 to 100000, not " + maxFiles);
    }
    int least = gzip ? 3 : 2;
    if (maxTotal.bytes() / least < maxFile.bytes()) {
      throw new IllegalArgumentException(
          "maxTotal must be " + least + " times maxFile or more, not " + maxTotal);
    }
    if (!maxAge.isPositive() || !interval.isPositive()) {
      throw new IllegalArgumentException("maxAge and interval must be above zero");
    }
  }

  /** What must be free for the present file, and for a compressed copy being made. */
  long spared() {
    return maxFile.bytes() * (gzip ? 2 : 1);
  }
}
