package oca.store.pull;

import static oca.store.pull.PullProbe.SLICE;
import static oca.store.pull.PullProbe.admit;
import static oca.store.pull.PullProbe.assertHolds;
import static oca.store.pull.PullProbe.config;
import static oca.store.pull.PullProbe.offer;
import static oca.store.pull.PullProbe.refusal;
import static oca.store.pull.PullProbe.refusedWrite;
import static oca.store.pull.PullProbe.whole;
import static oca.store.pull.PullProbe.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import oca.store.DamagedBlockException;
import oca.store.FileLease;
import oca.store.disk.Disk;
import oca.store.disk.FaultyDisk;
import oca.store.disk.FaultyDisk.Fault;
import oca.store.disk.MemoryDisk;
import oca.store.evict.EvictionPolicies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails, fills up or hangs costs objects, and nothing else. */
class PullFaultTest {
  private static final Path FOLDER = Path.of("/pull");

  private final MemoryDisk memory = new MemoryDisk();
  private final FaultyDisk disk = new FaultyDisk(memory);
  private final Map<Long, PullListener.Cause> gone = new ConcurrentHashMap<>();

  private PullStore open(PullStoreConfig config) throws IOException {
    return PullStore.open(
        config, (object, cause) -> gone.put(object.identity(), cause), disk, PullProbe.BOOT);
  }

