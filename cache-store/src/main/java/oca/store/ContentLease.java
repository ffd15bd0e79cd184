package oca.store;

import java.nio.channels.FileChannel;

/**
 * The right to read a file's bytes until closed: as long as a lease is open, the file is neither
 * truncated nor its descriptor closed, whatever is evicted meanwhile.
 *
 * <p>Safe on any thread. Closing is idempotent, does not block and never fails.
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

  /** Where the content begins in the file, in bytes; a multiple of the page size. */
  long contentOffset();

  /**
   * Tells the store that a read of the content failed, so that the disk's error budget is charged
   * and the file checked.
   */
  void reportReadError(java.io.IOException error);

  @Override
  void close();
}
