package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import oca.config.Current;
import oca.server.http.FakePulls.Growing;
import oca.server.http.RawClient.Answer;
import oca.server.pull.PullRequest;
import oca.server.range.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The content of requests that are passed on to upstreams: all of it, or none of the request. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class PassedContentTest extends Http2Fixture {
  private static final String POST = "POST /p/a HTTP/1.1\r\nHost: x\r\n";

  private final FakePulls pulls = new FakePulls();

  PassedContentTest(HttpConfig.Choice choice) {
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
  void answer() throws IOException {
    Growing nothing = new Growing(folder.resolve("nothing"), 0);
    pulls.at("p/a", (_, _) -> pulls.answer(201, new Reply.Whole(), nothing));
  }

  @AfterEach
  void contents() {
    await().untilAsserted(() -> assertEquals(0, listener.contentHeld(), "held content"));
  }

  private String asked(int index) {
    PullRequest request = pulls.asked.get(index);
    ByteBuffer content = request.content().duplicate();
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return request.method() + ' ' + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void content_ofALength_isHandedOverWhenItIsWhole() throws IOException {
    try (RawClient client = connect()) {
      client.say(POST + "Content-Length: 5\r\n\r\nhe");
      client.say("llo" + "PUT /p/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      assertEquals(201, client.answer().status());
      assertEquals(201, client.answer().status());
      client.get("/t/small.mp4");
      assertEquals(200, client.answer().status());
    }
    assertEquals("POST hello", asked(0));
    assertEquals("PUT ", asked(1));
  }

  @Test
  void content_inChunks_isHandedOverWithoutThem() throws IOException {
    try (RawClient client = connect()) {
      client.say(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n");
      assertEquals(201, client.answer().status());
      client.say(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n");
      assertEquals(400, client.answer().status());
      assertTrue(client.isEnded());
    }
    assertEquals("POST abcde", asked(0));
    assertEquals(1, pulls.asked.size());
  }

  @Test
  void content_thatWaitsToBeAskedFor_isAskedFor() throws IOException {
    try (RawClient client = connect()) {
      client.say(POST + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertEquals(100, client.head().status());
      client.say("ok");
      assertEquals(201, client.answer().status());
      client.say(POST + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\nok");
      assertEquals(201, client.answer().status(), "what is here is not asked for");
    }
    assertEquals("POST ok", asked(1));
  }

  @Test
  void content_tooLong_isRefusedBeforeItComes() throws IOException {
    open("maxContent: 10B");
    try (RawClient client = connect()) {
      client.say(POST + "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n");
      Answer answer = client.answer();
      assertEquals(413, answer.status());
      assertTrue(client.isEnded());
    }
    try (RawClient client = connect()) {
      client.say(POST + "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
      assertEquals(413, client.answer().status());
    }
    assertEquals(0, pulls.asked.size());
  }

  @Test
  void contents_beyondTheRoomOfAll_areToldToComeLater() throws IOException {
    open("maxContentHeld: 4096B");
    try (RawClient one = connect();
        RawClient two = connect()) {
      one.say(POST + "Content-Length: 4000\r\n\r\n" + "a".repeat(1000));
      await().until(() -> listener.contentHeld() > 0);
      two.say(POST + "Content-Length: 4000\r\n\r\n" + "a".repeat(1000));
      Answer answer = two.answer();
      assertEquals(503, answer.status());
      assertEquals("5", answer.field("retry-after"));
      one.say("a".repeat(3000));
      assertEquals(201, one.answer().status());
    }
  }

  @Test
  void content_thatDoesNotCome_isNotWaitedForLong() throws IOException {
    open("contentTimeout: 50ms");
    try (RawClient client = connect()) {
      client.say(POST + "Content-Length: 5\r\n\r\nhe");
      assertEquals(408, client.answer().status());
      assertTrue(client.isEnded());
    }
    assertEquals(0, pulls.asked.size());
  }

  @Test
  void content_brokenOff_isNobodys() throws IOException {
    try (RawClient client = connect()) {
      client.say(POST + "Content-Length: 5\r\n\r\nhe");
      await().until(() -> listener.contentHeld() > 0);
    }
    await().until(() -> listener.connections() == 0);
    assertEquals(0, pulls.asked.size());
  }

  @Test
  void http2_content_isHandedOverWhenItIsWhole() throws IOException {
    try (Http2Client client = h2c()) {
      int stream = client.request(Http2Client.head("POST", "/p/a"), false);
      client.frame(Http2Client.DATA, 0, stream, "hel".getBytes(StandardCharsets.US_ASCII));
      client.frame(
          Http2Client.DATA,
          Http2Client.END_STREAM,
          stream,
          "lo".getBytes(StandardCharsets.US_ASCII));
      assertEquals(201, client.answer(stream).status());
      int broken = client.request(Http2Client.head("POST", "/p/a"), false);
      client.frame(Http2Client.DATA, 0, broken, new byte[100]);
      await().until(() -> listener.contentHeld() > 0);
      client.frame(Http2Client.RST_STREAM, 0, broken, new byte[] {0, 0, 0, 8});
      await().until(() -> listener.contentHeld() == 0);
      int empty = client.request(Http2Client.head("POST", "/p/a"), true);
      assertEquals(201, client.answer(empty).status());
    }
    assertEquals("POST hello", asked(0));
    assertEquals("POST ", asked(1));
    assertEquals(2, pulls.asked.size());
  }

  @Test
  void http2_contentTooLong_isRefusedAndTheStreamReset() throws IOException {
    open("maxContent: 10B");
    try (Http2Client client = h2c()) {
      int told = client.request(Http2Client.head("POST", "/p/a", "content-length", "11"), false);
      assertEquals(413, client.answer(told).status());
      int untold = client.request(Http2Client.head("POST", "/p/a"), false);
      client.frame(Http2Client.DATA, 0, untold, new byte[11]);
      assertEquals(413, client.answer(untold).status());
      int read = client.request(Http2Client.head("GET", "/p/a"), false);
      assertEquals(413, client.answer(read).status());
    }
    assertEquals(0, pulls.asked.size());
  }
}
