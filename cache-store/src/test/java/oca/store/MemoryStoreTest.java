package oca.store;

import java.nio.file.Path;

/** The contract on the in-memory twin, so that tests which use it test the real thing. */
class MemoryStoreTest extends ContentStoreContract {
  @Override
  ContentStore open(Path folder) {
    return new MemoryStore(4 * 60_000 + 30_000, BLOCK);
  }
}
