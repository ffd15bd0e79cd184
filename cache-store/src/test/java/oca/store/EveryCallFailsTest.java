package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import oca.store.disk.FaultyDisk;
import oca.store.disk.FaultyDisk.Fault;
import oca.store.disk.MemoryDisk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Lets each call that a store makes to its disk fail once in each way, and goes on: no wrong byte,
 * no wait without end, no channel left open, at most the one step fails that met the fault, and
 * after the next start everything can be had and the room is counted right.
 */
class EveryCallFailsTest {
  private static final Path VOLUME = Path.of("/disk");
  private static final long ROOM = 30 * 4096;
  private static final long DEADLINE_SECONDS = 30;

  /** These are no failures: whoever reads or writes goes on with the rest, or waits. */
  private static final Set<Fault> HARMLESS =
      EnumSet.of(Fault.SHORT_READ, Fault.SHORT_WRITE, Fault.HANG, Fault.HANG_LIST);

  private static final Set<Fault> HANGS = EnumSet.of(Fault.HANG, Fault.HANG_LIST);

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("oca.store");

  private final ExecutorService thread = Executors.newCachedThreadPool();

  private final List<TestContent> contents =
      List.of(
          TestContent.of(0, 3 * 4096 + 100),
          TestContent.of(1, 5 * 4096),
          TestContent.of(2, 4 * 4096 - 1),
          TestContent.of(3, 9 * 4096 + 17),
          TestContent.of(4, 2 * 4096 + 1));

