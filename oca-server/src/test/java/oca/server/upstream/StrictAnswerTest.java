package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no proper answer is refused, each for its reason, from raw sockets. */
class StrictAnswerTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK|";

  /** {@code |} stands for CR LF, {@code ^} for CR, {@code $} for LF, {@code %} for NUL. */
  private static String bytes(String script) {
    return script
        .replace("|", "\r\n")
        .replace('^', '\r')
        .replace('$', '\n')
        .replace('%', '\0')
        .replace("TAB", "\t");
  }

  private TestReceiver.Outcome answered(String script) throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say(bytes(script));
            });
    open(origins(origin), "maxHeadBytes: 1KiB", "maxFields: 10", "maxInterim: 3");
    return ask(get("/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        // Two lengths, two framings, framings that are none (RFC 9112, section 6.3).
        "BAD_LENGTH ~ Content-Length: 5|Content-Length: 6||hello",
        "BAD_LENGTH ~ Content-Length: 5|content-length: 5||hello",
        "BAD_LENGTH ~ Content-Length: 5, 5||hello",
        "BAD_LENGTH ~ Content-Length: +5||hello",
        "BAD_LENGTH ~ Content-Length: -1||hello",
        "BAD_LENGTH ~ Content-Length: 0x5||hello",
        "BAD_LENGTH ~ Content-Length: 5.0||hello",
        "BAD_LENGTH ~ Content-Length:||hello",
        "BAD_LENGTH ~ Content-Length: 9999999999999999999||hello",
        "BAD_CODING ~ Content-Length: 5|Transfer-Encoding: chunked||5|hello|0||",
        "BAD_CODING ~ Transfer-Encoding: gzip, chunked||5|hello|0||",
        "BAD_CODING ~ Transfer-Encoding: chunked, chunked||5|hello|0||",
        "BAD_CODING ~ Transfer-Encoding: chunked|Transfer-Encoding: chunked||5|hello|0||",
        "BAD_CODING ~ Transfer-Encoding: identity||hello",
        "BAD_CODING ~ Transfer-Encoding: xchunked||5|hello|0||",
        "BAD_CODING ~ Transfer-Encoding: chunked;q=1||5|hello|0||",
        "BAD_CODING ~ Transfer-Encoding:||hello",
        // Lines (sections 2.2 and 5).
        "BAD_FIELD ~ X-A: b$Content-Length: 5||hello",
        "BAD_FIELD ~ X-A: b^Content-Length: 5||hello",
        "BAD_FIELD ~ X-A: b^||hello",
        "BAD_FIELD ~ X-A: b%c||hello",
        "BAD_FIELD ~ X-A: b\u0001c||hello",
        "BAD_FIELD ~ X-A: b\u007fc||hello",
        "BAD_FIELD ~ X-A: b| c||hello",
        "BAD_FIELD ~ X-A: b|TABc||hello",
        "BAD_FIELD ~ ` X-A: b||hello`",
        "BAD_FIELD ~ Content-Length : 5||hello",
        "BAD_FIELD ~ Content-LengthTAB: 5||hello",
        "BAD_FIELD ~ Content Length: 5||hello",
        "BAD_FIELD ~ X(A): 5||hello",
        "BAD_FIELD ~ X\u00e4: 5||hello",
        "BAD_FIELD ~ : 5||hello",
        "BAD_FIELD ~ no colon||hello",
        "BAD_FIELD ~ X-A: b|$Content-Length: 5||hello",
      })
  void head_malformed_isRefused(UpstreamFailure failure, String rest) throws Exception {
    refused(failure, OK + rest);
  }

  private void refused(UpstreamFailure failure, String script) throws Exception {
    TestReceiver.Outcome outcome = answered(script);
    assertEquals(failure, outcome.failure(), outcome.toString());
    assertNull(outcome.head());
    assertEquals(Map.of(failure, 1L), only().failures());
    await().until(() -> only().connections() == 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "BAD_STATUS_LINE ~ hello",
        "BAD_STATUS_LINE ~ |HTTP/1.1 200 OK||",
        "BAD_STATUS_LINE ~ ` HTTP/1.1 200 OK||`",
        "BAD_STATUS_LINE ~ http/1.1 200 OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1  200 OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1TAB200 OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1 20 OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1 2000 OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1 200OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1 2x0 OK||",
        "BAD_STATUS_LINE ~ HTTP/1.1 200 O^K||",
        "BAD_STATUS_LINE ~ HTTP/1.1 200 O%K||",
        "BAD_STATUS_LINE ~ HTTP/11 200 OK||",
        "BAD_STATUS_LINE ~ ICY 200 OK||",
        "BAD_FIELD ~ HTTP/1.1 200 OK$$hello",
        "BAD_VERSION ~ HTTP/2.0 200 OK||",
        "BAD_VERSION ~ HTTP/0.9 200 OK||",
        "BAD_VERSION ~ HTTP/1.2 200 OK||",
        "BAD_STATUS ~ HTTP/1.1 600 Huh||",
        "BAD_STATUS ~ HTTP/1.1 099 Huh||",
        "BAD_STATUS ~ HTTP/1.1 000 Huh||",
        "BAD_STATUS ~ HTTP/1.1 101 Switching Protocols|Upgrade: h2c|Connection: upgrade||",
        "BAD_CODING ~ HTTP/1.0 200 OK|Transfer-Encoding: chunked||5|hello|0||",
        "CLOSED ~ HTTP/1.1 200 OK|X-A: b|",
        "CLOSED ~ ``",
        "TOO_MANY_INTERIM ~ HTTP/1.1 100 C||HTTP/1.1 102 P||HTTP/1.1 103 E||HTTP/1.1 100 C||",
      })
  void start_malformed_isRefused(UpstreamFailure failure, String script) throws Exception {
    if (script.equals("hello")) {
      refused(failure, script + "||");
    } else {
      refused(failure, script);
    }
  }

  @Test
  void head_tooLarge_isRefused() throws Exception {
    refused(UpstreamFailure.HEAD_TOO_LARGE, OK + "X-A: " + "b".repeat(1100) + "||");
  }

  @Test
  void head_endless_isRefused() throws Exception {
    refused(UpstreamFailure.HEAD_TOO_LARGE, OK + "X: y|".repeat(300));
  }

  @Test
  void head_ofTooManyFields_isRefused() throws Exception {
    refused(UpstreamFailure.TOO_MANY_FIELDS, OK + "X: y|".repeat(11) + "|");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "BAD_CHUNK ~ x|hello|0||",
        "BAD_CHUNK ~ |hello|0||",
        "BAD_CHUNK ~ ;a|hello|0||",
        "BAD_CHUNK ~ -5|hello|0||",
        "BAD_CHUNK ~ 0x5|hello|0||",
        "BAD_CHUNK ~ ` 5|hello|0||`",
        "BAD_CHUNK ~ 5 |hello|0||",
        "BAD_CHUNK ~ 5 a|hello|0||",
        "BAD_CHUNK ~ 5$hello|0||",
        "BAD_CHUNK ~ 5;a^b|hello|0||",
        "BAD_CHUNK ~ 5;a%b|hello|0||",
        "BAD_CHUNK ~ 5;a$b|hello|0||",
        "BAD_CHUNK ~ 5|helloo|0||",
        "BAD_CHUNK ~ 5|hello$0||",
        "BAD_CHUNK ~ 5|hello^^0||",
        "BAD_CHUNK ~ 5|hello0||",
        "BAD_CHUNK ~ fffffffffffffffff|hello|0||",
        "BAD_CHUNK ~ 00000000000000005|hello|0||",
        "BAD_TRAILER ~ 5|hello|0|no colon||",
        "BAD_TRAILER ~ 5|hello|0|X : y||",
        "BAD_TRAILER ~ 5|hello|0|X: y$|",
        "BAD_TRAILER ~ 5|hello|0|$",
        "BAD_TRAILER ~ 5|hello|0| X: y||",
        "TRUNCATED ~ ``",
        "TRUNCATED ~ 5",
        "TRUNCATED ~ 5|hel",
        "TRUNCATED ~ 5|hello",
        "TRUNCATED ~ 5|hello|",
        "TRUNCATED ~ 5|hello|0",
        "TRUNCATED ~ 5|hello|0|",
        "TRUNCATED ~ 5|hello|0|X: y|",
      })
  void chunks_malformed_areRefused(UpstreamFailure failure, String script) throws Exception {
    TestReceiver.Outcome outcome = answered(OK + "Transfer-Encoding: chunked||" + script);
    assertEquals(failure, outcome.failure(), outcome.toString());
    assertTrue("hello".startsWith(outcome.body()), outcome.body());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void chunkExtension_tooLong_isRefused() throws Exception {
    TestReceiver.Outcome outcome =
        answered(OK + "Transfer-Encoding: chunked||5;" + "a".repeat(300) + "|hello|0||");
    assertEquals(UpstreamFailure.BAD_CHUNK, outcome.failure());
  }

  @Test
  void trailer_tooLarge_isRefused() throws Exception {
    TestReceiver.Outcome outcome =
        answered(OK + "Transfer-Encoding: chunked||0|X: " + "y".repeat(1100) + "||");
    assertEquals(UpstreamFailure.BAD_TRAILER, outcome.failure());
  }

  @Test
  void trailer_ofTooManyFields_isRefused() throws Exception {
    TestReceiver.Outcome outcome =
        answered(OK + "Transfer-Encoding: chunked||0|" + "X: y|".repeat(11) + "|");
    assertEquals(UpstreamFailure.TOO_MANY_FIELDS, outcome.failure());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "hell"})
  void length_notReached_isTruncated(String body) throws Exception {
    TestReceiver.Outcome outcome = answered(OK + "Content-Length: 5||" + body);
    assertEquals(UpstreamFailure.TRUNCATED, outcome.failure());
    assertEquals(body, outcome.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "HTTP/1.1 204 No Content||junk",
        "HTTP/1.1 304 Not Modified|Content-Length: 5||hello",
        "HTTP/1.1 200 OK|Content-Length: 0||x",
        "HTTP/1.1 200 OK|Content-Length: 5||hello|",
        "HTTP/1.1 200 OK|Content-Length: 5||helloHTTP/1.1 200 OK||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|0||0",
      })
  void bytes_behindTheAnswer_endTheConnection(String script) throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say(bytes(script));
              peer.awaitEnd();
            });
    open(origins(origin));
    TestReceiver.Outcome outcome = ask(get("/"));
    assertTrue(outcome.isWhole(), outcome.toString());
    assertTrue("hello".startsWith(outcome.body()), outcome.body());
    await().until(() -> only().connections() == 0);
    assertEquals(Map.of(UpstreamFailure.SURPLUS, 1L), only().failures());
  }

  @Test
  void bytes_onAKeptConnection_endItAndAnswerNothing() throws Exception {
    java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
    ScriptedOrigin origin =
        origin(
            peer -> {
              while (peer.request() != null) {
                peer.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
                if (peer.number == 1) {
                  go.await();
                  peer.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                }
              }
            });
    open(origins(origin));
    var loop = loops.next();
    assertEquals("good", ask(loop, get("/")).body());
    go.countDown();
    await().until(() -> only().connections() == 0);
    assertEquals(1L, only().failures().get(UpstreamFailure.SURPLUS));
    assertEquals("good", ask(loop, get("/")).body());
    assertEquals(2, origin.connections.get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "hello ~ HTTP/1.1 200|Content-Length: 5||hello",
        "hello ~ HTTP/1.1 200 |Content-Length: 5||hello",
        "hello ~ HTTP/1.1 200 Fine \u00fcber|Content-Length: 5||hello",
        "hello ~ HTTP/1.1 200 OK|Content-Length:TAB5TAB||hello",
        "hello ~ HTTP/1.1 200 OK|Content-Length: 00005||hello",
        "hello ~ HTTP/1.1 200 OK|Transfer-Encoding: CHUNKED||05;x|hello|0;last||",
        "hello ~ HTTP/1.1 200 OK|Transfer-Encoding: chunked||5 ; x=y|hello|0|A: b|||",
        "hello ~ HTTP/1.1 599 Odd|Content-Length: 5||hello",
        "hello ~ HTTP/1.1 200 OK|Empty:|Content-Length: 5||hello",
      })
  void answer_unusualButProper_isTaken(String body, String script) throws Exception {
    TestReceiver.Outcome outcome = answered(script);
    assertTrue(outcome.isWhole(), outcome.toString());
    assertEquals(body, outcome.body());
  }
}
