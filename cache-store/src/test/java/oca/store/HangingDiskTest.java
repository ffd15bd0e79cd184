package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import oca.store.disk.FaultyDisk;
import oca.store.disk.MemoryDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One of two disks does not answer any more: no error, its calls just do not return. */
@Timeout(120)
class HangingDiskTest {
  private static final Path SICK = Path.of("/sick");
  private static final Path WELL = Path.of("/well");
  private static final Duration HANG_AFTER = Duration.ofMillis(800);
  private static final int FILES = 12;
  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final MemoryDisk memory = new MemoryDisk();
  private final FaultyDisk disk = new FaultyDisk(memory);
  private final List<TestContent> onSick = new ArrayList<>();
  private final List<TestContent> onWell = new ArrayList<>();
  private DiskStore store;

  @BeforeEach
  void fillBoth() throws IOException {
    store = StoreProbe.open(disk, HANG_AFTER, 1 << 20, SICK, WELL);
    StoreProbe.awaitRecovered(store);
    for (int seed = 0; seed < FILES; seed++) {
      TestContent content = TestContent.of(seed, 10_000 + seed);
      long before = store.status().volumes().get(0).files();
      StoreProbe.fill(store, StoreProbe.request(content, true), content);
      (store.status().volumes().get(0).files() > before ? onSick : onWell).add(content);
    }
    assertTrue(!onSick.isEmpty() && !onWell.isEmpty(), "all files are on one disk");
  }

  @AfterEach
  void release() {
    disk.release();
    store.close();
  }

