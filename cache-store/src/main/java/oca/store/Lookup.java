package oca.store;

/** What a store has of a file. */
public sealed interface Lookup {

  /** The file is here, whole and verified. */
  record Hit(ContentLease lease) implements Lookup {}

  /**
   * The file is being filled, and some of its blocks are known to be what was announced.
   *
   * @param lease on the file as far as it has come
   * @param blocks which of them may be read; more may come while the lease is held
   */
  record Filling(ContentLease lease, BlockMap blocks) implements Lookup {}

  /** Nothing of the file may be read here. */
  record Miss() implements Lookup {
    /** The one miss, so that misses make no garbage. */
    public static final Miss MISS = new Miss();
  }
}
