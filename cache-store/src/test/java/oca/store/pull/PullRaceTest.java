package oca.store.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import oca.store.FileLease;
import oca.store.disk.LocalDisk;
import oca.store.evict.EvictionPolicies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers, readers, drops and evictions at the same time: each reader sees its object's bytes. */
class PullRaceTest {
  private static final int SLOTS = 16;
  private static final int OBJECTS = 400;
  private static final int SLICES = 12;
  private static final long CAPACITY = 2L << 20;
  private static final long SEED = 20260301;

  private final AtomicReferenceArray<@Nullable PulledObject> slots =
      new AtomicReferenceArray<>(SLOTS);
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private volatile boolean over;

  @Test
  void readers_whileAllElseHappens_seeWhatWasWritten(@TempDir Path folder) throws Exception {
    System.out.println("seed " + SEED);
    try (PullStore store =
            PullProbe.open(
                PullProbe.config(
                    folder.resolve("pull"),
                    CAPACITY,
                    64,
                    Duration.ofSeconds(30),
                    EvictionPolicies.S3FIFO),
                new LocalDisk());
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> writers = new ArrayList<>();
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SplittableRandom random = new SplittableRandom(SEED + i);
        writers.add(threads.submit(writer(store, random)));
        readers.add(threads.submit(reader(random.split())));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      over = true;
      for (Future<?> reader : readers) {
        reader.get();
      }
      assertTrue(read.get() > 1 << 20, "bytes read: " + read);
      assertTrue(store.status().dropped().get(PullListener.Cause.EVICTED) > 0);
      assertEquals(0, store.queued());
      System.out.printf(
          "%d bytes written, %d read, %s%n", written.get(), read.get(), store.status());
    }
  }

  private Callable<@Nullable Void> writer(PullStore store, SplittableRandom random) {
    return () -> {
      for (long identity = next.getAndIncrement();
          identity < OBJECTS;
          identity = next.getAndIncrement()) {
        boolean known = random.nextBoolean();
        int length = 1 + random.nextInt(SLICES * PullProbe.SLICE);
        if (store.create(identity, new byte[0], known ? length : PulledObject.UNKNOWN)
            instanceof PullAdmission.Admitted(PulledObject object)) {
          slots.set(random.nextInt(SLOTS), object);
          write(object, length, random);
          if (!known && !object.isDropped()) {
            object.finish(length);
          }
          if (random.nextInt(4) == 0) {
            object.drop();
          }
        }
      }
      return null;
    };
  }

  /** Two slices at a time, piece by piece, as two fetches would. */
  private void write(PulledObject object, int length, SplittableRandom random) throws Exception {
    int slices = (length + PullProbe.SLICE - 1) / PullProbe.SLICE;
    int offset = random.nextInt(slices);
    for (int i = 0; i < slices; i += 2) {
      List<CompletableFuture<@Nullable IOException>> told = new ArrayList<>();
      int piece = 500 + random.nextInt(9000);
      for (int at = 0; at < PullProbe.SLICE; at += piece) {
        for (int both = i; both < Math.min(i + 2, slices); both++) {
          int from = (both + offset) % slices * PullProbe.SLICE + at;
          int count = Math.min(Math.min(piece, PullProbe.SLICE - at), length - from);
          if (count > 0) {
            told.add(PullProbe.offer(object, from, count));
            written.addAndGet(count);
          }
        }
      }
      for (CompletableFuture<@Nullable IOException> one : told) {
        IOException how = one.get();
        // Refused for room, or dropped by eviction: what came in before stays right.
        if (how != null && !(how instanceof PullRefusedException)) {
          throw how;
        }
      }
    }
  }

  private Callable<@Nullable Void> reader(SplittableRandom random) {
    return () -> {
      while (!over) {
        @Nullable PulledObject object = slots.get(random.nextInt(SLOTS));
        if (object == null) {
          continue;
        }
        object.used();
        try (FileLease lease = object.lease()) {
          if (lease != null) {
            for (int look = 0; look < 3; look++) {
              long from = (long) random.nextInt(SLICES) * PullProbe.SLICE + random.nextInt(100);
              read.addAndGet(PullProbe.compare(object, lease, from));
            }
          }
        }
      }
      return null;
    };
  }
}