  @Test
  void lookups_ofTheOtherDisk_goOn() throws IOException {
    // A session hangs in its disk, and so do a removal and a verification.
    TestContent filling = fillOnSick();
    Histogram lookups = new Histogram();
    long end = System.nanoTime() + 2 * HANG_AFTER.toNanos();
    while (System.nanoTime() < end) {
      for (TestContent content : onWell) {
        long start = System.nanoTime();
        assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, content));
        store.lookup(filling.key());
        store.held();
        store.status();
        lookups.add(System.nanoTime() - start);
      }
    }
    System.out.println("HangingDiskTest: " + lookups);
    // A machine that is busy may keep some of them waiting; a disk would keep all.
    assertTrue(lookups.share(0.9) < QUICK_NANOS, lookups.toString());
    assertTrue(disk.hanging() > 0, "the disk hangs to the end");
  }

  @Test
  void status_afterTheWatchdogsTime_reportsWhatIsMissing() throws IOException {
    long version = store.status().version();
    disk.failBelow(SICK, FaultyDisk.Fault.HANG);
    StoreProbe.until(
        "the volume is out of service", () -> !store.status().volumes().get(0).inService());
    StoreProbe.until("its files are gone", () -> store.held().size() == onWell.size());
    StoreProbe.until("that is told", () -> store.status().version() > version);
    assertEquals(onWell.size(), store.status().files());
    assertEquals(keys(onWell), Set.copyOf(store.held()));
    for (TestContent content : onSick) {
      assertEquals(StoreProbe.Seen.MISS, StoreProbe.look(store, content));
    }
  }

  @Test
  void fill_whileADiskHangs_goesToTheOther() throws IOException {
    disk.failBelow(SICK, FaultyDisk.Fault.HANG);
    StoreProbe.until(
        "the volume is out of service", () -> !store.status().volumes().get(0).inService());
    for (TestContent content : onSick) {
      long start = System.nanoTime();
      StoreProbe.fill(store, StoreProbe.request(content, true), content);
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60));
      assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, content));
    }
    assertEquals(FILES, store.status().files());
  }

  @Test
  void session_inACallThatHangs_failsOnceItReturnsAndLeavesNoWrongByte() throws IOException {
    disk.failBelow(SICK, FaultyDisk.Fault.HANG);
    List<CompletableFuture<Boolean>> fills = new ArrayList<>();
    for (int seed = 100; seed < 106; seed++) {
      TestContent content = TestContent.of(seed, 9_000);
      fills.add(CompletableFuture.supplyAsync(() -> committed(content), command -> run(command)));
    }
    StoreProbe.until("a fill hangs", () -> disk.hanging() > 1);
    StoreProbe.until(
        "the volume is out of service", () -> !store.status().volumes().get(0).inService());
    disk.release();
    for (int i = 0; i < fills.size(); i++) {
      TestContent content = TestContent.of(100 + i, 9_000);
      if (fills.get(i).join()) {
        assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, content));
      } else {
        StoreProbe.fill(store, StoreProbe.request(content, true), content);
        assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, content));
      }
    }
  }

  @Test
  void close_withADiskThatHangs_returns() throws IOException {
    fillOnSick();
    long start = System.nanoTime();
    store.close();
    System.out.printf("HangingDiskTest: closed after %.1f s%n", (System.nanoTime() - start) / 1e9);
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(70));
    assertThrows(
        IOException.class,
        () -> StoreProbe.fill(store, StoreProbe.request(onWell.get(0), true), onWell.get(0)));
  }

  @Test
  void close_withAnIdleSessionOnADiskThatHangs_returns() throws IOException {
    // Nothing worth keeping has come: the session drops its file, on a disk that does not answer.
    List<FillSession> sessions = new ArrayList<>();
    for (int seed = 60; seed < 70; seed++) {
      TestContent content = TestContent.of(seed, 9_000);
      FillSession session = StoreProbe.admit(store, StoreProbe.request(content, true));
      StoreProbe.append(session, content, 100);
      sessions.add(session);
    }
    disk.failBelow(SICK, FaultyDisk.Fault.HANG);
    long start = System.nanoTime();
    store.close();
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(70));
    disk.release();
    sessions.forEach(FillSession::close);
    StoreProbe.until("all channels are closed", () -> memory.openChannels() == 0);
  }

  @Test
  void open_withADiskThatHangs_servesTheOther() throws IOException {
    store.close();
    disk.failBelow(SICK, FaultyDisk.Fault.HANG);
    long start = System.nanoTime();
    store = StoreProbe.open(disk, HANG_AFTER, 1 << 20, SICK, WELL);
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60));
    StoreProbe.until("all was found", () -> store.held().size() == onWell.size());
    for (TestContent content : onWell) {
      StoreProbe.until("it is open", () -> StoreProbe.look(store, content) == StoreProbe.Seen.HIT);
    }
    StoreProbe.fill(store, StoreProbe.request(onSick.get(0), true), onSick.get(0));
    assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, onSick.get(0)));
  }

  /** Has the sick disk hang with a session, a removal and a verification waiting for it. */
  private TestContent fillOnSick() throws IOException {
    disk.failBelow(SICK, FaultyDisk.Fault.HANG);
    TestContent content = TestContent.of(50, 9_000);
    run(() -> committed(content));
    run(() -> store.remove(onSick.get(0).key()));
    run(
        () -> {
          try {
            store.verify(onSick.getLast().key());
          } catch (IOException e) {
            // It was closed under the verification.
            assertTrue(disk.struck() > 0);
          }
        });
    StoreProbe.until("calls hang", () -> disk.hanging() > 0);
    return content;
  }

  private boolean committed(TestContent content) {
    try {
      StoreProbe.fill(store, StoreProbe.request(content, true), content);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Set<ContentKey> keys(List<TestContent> contents) {
    return Set.copyOf(contents.stream().map(TestContent::key).toList());
  }

  private static void run(Runnable task) {
    Thread.ofPlatform().daemon().name("hanging-test").start(task);
  }

  /** How long things took. */
  private static final class Histogram {
    private final List<Long> nanos = new ArrayList<>();

    void add(long took) {
      nanos.add(took);
    }

    /** So long that such a share took no longer. */
    long share(double share) {
      List<Long> sorted = nanos.stream().sorted().toList();
      return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    @Override
    public String toString() {
      return "%d lookups, p50 %.3f ms, p99 %.3f ms, slowest %.3f ms"
          .formatted(nanos.size(), share(0.5) / 1e6, share(0.99) / 1e6, share(1) / 1e6);
    }
  }
}
