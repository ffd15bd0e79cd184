package oca.store.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import oca.store.disk.LocalDisk;
import oca.store.evict.EvictionPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a small object costs from its first byte to its end; the figures are in the output. */
class PullCostTest {
  private static final int OBJECTS = 5000;
  private static final int BYTES = 4000;
  private static final int ROUNDS = 3;
  private static final int AT_ONCE = 64;

  @Test
  void smallObjects_createdWrittenAndDropped_areCheap(@TempDir Path folder) throws Exception {
    PullStoreConfig config =
        PullProbe.config(
            folder.resolve("pull"),
            1 << 30,
            10_000,
            Duration.ofSeconds(30),
            EvictionPolicies.DEMAND);
    try (PullStore store = PullProbe.open(config, new LocalDisk())) {
      for (int round = 0; round < ROUNDS; round++) {
        measure(store, true);
      }
      measure(store, false);
      assertEquals(0, store.status().errors());
      assertEquals((ROUNDS + 1L) * OBJECTS * BYTES, store.status().written());
    }
  }

  private static void measure(PullStore store, boolean drop) throws Exception {
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicLong faults = new AtomicLong();
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    long caller = 0;
    long start = System.nanoTime();
    for (int i = 0; i < OBJECTS; i++) {
      free.acquire();
      long called = System.nanoTime();
      PulledObject object = PullProbe.admit(store, i, PulledObject.UNKNOWN);
      object.write(
          0,
          bytes.duplicate(),
          how -> {
            faults.addAndGet(how == null ? 0 : 1);
            if (drop) {
              object.drop();
            }
            free.release();
          });
      object.finish(BYTES);
      caller += System.nanoTime() - called;
    }
    free.acquire(AT_ONCE);
    long took = System.nanoTime() - start;
    System.out.printf(
        "create, write of %d bytes, finish%s: %.1f us an object by the clock, %.1f us of it on the"
            + " caller's thread, %d threads%n",
        BYTES,
        drop ? ", drop" : "",
        took / 1000.0 / OBJECTS,
        caller / 1000.0 / OBJECTS,
        store.config().diskThreads());
    assertEquals(0, faults.get());
  }
}
