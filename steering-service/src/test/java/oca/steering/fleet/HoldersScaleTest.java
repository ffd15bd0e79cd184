package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the index costs, printed and bounded. A tenth of a million files as a rule; {@code
 * -Doca.fleet.files=1000000} takes the million. Held by forty appliances out of two thousand on the
 * average: 1 % of the titles by all, 4 % by 300, 15 % by 40, 30 % by 5, the rest by 2.
 */
class HoldersScaleTest {
  private static final int FILES = Integer.getInteger("oca.fleet.files", 100_000);
  private static final int APPLIANCES = 2000;

  /** Members, what the intake remembers of them, and the pool of sets. */
  private static final int FIXED = 8_000_000;

  private static final int[] PERCENT = {1, 4, 15, 30, 50};
  private static final int[] HOLDERS = {APPLIANCES, 300, 40, 5, 2};

  private final HeartbeatIntake intake =
      new HeartbeatIntake(
          () -> 0,
          new HeartbeatIntake.Limits(APPLIANCES + 1, 200_000, 100_000_000, 2_000_000, 1_000_000),
          "origin");

  /**
   * Titles of ten files that are placed together; and, the worst case, each file placed by itself,
   * so that hardly two have the same holders.
   */
  @ParameterizedTest
  @CsvSource({"10, 1.6", "1, 2.9"})
  void index_fortyHoldersOnTheAverage_isSmallAndFast(int filesPerTitle, double bytesPerPair) {
    long seed = Long.getLong("oca.fleet.seed", 42);
    Random random = new Random(seed);
    ContentId[] files = new ContentId[FILES];
    for (int i = 0; i < FILES; i++) {
      files[i] = new ContentId(random.nextLong(), random.nextLong());
    }
    List<List<ContentId>> held = place(files, filesPerTitle, random);
    // What the message itself takes must not be in the figures.
    long before = usedHeap();
    long[] times = new long[APPLIANCES];
    for (int i = 0; i < APPLIANCES; i++) {
      times[i] = report(i, 1, held.get(i));
    }
    long bytes = usedHeap() - before;
    Holders holders = intake.snapshot().holders();
    System.out.printf(
        "index: %d files in titles of %d, %d appliances, %d pairs (%.1f holders a file):"
            + " %.1f MB measured, %.1f MB counted, %.1f bytes a file, %.2f bytes a pair%n",
        holders.files(),
        filesPerTitle,
        APPLIANCES,
        holders.pairs(),
        holders.pairs() / (double) holders.files(),
        bytes / 1e6,
        holders.bytes() / 1e6,
        bytes / (double) holders.files(),
        bytes / (double) holders.pairs());
    Arrays.sort(times);
    System.out.printf(
        "  full inventories of %d files: median %.1f ms, longest %.1f ms%n",
        held.getFirst().size(), times[APPLIANCES / 2] / 1e6, times[APPLIANCES - 1] / 1e6);
    assertEquals(held.stream().mapToLong(List::size).sum(), holders.pairs());
    assertTrue(bytes < bytesPerPair * holders.pairs() + FIXED, "bytes " + bytes);
    assertTrue(bytes < holders.bytes() + FIXED, "what is counted is the most that there can be");
    deltas(files, random);
    large(files);
    lookUps(files, random);
    assertEquals(seed, Long.getLong("oca.fleet.seed", 42));
  }

