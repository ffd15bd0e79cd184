package oca.store.disk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksums of one file's blocks: CRC32C over content id, block number and the block's bytes.
 *
 * <p>Id and number go in first so that a block which is whole but in the wrong place (a write that
 * the disk put elsewhere, a block of another file) does not pass, as ZFS and Btrfs do with theirs.
 * A checksum that comes out as 0 is kept as -1, so that 0 can mean "not written yet", as in UDP.
 *
 * <p>For one thread at a time.
 */
public final class BlockChecksums {
  /** Stands in the table for a block that was not written yet. */
  public static final int UNWRITTEN = 0;

  private static final long TABLE = -1;

  private final CRC32C crc = new CRC32C();
  private final ByteBuffer seed = ByteBuffer.allocate(24);
  private final long high;
  private final long low;

  /** For the file with this content id. */
  public BlockChecksums(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /** How many blocks a content of {@code length} bytes has; the last may be short. */
  public static long blocks(long length, int blockBytes) {
    return length / blockBytes + (length % blockBytes == 0 ? 0 : 1);
  }

  /** Starts over for the block of this number, counted from 0. */
  public void begin(long block) {
    crc.reset();
    seed.clear().putLong(high).putLong(low).putLong(block).flip();
    crc.update(seed);
  }

  /** Starts over for the table of checksums itself. */
  public void beginTable() {
    begin(TABLE);
  }

  /** Takes in all remaining bytes. */
  public void update(ByteBuffer bytes) {
    crc.update(bytes);
  }

  /** The checksum of what was taken in since the start; never {@link #UNWRITTEN}. */
  public int value() {
    int value = (int) crc.getValue();
    return value == UNWRITTEN ? -1 : value;
  }
}
