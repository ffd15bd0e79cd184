package oca.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a file that is held takes in memory, all of the store's structures together. */
@Isolated // the heap is all tests'
class MemoryPerFileTest {
  private static final int FILES = 1_000_000;
  private static final int MOST_BYTES = 200;

  @TempDir Path folder;

  @Test
  void heap_ofAMillionFiles_isWithinTheBound() throws IOException {
    try (DiskStore store = DiskStore.open(ManyFiles.config(folder, 2 * FILES, 100))) {
      store.recovery().join();
      ManyFiles.pretend(store, 0, 1_000);
      long before = usedAfterCollection();
      ManyFiles.pretend(store, 1_000, FILES + 1_000);
      long bytes = (usedAfterCollection() - before) / FILES;
      System.out.println("MemoryPerFileTest: " + bytes + " bytes of heap for each file");
      assertTrue(store.status().files() == FILES + 1_000);
      assertTrue(bytes <= MOST_BYTES, bytes + " bytes");
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
