package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;

/** The peer is slow; the origin stands by. */
class HedgeTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String LATE = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate";
  private static final String ERROR = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
  private final Semaphore go = new Semaphore(0);

  private ScriptedOrigin slow(String answer) throws Exception {
    return origin(
        peer -> {
          while (peer.request() != null) {
            assertTrue(go.tryAcquire(20, TimeUnit.SECONDS));
            peer.say(answer);
          }
        });
  }

  private UpstreamStatus peer() {
    return upstreams.status().getFirst();
  }

  private UpstreamStatus origin() {
    return upstreams.status().getLast();
  }

  @Test
  void hedge_answeredFirst_wins() throws Exception {
    open(group("peers", slow(LATE)), origins(answering(OK)), "hedgeAfter: 20ms");
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals("hello", outcome.body(), outcome.toString());
    assertEquals(1, origin().hedges());
    assertEquals(1, origin().hedgesWon());
    assertEquals(0, peer().inFlight());
    // The loser shows nothing of its upstream's health, and its connection is not used again.
    assertEquals(Map.of(), peer().failures());
    await().until(() -> peer().connections() == 0);
    go.release();
  }

  @Test
  void first_answeringInTime_isNotHedged() throws Exception {
    ScriptedOrigin origin = answering(OK);
    open(group("peers", answering(LATE)), origins(origin), "hedgeAfter: 10s");
    assertEquals("late", ask(get("/")).body());
    assertEquals(0, origin.requests.size());
  }

  @Test
  void first_answeringBeforeTheHedge_wins() throws Exception {
    ScriptedOrigin never = origin(ScriptedOrigin.Peer::awaitEnd);
    open(group("peers", slow(LATE)), origins(never), "hedgeAfter: 10ms");
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    await().until(() -> never.connections.get() == 1);
    go.release();
    assertEquals("late", receiver.await().body());
    assertEquals(1, origin().hedges());
    assertEquals(0, origin().hedgesWon());
    await().until(() -> never.ended.get() == 1);
  }

  @Test
  void question_askedOnce_isNotHedged() throws Exception {
    ScriptedOrigin origin = answering(OK);
    ScriptedOrigin peer = slow(LATE);
    open(group("peers", peer), origins(origin), "hedgeAfter: 1ms", "firstByte: 100ms");
    Question post = new Question("POST", "/", FieldSection.EMPTY, 0, false, Question.Content.NONE);
    assertEquals(UpstreamFailure.FIRST_BYTE_TIMEOUT, ask(post).failure());
    assertEquals(0, origin.requests.size());
    go.release();
  }

  @Test
  void budget_none_forbidsHedges() throws Exception {
    ScriptedOrigin origin = answering(OK);
    open(
        group("peers", slow(LATE)),
        origins(origin),
        "hedgeAfter: 1ms",
        "firstByte: 100ms",
        "retry: {share: 0, perSecond: 0}");
    assertEquals(UpstreamFailure.FIRST_BYTE_TIMEOUT, ask(get("/")).failure());
    assertEquals(0, origin.requests.size());
    go.release();
  }

  @Test
  void hedge_ofErrorStatus_givesWayToTheFirst() throws Exception {
    ScriptedOrigin origin = answering(ERROR);
    open(group("peers", slow(LATE)), origins(origin), "hedgeAfter: 1ms");
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    await().until(() -> origin().failures().containsKey(UpstreamFailure.ERROR_STATUS));
    assertFalse(receiver.outcome.isDone());
    go.release();
    assertEquals("late", receiver.await().body());
    await().until(() -> origin().connections() == 0);
  }

  @Test
  void both_ofErrorStatus_oneIsHandedOver() throws Exception {
    open(group("peers", slow(ERROR)), origins(answering(ERROR)), "hedgeAfter: 1ms");
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    await().until(() -> origin().failures().containsKey(UpstreamFailure.ERROR_STATUS));
    go.release();
    TestReceiver.Outcome outcome = receiver.await();
    assertEquals(500, outcome.head().status());
    assertTrue(outcome.isWhole());
    assertEquals(0, peer().inFlight() + origin().inFlight());
  }

  @Test
  void first_failingWhileTheHedgeRuns_doesNotMatter() throws Exception {
    Semaphore answer = new Semaphore(0);
    ScriptedOrigin peer =
        origin(
            it -> {
              it.request();
              assertTrue(go.tryAcquire(20, TimeUnit.SECONDS));
            });
    ScriptedOrigin origin =
        origin(
            it -> {
              it.request();
              assertTrue(answer.tryAcquire(20, TimeUnit.SECONDS));
              it.say(OK);
              it.awaitEnd();
            });
    open(group("peers", peer), origins(origin), "hedgeAfter: 1ms");
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    await().until(() -> origin.requests.size() == 1);
    go.release();
    await().until(() -> peer().failures().containsKey(UpstreamFailure.CLOSED));
    answer.release();
    assertEquals("hello", receiver.await().body());
  }

  @Test
  void both_failing_fail() throws Exception {
    ScriptedOrigin never = origin(ScriptedOrigin.Peer::awaitEnd);
    ScriptedOrigin neither = origin(ScriptedOrigin.Peer::awaitEnd);
    open(group("peers", never), origins(neither), "hedgeAfter: 1ms", "firstByte: 50ms");
    assertEquals(UpstreamFailure.FIRST_BYTE_TIMEOUT, ask(get("/")).failure());
    assertEquals(1, peer().requests());
    assertEquals(1, origin().requests());
  }

  @Test
  void call_cancelledWithTwoRunning_endsBoth() throws Exception {
    ScriptedOrigin never = origin(ScriptedOrigin.Peer::awaitEnd);
    ScriptedOrigin neither = origin(ScriptedOrigin.Peer::awaitEnd);
    open(group("peers", never), origins(neither), "hedgeAfter: 1ms");
    var loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Call call = upstreams.send(loop, get("/"), receiver);
    await().until(() -> neither.connections.get() == 1);
    loop.execute(call::cancel);
    await().until(() -> never.ended.get() == 1 && neither.ended.get() == 1);
    assertFalse(receiver.outcome.isDone());
    await().until(() -> peer().connections() + origin().connections() == 0);
  }
}
