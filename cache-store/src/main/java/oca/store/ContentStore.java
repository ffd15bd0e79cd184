package oca.store;

import java.util.Collection;
import java.util.Set;

/**
 * A store of immutable files. Safe on any thread; all but {@link #lookup} and {@link #status} may
 * block on a disk.
 */
public interface ContentStore extends ContentSource, AutoCloseable {

  /**
   * Asks to fill a file. Makes room by evicting unpinned files where that is needed. A session of
   * an older generation that fills the same file is ended, and its blocks are gone on with.
   *
   * @throws java.io.IOException when the disk fails
   */
  Admission fill(FillRequest request) throws java.io.IOException;

  /**
   * Names the files that are not to be evicted, in place of those named before. Files may be named
   * before they are here.
   */
  void pin(Set<ContentKey> keys);

  /**
   * Takes a file out: no later lookup finds it, its space is given back when the last lease is
   * closed.
   *
   * @return false when it was not here
   */
  boolean remove(ContentKey key);

  /** The keys of all whole files, as a snapshot. */
  Collection<ContentKey> held();

  /** The meta data of a whole file, or null. */
  @org.jspecify.annotations.Nullable
  ContentMeta describe(ContentKey key);

  /** Sizes and counts, cheap and never blocking. */
  StoreStatus status();

  /** Waits for open sessions' writes, marks the shutdown as clean and lets go of the volumes. */
  @Override
  void close();
}
