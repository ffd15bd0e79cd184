package oca.store.evict;

import java.util.List;
import java.util.function.Predicate;

/**
 * Decides which files of one volume make room for others and whether a newcomer is worth it.
 * Deletes nothing.
 *
 * <p>{@link Place#hit} and {@link #missed} may be called on any thread at any time: they are
 * wait-free, make no garbage and may lose a count to a race. All else is called under one lock.
 *
 * @param <T> what the caller knows a file by; a policy hands it back and looks at its id alone
 */
public interface EvictionPolicy<T> {

  /** Where a held file's hits are told. Kept by the caller, for {@link #removed}. */
  interface Place {
    /** The file was asked for. Wait-free, without garbage, a plain write or two. */
    void hit();
  }

  /**
   * A file has come.
   *
   * @param bytes what removing it would give back, 0 or more
   * @return its place, good until {@link #removed}
   */
  Place inserted(T file, long bytes);

  /**
   * A held file takes more or less room than was said before.
   *
   * @param bytes what removing it would give back now, 0 or more
   * @throws IllegalArgumentException when the place is not of this policy or is gone already
   */
  void resized(Place place, long bytes);

  /**
   * A file is gone, for whatever reason.
   *
   * @throws IllegalArgumentException when the place is not of this policy or is gone already
   */
  void removed(Place place);

  /**
   * Names files to remove for so many bytes, the least worthy first; empty when all that may go
   * would not be enough. They stay known until {@link #removed} is called for each. A file that may
   * not go is not named and costs little the next time.
   *
   * @param bytes more than 0
   * @param mayGo false for what is pinned or being read; asked at most a few times for one file
   */
  List<T> victims(long bytes, Predicate<? super T> mayGo);

  /**
   * A file that is not held was asked for. On any thread.
   *
   * @param id of the file, as the policy's function of ids would give it
   * @param bytes what it would take
   */
  default void missed(long id, long bytes) {}

  /**
   * Whether a newcomer would be worth what it displaces. Always true while there is room, and
   * always false for what is larger than the whole. A miss has been told before, if there was one.
   */
  boolean admits(long id, long bytes);
}
