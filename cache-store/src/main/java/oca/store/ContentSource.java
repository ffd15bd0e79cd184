package oca.store;

/** Where content can be looked up for reading: all that the range path needs of a store. */
public interface ContentSource {

  /**
   * What is here of a file, now. Never blocks, never touches a disk, safe on any thread; the caller
   * closes the lease that a {@link Lookup.Hit} or {@link Lookup.Filling} carries.
   */
  Lookup lookup(ContentKey key);
}