  @ParameterizedTest
  @EnumSource(names = {"EIO", "ENOSPC", "TORN_WRITE"})
  void write_failing_dropsThatObjectAndTellsTheFault(Fault fault) throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      PulledObject other = whole(store, 1, SLICE);
      PulledObject object = admit(store, 2, 3 * SLICE);
      assertNull(write(object, 0, 100));
      try (FileLease lease = object.lease()) {
        disk.failBelow(object.file().path(), fault);
        IOException how = write(object, 100, 100);
        assertNotNull(how);
        assertFalse(how instanceof PullRefusedException, how.toString());
        disk.heal();
        assertTrue(object.isDropped());
        assertEquals(how, write(object, 200, 100));
        assertEquals(100, PullProbe.compare(object, lease, 0));
      }
      assertEquals(Map.of(2L, PullListener.Cause.FAULT), gone);
      assertTrue(store.status().errors() >= 1);
      await().until(() -> store.status().objects() == 1);
      assertEquals(SLICE + PullProbe.PAGE, store.status().usedBytes());
      assertHolds(other, SLICE);
      assertTrue(whole(store, 3, SLICE).verify(0));
    }
    assertEquals(0, memory.openChannels());
  }

  @Test
  void write_short_isWrittenOn() throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      disk.failBelow(FOLDER, Fault.SHORT_WRITE);
      PulledObject object = whole(store, 1, 2 * SLICE + 7);
      assertTrue(disk.struck() > 0);
      disk.heal();
      assertHolds(object, 2 * SLICE + 7);
    }
  }

  @Test
  void write_onAFullDisk_failsUntilThereIsRoom() throws Exception {
    MemoryDisk small = new MemoryDisk(40 * PullProbe.PAGE);
    try (PullStore store = PullProbe.open(config(FOLDER), small)) {
      PulledObject first = whole(store, 1, 5 * SLICE);
      PulledObject second = admit(store, 2, 20 * SLICE);
      IOException how = null;
      for (int slice = 0; slice < 20 && how == null; slice++) {
        how = write(second, (long) slice * SLICE, SLICE);
      }
      assertNotNull(how);
      assertTrue(second.isDropped());
      await().until(() -> store.status().objects() == 1);
      assertHolds(first, 5 * SLICE);
      assertHolds(whole(store, 3, 4 * SLICE), 4 * SLICE);
    }
  }

  @Test
  void create_whenTheFileCannotBeMade_isDropped() throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      disk.failBelow(FOLDER, Fault.EIO);
      PulledObject object = admit(store, 1, 100);
      assertNotNull(write(object, 0, 10));
      await().until(() -> gone.get(1L) == PullListener.Cause.FAULT);
      disk.heal();
      await().until(() -> store.status().objects() == 0);
      assertHolds(whole(store, 2, 10), 10);
    }
  }

  @Test
  void drop_whenTheDiskRefusesToUnlink_keepsTheRoomTaken() throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      PulledObject object = whole(store, 1, SLICE);
      disk.failBelow(FOLDER, Fault.EROFS);
      object.drop();
      await().until(() -> store.status().objects() == 0);
      disk.heal();
      assertEquals(SLICE + PullProbe.PAGE, store.status().usedBytes());
      assertEquals(1, store.status().errors());
      assertEquals(0, memory.openChannels());
    }
  }

  @Test
  void disk_hanging_givesUpWhatWaitsAndGoesOnAfterwards() throws Exception {
    try (PullStore store =
        open(config(FOLDER, 64 << 20, 1000, Duration.ofSeconds(5), EvictionPolicies.S3FIFO))) {
      PulledObject kept = whole(store, 1, SLICE);
      PulledObject hung = whole(store, 2, SLICE);
      PulledObject object = admit(store, 3, 10 * SLICE);
      assertNull(write(object, 0, 100));
      disk.failBelow(object.file().path(), Fault.HANG);
      CompletableFuture<@Nullable IOException> first = offer(object, 100, 100);
      await().pollInterval(Duration.ofMillis(1)).until(() -> disk.hanging() == 1);
      CompletableFuture<@Nullable IOException> second = offer(object, 200, 100);
      IOException how = second.get(30, TimeUnit.SECONDS);
      assertTrue(how != null && how.getMessage().contains("5000 ms"), String.valueOf(how));
      await().until(() -> gone.get(3L) == PullListener.Cause.HUNG);
      assertTrue(object.isDropped());
      assertFalse(first.isDone());
      // The same thread has all objects of its parity.
      assertEquals(PullRefusal.DISK_HANGS, refusedWrite(kept, 0, 1));
      assertHolds(kept, SLICE);
      assertEquals(100, object.readable(0));
      assertEquals(
          1,
          List.of(store.create(4, new byte[0], 1), store.create(5, new byte[0], 1)).stream()
              .filter(PullAdmission.Refused.class::isInstance)
              .peek(one -> assertEquals(PullRefusal.DISK_HANGS, refusal(one)))
              .count());
      assertEquals(1, store.status().hangs());
      disk.release();
      assertNotNull(first.get(30, TimeUnit.SECONDS));
      assertEquals(100 + 100, object.readable(0));
      await().until(() -> store.status().queuedBytes() == 0);
      assertHolds(hung, SLICE);
      assertNull(write(kept, 0, 1));
    }
  }

  @Test
  void close_whileTheDiskHangs_returnsAndLeavesNoIndex() throws Exception {
    PullStore store =
        open(config(FOLDER, 64 << 20, 1000, Duration.ofSeconds(2), EvictionPolicies.LRU));
    PulledObject object = whole(store, 1, SLICE);
    PulledObject other = admit(store, 3, SLICE);
    disk.failBelow(other.file().path(), Fault.HANG);
    CompletableFuture<@Nullable IOException> hanging = offer(other, 0, SLICE);
    await().until(() -> disk.hanging() == 1);
    store.close();
    assertFalse(memory.kind(FOLDER.resolve("index")) == Disk.Kind.FILE);
    assertFalse(object.isDropped());
    disk.release();
    var _ = hanging.get(30, TimeUnit.SECONDS);
  }

  @Test
  void write_overTheQueue_isRefused() throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      PulledObject object = admit(store, 1, 8 << 20);
      assertNull(write(object, 0, 1));
      disk.failBelow(object.file().path(), Fault.HANG);
      CompletableFuture<@Nullable IOException> first = offer(object, 1, SLICE);
      await().until(() -> disk.hanging() == 1);
      CompletableFuture<@Nullable IOException> second = offer(object, 1 + SLICE, (1 << 20) - SLICE);
      assertEquals(1 << 20, store.queued());
      assertEquals(1 << 20, object.queued());
      assertEquals(PullRefusal.QUEUE_FULL, refusedWrite(object, 1 + (1 << 20), 1));
      disk.release();
      assertNull(first.get(30, TimeUnit.SECONDS));
      assertNull(second.get(30, TimeUnit.SECONDS));
      assertEquals(0, store.queued());
      assertEquals(1, object.readable(1 << 20));
    }
  }

  @Test
  void everyCall_failingOnce_neverShowsAWrongByte() throws Exception {
    long calls = use(open(config(FOLDER)), 0);
    for (int call = 1; call <= calls; call++) {
      for (Fault fault : List.of(Fault.EIO, Fault.ENOSPC, Fault.TORN_WRITE)) {
        PullStore store;
        disk.heal();
        store = open(config(FOLDER));
        disk.failAt(disk.calls() + call, fault);
        use(store, call);
        disk.heal();
        try (PullStore next = open(config(FOLDER))) {
          for (PulledObject object : next.objects()) {
            try (FileLease lease = object.lease()) {
              PullProbe.compare(object, lease, 0);
            }
            object.drop();
          }
        }
        assertEquals(0, memory.openChannels(), () -> disk.victim());
      }
    }
  }

  @Test
  void check_ofARottenSlice_dropsTheObject() throws Exception {
    ByteBuffer scratch = ByteBuffer.allocateDirect(4096);
    try (PullStore store = open(config(FOLDER))) {
      PulledObject object = whole(store, 1, 2 * SLICE + 77);
      try (FileLease lease = object.lease()) {
        assertFalse(lease.checks().covers(10, 1));
        lease.checks().check(10, SLICE, scratch);
        assertTrue(lease.checks().covers(0, 2 * SLICE));
        assertEquals(2 * SLICE, lease.checks().begin(2 * SLICE + 5));
        assertEquals(2 * SLICE + 77, lease.checks().end(2 * SLICE + 5));
        ByteBuffer other = ByteBuffer.wrap(new byte[] {(byte) ~PullProbe.at(1, SLICE + 9)});
        lease.channel().write(other, SLICE + 9);
        lease.checks().forget(SLICE, 1);
        assertThrows(DamagedBlockException.class, () -> lease.checks().check(SLICE, 1, scratch));
        assertTrue(object.isDropped());
        assertTrue(lease.checks().covers(0, SLICE));
      }
      assertEquals(Map.of(1L, PullListener.Cause.FAULT), gone);
    }
  }

  @Test
  void check_ofASliceThatIsNotWhole_comparesNothing() throws Exception {
    try (PullStore store = open(config(FOLDER))) {
      PulledObject object = admit(store, 1, 3 * SLICE);
      assertNull(write(object, 0, SLICE + 100));
      try (FileLease lease = object.lease()) {
        assertFalse(lease.checks().covers(0, 1));
        assertTrue(lease.checks().covers(SLICE, 100));
        assertEquals(SLICE + 7, lease.checks().begin(SLICE + 7));
      }
    }
  }

  /** A small life; how many calls to the disk it took. */
  private long use(PullStore store, int call) throws Exception {
    long before = disk.calls();
    PulledObject one = admit(store, call * 3L + 1, SLICE + 10);
    PulledObject two = admit(store, call * 3L + 2, PulledObject.UNKNOWN);
    var _ = write(one, 0, SLICE);
    var _ = write(two, 0, 2 * SLICE);
    var _ = write(one, SLICE, 10);
    two.finish(2 * SLICE);
    PullProbe.settle(two);
    for (PulledObject object : List.of(one, two)) {
      try (FileLease lease = object.lease()) {
        if (lease != null && object.readable(0) > 0) {
          read(object, lease);
        }
      }
    }
    admit(store, call * 3L + 3, 1).drop();
    store.close();
    return disk.calls() - before;
  }

  private static void read(PulledObject object, FileLease lease) {
    try {
      PullProbe.compare(object, lease, 0);
    } catch (IOException e) {
      lease.reportReadError(e);
    }
  }
}