  private void deltas(ContentId[] files, Random random) {
    long[] times = new long[2000];
    for (int i = 0; i < times.length; i++) {
      List<ContentId> added = new ArrayList<>();
      List<ContentId> removed = new ArrayList<>();
      for (int k = 0; k < 5; k++) {
        added.add(new ContentId(random.nextLong(), random.nextLong()));
        removed.add(files[random.nextInt(files.length)]);
      }
      InventoryDelta delta =
          new InventoryDelta(id(i % 100), "boot-1", 1 + i / 100, 2 + i / 100, added, removed);
      long start = System.nanoTime();
      assertEquals(Verdict.ACCEPTED, intake.delta(delta));
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    System.out.printf(
        "  deltas of 5 added and 5 removed: median %.0f us, 99th percentile %.0f us%n",
        times[1000] / 1e3, times[1980] / 1e3);
    assertTrue(times[1000] < 5_000_000, "median of a small delta");
  }

  /**
   * One appliance of a hundred thousand files comes, comes again and changes, beside heartbeats.
   */
  private void large(ContentId[] files) {
    List<ContentId> all = new ArrayList<>(Arrays.asList(files).subList(0, 100_000));
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong longest = new AtomicLong();
    Thread beats =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long sequence = 2; !done.get(); sequence++) {
                    long start = System.nanoTime();
                    intake.heartbeat(Beats.of("n0", "north", "h").beat(sequence, 1));
                    longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                  }
                });
    long first = report(APPLIANCES, 1, all);
    Collections.shuffle(all, new Random(1));
    long again = report(APPLIANCES, 2, all);
    long fewer = report(APPLIANCES, 3, all.subList(0, 99_000));
    long[] times = new long[20];
    for (int i = 0; i < times.length; i++) {
      int size = i % 2 == 0 ? 100_000 : 99_000;
      times[i] = report(APPLIANCES, i + 4, all.subList(0, size));
    }
    Arrays.sort(times);
    done.set(true);
    try {
      beats.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    System.out.printf(
        "  inventory of 100,000 files: new %.1f ms, the same %.1f ms, 1,000 fewer %.1f ms,"
            + " warm median of twenty %.1f ms; longest heartbeat meanwhile %.1f ms%n",
        first / 1e6, again / 1e6, fewer / 1e6, times[10] / 1e6, longest.get() / 1e6);
    assertTrue(times[10] < 500_000_000, "ns " + times[10]);
  }

  private void lookUps(ContentId[] files, Random random) {
    Holders holders = intake.snapshot().holders();
    ContentId[] asked = new ContentId[1 << 20];
    for (int i = 0; i < asked.length; i++) {
      asked[i] =
          random.nextInt(10) == 0
              ? new ContentId(random.nextLong(), random.nextLong())
              : files[random.nextInt(files.length)];
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    long garbage = 0;
    long found = 0;
    for (int round = 0; round < 8; round++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      for (ContentId file : asked) {
        found += holders.holders(file).size();
      }
      best = Math.min(best, System.nanoTime() - start);
      garbage = threads.getCurrentThreadAllocatedBytes() - allocated;
    }
    System.out.printf(
        "  look-ups: %.0f ns each, %.4f bytes of garbage each, %d holders found%n",
        best / (double) asked.length, garbage / (double) asked.length, found);
    assertTrue(garbage < asked.length / 10, "garbage " + garbage);
    assertTrue(best / asked.length < 2000, "ns " + best / asked.length);
  }

  /** How long the intake took, with the files in the order of the message. */
  private long report(int appliance, long version, List<ContentId> files) {
    Beats beats = Beats.of("n" + appliance, "north", "h");
    if (version == 1) {
      intake.heartbeat(beats.beat(1, 1));
    }
    Inventory inventory = new Inventory(id(appliance), "boot-1", version, files);
    long start = System.nanoTime();
    Verdict verdict = intake.inventory(inventory);
    long took = System.nanoTime() - start;
    assertEquals(Verdict.ACCEPTED, verdict);
    assertEquals(InventoryDigest.of(files), intake.snapshot().holders().indexed(number(appliance)));
    return took;
  }

  private int number(int appliance) {
    Member member = intake.snapshot().member(id(appliance));
    return member == null ? -1 : member.number();
  }

  private static List<List<ContentId>> place(ContentId[] files, int perTitle, Random random) {
    List<List<ContentId>> held = new ArrayList<>();
    for (int i = 0; i < APPLIANCES; i++) {
      held.add(new ArrayList<>());
    }
    int[] numbers = new int[APPLIANCES];
    Arrays.setAll(numbers, i -> i);
    for (int from = 0; from < files.length; from += perTitle) {
      int part = (int) (from * 100L / files.length);
      int kind = 0;
      while (part >= PERCENT[kind]) {
        part -= PERCENT[kind++];
      }
      for (int i = 0; i < HOLDERS[kind]; i++) {
        int other = i + random.nextInt(APPLIANCES - i);
        int chosen = numbers[other];
        numbers[other] = numbers[i];
        numbers[i] = chosen;
        for (int file = from; file < Math.min(files.length, from + perTitle); file++) {
          held.get(chosen).add(files[file]);
        }
      }
    }
    return held;
  }

  private static ApplianceId id(int appliance) {
    return new ApplianceId("n" + appliance);
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
