package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import oca.config.Current;
import oca.model.ByteRange;
import oca.server.caching.FieldSection;
import oca.server.http.FakePulls.Growing;
import oca.server.http.RawClient.Answer;
import oca.server.pull.PullRequest;
import oca.server.pull.PulledAnswer;
import oca.server.pull.PulledBody;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers whose bodies may be coming in yet, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class PulledTest extends Http2Fixture {
  private final FakePulls pulls = new FakePulls();
  private byte[] bytes;
  private Growing body;

  PulledTest(HttpConfig.Choice choice) {
    super(choice);
  }

  @Override
  HttpListener open(String... lines) throws IOException {
    listener =
        HttpListener.open(
            Current.of(config(lines)),
            source,
            pulls,
            records::add,
            InstantSource.fixed(NOW),
            InheritedSockets.none());
    return listener;
  }

  @BeforeEach
  void fill() throws IOException {
    bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    body = new Growing(folder.resolve("pulled"), bytes.length);
  }

  @AfterEach
  void bodies() {
    await().untilAsserted(() -> assertEquals(0, pulls.openBodies.get(), "open bodies"));
  }

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private Growing unknown() throws IOException {
    return new Growing(folder.resolve("unknown"), PulledBody.UNKNOWN);
  }

  @Test
  void request_ofAService_isHandedOverWhole() throws IOException {
    pulls.at("p/a", (_, _) -> pulls.answer(404, new Reply.Whole(), body, "X-One", "1"));
    body.add(bytes);
    try (RawClient client = connect()) {
      Answer answer =
          client.get("/p/a?b=c", "Accept: x", "accept:  y ", "Cache-Control: no-cache").answer();
      assertEquals(404, answer.status());
      assertEquals("1", answer.field("x-one"));
      assertArrayEquals(bytes, answer.body());
    }
    PullRequest asked = pulls.asked.getFirst();
    assertEquals(
        "GET /p/a?b=c 1.1 x",
        asked.method() + ' ' + asked.target() + ' ' + asked.version() + ' ' + asked.host());
    assertEquals(
        FieldSection.of("Host", "x", "Accept", "x", "accept", "y", "Cache-Control", "no-cache"),
        asked.fields());
    await().until(() -> records.size() == 1);
    assertEquals(404, records.element().status());
    assertEquals(bytes.length, records.element().bodyBytes());
  }

  @Test
  void request_ofNoService_isAnsweredFromTheStore() throws IOException {
    open();
    assertArrayEquals(small, get("/t/small.mp4").body());
    assertEquals(List.of(), pulls.asked);
  }

  @Test
  void body_comingIn_isSentAsItComes() throws IOException {
    pulls.at("p/a", 200, new Reply.Whole(), body);
    try (RawClient client = connect()) {
      client.get("/p/a");
      assertEquals("300000", client.head().field("content-length"));
      for (int i = 0; i < 300_000; i += 60_000) {
        await().until(() -> body.waiting() == 1);
        body.add(part(i, i + 60_000));
        assertArrayEquals(part(i, i + 60_000), client.bytes(60_000));
      }
      assertEquals(404, client.get("/t/none").answer().status());
    }
    assertEquals(1, count(Outcome.WHOLE));
  }

  @Test
  void body_ofUnknownLength_comesInChunks() throws IOException {
    Growing unknown = unknown();
    pulls.at("p/a", 200, new Reply.Whole(), unknown);
    try (RawClient client = connect()) {
      client.get("/p/a");
      assertEquals("chunked", client.head().field("transfer-encoding"));
      unknown.add(part(0, 1000));
      assertArrayEquals("3e8\r\n".getBytes(StandardCharsets.US_ASCII), client.bytes(5));
      assertArrayEquals(part(0, 1000), client.bytes(1000));
      await().until(() -> unknown.waiting() == 1);
      unknown.add(part(1000, 1255));
      assertArrayEquals("\r\nff\r\n".getBytes(StandardCharsets.US_ASCII), client.bytes(6));
      assertArrayEquals(part(1000, 1255), client.bytes(255));
      unknown.end();
      assertArrayEquals("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), client.bytes(7));
      assertEquals(404, client.get("/t/none").answer().status());
    }
  }

  @Test
  void body_ofUnknownLengthAndNone_isOneChunk() throws IOException {
    Growing unknown = unknown();
    unknown.end();
    Growing late = new Growing(folder.resolve("late"), PulledBody.UNKNOWN);
    pulls.at("p/a", 200, new Reply.Whole(), late);
    pulls.at("p/b", 200, new Reply.Whole(), unknown);
    try (RawClient client = connect()) {
      client.get("/p/a");
      assertEquals("chunked", client.head().field("transfer-encoding"));
      await().until(() -> late.waiting() == 1);
      late.end();
      assertArrayEquals("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), client.bytes(5));
      assertEquals("0", client.get("/p/b").answer().field("content-length"));
    }
  }

  @Test
  void body_ofUnknownLengthBeforeHttp11_endsWithTheConnection() throws IOException {
    Growing unknown = unknown();
    unknown.add(part(0, 5000));
    pulls.at("p/a", 200, new Reply.Whole(), unknown);
    try (RawClient client = connect()) {
      client.say("GET /p/a HTTP/1.0\r\n\r\n");
      Answer head = client.head();
      assertEquals("", head.field("transfer-encoding") + head.field("content-length"));
      assertArrayEquals(part(0, 5000), client.bytes(5000));
      unknown.end();
      assertTrue(client.isEnded());
    }
    assertEquals(0, listener.brokenOff());
  }

  @Test
  void ranges_ofWhatIsComingIn_areSentAsItComes() throws IOException {
    pulls.at("p/a", 206, new Reply.Part(new ByteRange(1000, 1999)), body, "Content-Type", "a/b");
    List<ByteRange> two = List.of(new ByteRange(10, 19), new ByteRange(5000, 5009));
    pulls.at("p/b", 206, new Reply.Parts(two), body, "Content-Type", "a/b");
    body.add(part(0, 1500));
    try (RawClient client = connect()) {
      client.get("/p/a");
      assertEquals("bytes 1000-1999/300000", client.head().field("content-range"));
      assertArrayEquals(part(1000, 1500), client.bytes(500));
      client.get("/p/b");
      await().until(() -> body.waiting() == 1);
      body.add(part(1500, 5005));
      assertArrayEquals(part(1500, 2000), client.bytes(500));
      Answer head = client.head();
      await().until(() -> body.waiting() == 1);
      body.add(part(5005, 6000));
      byte[] parts = client.bytes(Integer.parseInt(head.field("content-length")));
      assertTrue(head.field("content-type").startsWith("multipart/byteranges; boundary="));
      assertEquals(1, occurrences(parts, part(10, 20)));
      assertEquals(1, occurrences(parts, part(5000, 5010)));
    }
  }

  private static int occurrences(byte[] in, byte[] of) {
    int count = 0;
    for (int i = 0; i + of.length <= in.length; i++) {
      count += Arrays.equals(in, i, i + of.length, of, 0, of.length) ? 1 : 0;
    }
    return count;
  }

  @Test
  void answer_withoutBytes_leavesTheConnection() throws IOException {
    pulls.at("p/n", 304, new Reply.NotModified(), body, "ETag", "\"x\"");
    pulls.at("p/u", 416, new Reply.Unsatisfiable(), body);
    pulls.at("p/f", 502, new Reply.Failed(Outcome.UPSTREAM_FAULT), null, "Cache-Status", "o; x");
    pulls.at("p/h", 200, new Reply.Whole(), body);
    try (RawClient client = connect()) {
      assertEquals("\"x\"", client.get("/p/n").answer().field("etag"));
      Answer unsatisfiable = client.get("/p/u").answer();
      assertEquals("bytes */300000", unsatisfiable.field("content-range"));
      Answer failed = client.get("/p/f").answer();
      assertEquals(502, failed.status());
      assertEquals("o; x", failed.field("cache-status"));
      assertEquals("application/problem+json", failed.field("content-type"));
      client.say(RawClient.request("HEAD", "/p/h"));
      assertEquals("300000", client.head().field("content-length"));
      assertEquals(404, client.get("/t/none").answer().status());
    }
    assertEquals(1, count(Outcome.UPSTREAM_FAULT));
  }

  @Test
  void answer_comingLater_isGivenInTurn() throws Exception {
    Waiting waiting = new Waiting();
    pulls.at("p/a", waiting::ask);
    body.add(bytes);
    try (RawClient client = connect()) {
      client.say(RawClient.request("GET", "/p/a") + RawClient.request("GET", "/t/none"));
      await().until(() -> waiting.later != null);
      waiting.later.accept(pulls.answer(200, new Reply.Whole(), body));
      assertArrayEquals(bytes, client.answer().body());
      assertEquals(404, client.answer().status());
    }
  }

  @Test
  void answer_comingTooLate_isGivenBack() throws Exception {
    Waiting waiting = new Waiting();
    pulls.at("p/a", waiting::ask);
    try (RawClient client = connect()) {
      client.get("/p/a");
      await().until(() -> waiting.later != null);
    }
    await().until(() -> listener.connections() == 0);
    waiting.later.accept(pulls.answer(200, new Reply.Whole(), body));
    await().until(() -> pulls.openBodies.get() == 0);
  }

  private static final class Waiting {
    volatile Consumer<PulledAnswer> later;

    PulledAnswer ask(PullRequest request, Consumer<PulledAnswer> with) {
      later = with;
      return null;
    }
  }

  @Test
  void wait_longerThanIdle_isNotTheClients() throws Exception {
    open("idleTimeout: 100ms");
    Waiting waiting = new Waiting();
    pulls.at("p/a", waiting::ask);
    try (RawClient client = connect()) {
      client.get("/p/a");
      await().until(() -> waiting.later != null);
      await().pollDelay(java.time.Duration.ofMillis(350)).until(() -> true);
      waiting.later.accept(pulls.answer(200, new Reply.Whole(), body));
      client.head();
      await().pollDelay(java.time.Duration.ofMillis(350)).until(() -> true);
      body.add(bytes);
      assertArrayEquals(bytes, client.bytes(bytes.length));
    }
  }

  @Test
  void body_broken_endsTheConnection() throws IOException {
    pulls.at("p/a", 200, new Reply.Whole(), body);
    body.add(part(0, 100));
    try (RawClient client = connect()) {
      client.get("/p/a");
      client.head();
      assertArrayEquals(part(0, 100), client.bytes(100));
      await().until(() -> body.waiting() == 1);
      body.fail("gone");
      assertTrue(client.isEnded());
    }
    await().until(() -> records.size() == 1);
    assertEquals(100, records.element().bodyBytes());
    assertEquals(1, listener.brokenOff());
  }

  @Test
  void reader_leaving_givesTheBodyBack() throws IOException {
    pulls.at("p/a", 200, new Reply.Whole(), body);
    body.add(part(0, 100));
    try (RawClient client = connect()) {
      client.get("/p/a");
      client.head();
      client.socket.setSoLinger(true, 0);
    }
    await().until(() -> pulls.openBodies.get() == 0);
  }

  @Test
  void http2_bodyComingIn_isSentAsItComes() throws IOException {
    Growing unknown = unknown();
    pulls.at("p/a", 200, new Reply.Whole(), unknown, "X-One", "1");
    pulls.at("p/b", 206, new Reply.Part(new ByteRange(5, 204_999)), body);
    try (Http2Client client = h2c()) {
      int first = client.get("/p/a");
      assertEquals(first, client.next(Http2Client.HEADERS).stream());
      unknown.add(part(0, 100_000));
      await().until(() -> unknown.waiting() == 1);
      unknown.add(part(100_000, 200_000));
      unknown.end();
      Http2Client.Answer answer = client.answer(first);
      assertEquals("1", answer.field("x-one"));
      assertArrayEquals(part(0, 200_000), answer.body());
      int second = client.get("/p/b");
      await().until(() -> body.waiting() == 1);
      body.add(part(0, 100_000));
      await().until(() -> body.waiting() == 1);
      body.add(part(100_000, 300_000));
      Http2Client.Answer range = client.answer(second);
      assertEquals("bytes 5-204999/300000", range.field("content-range"));
      assertArrayEquals(part(5, 205_000), range.body());
    }
    assertEquals(0, listener.brokenOff());
  }

  @Test
  void http2_bodyBroken_resetsTheStreamOnly() throws IOException {
    pulls.at("p/a", 200, new Reply.Whole(), body);
    body.add(part(0, 100));
    try (Http2Client client = h2c()) {
      int first = client.get("/p/a");
      await().until(() -> body.waiting() == 1);
      body.fail("gone");
      assertEquals(first, client.next(Http2Client.RST_STREAM).stream());
      assertEquals(404, client.answer(client.get("/t/none")).status());
    }
  }

  @Test
  void tls_bodyComingIn_isSentAsItComes() throws Exception {
    pulls.at("p/a", 200, new Reply.Whole(), body);
    var to = openTls();
    try (RawClient client =
        new RawClient(TlsFixture.connect(TlsFixture.trusting(), to, "TLSv1.3"))) {
      client.get("/p/a");
      client.head();
      await().until(() -> body.waiting() == 1);
      body.add(part(0, 200_000));
      await().until(() -> body.waiting() == 1);
      body.add(part(200_000, 300_000));
      var all = new ByteArrayOutputStream();
      all.write(client.bytes(300_000));
      assertArrayEquals(bytes, all.toByteArray());
    }
  }
}
