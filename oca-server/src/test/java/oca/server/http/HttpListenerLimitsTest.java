package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oca.protocol.ServeRecord;
import oca.server.http.RawClient.Answer;
import oca.server.range.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Slow, stalled, vanishing and too many clients, and the ways to an end, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class HttpListenerLimitsTest extends ListenerFixture {

  HttpListenerLimitsTest(HttpConfig.Choice choice) {
    super(choice);
  }

  @Test
  void head_tooSlow_isAnswered408() throws IOException {
    open("headTimeout: 2s");
    try (RawClient client = connect()) {
      client.say("GET /t/small.mp4 HT");
      assertEquals(408, client.answer().status());
      assertTrue(client.isEnded());
    }
  }

  @Test
  void connection_idle_isClosedWithoutAWord() throws IOException {
    open("idleTimeout: 100ms");
    try (RawClient client = connect()) {
      assertEquals(404, client.get("/t/none").answer().status());
      assertTrue(client.isEnded());
    }
    await().until(() -> listener.connections() == 0);
  }

  @Test
  void connections_lingering_endWithTheClients() throws Exception {
    open("lingerTimeout: 60s");
    List<Future<?>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 32; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 40; n++) {
                    endOddly(n % 2 == 0, n % 4 < 2);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> listener.connections() == 0);
  }

  /** The loop learns of the bytes and of the reset behind them at once, being busy before. */
  @Test
  void head_resetBehindIt_endsAtOnce() throws Exception {
    open("eventLoops: 1", "headTimeout: 60s", "idleTimeout: 60s");
    CountDownLatch isBusy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    source.onLookup =
        () -> {
          isBusy.countDown();
          awaitQuietly(goOn);
        };
    try (RawClient other = connect();
        RawClient client = connect()) {
      client.say("GET /t/small.mp4 HT");
      await().until(() -> listener.connections() == 2);
      other.get("/t/small.mp4");
      isBusy.await();
      client.say("TP/1.1");
      client.socket.setSoLinger(true, 0);
      client.socket.close();
      goOn.countDown();
      assertEquals(200, other.answer().status());
      await().atMost(Duration.ofSeconds(5)).until(() -> listener.connections() == 1);
    } finally {
      goOn.countDown();
    }
  }

  /** The rest of a head that came in time, while the loop was busy, is read before time is up. */
  @Test
  void head_wholeWhileTheLoopIsBusy_isAnswered() throws Exception {
    open("eventLoops: 1", "headTimeout: 1s", "idleTimeout: 60s");
    CountDownLatch isBusy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (RawClient other = connect();
        RawClient client = connect()) {
      assertEquals(404, client.get("/t/none").answer().status());
      source.onLookup =
          () -> {
            isBusy.countDown();
            awaitQuietly(goOn);
          };
      client.say("GET /t/small.mp4 HT");
      long begun = System.nanoTime();
      other.get("/t/small.mp4");
      isBusy.await();
      client.say("TP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> System.nanoTime() - begun > Duration.ofMillis(1200).toNanos());
      goOn.countDown();
      assertEquals(200, other.answer().status());
      assertEquals(200, client.answer().status());
    } finally {
      goOn.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void endOddly(boolean resets, boolean reads) throws IOException {
    try (RawClient client = connect()) {
      client.say("GET / HTTP/1.1\nHost: x\n\n");
      if (reads) {
        assertEquals(400, client.answer().status());
        assertTrue(client.isEnded());
      }
      client.socket.setSoLinger(resets, 0);
    }
  }

  // Clients as they are.

  @Test
  void reader_slow_getsAllBytes() throws IOException {
    open("idleTimeout: 2s", "chunk: 64KiB");
    try (RawClient client = new RawClient(listener.endpoint(), 8192)) {
      int length = 3 << 20;
      client.get("/t/big.mp4", "Range: bytes=0-" + (length - 1));
      assertEquals(206, client.head().status());
      long total = 0;
      Random pause = new Random(2);
      while (total < length) {
        total += client.bytes((int) Math.min(32_768, length - total)).length;
        await().pollDelay(java.time.Duration.ofMillis(pause.nextInt(5))).until(() -> true);
      }
    }
    await().until(() -> records.size() == 1);
    assertTrue(records.element().complete());
  }

  @Test
  void reader_stalled_isClosedAndTheLeaseGivenBack() throws IOException {
    open("idleTimeout: 200ms");
    try (RawClient client = new RawClient(listener.endpoint(), 8192)) {
      client.get("/t/big.mp4");
      assertEquals(200, client.head().status());
      await().until(() -> records.size() == 1);
      ServeRecord record = records.element();
      assertEquals(false, record.complete());
      assertTrue(record.bodyBytes() > 0 && record.bodyBytes() < BIG, record.toString());
      assertEquals(0, source.openLeases.get());
      assertEquals(1, listener.brokenOff());
    }
  }

  @Test
  void client_goesAwayMidBody_givesTheLeaseBack() throws IOException {
    open();
    for (int i = 0; i < 20; i++) {
      try (RawClient client = connect()) {
        client.get("/t/big.mp4");
        assertEquals(200, client.head().status());
        if (i % 2 == 0) {
          client.socket.setSoLinger(true, 0); // a reset instead of an orderly end
        }
      }
    }
    await().until(() -> records.size() == 20);
    assertEquals(0, source.openLeases.get());
    await().until(() -> listener.connections() == 0);
    assertEquals(20, listener.brokenOff());
    assertEquals(0, listener.readErrors());
  }

  @Test
  void file_tooShort_breaksOffAndTellsTheStore() throws IOException {
    try (RawClient client = connect()) {
      client.get("/t/short.mp4");
      assertEquals("" + (SMALL + 1), client.head().field("content-length"));
      assertArrayEquals(small, client.bytes(SMALL));
      assertTrue(client.isEnded());
    }
    await().until(() -> records.size() == 1);
    assertEquals(1, source.readErrors.get());
    assertEquals(1, listener.readErrors());
    assertEquals(SMALL, listener.bytesSent());
  }

  @Test
  void get_storeTalksNonsense_is500AndTheLeaseGivenBack() throws IOException {
    assertEquals(500, get("/t/odd.mp4").status());
    await().until(() -> count(Outcome.FAULT) == 1);
  }

  @Test
  void connections_beyondTheLimit_getA503() throws IOException {
    // One event loop, so that connections are let in as they come.
    open("eventLoops: 1", "maxConnections: 2", "maxRefusals: 1", "retryAfter: 7s");
    try (RawClient one = connect();
        RawClient two = connect()) {
      assertEquals(404, one.get("/t/none").answer().status());
      assertEquals(404, two.get("/t/none").answer().status());
      try (RawClient three = connect();
          RawClient four = connect()) {
        assertTrue(four.isEnded());
        Answer busy = three.get("/t/small.mp4").answer();
        assertEquals(503, busy.status());
        assertEquals("7", busy.field("retry-after"));
        assertEquals("close", busy.field("connection"));
        assertTrue(three.isEnded());
      }
      assertEquals(1, count(Outcome.BUSY));
      assertEquals(1, listener.connectionsShed());
      assertEquals(2, listener.connections());
    }
    await().until(() -> listener.connections() == 0);
    assertEquals(404, get("/t/none").status());
  }

  @Test
  void drain_on_closesConnectionsAfterTheirAnswers() throws IOException {
    try (RawClient client = connect()) {
      assertEquals("", client.get("/t/small.mp4").answer().field("connection"));
      listener.drain(true);
      Answer last = client.get("/t/small.mp4").answer();
      assertEquals("close", last.field("connection"));
      assertArrayEquals(small, last.body());
      assertTrue(client.isEnded());
      listener.drain(false);
      assertEquals("", get("/t/small.mp4").field("connection"));
    }
  }

  @Test
  void close_answerUnderWay_letsItEndAndTakesOneMoreRequest() throws Exception {
    open("drainIdle: 4s");
    try (RawClient busy = connect();
        RawClient idle = connect();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertEquals(404, idle.get("/t/none").answer().status());
      busy.get("/t/big.mp4");
      assertEquals(200, busy.head().status());
      Future<?> closing = threads.submit(listener::close);
      assertTrue(idle.isEnded());
      assertEquals(BIG, busy.bytes(BIG).length);
      // Its head did not say that it is the last, so the client may ask again.
      Answer last = busy.get("/t/small.mp4").answer();
      assertArrayEquals(small, last.body());
      assertEquals("close", last.field("connection"));
      closing.get();
    }
    assertThrows(IOException.class, this::connect);
  }

  @Test
  void close_answerStalled_breaksItOffAfterTheDrainTimeout() throws IOException {
    open("drainTimeout: 100ms");
    try (RawClient client = new RawClient(listener.endpoint(), 8192)) {
      client.get("/t/big.mp4");
      assertEquals(200, client.head().status());
      listener.close();
      assertEquals(0, source.openLeases.get());
      assertEquals(1, listener.brokenOff());
    }
  }

  @Test
  void open_addressTaken_namesIt() throws IOException {
    open();
    HttpConfig config = config("listen: " + listener.endpoint());
    IOException refusal =
        assertThrows(
            IOException.class,
            () -> HttpListener.open(config, source, records::add, InstantSource.system()).close());
    assertTrue(refusal.getMessage().contains(listener.endpoint().toString()), refusal.getMessage());
  }

  @Test
  void ranges_manyAtOnce_areExact() throws Exception {
    byte[] bytes = new byte[5 << 20];
    new Random(3).nextBytes(bytes);
    Path file = Files.write(folder.resolve("medium"), bytes);
    source.publish("t/medium.mp4", file, 0, bytes.length, bytes.length);
    open("chunk: 128KiB");
    URI uri = listener.endpoint().http("t/medium.mp4");
    List<Future<?>> all = new ArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 24; i++) {
        Random random = new Random(100 + i);
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 12; n++) {
                    int first = random.nextInt(bytes.length);
                    int last = Math.min(bytes.length, first + 1 + random.nextInt(1 << 19)) - 1;
                    assertArrayEquals(
                        Arrays.copyOfRange(bytes, first, last + 1),
                        client
                            .send(
                                HttpRequest.newBuilder(uri)
                                    .header("Range", "bytes=" + first + "-" + last)
                                    .build(),
                                HttpResponse.BodyHandlers.ofByteArray())
                            .body());
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    await().untilAsserted(() -> assertEquals(288, count(Outcome.PART)));
  }
}
