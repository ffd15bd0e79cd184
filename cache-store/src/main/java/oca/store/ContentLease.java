package oca.store;

import java.nio.channels.FileChannel;

/**
 * The right to read a file's bytes until closed: as long as a lease is open, the file is neither
 * truncated nor its descriptor closed, whatever is evicted meanwhile.
 *
 * <p>All leases on a file are one object that counts them, so that a lookup makes no garbage. Each
 * lookup that returned it is to be answered by exactly one {@link #close}, on any thread; closing
 * does not block. One close too many is a fault of the caller: it is refused where it can be seen,
 * but may take the lease of another reader.
 */
public interface ContentLease extends AutoCloseable {

  /** What the file says of itself. */
  ContentMeta meta();

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
  ContentLease share();

  /** Where the content begins in the file, in bytes; a multiple of the page size. */
  long contentOffset();

  /**
   * Tells the store that a read of the content failed, so that the disk's error budget is charged
   * and the file checked.
   */
  void reportReadError(java.io.IOException error);

  /**
   * Gives one lease back.
   *
   * @throws IllegalStateException when none was out
   */
  @Override
  void close();
}
