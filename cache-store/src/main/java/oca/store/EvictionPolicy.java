package oca.store;

import java.util.List;
import java.util.function.Predicate;

/**
 * Decides which files of one volume make room for others. Deletes nothing and knows no disk.
 *
 * <p>Not safe on several threads but for {@link Touch#hit}: the store calls it under its lock.
 */
interface EvictionPolicy {

  /** Takes the hits of one file. */
  interface Touch {
    /** The file was asked for. On any thread, event loops included: wait-free. */
    void hit();
  }

  /**
   * A file has come.
   *
   * @param bytes what removing it would give back
   * @return where its hits are to be told
   */
  Touch inserted(ContentKey key, long bytes);

  /** A file is gone, for whatever reason. */
  void removed(ContentKey key);

  /**
   * Names the files to remove for so many bytes, the least worthy first; empty when not all that
   * may go would be enough. They stay known until {@link #removed} is called for each.
   */
  List<ContentKey> victims(long bytes, Predicate<ContentKey> mayGo);
}
