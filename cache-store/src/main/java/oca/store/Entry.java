package oca.store;

/** What stands in the table under a key. */
sealed interface Entry permits StoredFile, DiskFill {

  /** The answer to a lookup. Never blocks. */
  Lookup lookup();
}
