package oca.store;

/** What stands in the table under a key. */
sealed interface Entry permits StoredFile, DiskFill {

  /** The upper half of its key. */
  long high();

  /** The lower half of its key. */
  long low();

  /** The answer to a lookup. Never blocks. */
  Lookup lookup();
}
