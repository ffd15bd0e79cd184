package oca.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers against evictions, removals and a bound on descriptors that is always reached. */
class LeaseRaceTest {
  @TempDir Path folder;

  @Test
  void leases_whileFilesAreEvictedAndRefilled_alwaysReadTheRightBytes() throws Exception {
    long seed = System.nanoTime();
    System.out.println("LeaseRaceTest seed " + seed);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong hits = new AtomicLong();
    StoreConfig config = DiskStoreTest.config(folder, 100, 8, 200_000);
    try (DiskStore store = DiskStore.open(config);
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < 3; reader++) {
        SplittableRandom random = new SplittableRandom(seed + reader);
        readers.add(
            threads.submit(
                () -> {
                  while (!stop.get()) {
                    read(store, random.nextInt(20), hits);
                  }
                  return null;
                }));
      }
      SplittableRandom random = new SplittableRandom(seed);
      try {
        for (int round = 0; round < 400 || hits.get() < 1_000; round++) {
          TestContent content = content(random.nextInt(20));
          if (random.nextInt(4) == 0) {
            store.remove(content.key());
          }
          fill(store, content);
          assertTrue(store.status().openFiles() <= 8);
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      assertTrue(store.status().evicted() > 0);
      store.held().forEach(store::remove);
      await().until(() -> store.status().usedBytes() == 0);
      assertEquals(0, store.status().openFiles());
    }
  }

  private static void fill(DiskStore store, TestContent content) throws IOException {
    if (store.fill(content.request()) instanceof Admission.Admitted(FillSession session)) {
      try (session) {
        content.append(session, content.bytes().length);
        session.commit();
      }
    }
  }

  private static void read(DiskStore store, int seed, AtomicLong hits) throws IOException {
    TestContent content = content(seed);
    switch (store.lookup(content.key())) {
      case Lookup.Hit(ContentLease lease) -> {
        hits.incrementAndGet();
        check(content, lease, content.bytes().length);
      }
      case Lookup.Filling(ContentLease lease, BlockMap blocks) ->
          check(content, lease, blocks.readable(0));
      case Lookup.Miss miss -> Thread.onSpinWait();
    }
  }

  private static void check(TestContent content, ContentLease lease, long length)
      throws IOException {
    try (lease) {
      assertTrue(content.matches(lease, length), "wrong bytes of " + content.key());
    }
  }

  private static TestContent content(int seed) {
    return TestContent.of(seed, 12_000 + seed * 1_000);
  }
}
