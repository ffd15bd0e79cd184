package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import oca.config.Current;
import oca.model.Endpoint;
import oca.server.http.Http2Client.Frame;
import oca.server.pull.PullSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are not in memory, over TLS and HTTP/2, whose bodies are copied. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class ColdCopyTest extends Http2Fixture {
  private static final String PIECES = "piece: 16KiB";
  private static final long INTERNAL_ERROR = 2;

  private final Semaphore permits = new Semaphore(0);
  private final FakePages pages = new FakePages(1, 10, source.openLeases::get);

  ColdCopyTest(HttpConfig.Choice choice) {
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

  private void slow() {
    pages.slow.put(source.descriptor("t/small.mp4"), permits);
  }

  private RawClient tls(Endpoint to) throws Exception {
    var plain = RawClient.open(to, 0);
    return new RawClient(
        TlsFixture.shakeHands(TlsFixture.trusting(), plain, to, "TLSv1.3", "http/1.1"));
  }

  @Test
  void tls_cold_isReadAndSent() throws Exception {
    try (RawClient client = tls(openTls(PIECES))) {
      assertArrayEquals(small, client.get("/t/small.mp4").answer().body());
    }
    // The first piece shares its buffer with the head, so the next begins a little before its end.
    long read = listener.reading().readBytes();
    assertTrue(read >= SMALL && read < SMALL + 2048, read + " bytes read");
    assertTrue(listener.reading().waits() > 0);
  }

  @Test
  void http2_cold_isReadAndSent() throws IOException {
    open(PIECES);
    try (Http2Client client = h2c()) {
      assertArrayEquals(small, client.answer(client.get("/t/small.mp4")).body());
    }
    assertEquals(SMALL, listener.reading().readBytes());
    assertTrue(listener.reading().waits() > 0);
  }

  @Test
  void http2_streamAtTheDisk_doesNotHoldUpOthers() throws IOException {
    open(PIECES);
    slow();
    try (Http2Client client = h2c()) {
      int stuck = client.get("/t/small.mp4");
      await().until(() -> pages.begun.get() == 1);
      assertEquals(404, client.answer(client.get("/t/none")).status());
      permits.release(100);
      assertArrayEquals(small, client.answer(stuck).body());
    }
  }

  @Test
  void http2_waitLongerThanTheIdleTimeout_isNotTheClientsFault() throws IOException {
    open("idleTimeout: 200ms");
    slow();
    try (Http2Client client = h2c()) {
      int stream = client.get("/t/small.mp4");
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      permits.release(100);
      assertArrayEquals(small, client.answer(stream).body());
    }
    assertEquals(0, listener.http2Faults().get(Http2Fault.STALLED));
  }

  @Test
  void http2_waitLongerThanItsTimeout_is503() throws IOException {
    open("idleTimeout: 2s", "reading: {timeout: 50ms}");
    slow();
    try (Http2Client client = h2c()) {
      assertEquals(503, client.answer(client.get("/t/small.mp4")).status());
      assertEquals(404, client.answer(client.get("/t/none")).status());
      await().until(() -> records.size() == 2);
      assertEquals(1, source.openLeases.get());
    }
    assertEquals(1, listener.reading().timeouts());
  }

  @Test
  void http2_waitInTheMiddle_resetsTheStream() throws IOException {
    open("idleTimeout: 2s", "reading: {timeout: 50ms}", PIECES);
    slow();
    permits.release();
    try (Http2Client client = h2c()) {
      int stream = client.get("/t/small.mp4");
      Frame reset = client.next(Http2Client.RST_STREAM);
      assertEquals(stream, reset.stream());
      assertEquals(INTERNAL_ERROR, reset.error());
      assertEquals(404, client.answer(client.get("/t/none")).status());
    }
    assertEquals(1, listener.reading().timeouts());
    assertEquals(0, source.readErrors.get());
  }

  @Test
  void tls_waitLongerThanItsTimeout_is503() throws Exception {
    Endpoint to = openTls("idleTimeout: 200ms", "reading: {timeout: 50ms}");
    slow();
    try (RawClient client = tls(to)) {
      assertEquals(503, client.get("/t/small.mp4").answer().status());
    }
    assertEquals(1, listener.reading().timeouts());
  }

  @Test
  void tls_waitInTheMiddle_breaksOff() throws Exception {
    Endpoint to = openTls("idleTimeout: 200ms", "reading: {timeout: 2s}", PIECES);
    slow();
    permits.release();
    try (RawClient client = tls(to)) {
      client.get("/t/small.mp4");
      assertEquals(200, client.head().status());
      byte[] first = client.bytes(15_000);
      assertArrayEquals(Arrays.copyOf(small, first.length), first);
      client.readToTheEnd();
    }
    await().until(() -> listener.brokenOff() == 1);
    assertEquals(1, listener.reading().timeouts());
    assertEquals(0, source.readErrors.get());
  }
}
