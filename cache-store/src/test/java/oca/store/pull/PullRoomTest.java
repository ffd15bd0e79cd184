package oca.store.pull;

import static oca.store.pull.PullProbe.PAGE;
import static oca.store.pull.PullProbe.SLICE;
import static oca.store.pull.PullProbe.admit;
import static oca.store.pull.PullProbe.assertHolds;
import static oca.store.pull.PullProbe.config;
import static oca.store.pull.PullProbe.refusal;
import static oca.store.pull.PullProbe.refusedWrite;
import static oca.store.pull.PullProbe.settle;
import static oca.store.pull.PullProbe.whole;
import static oca.store.pull.PullProbe.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import oca.store.FileLease;
import oca.store.disk.MemoryDisk;
import oca.store.evict.EvictionPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes room, and what is refused when nothing can. */
class PullRoomTest {
  private static final Path FOLDER = Path.of("/pull");

  // A file of three pages and the page for itself.
  private static final int LENGTH = 2 * PAGE + 1;
  private static final int TAKEN = 4 * PAGE;

  private final MemoryDisk disk = new MemoryDisk();
  private final Map<Long, PullListener.Cause> gone = new ConcurrentHashMap<>();

  private PullStore open(PullStoreConfig config) throws IOException {
    return PullStore.open(
        config, (object, cause) -> gone.put(object.identity(), cause), disk, PullProbe.BOOT);
  }

  @ParameterizedTest
  @EnumSource(EvictionPolicies.class)
  void write_overCapacity_evictsWhatIsNotRead(EvictionPolicies policy) throws Exception {
    long capacity = 10 * TAKEN;
    try (PullStore store = open(config(FOLDER, capacity, 1000, Duration.ofSeconds(30), policy))) {
      PulledObject read = whole(store, 1000, LENGTH);
      try (FileLease lease = read.lease()) {
        for (int i = 0; i < 50; i++) {
          whole(store, i, LENGTH).used();
          assertTrue(store.status().usedBytes() <= capacity);
          assertTrue(disk.usedBytes() <= capacity);
        }
        assertFalse(read.isDropped());
        assertEquals(LENGTH, PullProbe.compare(read, lease, 0));
      }
      assertEquals(10, store.status().objects());
      assertEquals(41, store.status().dropped().get(PullListener.Cause.EVICTED));
      assertEquals(41, gone.size());
      for (PulledObject object : store.objects()) {
        assertHolds(object, LENGTH);
      }
    }
  }

  @Test
  void write_ofGrowingObject_countsForWhatItTakesByThen() throws Exception {
    try (PullStore store = open(config(FOLDER, 100 * PAGE, 1000))) {
      PulledObject large = admit(store, 1, PulledObject.UNKNOWN);
      PullProbe.fill(large, 90 * PAGE);
      assertEquals(91 * PAGE, store.status().usedBytes());
      // Its last write is told before its thread lets go of it.
      await().until(large::isIdle);
      PulledObject small = admit(store, 2, PulledObject.UNKNOWN);
      PullProbe.fill(small, 20 * PAGE);
      assertTrue(large.isDropped());
      assertEquals(Map.of(1L, PullListener.Cause.EVICTED), gone);
      assertEquals(21 * PAGE, store.status().usedBytes());
    }
  }

  @Test
  void write_whenAllIsRead_isRefusedAndKeepsWhatIsThere() throws Exception {
    try (PullStore store = open(config(FOLDER, 3 * TAKEN, 1000))) {
      List<FileLease> leases = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        leases.add(whole(store, i, LENGTH).lease());
      }
      PulledObject third = admit(store, 3, 2 * SLICE);
      assertNull(write(third, 0, LENGTH));
      assertEquals(PullRefusal.NO_SPACE, refusedWrite(third, LENGTH, 2 * PAGE));
      assertHolds(third, LENGTH);
      leases.forEach(FileLease::close);
      assertNull(write(third, LENGTH, 2 * PAGE));
      assertHolds(third, LENGTH + 2 * PAGE);
    }
  }

  @Test
  void create_withoutRoomForItsFile_isDroppedAndSaysWhy() throws Exception {
    try (PullStore store = open(config(FOLDER, TAKEN, 1000))) {
      try (FileLease lease = whole(store, 1, LENGTH).lease()) {
        assertTrue(lease != null);
        PulledObject other = admit(store, 2, LENGTH);
        assertEquals(PullRefusal.NO_SPACE, refusedWrite(other, 0, 10));
        await().until(() -> gone.get(2L) == PullListener.Cause.NO_SPACE);
        await().until(() -> store.status().objects() == 1);
      }
    }
  }

  @Test
  void create_beyondALimit_isRefused() throws Exception {
    PullStore store = open(config(FOLDER, 64 << 20, 4));
    assertEquals(
        PullRefusal.OBJECT_TOO_LARGE, refusal(store.create(1, new byte[0], (8 << 20) + 1)));
    assertEquals(PullRefusal.LABEL_TOO_LARGE, refusal(store.create(1, new byte[1001], 1)));
    List<FileLease> leases = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      leases.add(whole(store, i, 1).lease());
    }
    assertEquals(PullRefusal.TOO_MANY_OBJECTS, refusal(store.create(5, new byte[0], 1)));
    leases.forEach(FileLease::close);
    store.close();
    assertEquals(PullRefusal.CLOSED, refusal(store.create(1, new byte[0], 1)));
    assertEquals(0, disk.openChannels());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void create_afterARefusal_findsWhatMayGoByThen(int most) throws Exception {
    try (PullStore store = open(config(FOLDER, 64 << 20, most))) {
      List<FileLease> leases = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        leases.add(whole(store, i, 1).lease());
      }
      assertEquals(PullRefusal.TOO_MANY_OBJECTS, refusal(store.create(7, new byte[0], 1)));
      leases.forEach(FileLease::close);
      await().until(() -> store.create(8, new byte[0], 1) instanceof PullAdmission.Admitted);
    }
  }

  @Test
  void create_nearTheMostObjects_evictsAhead() throws Exception {
    try (PullStore store = open(config(FOLDER, 64 << 20, 20))) {
      for (int i = 0; i < 100; i++) {
        PulledObject object = admit(store, i, 0);
        settle(object);
      }
      assertTrue(store.status().objects() <= 20);
      assertTrue(store.status().dropped().get(PullListener.Cause.EVICTED) >= 80);
    }
  }

  @Test
  void write_unplacedRange_takesOnlyItsPages() throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      PulledObject object = admit(store, 1, 100 * SLICE);
      assertNull(write(object, 50L * SLICE, 10));
      assertNull(write(object, 50L * SLICE + 10, 10));
      assertEquals(2 * PAGE, store.status().usedBytes());
      assertEquals(20, object.readable(50L * SLICE));
    }
  }
}
