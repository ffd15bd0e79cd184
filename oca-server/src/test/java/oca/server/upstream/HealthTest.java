package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When an upstream is left out, and when it is back. */
class HealthTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String ERROR = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
  private final AtomicReference<String> answer = new AtomicReference<>(OK);

  private ScriptedOrigin changing() throws Exception {
    return origin(
        peer -> {
          while (peer.request() != null) {
            String now = answer.get();
            if (now.isEmpty()) {
              peer.awaitEnd();
              return;
            }
            peer.say(now);
          }
        });
  }

  @Test
  void breaker_afterFailures_opensAndProbes() throws Exception {
    ScriptedOrigin origin = changing();
    open(origins(origin), "breaker: {least: 4, window: 4, openFor: 5s, probes: 1}");
    answer.set(ERROR);
    for (int i = 0; i < 4; i++) {
      assertEquals(500, ask(get("/")).head().status());
    }
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals(UpstreamFailure.NO_UPSTREAM, outcome.failure());
    assertEquals(503, outcome.failure().status());
    assertEquals(Duration.ofSeconds(5), outcome.retryAfter());
    assertEquals(4, origin.requests.size());
    assertFalse(only().healthy());
    assertEquals("open", only().breaker());
    assertEquals("too many failures", only().whyNot());

    clock.pass(Duration.ofSeconds(6));
    assertEquals(500, ask(get("/")).head().status());
    assertEquals(UpstreamFailure.NO_UPSTREAM, ask(get("/")).failure());

    clock.pass(Duration.ofSeconds(6));
    answer.set(OK);
    assertEquals(200, ask(get("/")).head().status());
    assertTrue(only().healthy());
    assertEquals("closed", only().breaker());
    assertEquals(200, ask(get("/")).head().status());
  }

  @Test
  void breaker_ofOneUpstream_leavesTheOthers() throws Exception {
    ScriptedOrigin dead = origin(peer -> peer.reset());
    ScriptedOrigin good = answering(OK);
    open(group("peers", dead), origins(good), "breaker: {least: 3, window: 3}");
    for (int i = 0; i < 20; i++) {
      assertEquals("hello", ask(get("/")).body());
    }
    assertEquals(3, upstreams.status().getFirst().requests());
  }

  @Test
  void probe_cancelled_doesNotKeepTheNextOut() throws Exception {
    ScriptedOrigin origin = changing();
    open(origins(origin), "breaker: {least: 2, window: 2, probes: 1}");
    answer.set(ERROR);
    for (int i = 0; i < 2; i++) {
      assertEquals(500, ask(get("/")).head().status());
    }
    clock.pass(Duration.ofSeconds(10));
    answer.set("");
    EventLoop loop = loops.next();
    TestReceiver probe = new TestReceiver();
    Call call = upstreams.send(loop, get("/"), probe);
    await().until(() -> origin.requests.size() == 3);
    assertEquals(UpstreamFailure.NO_UPSTREAM, ask(get("/")).failure());
    loop.submit(call::cancel).sync();
    await().until(() -> only().inFlight() == 0);
    answer.set(OK);
    assertEquals(200, ask(get("/")).head().status());
  }

  @Test
  void probe_withALongBody_closesTheBreakerByItsHead() throws Exception {
    ScriptedOrigin origin = changing();
    open(origins(origin), "breaker: {least: 2, window: 2, probes: 1}");
    answer.set(ERROR);
    for (int i = 0; i < 2; i++) {
      assertEquals(500, ask(get("/")).head().status());
    }
    clock.pass(Duration.ofSeconds(10));
    answer.set("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    EventLoop loop = loops.next();
    TestReceiver probe = new TestReceiver();
    Call call = upstreams.send(loop, get("/"), probe);
    await().until(() -> probe.bytes.get() == 5);
    assertEquals("closed", only().breaker());
    answer.set(OK);
    assertEquals("hello", ask(get("/")).body());
    loop.execute(call::cancel);
  }

  @Test
  void bodies_truncated_openTheBreaker() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
            });
    open(origins(origin), "breaker: {least: 4, window: 10, share: 100}");
    for (int i = 0; i < 4; i++) {
      assertEquals(UpstreamFailure.TRUNCATED, ask(get("/")).failure());
    }
    assertEquals(UpstreamFailure.NO_UPSTREAM, ask(get("/")).failure());
  }

  @ParameterizedTest
  @CsvSource({
    "503, 7, 7",
    "429, 7, 7",
    "503, 999999999999, 60",
    "503, 0, 0",
    "503, -5, 0",
    "503, soon, 0",
    "503, '', 0",
    "503, 'Fri, 15 Jan 2027 08:00:12 GMT', 12",
    "503, 'Fri, 15 Jan 2027 07:59:12 GMT', 0",
    "500, 7, 0",
    "200, 7, 0",
  })
  void retryAfter_ofAnAnswer_isKept(int status, String value, int seconds) throws Exception {
    // The fixture's clock stands at 2027-01-15T08:00:00Z.
    ScriptedOrigin origin =
        answering(
            "HTTP/1.1 %d x\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n"
                .formatted(status, value));
    open(origins(origin));
    assertEquals(status, ask(get("/")).head().status());
    if (seconds > 0) {
      TestReceiver.Outcome outcome = ask(get("/"));
      assertEquals(UpstreamFailure.NO_UPSTREAM, outcome.failure());
      assertEquals(Duration.ofSeconds(seconds), outcome.retryAfter());
      assertTrue(only().whyNot().contains("Retry-After"), only().toString());
      clock.pass(Duration.ofSeconds(seconds));
    }
    assertEquals(status, ask(get("/")).head().status());
    assertEquals(2, origin.requests.size());
  }

  @Test
  void check_failing_leavesOutUntilItSucceeds() throws Exception {
    answer.set("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    ScriptedOrigin origin = changing();
    open(origins(origin), "check: {path: /up, every: 10ms, timeout: 2s, failures: 2}");
    await().until(() -> !only().healthy());
    assertTrue(origin.requests.element().startsWith("GET /up HTTP/1.1\r\n"));
    assertEquals("the check fails: status 404", only().whyNot());
    assertEquals(UpstreamFailure.NO_UPSTREAM, ask(get("/")).failure());
    answer.set(OK);
    await().until(() -> only().healthy());
    assertEquals("hello", ask(get("/")).body());
  }

  @Test
  void check_unanswered_leavesOut() throws Exception {
    answer.set("");
    ScriptedOrigin origin = changing();
    open(origins(origin), "check: {path: /up, every: 10ms, timeout: 30ms, failures: 1}");
    await().until(() -> !only().healthy());
    assertTrue(only().whyNot().contains("no answer within"), only().whyNot());
    answer.set(OK);
    await().until(() -> only().healthy());
    await().until(() -> origin.connections.get() - origin.ended.get() <= 1);
  }

  @Test
  void check_ofADeadUpstream_leavesOut() throws Exception {
    open(
        "origins: [{url: \"http://127.0.0.1:" + ScriptedOrigin.deadPort() + "\"}]",
        "check: {path: /up, every: 10ms, failures: 1}");
    await().until(() -> !only().healthy());
    assertTrue(only().whyNot().contains("connect"), only().whyNot());
  }
}
