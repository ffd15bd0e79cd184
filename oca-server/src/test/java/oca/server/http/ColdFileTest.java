package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Semaphore;
import oca.config.Current;
import oca.server.http.RawClient.Answer;
import oca.server.pull.PullSource;
import oca.server.range.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are not in memory, on disks that are as bad as can be, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class ColdFileTest extends ListenerFixture {
  private static final String PIECES = "reading: {firstPiece: 4KiB, piece: 16KiB}";
  private static final String ONE_THREAD =
      "reading: {threadsPerVolume: 1, queuePerVolume: 1, timeout: 20s}";

  private final Semaphore permits = new Semaphore(0);
  private FakePages pages = new FakePages(1, 10, source.openLeases::get);

  ColdFileTest(HttpConfig.Choice choice) {
    super(choice);
  }

  /** Also when a test fails, its disk goes on. */
  @AfterEach
  void release() {
    permits.release(1 << 20);
    assertEquals(0, pages.withoutLease.get(), "read without a lease");
  }

  @Override
  HttpListener open(String... lines) throws IOException {
    listener =
        HttpListener.open(
            Current.of(config(lines)),
            source,
            PullSource.NONE,
            records::add,
            InstantSource.fixed(NOW),
            InheritedSockets.none(),
            () -> pages);
    return listener;
  }

  private int slow(String path) {
    int descriptor = source.descriptor(path);
    pages.slow.put(descriptor, permits);
    return descriptor;
  }

  private void publishOn(Object volume, String path) throws IOException {
    source.publish(path, folder.resolve("small"), OFFSET, SMALL, SMALL, volume);
  }

  @Test
  void get_inMemory_readsNothing() throws IOException {
    pages.hot.put(source.descriptor("t/small.mp4"), true);
    assertArrayEquals(small, get("/t/small.mp4").body());
    assertEquals(new ReadingTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), listener.reading());
  }

  @Test
  void get_cold_isReadInPiecesAndSent() throws IOException {
    open(PIECES);
    assertArrayEquals(small, get("/t/small.mp4").body());
    ReadingTotals totals = listener.reading();
    // 4, 8, 16, 16 ... KiB make up 100,000 bytes in 8 pieces.
    assertEquals(8, totals.reads());
    assertEquals(SMALL, totals.readBytes());
    assertTrue(totals.waits() >= 1 && totals.waitNanos() > 0, totals.toString());
    assertEquals(0, totals.failures() + totals.refusals() + totals.timeouts() + totals.queued());
  }

  @Test
  void get_coldAndNobodyAsks_isSentByTheEventLoop() throws IOException {
    open("reading: {threadsPerVolume: 0}");
    assertArrayEquals(small, get("/t/small.mp4").body());
    assertEquals(0, listener.reading().reads());
  }

  @Test
  void ranges_partlyCold_areExact() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    pages = new FakePages(seed, 5, source.openLeases::get);
    open(PIECES, "chunk: 32KiB");
    try (RawClient client = new RawClient(listener.endpoint(), 8192)) {
      for (int i = 0; i < 100; i++) {
        int first = random.nextInt(SMALL);
        int last = first + random.nextInt(SMALL - first);
        Answer answer = client.get("/t/small.mp4", "Range: bytes=" + first + "-" + last).answer();
        assertArrayEquals(
            Arrays.copyOfRange(small, first, last + 1), answer.body(), "seed " + seed);
      }
    }
    assertTrue(listener.reading().reads() > 0, "seed " + seed);
  }

  @Test
  void ranges_evictedBetweenRequests_areExact() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] bytes = StoreFixture.random(seed, 3 << 20);
    Path path = Files.write(Files.createTempFile(Path.of(""), "evicted", null), bytes);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.getFD().sync();
      source.publish("t/evicted", path, 0, bytes.length, bytes.length);
      listener =
          HttpListener.open(
              config("chunk: 256KiB"), source, records::add, InstantSource.fixed(NOW));
      try (RawClient client = new RawClient(listener.endpoint())) {
        for (int i = 0; i < 60; i++) {
          PageAdvice.evict(file, random.nextInt(bytes.length), random.nextInt(1 << 20));
          int first = random.nextInt(bytes.length);
          int last = Math.min(bytes.length, first + 1 + random.nextInt(1 << 20)) - 1;
          Answer answer = client.get("/t/evicted", "Range: bytes=" + first + "-" + last).answer();
          assertArrayEquals(
              Arrays.copyOfRange(bytes, first, last + 1), answer.body(), "seed " + seed);
        }
      }
      assertTrue(listener.reading().reads() > 0, "was never cold, seed " + seed);
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void get_cannotBeRead_is500AndTheStoreIsTold() throws IOException {
    open();
    pages.broken.put(source.descriptor("t/small.mp4"), 0L);
    try (RawClient client = connect()) {
      assertEquals(500, client.get("/t/small.mp4").answer().status());
      assertEquals(404, client.get("/t/none").answer().status());
    }
    await().until(() -> count(Outcome.FAULT) == 1);
    assertEquals(1, source.readErrors.get());
    assertEquals(1, listener.readErrors());
    assertEquals(1, listener.reading().failures());
    assertEquals(0, listener.bytesSent());
  }

  @Test
  void get_cannotBeReadFurther_breaksOffBehindTheLastGoodPiece() throws IOException {
    open(PIECES);
    pages.broken.put(source.descriptor("t/small.mp4"), OFFSET + 20_000L);
    try (RawClient client = connect()) {
      client.get("/t/small.mp4");
      assertEquals(200, client.head().status());
      assertArrayEquals(Arrays.copyOf(small, 12_288), client.bytes(12_288));
      assertTrue(client.isEnded());
    }
    await().until(() -> records.size() == 1);
    assertEquals(12_288, listener.bytesSent());
    assertEquals(1, source.readErrors.get());
    assertEquals(1, listener.readErrors());
    assertEquals(1, listener.brokenOff());
  }

  @Test
  void client_goneWhileItsFileIsRead_leavesTheLeaseToTheDisk() throws IOException {
    open(ONE_THREAD);
    slow("t/small.mp4");
    try (RawClient running = connect();
        RawClient queued = connect()) {
      running.get("/t/small.mp4");
      await().until(() -> pages.begun.get() == 1);
      queued.get("/t/small.mp4");
      await().until(() -> listener.reading().queued() == 1);
      assertEquals(4, source.openLeases.get());
      running.socket.setSoLinger(true, 0);
      queued.socket.setSoLinger(true, 0);
    }
    await().until(() -> records.size() == 2);
    // What had not begun never will; the other read still uses its file.
    await().until(() -> source.openLeases.get() == 1);
    assertEquals(0, listener.reading().queued());
    permits.release();
    await().until(() -> source.openLeases.get() == 0);
    assertEquals(1, pages.begun.get());
    assertEquals(0, listener.bytesSent());
  }

  @Test
  void get_tooManyReadsWait_is503() throws IOException {
    open(ONE_THREAD, "retryAfter: 7s");
    slow("t/small.mp4");
    try (RawClient running = connect();
        RawClient queued = connect();
        RawClient refused = connect()) {
      running.get("/t/small.mp4");
      await().until(() -> pages.begun.get() == 1);
      queued.get("/t/small.mp4");
      await().until(() -> listener.reading().queued() == 1);
      Answer busy = refused.get("/t/small.mp4").answer();
      assertEquals(503, busy.status());
      assertEquals("7", busy.field("retry-after"));
      await().until(() -> count(Outcome.BUSY) == 1);
      assertEquals(1, listener.reading().refusals());
      permits.release(100);
      assertArrayEquals(small, running.answer().body());
      assertArrayEquals(small, queued.answer().body());
      assertArrayEquals(small, refused.get("/t/small.mp4").answer().body());
    }
  }

  @Test
  void get_otherDiskHangs_isNotHeldUp() throws IOException {
    publishOn("two", "t/two");
    open(ONE_THREAD);
    slow("t/small.mp4");
    try (RawClient stuck = connect();
        RawClient other = connect()) {
      stuck.get("/t/small.mp4");
      await().until(() -> pages.begun.get() == 1);
      assertArrayEquals(small, other.get("/t/two").answer().body());
      permits.release(100);
      assertArrayEquals(small, stuck.answer().body());
    }
  }

  @Test
  void wait_longerThanTheIdleTimeout_isNotTheClientsFault() throws IOException {
    open("idleTimeout: 50ms", ONE_THREAD);
    slow("t/small.mp4");
    try (RawClient client = connect()) {
      client.get("/t/small.mp4");
      await().pollDelay(Duration.ofMillis(400)).until(() -> true);
      permits.release(100);
      assertArrayEquals(small, client.answer().body());
    }
  }

  @Test
  void wait_longerThanItsTimeout_is503AndTheLeaseStaysWithTheDisk() throws IOException {
    open("idleTimeout: 3s", "reading: {timeout: 50ms}");
    slow("t/small.mp4");
    try (RawClient client = connect()) {
      assertEquals(503, client.get("/t/small.mp4").answer().status());
      await().until(() -> records.size() == 1);
      assertEquals(1, source.openLeases.get());
      assertEquals(404, client.get("/t/none").answer().status());
    }
    assertEquals(1, listener.reading().timeouts());
  }

  @Test
  void wait_inTheMiddleOfABody_breaksOff() throws IOException {
    // The first piece has the time that the second one runs out of.
    open("idleTimeout: 50ms", "reading: {timeout: 2s, firstPiece: 4KiB}");
    slow("t/small.mp4");
    permits.release();
    try (RawClient client = connect()) {
      client.get("/t/small.mp4");
      assertEquals(200, client.head().status());
      assertArrayEquals(Arrays.copyOf(small, 4096), client.bytes(4096));
      assertTrue(client.isEnded());
    }
    await().until(() -> listener.brokenOff() == 1);
    assertEquals(1, listener.reading().timeouts());
    assertEquals(0, source.readErrors.get());
  }

  @Test
  void close_whileReadsWait_givesAllLeasesBack() throws IOException {
    open("drainTimeout: 100ms", "reading: {threadsPerVolume: 1}");
    slow("t/small.mp4");
    try (RawClient running = connect();
        RawClient queued = connect()) {
      running.get("/t/small.mp4");
      await().until(() -> pages.begun.get() == 1);
      queued.get("/t/small.mp4");
      await().until(() -> listener.reading().queued() == 1);
      listener.close();
      assertEquals(1, source.openLeases.get());
      permits.release();
      await().until(() -> source.openLeases.get() == 0);
    }
  }
}
