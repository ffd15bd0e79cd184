package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import oca.config.Current;
import oca.model.Endpoint;
import oca.server.http.Http2Client.Frame;
import oca.server.http.RawClient.Answer;
import oca.server.pull.PullSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listening socket that outlives the listeners on it, as a service manager keeps it. */
class HandoverTest extends Http2Fixture {
  private static final int CLIENTS = 8;

  private Socket kept;
  private int port;

  HandoverTest() {
    super(HttpConfig.Choice.EPOLL);
  }

  @BeforeEach
  void keep() throws IOException {
    Epoll.ensureAvailability();
    kept = listening(0);
    port = kept.localAddress().getPort();
  }

  @AfterEach
  void release() throws IOException {
    kept.close();
  }

  private static Socket listening(int port) throws IOException {
    Socket socket = Socket.newSocketStream();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.listen(1024);
    return socket;
  }

  /** As a child process would have it: another descriptor of the same socket. */
  private static int another(Socket socket) {
    try {
      return (int)
          NativeCall.of("dup", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
              .invokeExact(socket.intValue());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private HttpListener next(InheritedSockets passed, String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("listen: 127.0.0.1:" + port);
    return HttpListener.open(
        Current.of(config(all.toArray(String[]::new))),
        source,
        PullSource.NONE,
        records::add,
        InstantSource.fixed(NOW),
        passed);
  }

  private HttpListener next(String... lines) throws IOException {
    return next(new InheritedSockets(List.of(another(kept))), lines);
  }

  /** Asks over and over, and counts each request that has no whole answer. */
  private final class Viewer implements Runnable {
    final AtomicInteger answered = new AtomicInteger();
    final List<String> dropped = new ArrayList<>();
    private final AtomicBoolean over;

    Viewer(AtomicBoolean over) {
      this.over = over;
    }

    @Override
    public void run() {
      while (!over.get() && dropped.isEmpty()) {
        try (RawClient client = new RawClient(new Endpoint("127.0.0.1", port))) {
          boolean goesOn = true;
          while (goesOn && !over.get()) {
            Answer answer = client.get("/t/small.mp4").answer();
            assertArrayEquals(small, answer.body());
            answered.incrementAndGet();
            goesOn = !answer.field("connection").equals("close");
          }
        } catch (IOException | AssertionError e) {
          dropped.add(e.toString());
        }
      }
    }
  }

  @Test
  void restarts_underLoad_dropNoRequest() throws Exception {
    listener = next("drainIdle: 2s");
    AtomicBoolean over = new AtomicBoolean();
    List<Viewer> viewers = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        Viewer viewer = new Viewer(over);
        viewers.add(viewer);
        running.add(threads.submit(viewer));
      }
      List<HttpListener> all = new ArrayList<>();
      for (int restart = 0; restart < 5; restart++) {
        long before = listener.requests();
        HttpListener now = listener;
        await().until(() -> now.requests() >= before + 50L * CLIENTS);
        now.close();
        all.add(now);
        assertEquals(0, now.brokenOff());
        listener = next("drainIdle: 2s");
      }
      HttpListener last = listener;
      all.add(last);
      await().until(() -> last.requests() >= 50L * CLIENTS);
      over.set(true);
      for (Future<?> one : running) {
        one.get();
      }
      viewers.forEach(viewer -> assertEquals(List.of(), viewer.dropped));
      long answered = viewers.stream().mapToLong(viewer -> viewer.answered.get()).sum();
      // The client may have its answer a moment before it is counted.
      await().until(() -> all.stream().mapToLong(HttpListener::requests).sum() == answered);
    }
    settleAll(listener);
  }

  @Test
  void connections_whileNobodyListens_areServedByTheNext() throws Exception {
    next().close();
    try (RawClient waiting = new RawClient(new Endpoint("127.0.0.1", port))) {
      waiting.get("/t/small.mp4");
      HttpListener second = next();
      assertArrayEquals(small, waiting.answer().body());
      assertEquals("epoll", second.transport());
      settleAll(second);
    }
  }

  @Test
  void http2_requestOnItsWay_isServedAfterTheFirstGoAway() throws Exception {
    HttpListener first = next("drainIdle: 4s");
    try (Http2Client client =
            new Http2Client(RawClient.open(new Endpoint("127.0.0.1", port), 0), WIDE);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertEquals(200, client.answer(client.get("/t/small.mp4")).status());
      Future<?> closing = threads.submit(first::close);
      Frame warning = client.next(Http2Client.GOAWAY);
      assertEquals(NO_ERROR, warning.error());
      assertEquals(Integer.MAX_VALUE, warning.lastStreamId());
      int late = client.get("/t/small.mp4");
      assertArrayEquals(small, client.answer(late).body());
      Frame last = client.next(Http2Client.GOAWAY);
      assertEquals(late, last.lastStreamId());
      closing.get();
    }
    settleAll(first);
  }

  @Test
  void idle_whenClosed_isLetGoAfterTheGrace() throws Exception {
    HttpListener first = next("drainIdle: 100ms", "drainTimeout: 30s");
    try (RawClient client = new RawClient(new Endpoint("127.0.0.1", port))) {
      assertEquals(404, client.get("/t/none").answer().status());
      first.close();
      assertTrue(client.isEnded());
    }
  }

  @Test
  void passed_forNoAddress_isRefusedByName() throws IOException {
    Socket other = listening(0);
    InheritedSockets both = new InheritedSockets(List.of(another(kept), another(other)));
    IOException refusal = assertThrows(IOException.class, () -> next(both).close());
    String wanted = "a socket was passed for /127.0.0.1:" + other.localAddress().getPort();
    assertTrue(refusal.getMessage().startsWith(wanted), refusal.getMessage());
    other.close();
  }

  @Test
  void passed_twoForOnePort_isRefused() {
    InheritedSockets both = new InheritedSockets(List.of(another(kept), another(kept)));
    IOException refusal = assertThrows(IOException.class, () -> next(both).close());
    assertEquals("two sockets were passed for port " + port + "; pass one", refusal.getMessage());
  }

  @Test
  void passed_noSocket_isRefused() {
    InheritedSockets odd = new InheritedSockets(List.of(0));
    IOException refusal = assertThrows(IOException.class, () -> next(odd).close());
    assertEquals(
        "descriptor 0 was passed, but is no socket that listens on an address",
        refusal.getMessage());
  }

  @Test
  void passed_forATransportThatCannot_isRefused() {
    for (var other : List.of(HttpConfig.Choice.IO_URING, HttpConfig.Choice.NIO)) {
      IOException refusal =
          assertThrows(IOException.class, () -> Transport.forInherited(other).ioHandlers());
      assertTrue(refusal.getMessage().contains("choose auto or epoll"), refusal.getMessage());
    }
  }

  @Test
  void environment_ofAnother_passesNothing() throws IOException {
    assertTrue(InheritedSockets.of(Map.of(), 7).isEmpty());
    assertTrue(InheritedSockets.of(Map.of("LISTEN_PID", "8", "LISTEN_FDS", "1"), 7).isEmpty());
    assertTrue(InheritedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "0"), 7).isEmpty());
  }

  @Test
  void environment_odd_isRefused() {
    for (String number : List.of("x", "-1", "65", "4294967297")) {
      IOException refusal =
          assertThrows(
              IOException.class,
              () ->
                  InheritedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", number), 7)
                      .isEmpty());
      assertEquals("LISTEN_FDS must be 0 to 64, not " + number, refusal.getMessage());
    }
  }

  /** The fixture's last checks see one listener's numbers only, so these end it themselves. */
  private void settleAll(HttpListener last) {
    await().until(() -> source.openLeases.get() == 0);
    last.close();
    listener = null;
  }
}
