package oca.store.pull;

import static oca.store.pull.PullProbe.PAGE;
import static oca.store.pull.PullProbe.SLICE;
import static oca.store.pull.PullProbe.admit;
import static oca.store.pull.PullProbe.assertHolds;
import static oca.store.pull.PullProbe.compare;
import static oca.store.pull.PullProbe.config;
import static oca.store.pull.PullProbe.fill;
import static oca.store.pull.PullProbe.refusedWrite;
import static oca.store.pull.PullProbe.settle;
import static oca.store.pull.PullProbe.whole;
import static oca.store.pull.PullProbe.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import oca.store.FileLease;
import oca.store.disk.Disk;
import oca.store.disk.MemoryDisk;
import oca.store.disk.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one object promises. */
class PulledObjectTest {
  private static final Path FOLDER = Path.of("/pull");

  private final MemoryDisk disk = new MemoryDisk();
  private PullStore store;

  @BeforeEach
  void open() throws Exception {
    store = PullProbe.open(config(FOLDER), disk);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void readable_ofNewObject_isNothing() {
    PulledObject object = admit(store, 1, 100);
    assertEquals(0, object.readable(0));
    assertEquals(0, object.readable(-1));
    assertEquals(0, object.readable(1L << 40));
    assertFalse(object.isWhole());
    assertEquals(100, object.length());
  }

  @Test
  void write_inOrder_isReadableAtOnceMidSlice() throws Exception {
    PulledObject object = admit(store, 1, 3 * SLICE + 10);
    assertNull(write(object, 0, 100));
    assertHolds(object, 100);
    assertNull(write(object, 100, SLICE));
    assertHolds(object, SLICE + 100);
    assertEquals(1, object.readable(SLICE + 99));
    fill(object, 3 * SLICE + 10);
    assertTrue(object.isWhole());
    assertHolds(object, 3 * SLICE + 10);
    assertEquals(0, object.queued());
  }

  @Test
  void write_slicesInAnyOrder_areReadableByThemselves() throws Exception {
    PulledObject object = admit(store, 1, 3 * SLICE);
    assertNull(write(object, 2 * SLICE, SLICE));
    assertNull(write(object, SLICE, 10));
    assertEquals(0, object.readable(0));
    assertEquals(10, object.readable(SLICE));
    assertEquals(SLICE, object.readable(2 * SLICE));
    BitSet whole = new BitSet();
    whole.set(2);
    assertEquals(whole, object.wholeSlices());
    assertNull(write(object, 0, SLICE));
    assertNull(write(object, SLICE + 10, SLICE - 10));
    assertHolds(object, 3 * SLICE);
    assertTrue(object.isWhole());
  }

  @Test
  void write_withGapInSlice_isRefusedAndKeepsTheObject() throws Exception {
    PulledObject object = admit(store, 1, SLICE);
    assertNull(write(object, 0, 10));
    assertEquals(PullRefusal.GAP, refusedWrite(object, 11, 10));
    assertHolds(object, 10);
    assertEquals(1, store.status().refused().get(PullRefusal.GAP));
  }

  @Test
  void write_ofWhatIsHere_changesNothing() throws Exception {
    PulledObject object = whole(store, 1, SLICE + 100);
    CompletableFuture<Object> told = new CompletableFuture<>();
    object.write(0, ByteBuffer.allocate(SLICE + 100), how -> told.complete(how == null));
    assertEquals(true, told.get());
    assertHolds(object, SLICE + 100);
    assertTrue(object.verify(0) && object.verify(1));
  }

  @Test
  void write_beyondTheEnd_isRefused() throws Exception {
    PulledObject known = admit(store, 1, 100);
    assertEquals(PullRefusal.BEYOND_END, refusedWrite(known, 50, 51));
    assertEquals(PullRefusal.BEYOND_END, refusedWrite(known, Long.MAX_VALUE - 3, 8));
    PulledObject unknown = admit(store, 2, PulledObject.UNKNOWN);
    assertEquals(
        PullRefusal.OBJECT_TOO_LARGE, refusedWrite(unknown, store.config().maxObjectBytes(), 1));
    assertThrows(IllegalArgumentException.class, () -> write(known, -1, 1));
  }

  @Test
  void finish_ofUnknownLength_makesTheLastSliceWhole() throws Exception {
    PulledObject object = admit(store, 1, PulledObject.UNKNOWN);
    fill(object, SLICE + 10);
    assertFalse(object.isWhole());
    assertEquals(PulledObject.UNKNOWN, object.length());
    object.finish(SLICE + 10);
    settle(object);
    assertTrue(object.isWhole());
    assertTrue(object.verify(1));
    assertEquals(SLICE + 10, object.length());
    object.finish(SLICE + 10);
    assertThrows(IllegalStateException.class, () -> object.finish(SLICE));
  }

  @Test
  void finish_beforeTheLastBytes_isWholeWithThem() throws Exception {
    PulledObject object = admit(store, 1, PulledObject.UNKNOWN);
    object.finish(10);
    assertNull(write(object, 0, 10));
    assertTrue(object.isWhole());
    assertEquals(PullRefusal.BEYOND_END, refusedWrite(object, 10, 1));
  }

  @Test
  void finish_withLessThanCameIn_dropsTheObject() throws Exception {
    PulledObject object = admit(store, 1, PulledObject.UNKNOWN);
    fill(object, 100);
    object.finish(50);
    await().until(object::isDropped);
    assertEquals(1, store.status().dropped().get(PullListener.Cause.FAULT));
  }

  @Test
  void finish_withNothing_isAWholeEmptyObject() throws Exception {
    PulledObject object = admit(store, 1, PulledObject.UNKNOWN);
    object.finish(0);
    settle(object);
    assertTrue(object.isWhole());
    assertHolds(object, 0);
  }

  @Test
  void readable_ofALongRun_isBounded() throws Exception {
    int slices = Slices.LONGEST_RUN + 5;
    PulledObject object = admit(store, 1, (long) slices * SLICE);
    fill(object, (long) slices * SLICE);
    assertEquals((long) Slices.LONGEST_RUN * SLICE, object.readable(0));
    assertEquals(5L * SLICE, object.readable((long) Slices.LONGEST_RUN * SLICE));
  }

  @Test
  void drop_whileLeased_keepsBytesAndRoomUntilTheLastClose() throws Exception {
    PulledObject object = whole(store, 1, 2 * PAGE);
    FileLease lease = object.lease();
    FileLease second = lease.share();
    object.drop();
    object.drop();
    assertNull(object.lease());
    assertTrue(object.isDropped());
    await().until(() -> disk.kind(object.file().path()) == Disk.Kind.MISSING);
    assertEquals(2 * PAGE, compare(object, lease, 0));
    lease.close();
    assertEquals(2 * PAGE, compare(object, second, 0));
    assertEquals(3 * PAGE, store.status().usedBytes());
    assertEquals(1, store.status().objects());
    second.close();
    await().until(() -> store.status().objects() == 0);
    assertEquals(0, store.status().usedBytes());
    assertEquals(0, disk.openChannels());
    assertEquals(1, store.status().dropped().get(PullListener.Cause.ASKED));
    assertThrows(IllegalStateException.class, second::close);
    assertThrows(IllegalStateException.class, second::share);
  }

  @Test
  void close_ofALeaseTwice_isRefusedAndTakesNoWriteAlong() throws Exception {
    PulledObject object = whole(store, 1, 10);
    FileLease lease = object.lease();
    assertNotNull(lease);
    lease.close();
    assertThrows(IllegalStateException.class, lease::close);
    assertHolds(object, 10);
  }

  @Test
  void write_toDroppedObject_isRefused() throws Exception {
    PulledObject object = admit(store, 1, 100);
    object.drop();
    assertEquals(PullRefusal.DROPPED, refusedWrite(object, 0, 10));
    await().until(() -> store.status().objects() == 0);
    assertEquals(0, disk.openChannels());
  }

  @Test
  void relabel_any_isTheLabelFromThenOn() {
    PulledObject object = admit(store, 1, 100);
    assertArrayEquals(PullProbe.label(1), object.label());
    object.relabel(new byte[] {1});
    assertArrayEquals(new byte[] {1}, object.label());
    assertThrows(IllegalArgumentException.class, () -> object.relabel(new byte[1001]));
  }

  @Test
  void verify_alteredByte_isTold() throws Exception {
    PulledObject object = whole(store, 1, SLICE + 50);
    assertTrue(object.verify(1));
    try (OpenFile file = disk.open(object.file().path(), Disk.Mode.WRITE)) {
      file.channel().write(ByteBuffer.wrap(new byte[] {(byte) ~PullProbe.at(1, SLICE)}), SLICE);
    }
    assertFalse(object.verify(1));
    assertTrue(object.verify(0));
    assertFalse(object.verify(7));
  }

  @Test
  void reportReadError_any_dropsTheObject() throws Exception {
    PulledObject object = whole(store, 1, 10);
    try (FileLease lease = object.lease()) {
      assertNotNull(lease);
      lease.reportReadError(new IOException("Input/output error"));
    }
    assertTrue(object.isDropped());
    assertEquals(1, store.status().errors());
  }
}
