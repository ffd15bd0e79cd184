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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.server.http.RawClient.Answer;
import oca.server.range.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The listener over sockets, on each transport. A transport that is not there is a failure. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class HttpListenerTest {
  private static final int SMALL = 100_000;
  private static final int BIG = 64 << 20;
  private static final int OFFSET = 4096;
  private static final Instant NOW = Instant.ofEpochSecond(FileSource.MODIFIED + 10);

  @TempDir private Path folder;

  private final HttpConfig.Choice choice;
  private final FileSource source = new FileSource();
  private final Queue<ServeRecord> records = new ConcurrentLinkedQueue<>();
  private byte[] small;
  private HttpListener listener;

  HttpListenerTest(HttpConfig.Choice choice) {
    this.choice = choice;
  }

  @BeforeEach
  void publish() throws IOException {
    small = new byte[SMALL];
    new Random(1).nextBytes(small);
    byte[] behindHeader = new byte[OFFSET + SMALL];
    System.arraycopy(small, 0, behindHeader, OFFSET, SMALL);
    Path file = Files.write(folder.resolve("small"), behindHeader);
    source.publish("t/small.mp4", file, OFFSET, SMALL, SMALL);
    source.publish("t/filling.mp4", file, OFFSET, SMALL, 5000);
    source.publish("t/short.mp4", file, OFFSET, SMALL + 1, SMALL + 1);
    source.publish("t/odd.mp4", file, OFFSET, SMALL, -1);
    source.publish("t/empty.mp4", file, OFFSET, 0, 0);
    Path big = folder.resolve("big");
    try (var channel = new java.io.RandomAccessFile(big.toFile(), "rw")) {
      channel.setLength(BIG);
    }
    source.publish("t/big.mp4", big, 0, BIG, BIG);
  }

  /** With further lines of configuration. */
  private HttpListener open(String... lines) throws IOException {
    listener = HttpListener.open(config(lines), source, records::add, InstantSource.fixed(NOW));
    return listener;
  }

  private HttpConfig config(String... lines) {
    String more = String.join("\n", lines);
    String listen = more.contains("listen:") ? "" : "listen: 127.0.0.1:0\n";
    String loops = more.contains("eventLoops:") ? "" : "eventLoops: 2\n";
    String text = listen + loops + "transport: " + choice + "\n" + more;
    try {
      return ConfigFile.parse("test", text, HttpConfig.class);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private RawClient connect() throws IOException {
    return new RawClient((listener == null ? open() : listener).endpoint());
  }

  private Answer ask(String request) throws IOException {
    try (RawClient client = connect()) {
      return client.say(request).answer();
    }
  }

  private Answer get(String path, String... fields) throws IOException {
    return ask(RawClient.request("GET", path, fields));
  }

  /** Nothing is left over, whatever the test did. */
  @AfterEach
  void settle() throws IOException {
    if (listener != null) {
      await().untilAsserted(() -> assertEquals(0, source.openLeases.get(), "open leases"));
      listener.close();
      assertEquals(0, source.closedTwice.get(), "leases closed twice");
      assertEquals(listener.requests(), records.size(), "one record for each request");
      assertEquals(
          listener.bytesSent(), records.stream().mapToLong(ServeRecord::bodyBytes).sum(), "bytes");
      assertEquals(0, listener.recordsLost());
    }
    source.close();
  }

  private long count(Outcome outcome) {
    return listener.outcomes().getOrDefault(outcome, 0L);
  }

  // The answers.

  @Test
  void get_whole_hasAllBytesAndFields() throws IOException {
    Answer answer = get("/t/small.mp4?CMCD=br%3D1");
    assertEquals(200, answer.status());
    assertArrayEquals(small, answer.body());
    assertEquals(FileSource.TAG, answer.field("etag"));
    assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", answer.field("last-modified"));
    assertEquals("Sun, 06 Nov 1994 08:49:47 GMT", answer.field("date"));
    assertEquals("video/mp4", answer.field("content-type"));
    assertEquals("bytes", answer.field("accept-ranges"));
    assertEquals("public, max-age=31536000, immutable", answer.field("cache-control"));
    assertEquals("*", answer.field("access-control-allow-origin"));
    assertEquals("*", answer.field("timing-allow-origin"));
    assertTrue(answer.field("access-control-expose-headers").contains("Content-Range"));
    assertEquals("", answer.field("connection"));
    String transport = choice.name().toLowerCase(java.util.Locale.ROOT);
    assertEquals(transport, listener.transport());
  }

  @Test
  void get_whole_leavesOneRecord() throws IOException {
    get("/t/small.mp4", "Range: bytes=10-19");
    await().until(() -> records.size() == 1);
    ServeRecord record = records.element();
    assertEquals(NOW, record.at());
    assertEquals(ContentId.ofPath("t/small.mp4"), record.file());
    assertEquals("127.0.0.0", record.client());
    assertEquals(206, record.status());
    assertEquals(10, record.firstByte());
    assertEquals(10, record.bodyBytes());
    assertTrue(record.complete());
    assertTrue(record.micros() >= 0);
    assertEquals("part", record.outcome());
    assertEquals(1, count(Outcome.PART));
    assertEquals(10, listener.bytesSent());
  }

  @Test
  void head_file_hasTheFieldsOfGetAndNoBody() throws IOException {
    try (RawClient client = connect()) {
      Answer head = client.say(RawClient.request("HEAD", "/t/small.mp4")).head();
      assertEquals(200, head.status());
      assertEquals("" + SMALL, head.field("content-length"));
      Answer missing = client.say(RawClient.request("HEAD", "/t/none")).head();
      assertEquals(404, missing.status());
      assertEquals(200, client.get("/t/small.mp4").answer().status());
    }
  }

  @Test
  void get_ranges_haveTheirBytes() throws IOException {
    try (RawClient client = connect()) {
      assertPart(client, "bytes=0-0", 0, 0);
      assertPart(client, "bytes=5000-", 5000, SMALL - 1);
      assertPart(client, "bytes=-500", SMALL - 500, SMALL - 1);
      assertPart(client, "bytes=" + (SMALL - 1) + "-" + SMALL, SMALL - 1, SMALL - 1);
    }
  }

  private void assertPart(RawClient client, String range, int first, int last) throws IOException {
    Answer answer = client.get("/t/small.mp4", "Range: " + range).answer();
    assertEquals(206, answer.status());
    assertEquals("bytes " + first + "-" + last + "/" + SMALL, answer.field("content-range"));
    assertArrayEquals(Arrays.copyOfRange(small, first, last + 1), answer.body());
  }

  @Test
  void get_beyondTheEnd_is416WithTheLength() throws IOException {
    Answer answer = get("/t/small.mp4", "Range: bytes=" + SMALL + "-");
    assertEquals(416, answer.status());
    assertEquals("bytes */" + SMALL, answer.field("content-range"));
    assertEquals("application/problem+json", answer.field("content-type"));
    assertTrue(answer.text().contains("\"status\":416"), answer.text());
  }

  @Test
  void get_emptyFile_hasNoBody() throws IOException {
    try (RawClient client = connect()) {
      assertEquals(0, client.get("/t/empty.mp4").answer().body().length);
      assertEquals(416, client.get("/t/empty.mp4", "Range: bytes=0-").answer().status());
    }
  }

  @Test
  void get_conditions_areKept() throws IOException {
    try (RawClient client = connect()) {
      String tag = FileSource.TAG;
      String range = "Range: bytes=0-9";
      assertEquals(206, client.get("/t/small.mp4", range, "If-Range: " + tag).answer().status());
      assertEquals(200, client.get("/t/small.mp4", range, "If-Range: \"x\"").answer().status());
      Answer same =
          client.get("/t/small.mp4", "If-None-Match: \"x\"", "If-None-Match: " + tag).answer();
      assertEquals(304, same.status());
      assertEquals(tag, same.field("etag"));
      assertEquals("public, max-age=31536000, immutable", same.field("cache-control"));
      String since = "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT";
      assertEquals(304, client.get("/t/small.mp4", since).answer().status());
      assertEquals(412, client.get("/t/small.mp4", "If-Match: \"x\"").answer().status());
      assertEquals(200, client.get("/t/small.mp4", "If-Match: " + tag).answer().status());
    }
  }

  @Test
  void get_filling_servesTheVerifiedFrontOnly() throws IOException {
    try (RawClient client = connect()) {
      Answer front = client.get("/t/filling.mp4", "Range: bytes=4000-4999").answer();
      assertEquals(206, front.status());
      assertEquals("bytes 4000-4999/" + SMALL, front.field("content-range"));
      assertArrayEquals(Arrays.copyOfRange(small, 4000, 5000), front.body());
      assertEquals(404, client.get("/t/filling.mp4", "Range: bytes=4000-5000").answer().status());
      assertEquals(404, client.get("/t/filling.mp4").answer().status());
    }
  }

  @Test
  void options_anyPath_tellsWhatScriptsMaySend() throws IOException {
    try (RawClient client = connect()) {
      for (String path : List.of("/t/small.mp4", "/", "*")) {
        Answer answer = client.say(RawClient.request("OPTIONS", path, "Origin: http://a")).answer();
        assertEquals(204, answer.status());
        assertEquals("*", answer.field("access-control-allow-origin"));
        assertTrue(answer.field("access-control-allow-headers").contains("CMCD-Session"));
        assertEquals("GET, HEAD, OPTIONS", answer.field("access-control-allow-methods"));
        assertEquals("86400", answer.field("access-control-max-age"));
      }
    }
  }

  @Test
  void otherMethod_anyPath_is405() throws IOException {
    Answer answer = ask(RawClient.request("DELETE", "/t/small.mp4"));
    assertEquals(405, answer.status());
    assertEquals("GET, HEAD, OPTIONS", answer.field("allow"));
  }

  @Test
  void get_otherSpellings_nameNoFile() throws IOException {
    try (RawClient client = connect()) {
      for (String path :
          List.of(
              "/",
              "//t/small.mp4",
              "/t//small.mp4",
              "/t/small.mp4/",
              "/t/./small.mp4",
              "/t/../t/small.mp4",
              "/../../etc/passwd",
              "/%2e%2e/%2e%2e/etc/passwd",
              "/t/%73mall.mp4",
              "/t%2fsmall.mp4",
              "/t\\small.mp4",
              "/t/small.mp4;a",
              "/t/small.mp4#a",
              "/t/small.mp4%00",
              "/" + "a/".repeat(600) + "b")) {
        assertEquals(404, client.get(path).answer().status(), path);
      }
      assertEquals(200, client.get("http://x/t/small.mp4").answer().status());
    }
  }

  // The protocol.

  @Test
  void requests_pipelined_areAnsweredInOrder() throws IOException {
    try (RawClient client = connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        all.append(RawClient.request("GET", "/t/small.mp4", "Range: bytes=" + i + "-50000"));
        all.append(RawClient.request("GET", "/t/none" + i));
      }
      client.say(all.substring(0, 2000));
      client.say(all.substring(2000));
      for (int i = 0; i < 40; i++) {
        assertArrayEquals(Arrays.copyOfRange(small, i, 50_001), client.answer().body());
        assertEquals(404, client.answer().status());
      }
      client.get("/t/small.mp4", "Connection: close");
      assertEquals("close", client.answer().field("connection"));
      assertTrue(client.isEnded());
    }
  }

  @Test
  void requests_tooManyAhead_areCutOff() throws IOException {
    open("maxPipelined: 2");
    try (RawClient client = connect()) {
      client.say(
          RawClient.request("GET", "/t/big.mp4") + RawClient.request("GET", "/a").repeat(20));
      Answer big = client.answer();
      assertEquals(BIG, big.body().length);
      assertEquals("", client.answer().field("connection"));
      assertEquals("close", client.answer().field("connection"));
      assertTrue(client.isEnded());
      assertEquals(1, listener.pipelineOverruns());
    }
  }

  @Test
  void request_inSmallPieces_isAnswered() throws IOException {
    try (RawClient client = connect()) {
      client.socket.setTcpNoDelay(true);
      for (char c : RawClient.request("GET", "/t/small.mp4").toCharArray()) {
        client.say("" + c);
      }
      assertEquals(200, client.answer().status());
    }
  }

  @Test
  void http10_always_closesAfterTheAnswer() throws IOException {
    try (RawClient client = connect()) {
      client.say("GET /t/small.mp4 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      Answer answer = client.answer();
      assertEquals("close", answer.field("connection"));
      assertArrayEquals(small, answer.body());
      assertTrue(client.isEnded());
    }
  }

  @Test
  void connection_atItsRequestLimit_isClosed() throws IOException {
    open("maxRequestsPerConnection: 2");
    try (RawClient client = connect()) {
      assertEquals("", client.get("/t/none").answer().field("connection"));
      assertEquals("close", client.get("/t/none").answer().field("connection"));
      assertTrue(client.isEnded());
    }
  }

  @Test
  void requests_malformed_areRefusedAndClosed() throws IOException {
    assertRefused(400, "GET /t/small.mp4 HTTP/1.1\r\n\r\n");
    assertRefused(400, "GET /t/small.mp4 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    assertRefused(400, "GET /t/small.mp4 HTTP/1.1\r\nHost : a\r\n\r\n");
    assertRefused(400, "GET /t/small.mp4 HTTP/1.1\nHost: a\n\n");
    assertRefused(400, "GET /t/small.mp4 HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n");
    assertRefused(400, "GET\r\n\r\n");
    assertRefused(400, "\u0016\u0003\u0001\u0002\0\u0001\r\n\r\n");
    assertRefused(400, "GET t/small.mp4 HTTP/1.1\r\nHost: a\r\n\r\n");
    assertRefused(505, "GET /t/small.mp4 HTTP/2.0\r\nHost: a\r\n\r\n");
    assertRefused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assertRefused(414, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertRefused(431, "GET /a HTTP/1.1\r\nHost: a\r\n" + "X: yyyyyyyy\r\n".repeat(3000) + "\r\n");
    assertEquals(8, count(Outcome.BAD_REQUEST));
  }

  @Test
  void requests_withBodies_areRefusedAndClosed() throws IOException {
    String body = "x".repeat(300_000);
    assertRefused(413, "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body);
    assertRefused(413, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assertRefused(
        413,
        "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    assertRefused(
        413,
        "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n"
            + RawClient.request("GET", "/t/small.mp4"));
    assertRefused(
        400, "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
    assertRefused(400, "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n");
  }

  private void assertRefused(int status, String request) throws IOException {
    try (RawClient client = connect()) {
      Answer answer = client.say(request).answer();
      assertEquals(status, answer.status(), request);
      assertEquals("close", answer.field("connection"));
      assertTrue(client.isEnded());
    }
  }

  @Test
  void head_tooSlow_isAnswered408() throws IOException {
    open("headTimeout: 100ms");
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

  // Clients as they are.

  @Test
  void reader_slow_getsAllBytes() throws IOException {
    open("idleTimeout: 300ms", "chunk: 64KiB");
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
  void close_answerUnderWay_letsItEnd() throws Exception {
    try (RawClient busy = connect();
        RawClient idle = connect();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertEquals(404, idle.get("/t/none").answer().status());
      busy.get("/t/big.mp4");
      assertEquals(200, busy.head().status());
      Future<?> closing = threads.submit(listener::close);
      assertTrue(idle.isEnded());
      assertEquals(BIG, busy.bytes(BIG).length);
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
    assertEquals(288, count(Outcome.PART));
  }
}
