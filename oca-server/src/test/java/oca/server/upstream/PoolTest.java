package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;

/** How many connections there are, who gets them, and what becomes of those nobody needs. */
class PoolTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  @Test
  void connection_unused_isClosedAfterItsTime() throws Exception {
    open(origins(answering(OK)), "pool: {idleTimeout: 50ms}");
    assertEquals("hello", ask(get("/")).body());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void connection_beyondMaxIdle_isClosed() throws Exception {
    open(origins(answering(OK)), "pool: {maxIdle: 0}");
    assertEquals("hello", ask(get("/")).body());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void connection_thatTheOriginCloses_isNotKept() throws Exception {
    ScriptedOrigin origin =
        answering("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 5\r\n\r\nhello");
    open(origins(origin));
    assertEquals("hello", ask(get("/")).body());
    await().until(() -> only().connections() == 0);
    assertEquals("hello", ask(get("/")).body());
    assertEquals(2, origin.connections.get());
  }

  @Test
  void questions_many_shareTheConnections() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ScriptedOrigin origin =
        origin(
            peer -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              try {
                while (peer.request() != null) {
                  peer.say(OK);
                }
              } finally {
                now.decrementAndGet();
              }
            });
    open(origins(origin), "pool: {maxConnections: 3}", "deadline: 20s");
    List<TestReceiver> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      TestReceiver receiver = new TestReceiver();
      all.add(receiver);
      var _ = upstreams.send(loops.next(), get("/" + i), receiver);
    }
    for (TestReceiver receiver : all) {
      TestReceiver.Outcome outcome = receiver.await();
      assertTrue(outcome.isWhole(), outcome.toString());
    }
    assertEquals(300, origin.requests.size());
    assertTrue(only().connections() <= 3, only().toString());
    // One that was closed here may not have been noticed there yet.
    assertTrue(origin.connections.get() < 150, origin.connections + " connections were made");
    assertEquals(0, only().waiting());
    assertEquals(0, only().inFlight());
  }

  @Test
  void questions_beyondThoseThatMayWait_failAtOnce() throws Exception {
    Semaphore go = new Semaphore(0);
    ScriptedOrigin origin = slow(go);
    open(origins(origin), "pool: {maxConnections: 1, maxWaiting: 1}", "deadline: 20s");
    EventLoop loop = loops.next();
    TestReceiver first = new TestReceiver();
    var _ = upstreams.send(loop, get("/1"), first);
    await().until(() -> origin.requests.size() == 1);
    TestReceiver second = new TestReceiver();
    var _ = upstreams.send(loop, get("/2"), second);
    await().until(() -> only().waiting() == 1);
    TestReceiver.Outcome third = ask(loop, get("/3"));
    assertEquals(UpstreamFailure.BUSY, third.failure());
    assertEquals(503, third.failure().status());
    assertFalse(second.outcome.isDone());
    go.release(2);
    assertTrue(first.await().isWhole());
    assertTrue(second.await().isWhole());
    assertEquals(1, origin.connections.get());
  }

  private ScriptedOrigin slow(Semaphore go) throws Exception {
    return origin(
        peer -> {
          while (peer.request() != null) {
            assertTrue(go.tryAcquire(20, TimeUnit.SECONDS));
            peer.say(OK);
          }
        });
  }

  @Test
  void question_thatWaitsTooLong_fails() throws Exception {
    Semaphore go = new Semaphore(0);
    open(origins(slow(go)), "pool: {maxConnections: 1}", "deadline: 100ms");
    TestReceiver first = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/1"), first);
    await().until(() -> only().inFlight() == 1);
    assertEquals(UpstreamFailure.BUSY, ask(get("/2")).failure());
    assertEquals(0, only().waiting());
    go.release(9);
    assertTrue(first.await().isWhole());
    assertTrue(only().healthy(), "what is our own limit speaks against nobody");
  }

  @Test
  void question_cancelledWhileItWaits_leavesNoTrace() throws Exception {
    Semaphore go = new Semaphore(0);
    open(origins(slow(go)), "pool: {maxConnections: 1}");
    EventLoop loop = loops.next();
    TestReceiver first = new TestReceiver();
    var _ = upstreams.send(loop, get("/1"), first);
    await().until(() -> only().inFlight() == 1);
    TestReceiver second = new TestReceiver();
    Call call = upstreams.send(loop, get("/2"), second);
    await().until(() -> only().waiting() == 1);
    loop.execute(call::cancel);
    await().until(() -> only().waiting() == 0 && only().inFlight() == 1);
    go.release(9);
    assertTrue(first.await().isWhole());
    assertTrue(ask(get("/3")).isWhole());
    assertFalse(second.outcome.isDone());
  }

  @Test
  void connection_idleOnOneLoop_makesWayForAnother() throws Exception {
    ScriptedOrigin origin = answering(OK);
    open(origins(origin), "pool: {maxConnections: 1}");
    EventLoop one = loops.next();
    EventLoop other = loops.next();
    while (other.equals(one)) {
      // Other tests take of them too.
      other = loops.next();
    }
    for (int i = 0; i < 10; i++) {
      assertEquals("hello", ask(one, get("/")).body());
      assertEquals("hello", ask(other, get("/")).body());
    }
    assertEquals(20, origin.connections.get());
    await().until(() -> only().connections() == 1);
  }

  @Test
  void connection_keptAndDead_isReplacedOnce() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say(OK);
              if (peer.number == 1) {
                peer.request();
              } else {
                peer.awaitEnd();
              }
            });
    open(origins(origin), "retry: {share: 0, perSecond: 0}");
    EventLoop loop = loops.next();
    assertEquals("hello", ask(loop, get("/1")).body());
    TestReceiver.Outcome outcome = ask(loop, get("/2"));
    assertEquals("hello", outcome.body(), outcome.toString());
    assertEquals(2, origin.connections.get());
    assertEquals(1, only().retries());
    assertEquals(3, origin.requests.size());
  }

  @Test
  void connection_keptAndDead_isReplacedNoSecondTime() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              if (peer.number == 1) {
                peer.say(OK);
                peer.request();
              }
            });
    open(origins(origin));
    EventLoop loop = loops.next();
    assertEquals("hello", ask(loop, get("/1")).body());
    assertEquals(UpstreamFailure.CLOSED, ask(loop, get("/2")).failure());
    assertEquals(2, origin.connections.get());
    assertEquals(3, origin.requests.size());
  }

  @Test
  void connection_keptAndDead_isNotReplacedForWhatIsAskedOnce() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say(OK);
              peer.request();
            });
    open(origins(origin));
    EventLoop loop = loops.next();
    assertEquals("hello", ask(loop, get("/1")).body());
    Question post = new Question("POST", "/2", FieldSection.EMPTY, 0, false, Question.Content.NONE);
    assertEquals(UpstreamFailure.CLOSED, ask(loop, post).failure());
    assertEquals(1, origin.connections.get());
  }

  @Test
  void close_withQuestionsUnderWay_failsThem() throws Exception {
    Semaphore go = new Semaphore(0);
    open(origins(slow(go)), "pool: {maxConnections: 1}");
    TestReceiver first = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/1"), first);
    await().until(() -> only().inFlight() == 1 && only().connections() == 1);
    upstreams.close();
    assertFalse(first.await().isWhole());
    TestReceiver.Outcome later = ask(get("/2"));
    assertEquals(UpstreamFailure.NO_UPSTREAM, later.failure());
    assertTrue(later.retryAfter().compareTo(Duration.ZERO) > 0);
    go.release(9);
  }
}
