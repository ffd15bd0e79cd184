package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import oca.model.RendezvousScore;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which upstream is asked, and which next. */
class RetryTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String ERROR = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\noops";

  /** A question that goes to the first before the second. */
  private static Question first(ScriptedOrigin first, ScriptedOrigin second) {
    return firstOf(first.url(), second.url(), true);
  }

  private static Question firstOf(String first, String second, boolean idempotent) {
    for (long affinity = 0; ; affinity++) {
      if (RendezvousScore.of(affinity, RendezvousScore.hash(first), 1)
          > RendezvousScore.of(affinity, RendezvousScore.hash(second), 1)) {
        return new Question(
            "GET", "/", FieldSection.EMPTY, affinity, idempotent, Question.Content.NONE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void upstream_refusing_isFollowedByTheNext(boolean idempotent) throws Exception {
    String dead = "http://127.0.0.1:" + ScriptedOrigin.deadPort();
    ScriptedOrigin good = answering(OK);
    open(
        "origins: [{url: \"%s\"}, {url: \"%s\"}]".formatted(dead, good.url()),
        "retry: {share: 0, perSecond: 0}");
    for (int i = 0; i < 3; i++) {
      TestReceiver.Outcome outcome = ask(firstOf(dead, good.url(), idempotent));
      assertEquals("hello", outcome.body(), outcome.toString());
      assertEquals(good.url(), outcome.head().upstream());
    }
    assertEquals(Map.of(UpstreamFailure.CONNECT, 3L), upstreams.status().getFirst().failures());
  }

  @Test
  void upstreams_allRefusing_failAtOnce() throws Exception {
    int one = ScriptedOrigin.deadPort();
    int other = ScriptedOrigin.deadPort();
    open(
        "origins: [{url: \"http://127.0.0.1:%d\"}, {url: \"http://127.0.0.1:%d\"}]"
            .formatted(one, other),
        "connect: 60s",
        "deadline: 60s");
    long begin = System.nanoTime();
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals(UpstreamFailure.CONNECT, outcome.failure());
    assertEquals(502, outcome.failure().status());
    assertTrue(System.nanoTime() - begin < Duration.ofSeconds(15).toNanos());
    upstreams.status().forEach(it -> assertEquals(1, it.requests()));
  }

  @Test
  void errorStatus_withAnotherUpstream_isNotHandedOver() throws Exception {
    ScriptedOrigin bad = answering(ERROR);
    ScriptedOrigin good = answering(OK);
    open(origins(bad, good));
    TestReceiver.Outcome outcome = ask(first(bad, good));
    assertEquals("hello", outcome.body(), outcome.toString());
    assertEquals(Map.of(UpstreamFailure.ERROR_STATUS, 1L), status(bad).failures());
    assertEquals(1, status(good).retries());
    await().until(() -> status(bad).connections() == 0);
    assertEquals(0, status(bad).inFlight());
  }

  private UpstreamStatus status(ScriptedOrigin origin) {
    return upstreams.status().stream()
        .filter(it -> it.url().equals(origin.url()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void errorStatus_ofTheOnlyUpstream_isHandedOver() throws Exception {
    open(origins(answering(ERROR)));
    TestReceiver.Outcome outcome = ask(get("/"));
    assertTrue(outcome.isWhole());
    assertEquals(503, outcome.head().status());
    assertEquals("oops", outcome.body());
  }

  @Test
  void errorStatus_ofBoth_isHandedOver() throws Exception {
    ScriptedOrigin one = answering(ERROR);
    ScriptedOrigin other = answering("HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nother");
    open(origins(one, other));
    TestReceiver.Outcome outcome = ask(first(one, other));
    assertEquals(500, outcome.head().status());
    assertEquals("other", outcome.body());
  }

  @Test
  void errorStatus_andThenNoAnswer_isHandedOver() throws Exception {
    ScriptedOrigin one = answering(ERROR);
    ScriptedOrigin other = origin(peer -> peer.request());
    open(origins(one, other));
    TestReceiver.Outcome outcome = ask(first(one, other));
    assertTrue(outcome.isWhole(), outcome.toString());
    assertEquals(503, outcome.head().status());
    assertEquals("oops", outcome.body());
  }

  @Test
  void errorStatus_ofWhatIsAskedOnce_isHandedOver() throws Exception {
    ScriptedOrigin bad = answering(ERROR);
    ScriptedOrigin good = answering(OK);
    open(origins(bad, good));
    assertEquals(503, ask(firstOf(bad.url(), good.url(), false)).head().status());
    assertEquals(0, good.requests.size());
  }

  @Test
  void errorStatus_notListed_isHandedOver() throws Exception {
    ScriptedOrigin bad = answering(ERROR);
    ScriptedOrigin good = answering(OK);
    open(origins(bad, good), "retry: {statuses: [500]}");
    assertEquals(503, ask(first(bad, good)).head().status());
    assertEquals(Map.of(), status(bad).failures());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"})
  void answer_malformed_isFollowedByTheNext(String answer) throws Exception {
    ScriptedOrigin bad =
        origin(
            peer -> {
              peer.request();
              peer.say(answer);
            });
    ScriptedOrigin good = answering(OK);
    open(origins(bad, good));
    assertEquals("hello", ask(first(bad, good)).body());
  }

  @Test
  void answer_truncated_isNotAskedForAgain() throws Exception {
    ScriptedOrigin bad =
        origin(
            peer -> {
              peer.request();
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
            });
    ScriptedOrigin good = answering(OK);
    open(origins(bad, good));
    TestReceiver.Outcome outcome = ask(first(bad, good));
    assertEquals(UpstreamFailure.TRUNCATED, outcome.failure());
    assertEquals("hel", outcome.body());
    assertEquals(0, good.requests.size());
  }

  @Test
  void answer_late_isFollowedByTheNext() throws Exception {
    ScriptedOrigin late =
        origin(
            peer -> {
              peer.request();
              peer.awaitEnd();
            });
    ScriptedOrigin good = answering(OK);
    open(origins(late, good), "firstByte: 2s");
    assertEquals("hello", ask(first(late, good)).body());
    assertEquals(Map.of(UpstreamFailure.FIRST_BYTE_TIMEOUT, 1L), status(late).failures());
    await().until(() -> late.ended.get() == 1);
  }

  @Test
  void attempts_asManyAsAllowed_areMade() throws Exception {
    ScriptedOrigin one = answering(ERROR);
    ScriptedOrigin two = answering(ERROR);
    ScriptedOrigin three = answering(ERROR);
    open(origins(one, two, three));
    assertEquals(503, ask(get("/")).head().status());
    assertEquals(2, one.requests.size() + two.requests.size() + three.requests.size());
  }

  @Test
  void attempts_one_areNotRepeated() throws Exception {
    ScriptedOrigin bad = answering(ERROR);
    ScriptedOrigin good = answering(OK);
    open(origins(bad, good), "retry: {maxAttempts: 1}");
    assertEquals(503, ask(first(bad, good)).head().status());
  }

  @Test
  void budget_spent_letsFailuresThrough() throws Exception {
    ScriptedOrigin bad = answering(ERROR);
    ScriptedOrigin good = answering(OK);
    open(
        origins(bad, good),
        "retry: {share: 20, perSecond: 3}",
        "breaker: {window: 1000, least: 1000}");
    int saved = 0;
    for (int i = 0; i < 30; i++) {
      saved += ask(first(bad, good)).head().status() == 200 ? 1 : 0;
    }
    // Three in any case, and a fifth of what was asked: six of thirty, no more.
    assertEquals(6, saved);
    clock.pass(Duration.ofSeconds(60));
    assertEquals(200, ask(first(bad, good)).head().status());
  }

  @Test
  void affinity_same_goesToTheSameUpstream() throws Exception {
    ScriptedOrigin one = answering(OK);
    ScriptedOrigin two = answering(OK);
    ScriptedOrigin three = answering(OK);
    open(origins(one, two, three));
    Set<String> all = new HashSet<>();
    for (long affinity = 0; affinity < 30; affinity++) {
      Question question = Question.get("/", FieldSection.EMPTY, affinity);
      String upstream = ask(question).head().upstream();
      assertEquals(upstream, ask(question).head().upstream());
      all.add(upstream);
    }
    assertEquals(3, all.size());
  }

  @Test
  void peers_whileHealthy_areAskedFirst() throws Exception {
    ScriptedOrigin peer = answering(OK);
    ScriptedOrigin origin = answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\norigin");
    open(group("peers", peer), origins(origin));
    for (long affinity = 0; affinity < 10; affinity++) {
      assertEquals("hello", ask(Question.get("/", FieldSection.EMPTY, affinity)).body());
    }
    peer.close();
    await().until(() -> peer.ended.get() == peer.connections.get());
    for (long affinity = 0; affinity < 10; affinity++) {
      assertEquals("origin", ask(Question.get("/", FieldSection.EMPTY, affinity)).body());
    }
    assertTrue(upstreams.status().getFirst().peer());
  }

  @Test
  void host_configured_isSent() throws Exception {
    ScriptedOrigin origin = answering(OK);
    open("origins: [{url: \"" + origin.url() + "\", host: video.example}]");
    assertEquals("hello", ask(get("/")).body());
    assertTrue(origin.requests.element().contains("\r\nHost: video.example\r\n"));
  }
}
