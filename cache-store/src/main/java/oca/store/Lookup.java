package oca.store;

/** What a store has of a file. */
public sealed interface Lookup {

  /** The file is here, whole and verified. */
  record Hit(ContentLease lease) implements Lookup {}

  /**
   * The file is being filled.
   *
   * @param lease on the file as far as it has come
   * @param verified so many bytes from the start may be read; it only grows
   */
  record Filling(ContentLease lease, long verified) implements Lookup {}

  /** Nothing of the file may be read here. */
  record Miss() implements Lookup {
    /** The one miss, so that misses make no garbage. */
    public static final Miss MISS = new Miss();
  }
}
