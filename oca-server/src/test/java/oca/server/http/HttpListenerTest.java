package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.server.http.RawClient.Answer;
import oca.server.range.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The answers over sockets, on each transport. A transport that is not there is a failure. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class HttpListenerTest extends ListenerFixture {

  HttpListenerTest(HttpConfig.Choice choice) {
    super(choice);
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
  void get_ofWhatIsElsewhere_isSentThere() throws IOException {
    open("cacheName: edge", "redirects: [{prefix: t/, to: \"http://next.example:81\"}]");
    try (RawClient client = connect()) {
      Answer sent = client.get("/t/none.mp4?a=b", "Range: bytes=0-1").answer();
      assertEquals(307, sent.status());
      assertEquals("http://next.example:81/t/none.mp4?a=b", sent.field("location"));
      assertEquals("edge; fwd=uri-miss; detail=redirected", sent.field("cache-status"));
      assertEquals("*", sent.field("access-control-allow-origin"));
      assertEquals("0", sent.field("content-length"));
      assertEquals(200, client.get("/t/small.mp4").answer().status());
      assertEquals(404, client.get("/u/none.mp4").answer().status());
      client.say("HEAD /t/none.mp4 HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(307, client.head().status());
      client.say("DELETE /t/none.mp4 HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(405, client.answer().status());
    }
    await().until(() -> records.size() == 5);
    assertEquals(307, records.element().status());
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
  void get_severalRanges_haveTheirBytesEachAndTheConnectionGoesOn() throws IOException {
    try (RawClient client = connect()) {
      Answer answer = client.get("/t/small.mp4", "Range: bytes=90000-, 0-9,500-70000").answer();
      assertEquals(206, answer.status());
      assertEquals("", answer.field("content-range"));
      String type = answer.field("content-type");
      assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      String boundary = type.substring(type.indexOf('=') + 1);
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
      assertEquals(206, client.get("/t/small.mp4", "Range: bytes=0-1").answer().status());
      assertEquals(1, count(Outcome.PARTS));
      String many = "Range: bytes=0-0" + ",0-0".repeat(16);
      assertEquals(416, client.get("/t/small.mp4", many).answer().status());
    }
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
  void requests_manyAhead_areLeftInTheSocketUntilTheirTurn() throws Exception {
    int many = 20_000;
    open("maxRequestsPerConnection: " + many);
    try (RawClient client = new RawClient(listener.endpoint(), 8192);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String request = RawClient.request("HEAD", "/t/none", "X: " + "y".repeat(2000));
      // All is said before anything is heard, so somebody has to hold back.
      Future<?> saying = threads.submit(() -> client.say(request.repeat(many)));
      AtomicInteger answered = new AtomicInteger(-1);
      await()
          .pollInterval(Duration.ofMillis(200))
          .until(() -> records.size() > 0 && answered.getAndSet(records.size()) == records.size());
      assertTrue(records.size() < many, "all were answered, though nobody listens");
      assertFalse(saying.isDone(), "nothing held the client back");
      for (int i = 0; i < many; i++) {
        assertEquals(404, client.head().status());
      }
      saying.get();
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
    assertRefused(414, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertRefused(431, "GET /a HTTP/1.1\r\nHost: a\r\n" + "X: yyyyyyyy\r\n".repeat(3000) + "\r\n");
    // The first byte decides, whether the rest comes with it or later.
    assertRefused(400, "\nGET /a HTTP/1.1\r\n" + "X: yyyyyyyy\r\n".repeat(3000) + "\r\n");
    assertEquals(9, count(Outcome.BAD_REQUEST));
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
}
