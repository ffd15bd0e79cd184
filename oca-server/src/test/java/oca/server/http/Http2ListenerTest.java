package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.server.http.Http2Client.Answer;
import oca.server.http.Http2Client.Frame;
import oca.server.range.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 in the clear and over TLS, by the sections of RFC 9113, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class Http2ListenerTest extends Http2Fixture {

  Http2ListenerTest(HttpConfig.Choice choice) {
    super(choice);
  }

  // Section 3: how it begins.

  @Test
  void priorKnowledge_inTheClear_isServed() throws IOException {
    try (Http2Client client = h2c()) {
      Answer answer = client.answer(client.get("/t/small.mp4"));
      assertEquals(200, answer.status());
      assertArrayEquals(small, answer.body());
    }
    await().until(() -> records.size() == 1);
    assertTrue(records.element().complete());
    assertEquals(1, listener.protocols().get(Protocol.HTTP_2));
  }

  @Test
  void preface_inPieces_isUnderstood() throws IOException {
    open();
    try (RawClient client = connect()) {
      String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
      client.socket.setTcpNoDelay(true);
      for (int i = 0; i < preface.length(); i++) {
        client.say(preface.substring(i, i + 1));
      }
      client.say("\0\0\0\4\0\0\0\0\0");
      byte[] first = client.bytes(9);
      assertEquals(Http2Client.SETTINGS, first[3]);
    }
  }

  @Test
  void preface_almost_isHttp1AndRefused() throws IOException {
    assertEquals(505, ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX").status());
    assertEquals(405, ask(RawClient.request("POST", "/t/small.mp4")).status());
    assertEquals(400, ask("PRI\r\n\r\n").status());
  }

  @Test
  void http2_off_isHttp1Only() throws Exception {
    Endpoint to = openTls("http2: {enabled: false}");
    assertEquals(505, ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status());
    assertEquals(HttpClient.Version.HTTP_1_1, fetch(to, "/t/small.mp4", null).version());
  }

  @Test
  void alpn_overTls_choosesHttp2() throws Exception {
    Endpoint to = openTls();
    HttpResponse<byte[]> answer = fetch(to, "/t/small.mp4", "bytes=5-9");
    assertEquals(HttpClient.Version.HTTP_2, answer.version());
    assertEquals(206, answer.statusCode());
    assertArrayEquals(Arrays.copyOfRange(small, 5, 10), answer.body());
    await().until(() -> listener.protocols().get(Protocol.HTTP_2_TLS) == 1);
  }

  private HttpResponse<byte[]> fetch(Endpoint to, String path, String range) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(TlsFixture.trusting()).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + to.port() + path));
      if (range != null) {
        request.header("Range", range);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  @Test
  void firstFrame_noSettings_isAProtocolError() throws IOException {
    open();
    try (RawClient client = connect()) {
      client.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\b\6\0\0\0\0\0" + "12345678");
      client.readToTheEnd();
    }
    await().until(() -> listener.http2Faults().get(Http2Fault.PROTOCOL) == 1);
  }

  // Section 8: what is asked and answered.

  @Test
  void answers_bothProtocols_haveTheSameFields() throws IOException {
    open();
    try (Http2Client client = h2c()) {
      for (String path : List.of("/t/small.mp4", "/t/none")) {
        for (String range : List.of("bytes=0-9", "bytes=999999-", "none")) {
          RawClient.Answer old = get(path, "Range: " + range);
          Answer now = client.answer(client.get(path, "range", range));
          Http2Headers head = now.head();
          assertEquals(old.status(), now.status());
          assertArrayEquals(old.body(), now.body());
          assertEquals(old.fields().size(), head.size() - 1, head.toString());
          for (Map.Entry<String, String> field : old.fields().entrySet()) {
            assertEquals(field.getValue(), now.field(field.getKey()), field.getKey());
          }
        }
      }
      Answer head = client.answer(client.request(Http2Client.head("HEAD", "/t/small.mp4"), true));
      assertEquals("" + SMALL, head.field("content-length"));
      assertEquals(0, head.body().length);
      assertEquals(
          204, client.answer(client.request(Http2Client.head("OPTIONS", "*"), true)).status());
      assertEquals(
          405,
          client.answer(client.request(Http2Client.head("DELETE", "/t/small.mp4"), true)).status());
      assertEquals(0, client.answer(client.get("/t/empty.mp4")).body().length);
    }
  }

  @Test
  void ranges_manyStreams_areExact() throws Exception {
    byte[] bytes = publishMedium();
    Endpoint to = openTls("piece: 64KiB");
    List<Future<?>> all = new ArrayList<>();
    try (HttpClient client = HttpClient.newBuilder().sslContext(TlsFixture.trusting()).build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      URI uri = URI.create("https://localhost:" + to.port() + "/t/medium.mp4");
      for (int i = 0; i < 16; i++) {
        Random random = new Random(200 + i);
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 8; n++) {
                    int first = random.nextInt(bytes.length);
                    int last = Math.min(bytes.length, first + 1 + random.nextInt(1 << 20)) - 1;
                    HttpRequest request =
                        HttpRequest.newBuilder(uri)
                            .header("Range", "bytes=" + first + "-" + last)
                            .build();
                    assertArrayEquals(
                        Arrays.copyOfRange(bytes, first, last + 1),
                        client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    await().untilAsserted(() -> assertEquals(128, count(Outcome.PART)));
    assertEquals(128, listener.protocols().get(Protocol.HTTP_2_TLS));
  }

  @Test
  void severalRanges_haveTheirBytesEach() throws IOException {
    try (Http2Client client = h2c()) {
      int stream = client.get("/t/small.mp4", "range", "bytes=90000-,0-9,500-70000");
      Answer answer = client.answer(stream);
      assertEquals(206, answer.status());
      String type = answer.field("content-type");
      assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
      String boundary = type.substring(type.indexOf('=') + 1);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      int[][] ranges = {{90_000, SMALL - 1}, {0, 9}, {500, 70_000}};
      for (int[] range : ranges) {
        expected.writeBytes(
            "%s--%s\r\nContent-Type: video/mp4\r\nContent-Range: bytes %d-%d/%d\r\n\r\n"
                .formatted(expected.size() == 0 ? "" : "\r\n", boundary, range[0], range[1], SMALL)
                .getBytes(StandardCharsets.US_ASCII));
        expected.writeBytes(Arrays.copyOfRange(small, range[0], range[1] + 1));
      }
      expected.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
      assertArrayEquals(expected.toByteArray(), answer.body());
      assertEquals("" + expected.size(), answer.field("content-length"));
    }
    await().until(() -> records.size() == 1 && records.element().complete());
    assertEquals(1, count(Outcome.PARTS));
  }

  @Test
  void body_inARequest_is413AndReset() throws IOException {
    try (Http2Client client = h2c()) {
      int stream = client.request(Http2Client.head("POST", "/t/small.mp4"), false);
      assertEquals(413, client.answer(stream).status());
      Frame reset = client.next(Http2Client.RST_STREAM);
      assertEquals(stream, reset.stream());
      assertEquals(NO_ERROR, reset.error());
      client.frame(Http2Client.DATA, Http2Client.END_STREAM, stream, new byte[100]);
      assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
    }
    await().until(() -> count(Outcome.BODY_REFUSED) == 1);
  }

  @Test
  void request_malformed_isAStreamError() throws IOException {
    List<Http2Headers> malformed =
        List.of(
            Http2Client.head("GET", "/t/small.mp4", "connection", "close"),
            Http2Client.head("GET", "/t/small.mp4", "transfer-encoding", "chunked"),
            Http2Client.head("GET", "/t/small.mp4", "keep-alive", "1"),
            Http2Client.head("GET", "/t/small.mp4", "upgrade", "h2c"),
            Http2Client.head("GET", "/t/small.mp4", "proxy-connection", "1"),
            Http2Client.head("GET", "/t/small.mp4", "te", "gzip"),
            Http2Client.head("GET", "/t/small.mp4", "Range", "bytes=0-1"),
            Http2Client.head("GET", "/t/small.mp4", "range", " bytes=0-1"),
            Http2Client.head("GET", "/t/small.mp4", "x-a", "a\r\nb: c"),
            Http2Client.head("GET", "/t/small.mp4", "x a", "b"),
            Http2Client.head("GET", "/t/small.mp4", "host", "other"),
            Http2Client.head("GET", "/t/small.mp4", ":status", "200"),
            Http2Client.head("GET", "/t/small.mp4", ":odd", "200"),
            Http2Client.head("GET", "/t/small.mp4", ":path", "/t/none"),
            Http2Client.head("GET", "/t/small.mp4", "content-length", "5"),
            Http2Client.head("GET", "/t/small.mp4", "content-length", "x"),
            Http2Client.head("GET", ""),
            Http2Client.head("GET", "t/small.mp4"),
            Http2Client.head("GET", "https://x/t/small.mp4"),
            Http2Client.head("GET", "/t/small .mp4"),
            Http2Client.head("GET", "/").authority("a b"),
            Http2Client.head("GET", "/").scheme("ftp"),
            without(":method"),
            without(":scheme"),
            without(":path"),
            without(":authority"));
    try (Http2Client client = h2c()) {
      for (Http2Headers head : malformed) {
        int stream = client.request(head, true);
        Frame reset = client.next(Http2Client.RST_STREAM);
        assertEquals(stream, reset.stream(), head.toString());
        assertEquals(PROTOCOL_ERROR, reset.error(), head.toString());
      }
      assertEquals(
          200, client.answer(client.get("/t/small.mp4", "te", "trailers", "host", "x")).status());
    }
    assertEquals(malformed.size(), listener.http2Faults().get(Http2Fault.STREAM));
  }

  private static Http2Headers without(String name) {
    Http2Headers head = Http2Client.head("GET", "/t/small.mp4");
    head.remove(name);
    return head;
  }

  @Test
  void pseudoHeader_behindAField_isAStreamError() throws IOException {
    try (Http2Client client = h2c()) {
      // Literals without indexing, in an order that no encoder would write.
      byte[] section = literals(":method", "GET", ":scheme", "https", "a", "b", ":path", "/");
      client.frame(Http2Client.HEADERS, 5, 1, section);
      assertEquals(PROTOCOL_ERROR, client.next(Http2Client.RST_STREAM).error());
    }
  }

  @Test
  void head_tooLarge_is431AndTheConnectionGoesOn() throws IOException {
    open("maxHeadBytes: 4KiB", "maxFields: 20");
    try (Http2Client client = h2c()) {
      assertEquals(431, client.answer(client.get("/t/small.mp4", "x", "y".repeat(4500))).status());
      String[] fields = new String[42];
      Arrays.setAll(fields, i -> i % 2 == 0 ? "x-" + i : "y");
      assertEquals(431, client.answer(client.get("/t/small.mp4", fields)).status());
      assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
    }
    await().until(() -> count(Outcome.HEAD_TOO_LARGE) == 2);
  }

  @Test
  void file_tooShort_resetsTheStreamOnly() throws IOException {
    try (Http2Client client = h2c()) {
      int stream = client.get("/t/short.mp4");
      assertThrows(EOFException.class, () -> client.answer(stream));
      assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
    }
    await().until(() -> records.size() == 2);
    assertEquals(1, source.readErrors.get());
    assertEquals(1, listener.brokenOff());
  }

  // Section 5.2 and 6.9: flow control.

  @Test
  void window_small_isKept() throws IOException {
    byte[] bytes = publishMedium();
    try (Http2Client client = h2c(10_000)) {
      int stream = client.get("/t/medium.mp4", "range", "bytes=0-99999");
      int got = 0;
      while (got < 100_000) {
        Frame frame = client.next(Http2Client.DATA);
        got += frame.payload().length;
        if (got % 10_000 == 0) {
          client.windowUpdate(stream, 10_000);
        }
        assertTrue(frame.payload().length <= 10_000);
      }
      assertArrayEquals(Arrays.copyOf(bytes, 100_000), client.answered(stream).body());
    }
    await().until(() -> records.size() == 1 && records.element().complete());
  }

  @Test
  void window_odd_isRefused() throws IOException {
    open();
    try (Http2Client client = h2c()) {
      client.windowUpdate(0, Integer.MAX_VALUE);
      assertEquals(FLOW_CONTROL_ERROR, client.end());
    }
    try (Http2Client client = h2c()) {
      client.windowUpdate(0, 0);
      assertEquals(PROTOCOL_ERROR, client.end());
    }
  }

  @Test
  void stream_stalled_isResetAndOthersGoOn() throws IOException {
    open("idleTimeout: 1s");
    try (Http2Client client = h2c(1000)) {
      int stream = client.get("/t/big.mp4");
      Frame reset = client.next(Http2Client.RST_STREAM);
      assertEquals(stream, reset.stream());
      assertEquals(CANCEL, reset.error());
      assertEquals(404, client.answer(client.get("/t/none")).status());
    }
    assertEquals(1, listener.http2Faults().get(Http2Fault.STALLED));
    assertEquals(0, source.openLeases.get());
  }

  @Test
  void readers_twoHundredStalled_holdWhatIsDocumented() throws Exception {
    int readers = 200;
    Endpoint to = openTls("http2: {buffer: 128KiB}");
    SSLContext trusting = TlsFixture.trusting();
    List<Socket> stalled = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Socket>> all = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        all.add(
            threads.submit(
                () -> {
                  var plain = RawClient.open(to, 8192);
                  var tls = TlsFixture.shakeHands(trusting, plain, to, "TLSv1.3", "h2");
                  Http2Client one = new Http2Client(tls, WIDE);
                  for (int n = 0; n < 4; n++) {
                    one.get("/t/big.mp4");
                  }
                  one.next(Http2Client.HEADERS);
                  return plain;
                }));
      }
      for (Future<Socket> one : all) {
        stalled.add(one.get());
      }
      await().until(() -> source.openLeases.get() == readers * 4);
      await().during(Duration.ofMillis(300)).until(() -> true);
      long held = listener.directMemory();
      System.out.printf("%s: %d stalled readers hold %d KiB%n", choice, readers, held >> 10);
      // The buffer, what is written in the turn that fills it, and both as records of 20 KiB.
      long each = (128 + 64) * 1024 * 5 / 4;
      assertTrue(held <= readers * each + 3L * (4 << 20), held + " bytes of direct memory");
    } finally {
      for (Socket one : stalled) {
        one.setSoLinger(true, 0);
        one.close();
      }
    }
  }

  // Section 6.8: how it ends.

  @Test
  void connection_idle_isToldToGo() throws IOException {
    open("idleTimeout: 2s");
    try (Http2Client client = h2c()) {
      assertEquals(404, client.answer(client.get("/t/none")).status());
      Frame goAway = client.next(Http2Client.GOAWAY);
      assertEquals(NO_ERROR, goAway.error());
      assertEquals(1, goAway.lastStreamId());
      assertThrows(EOFException.class, client::next);
    }
  }

  @Test
  void connection_mute_isEndedAfterTheHeadTimeout() throws IOException {
    open("headTimeout: 2s");
    try (Http2Client client = h2c()) {
      // Half a request is none, and nothing may stand between its halves.
      client.acknowledges = false;
      client.frame(Http2Client.HEADERS, 1, 1, literals(":method", "GET"));
      assertEquals(NO_ERROR, client.end());
    }
    await().until(() -> listener.connections() == 0);
  }

  @Test
  void requests_asManyAsAllowed_endWithGoAway() throws IOException {
    open("maxRequestsPerConnection: 3");
    try (Http2Client client = h2c()) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
      }
      assertEquals(NO_ERROR, client.end());
    }
  }

  @Test
  void close_answersUnderWay_letsThemEnd() throws Exception {
    try (Http2Client client = h2c();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int stream = client.get("/t/big.mp4");
      client.next(Http2Client.DATA);
      Future<?> closing = threads.submit(listener::close);
      assertEquals(NO_ERROR, client.next(Http2Client.GOAWAY).error());
      client.windowUpdate(stream, BIG);
      assertEquals(BIG, client.answer(stream).body().length);
      closing.get();
    }
    assertEquals(0, listener.brokenOff());
  }

  @Test
  void connections_beyondTheLimit_getA503AndGoAway() throws IOException {
    open("eventLoops: 1", "maxConnections: 1");
    try (Http2Client one = h2c()) {
      assertEquals(404, one.answer(one.get("/t/none")).status());
      try (Http2Client two = h2c()) {
        Answer busy = two.answer(two.get("/t/small.mp4"));
        assertEquals(503, busy.status());
        assertEquals("5", busy.field("retry-after"));
      }
    }
  }

  @Test
  void client_resetsMidBody_givesTheLeaseBack() throws IOException {
    try (Http2Client client = h2c(100_000)) {
      int stream = client.get("/t/big.mp4");
      client.next(Http2Client.DATA);
      client.frame(Http2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
      await().until(() -> records.size() == 1);
      ServeRecord record = records.element();
      assertTrue(!record.complete() && record.bodyBytes() <= 100_000, record.toString());
      assertEquals(0, source.openLeases.get());
      assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
    }
  }
}
