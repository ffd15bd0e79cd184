package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ContentId;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.Lookup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The question and the wait, by themselves. The test's thread stands for the event loop. */
class ResidencyTest {
  private static final int LENGTH = 100_000;

  @TempDir private Path folder;
  private final FileSource source = new FileSource();
  private final FakePages pages = new FakePages(1, 10, source.openLeases::get);
  private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>();
  private final List<ContentReadException> told = new ArrayList<>();
  private final Semaphore permits = new Semaphore(0);
  private Residency residency;
  private ContentLease lease;
  private int descriptor;

  @BeforeEach
  void open() throws IOException, ConfigException {
    Path file = Files.write(folder.resolve("file"), new byte[LENGTH]);
    source.publish("file", file, 0, LENGTH, LENGTH);
    descriptor = source.descriptor("file");
    ContentId id = ContentId.ofPath("file");
    lease = ((Lookup.Hit) source.lookup(new ContentKey(id.high(), id.low()))).lease();
    String text = "{threadsPerVolume: 1, queuePerVolume: 1}";
    residency = new Residency(ConfigFile.parse("test", text, ReadingConfig.class), () -> pages);
  }

  @AfterEach
  void close() throws IOException {
    permits.release(100);
    residency.close();
    lease.close();
    await().until(() -> source.openLeases.get() == 0);
    assertEquals(0, source.closedTwice.get());
    source.close();
  }

  private boolean when(long position, boolean begun) {
    return residency.whenResident(pages, lease, position, 10, begun, loop::add, told::add);
  }

  @Test
  void whenResident_inMemory_actsAtOnce() {
    pages.hot.put(descriptor, true);
    assertTrue(when(0, false));
    assertEquals(1, told.size());
    assertEquals(0, pages.begun.get());
  }

  @Test
  void whenResident_cold_actsOnTheLoopOnceRead() {
    pages.slow.put(descriptor, permits);
    assertTrue(when(0, false));
    await().until(() -> pages.begun.get() == 1);
    assertTrue(loop.isEmpty());
    permits.release();
    await().until(() -> !loop.isEmpty());
    assertEquals(0, told.size());
    loop.remove().run();
    assertEquals(1, told.size());
    assertEquals(null, told.get(0));
  }

  @Test
  void whenResident_cannotBeRead_tellsWhyAndTheStoreOnce() {
    pages.broken.put(descriptor, 5L);
    assertTrue(when(0, false));
    await().until(() -> !loop.isEmpty());
    loop.remove().run();
    assertTrue(told.get(0).getMessage().contains("errno 5"), told.toString());
    assertTrue(told.get(0).isReported());
    assertEquals(1, source.readErrors.get());
  }

  @Test
  void whenResident_tooManyWait_isRefusedUnlessBegun() {
    pages.slow.put(descriptor, permits);
    assertTrue(when(0, false));
    await().until(() -> pages.begun.get() == 1);
    assertTrue(when(10, false));
    assertFalse(when(20, false));
    assertTrue(when(30, true));
    assertEquals(1, residency.totals().refusals());
    assertEquals(2, residency.totals().queued());
  }

  @Test
  void isResident_onItsWayIn_isFalseUntilItIsThere() {
    pages.slow.put(descriptor, permits);
    assertTrue(when(1000, false));
    await().until(() -> pages.begun.get() == 1);
    // The kernel counts the pages from the moment on that they are asked of the disk.
    pages.hot.put(descriptor, true);
    assertFalse(residency.isResident(pages, lease, 1009, 10));
    assertFalse(residency.isResident(pages, lease, 0, LENGTH));
    assertTrue(residency.isResident(pages, lease, 1010, 10));
    assertTrue(residency.isResident(pages, lease, 990, 10));
    permits.release();
    await().until(() -> residency.isResident(pages, lease, 1009, 10));
  }

  @Test
  void close_readsWait_dropsThem() {
    pages.slow.put(descriptor, permits);
    assertTrue(when(0, false));
    await().until(() -> pages.begun.get() == 1);
    assertTrue(when(10, false));
    assertEquals(3, source.openLeases.get());
    residency.close();
    assertEquals(2, source.openLeases.get());
    assertFalse(when(20, true));
  }
}
