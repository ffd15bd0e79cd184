package oca.store;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The right to read bytes from an open file until closed: as long as a lease is open, the file is
 * neither truncated nor its descriptor closed, whatever is evicted meanwhile. It is all that those
 * who send bytes know of a file; what the bytes are is known to who took the lease.
 *
 * <p>All leases on a file are one object that counts them, so that taking one makes no garbage.
 * Each that was taken is to be answered by exactly one {@link #close}, on any thread; closing does
 * not block. One close too many is a fault of the caller: it is refused where it can be seen, but
 * may take the lease of another reader.
 */
public interface FileLease extends AutoCloseable {

  /**
   * The open file, shared between leases: read by position only, never close it or move its
   * position.
   */
  FileChannel channel();

  /** The number of the open file, for sendfile(2). Valid until the lease is closed. */
  int descriptor();

  /**
   * The volume that the file lies on: the same object for all its files, equal to no other
   * volume's. Says nothing else; for those who wait for one disk and not for another.
   */
  Object volume();

  /**
   * Takes one lease more on the same file, to be closed by itself, for a reader that may outlast
   * this one. Does not block.
   *
   * @throws IllegalStateException when none is out
   */
  FileLease share();

  /** Where the content begins in the file, in bytes; a multiple of the page size. */
  long contentOffset();

  /**
   * What of the file was compared with its checksums. Valid until the lease is closed. Without
   * checksums there is nothing to compare.
   */
  default BlockChecks checks() {
    return BlockChecks.NONE;
  }

  /**
   * Tells the store that a read of the content failed, so that the disk's error budget is charged
   * and the file checked.
   */
  void reportReadError(IOException error);

  /**
   * Gives one lease back.
   *
   * @throws IllegalStateException when none was out
   */
  @Override
  void close();
}
