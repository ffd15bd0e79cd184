package oca.server.http;

/**
 * What the kernel holds of files in memory, and how it is made to hold more. One instance serves
 * one thread at a time.
 */
public interface PageCache {

  /**
   * Whether bytes of a file are in memory or on their way there, as far as the kernel tells. Does
   * not wait itself, starts no read where the kernel lets us, and makes no garbage. Pages behind
   * the file's end do not count as there.
   *
   * @param length 1 or more
   */
  boolean holds(int descriptor, long position, long length);

  /**
   * Whether of bytes that {@link #holds} is true of none are still on their way, as far as samples
   * show. Costs more, so it is asked only where somebody reads. No wait and no garbage either.
   *
   * @param length 1 or more
   */
  boolean isSettled(int descriptor, long position, long length);

  /**
   * Reads bytes of a file into the cache, and returns once all are there: waits for the disk.
   *
   * @return 0, or an errno below zero; a file that ends before is no error
   */
  long fetch(int descriptor, long position, long length);
}
