package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Names are looked up beside the event loops, over and over, and all addresses are used. */
class NamesTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private final AtomicReference<List<InetAddress>> addresses = new AtomicReference<>(List.of());
  private final AtomicInteger lookups = new AtomicInteger();

  private List<InetAddress> known(String host) throws UnknownHostException {
    assertEquals("video.test", host);
    lookups.incrementAndGet();
    if (addresses.get().isEmpty()) {
      throw new UnknownHostException(host);
    }
    return addresses.get();
  }

  private void resolveTo(String... literals) {
    List<InetAddress> all = new ArrayList<>();
    for (String literal : literals) {
      all.add(InetAddress.ofLiteral(literal));
    }
    addresses.set(all);
    resolver = this::known;
  }

  private static String named(ScriptedOrigin origin) {
    return "origins: [{url: \"http://Video.test:" + origin.port() + "\"}]";
  }

  @Test
  void name_resolved_isAsked() throws Exception {
    resolveTo("127.0.0.1");
    ScriptedOrigin origin = answering(OK);
    open(named(origin));
    assertEquals("hello", ask(get("/")).body());
    assertTrue(
        origin.requests.element().contains("\r\nHost: video.test:" + origin.port() + "\r\n"));
    assertEquals(List.of("/127.0.0.1:" + origin.port()), only().addresses());
  }

  @Test
  void address_refusing_isFollowedByTheOthers() throws Exception {
    resolveTo("127.0.0.2", "127.0.0.1", "127.0.0.3");
    open(named(answering(OK)), "pool: {maxIdle: 0}");
    for (int i = 0; i < 9; i++) {
      assertEquals("hello", ask(get("/")).body());
    }
    assertEquals(Map.of(), only().failures());
    assertEquals(9, only().requests());
  }

  @Test
  void addresses_allRefusing_fail() throws Exception {
    resolveTo("127.0.0.2", "127.0.0.3");
    open(named(answering(OK)));
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals(UpstreamFailure.CONNECT, outcome.failure(), outcome.detail());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void name_unknown_failsAndIsLookedUpAgain() throws Exception {
    resolveTo();
    open(named(answering(OK)), "resolve: 10ms");
    assertEquals(UpstreamFailure.NO_ADDRESS, ask(get("/")).failure());
    resolveTo("127.0.0.1");
    await().until(() -> !only().addresses().isEmpty());
    assertEquals("hello", ask(get("/")).body());
    assertTrue(only().resolutionFailures() > 0);
  }

  @Test
  void name_lostLater_keepsItsAddresses() throws Exception {
    resolveTo("127.0.0.1");
    open(named(answering(OK)), "resolve: 10ms", "pool: {maxIdle: 0}");
    assertEquals("hello", ask(get("/")).body());
    resolveTo();
    await().until(() -> only().resolutionFailures() > 3);
    assertEquals("hello", ask(get("/")).body());
  }

  @Test
  void question_beforeTheName_waitsForIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    resolver =
        _ -> {
          assertFalse(Thread.currentThread().getName().startsWith("test-"));
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new UnknownHostException(e.toString());
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    open(named(answering(OK)), "deadline: 20s");
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    await().until(() -> only().inFlight() == 1);
    assertFalse(receiver.outcome.isDone());
    go.countDown();
    assertEquals("hello", receiver.await().body());
  }

  @Test
  void name_neverResolved_failsWithinTheDeadline() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    resolver =
        _ -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new UnknownHostException(e.toString());
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    open(named(answering(OK)), "deadline: 50ms");
    assertEquals(UpstreamFailure.NO_ADDRESS, ask(get("/")).failure());
    assertEquals(0, only().connections());
    go.countDown();
  }

  @Test
  void connection_toAnAddressThatIsGone_isNotUsed() throws Exception {
    resolveTo("127.0.0.1");
    ScriptedOrigin origin = answering(OK);
    open(named(origin), "resolve: 10ms");
    EventLoop loop = loops.next();
    assertEquals("hello", ask(loop, get("/")).body());
    resolveTo("127.0.0.2");
    await().until(() -> only().addresses().getFirst().contains("127.0.0.2"));
    assertEquals(UpstreamFailure.CONNECT, ask(loop, get("/")).failure());
    assertEquals(1, origin.requests.size());
  }

  @Test
  void literal_ofIpv6_isNotLookedUp() throws Exception {
    resolver =
        host -> {
          throw new AssertionError(host);
        };
    open("origins: [{url: \"http://[::1]:" + ScriptedOrigin.deadPort() + "\"}]");
    assertEquals(UpstreamFailure.CONNECT, ask(get("/")).failure());
  }
}
