package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Which blocks of an open file were compared with their checksums since they came into memory, for
 * those who send its bytes. Positions are those in {@link FileLease#channel}, content offset
 * included. Safe on any thread.
 *
 * <p>What sends asks, in this order: are the bytes in memory, and are they {@link #covers covered}.
 * When the answer to the first is no, it {@link #forget forgets}; when either is no, a thread that
 * may wait reads whole blocks in and has them {@link #check checked}, after it has forgotten those
 * that it did not find in memory.
 */
public interface BlockChecks {

  /** Of a file that has no checksums: there is nothing to compare. */
  BlockChecks NONE =
      new BlockChecks() {
        @Override
        public boolean covers(long position, long length) {
          return true;
        }

        @Override
        public void forget(long position, long length) {}

        @Override
        public void forgetEvicted(long position, long length, InMemory asked) {}

        @Override
        public long begin(long position) {
          return position;
        }

        @Override
        public long end(long position) {
          return position + 1;
        }

        @Override
        public void check(long position, long length, ByteBuffer scratch) {}
      };

  /**
   * Whether all blocks with these bytes were compared, as far as they have a checksum. Takes no
   * lock, never blocks and makes no garbage.
   *
   * @param length 1 or more
   */
  boolean covers(long position, long length);

  /**
   * Some of these bytes are not in memory: the blocks that they belong to are to be compared again.
   * Never blocks.
   *
   * @param length 1 or more
   */
  void forget(long position, long length);

  /**
   * Asks of each covered block with these bytes whether it is in memory, and forgets it if not. For
   * those who are about to read.
   *
   * @param length 1 or more
   */
  void forgetEvicted(long position, long length, InMemory asked);

  /** Tells whether bytes of the file are in memory. */
  interface InMemory {
    /** Whether all of these bytes are, as far as the kernel tells. */
    boolean holds(long position, long length);
  }

  /** Where what has to be read begins, so that the byte there can be compared. */
  long begin(long position);

  /** Where what has to be read ends, so that the byte there can be compared. */
  long end(long position);

  /**
   * Reads the blocks with these bytes that were not compared yet, and compares them. Blocks on the
   * disk, if they are not in memory.
   *
   * @param length 1 or more
   * @param scratch to read by; direct, and the larger the fewer the calls
   * @throws DamagedBlockException when a block is not what was written: the store knows and acts
   * @throws IOException when the disk fails; the caller tells the store
   */
  void check(long position, long length, ByteBuffer scratch) throws IOException;
}