  /** Every fault is logged, as it should be. */
  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  @AfterEach
  void end() {
    thread.shutdownNow();
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void store_withACallThatFailsOnce_goesOn() throws Exception {
    sweep("once", 1, 64, FaultyDisk::failAt);
  }

  @Test
  void store_withAllCallsFailingFromOneOn_isRightAfterwards() throws Exception {
    sweep("from there on", 8, 256, FaultyDisk::failFrom);
  }

  @Tag("long")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Test
  void store_withEveryCallFailingOnce_goesOn() throws Exception {
    sweep("once", 1, 1, FaultyDisk::failAt);
  }

  @Tag("long")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Test
  void store_withAllCallsFailingFromAnyOneOn_isRightAfterwards() throws Exception {
    sweep("from there on", 1, 1, FaultyDisk::failFrom);
  }

  @Test
  void walk_withAFolderThatCannotBeRead_findsTheOthers() throws IOException {
    MemoryDisk memory = new MemoryDisk();
    FaultyDisk disk = new FaultyDisk(memory);
    TestContent part = contents.get(3);
    try (DiskStore store = StoreProbe.open(disk, ROOM, VOLUME)) {
      for (TestContent content : contents.subList(0, 3)) {
        StoreProbe.fill(store, StoreProbe.request(content, false), content);
      }
      try (FillSession session = StoreProbe.admit(store, StoreProbe.request(part, false))) {
        StoreProbe.append(session, part, 2 * StoreProbe.BLOCK);
      }
    }
    List<Path> fans = new ArrayList<>();
    for (Path fan : memory.list(VOLUME.resolve("content"))) {
      if (!memory.list(fan).isEmpty()) {
        fans.add(fan);
      }
    }
    for (Path fan : fans) {
      disk.failList(fan);
      try (DiskStore store = StoreProbe.open(disk, ROOM, VOLUME)) {
        StoreProbe.awaitRecovered(store);
        assertEquals(2, store.held().size(), fan + " has hidden the others");
        assertEquals(1, store.status().volumes().get(0).errors());
        try (FillSession session = StoreProbe.admit(store, StoreProbe.request(part, false))) {
          assertEquals(2 * StoreProbe.BLOCK, session.nextGap().from());
        }
      }
      disk.heal();
    }
  }

  private interface Plan {
    void set(FaultyDisk disk, long call, Fault fault);
  }

  /**
   * One run of the script for each fault and each n-th call, or each m-th of those that only walk
   * the 256 folders of a volume.
   */
  private void sweep(String how, int n, int m, Plan plan) throws Exception {
    Run healthy = new Run(contents);
    healthy.disk.trace();
    healthy.script();
    assertEquals(0, healthy.failures);
    boolean lasting = !how.equals("once");
    int runs = 0;
    int struck = 0;
    long start = System.nanoTime();
    for (Fault fault : Fault.values()) {
      for (long call = 1; call <= healthy.atRisk; call++) {
        boolean walks = healthy.disk.mayStrike(call, fault, EveryCallFailsTest::isFan);
        boolean strikes = healthy.disk.mayStrike(call, fault, path -> true);
        if (!strikes || call % (walks ? m : n) != 0 || (lasting && HANGS.contains(fault))) {
          continue;
        }
        Run run = new Run(contents);
        plan.set(run.disk, call, fault);
        within(run);
        runs++;
        struck += run.disk.struck() > 0 ? 1 : 0;
        assertTrue(lasting || run.failures <= 1, run.disk.victim() + ": more than one step failed");
        if (HARMLESS.contains(fault)) {
          assertEquals(0, run.failures + run.misses, run.disk.victim());
        }
      }
    }
    System.out.printf(
        "EveryCallFailsTest: %d calls, failing %s: %d runs, %d struck, %d s%n",
        healthy.atRisk,
        how,
        runs,
        struck,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    // Threads change places, on a busy machine more often, and then a fault does not fit the call.
    assertTrue(struck > runs * 3 / 4, "too few calls were struck: " + struck);
  }

  /** Whether a path is one of the 256 folders that spread the files. */
  private static boolean isFan(Path path) {
    return path.getParent() != null && path.getParent().equals(VOLUME.resolve("content"));
  }

  private void within(Run run) throws Exception {
    Future<?> ended = thread.submit(run);
    Future<?> releaser =
        thread.submit(
            () -> {
              while (!ended.isDone()) {
                if (run.disk.hanging() > 0) {
                  run.disk.release();
                }
                LockSupport.parkNanos(500_000);
              }
              return true;
            });
    try {
      ended.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(run.disk.victim() + ": it hangs", e);
    } catch (ExecutionException e) {
      throw new AssertionError(run.disk.victim(), e.getCause());
    } finally {
      releaser.cancel(true);
    }
  }

  /** One store's life on a disk with a fault. */
  private static final class Run implements Runnable {
    private final List<TestContent> contents;
    private final MemoryDisk memory = new MemoryDisk();
    private final FaultyDisk disk = new FaultyDisk(memory);
    private int failures;
    private int misses;
    private long atRisk;

    Run(List<TestContent> contents) {
      this.contents = contents;
    }

    private interface Step {
      void run() throws IOException;
    }

    @Override
    public void run() {
      try {
        script();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    void script() throws IOException {
      try (DiskStore store = opened()) {
        step(() -> fill(store, 0, false));
        step(() -> scattered(store, 1));
        look(store, 0);
        look(store, 1);
        step(() -> part(store, 2));
        step(() -> fill(store, 2, false));
        look(store, 2);
        store.pin(Set.of(TestContent.key(1), TestContent.key(2)));
        step(() -> fill(store, 3, true));
        look(store, 1);
        look(store, 3);
        step(() -> store.verify(TestContent.key(1)));
        step(() -> store.verify(TestContent.key(2)));
        look(store, 2);
      }
      StoreProbe.until("all channels are closed", () -> memory.openChannels() == 0);
      try (DiskStore store = opened()) {
        StoreProbe.awaitRecovered(store);
        look(store, 2);
        step(() -> store.remove(TestContent.key(3)));
        step(() -> fill(store, 4, true));
        look(store, 4);
      }
      StoreProbe.until("all channels are closed", () -> memory.openChannels() == 0);
      atRisk = disk.calls();
      disk.release();
      finish();
    }

    /** The disk is well again: everything can be had. */
    private void finish() throws IOException {
      try (DiskStore store = StoreProbe.open(disk, 1 << 20, VOLUME)) {
        StoreProbe.awaitRecovered(store);
        for (int i = 0; i < contents.size(); i++) {
          TestContent content = contents.get(i);
          if (StoreProbe.look(store, content) == StoreProbe.Seen.MISS) {
            StoreProbe.fill(store, StoreProbe.request(content, i % 2 == 0), content);
          }
          assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, content));
          assertEquals(Verification.WHOLE, store.verify(content.key()));
        }
        StoreProbe.until(
            "only what is held takes room",
            () -> store.status().usedBytes() == StoreProbe.footprint(contents) + inQuarantine());
        assertEquals(0, store.status().volumes().get(0).errors());
      }
      assertEquals(0, memory.openChannels());
      assertEquals(0, disk.openChannels());
    }

    /** A file whose header or table could not be read lies there for people. */
    private long inQuarantine() throws IOException {
      long bytes = 0;
      for (Path file : memory.list(VOLUME.resolve("quarantine"))) {
        bytes += memory.size(file);
      }
      return bytes;
    }

    /** A volume that failed while it was opened is opened once more. */
    private DiskStore opened() throws IOException {
      for (int attempt = 0; attempt < 2; attempt++) {
        try {
          DiskStore store = StoreProbe.open(disk, ROOM, VOLUME);
          if (StoreProbe.inService(store) || disk.calls() == 0) {
            return store;
          }
          failed(new IOException("the volume is out of service"));
          store.close();
        } catch (IOException e) {
          failed(e);
        }
      }
      return StoreProbe.open(disk, ROOM, VOLUME);
    }

    private void step(Step step) {
      try {
        step.run();
      } catch (IOException e) {
        failed(e);
      }
    }

    private void failed(IOException e) {
      failures++;
      if (disk.struck() == 0) {
        throw new AssertionError("a step fails without a fault", e);
      }
    }

    private void look(DiskStore store, int number) {
      step(
          () -> {
            if (StoreProbe.look(store, contents.get(number)) != StoreProbe.Seen.HIT) {
              misses++;
              assertTrue(disk.struck() > 0, "content " + number + " is lost without a fault");
            }
          });
    }

    private void fill(DiskStore store, int number, boolean announced) throws IOException {
      TestContent content = contents.get(number);
      try (FillSession session = admit(store, number, announced)) {
        StoreProbe.append(session, content, Long.MAX_VALUE);
        session.commit();
      }
    }

    private void part(DiskStore store, int number) throws IOException {
      TestContent content = contents.get(number);
      try (FillSession session = admit(store, number, false)) {
        StoreProbe.append(session, content, 2 * StoreProbe.BLOCK + 1000);
      }
    }

    private void scattered(DiskStore store, int number) throws IOException {
      TestContent content = contents.get(number);
      try (FillSession session = admit(store, number, true)) {
        for (long block = 4; block >= 0; block--) {
          StoreProbe.write(session, content, block);
        }
        session.commit();
      }
    }

    /** After a fault a refusal is a failure of the step; without one, of the test. */
    private FillSession admit(DiskStore store, int number, boolean announced) throws IOException {
      return switch (store.fill(StoreProbe.request(contents.get(number), announced))) {
        case Admission.Admitted(FillSession session) -> session;
        case Admission.Refused(Admission.Reason reason) ->
            throw new IOException("content " + number + " is refused: " + reason);
      };
    }
  }
}
