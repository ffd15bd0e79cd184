package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;

/** Every wait ends, and says which it was. */
class TimeoutTest extends UpstreamFixture {
  /**
   * A port where connections are neither made nor refused: nobody accepts, and its queue is full.
   */
  private int silentPort() throws IOException {
    ServerSocket server = keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    for (int i = 0; i < 20; i++) {
      Socket socket = keep(new Socket());
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 100);
      } catch (IOException _) {
        return server.getLocalPort();
      }
    }
    throw new AssertionError("the queue has no end");
  }

  @Test
  void connect_withoutAnAnswer_timesOut() throws Exception {
    open("origins: [{url: \"http://127.0.0.1:" + silentPort() + "\"}]", "connect: 50ms");
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals(UpstreamFailure.CONNECT_TIMEOUT, outcome.failure(), outcome.detail());
    assertEquals(504, outcome.failure().status());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void nobody_reachable_failsWithinTheDeadline() throws Exception {
    int port = silentPort();
    open(
        "peers: [{url: \"http://127.0.0.1:" + port + "\"}]",
        "origins: [{url: \"http://127.0.0.1:" + silentPort() + "\"}]",
        "connect: 10s",
        "deadline: 3s");
    long begin = System.nanoTime();
    TestReceiver.Outcome outcome = ask(get("/"));
    long took = (System.nanoTime() - begin) / 1_000_000;
    assertEquals(UpstreamFailure.CONNECT_TIMEOUT, outcome.failure(), outcome.detail());
    assertTrue(took >= 2_990 && took < 10_000, took + " ms");
    upstreams.status().forEach(it -> assertEquals(1, it.requests()));
  }

  @Test
  void head_dribbling_timesOut() throws Exception {
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  for (int i = 0; i < 2000; i++) {
                    String head = "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nX: ";
                    int at = Math.min(i, head.length() - 1);
                    peer.say(head.substring(at, at + 1));
                    Thread.sleep(5);
                  }
                })),
        "firstByte: 100ms");
    UpstreamFailure failure = ask(get("/")).failure();
    assertEquals(UpstreamFailure.FIRST_BYTE_TIMEOUT, failure);
  }

  @Test
  void body_stalling_timesOut() throws Exception {
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  peer.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
                  peer.awaitEnd();
                })),
        "idle: 50ms");
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals(UpstreamFailure.IDLE_TIMEOUT, outcome.failure());
    assertEquals("hello", outcome.body());
  }

  @Test
  void content_thatIsNotTaken_timesOut() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  end.await();
                })),
        "idle: 100ms");
    Call[] call = new Call[1];
    EventLoop loop = loops.next();
    TestReceiver receiver =
        new TestReceiver() {
          @Override
          public void writable() {
            super.writable();
            while (call[0].isWritable()) {
              ByteBuf piece = Unpooled.buffer(1 << 16).writeZero(1 << 16);
              call[0].content(piece);
            }
          }
        };
    Question post =
        new Question("POST", "/", FieldSection.EMPTY, 0, false, Question.Content.CHUNKED);
    loop.submit(() -> call[0] = upstreams.send(loop, post, receiver)).sync();
    assertEquals(UpstreamFailure.IDLE_TIMEOUT, receiver.await().failure());
    assertTrue(receiver.writables.get() >= 1);
    end.countDown();
  }

  @Test
  void content_thatComesLate_isNoFaultOfTheUpstream() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.read(5);
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
              peer.awaitEnd();
            });
    open(origins(origin), "idle: 50ms", "firstByte: 50ms");
    EventLoop loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Question post =
        new Question("POST", "/", FieldSection.EMPTY, 0, false, new Question.Content.Length(5));
    Call call = upstreams.send(loop, post, receiver);
    await().until(() -> receiver.writables.get() == 1);
    loop.schedule(
            () ->
                // Its end is not told: from there on the upstream has firstByte, and that is short.
                call.content(
                    Unpooled.copiedBuffer("hello", java.nio.charset.StandardCharsets.UTF_8)),
            Duration.ofMillis(200).toMillis(),
            java.util.concurrent.TimeUnit.MILLISECONDS)
        .sync();
    assertEquals(200, receiver.await().head().status());
  }

  @Test
  void content_otherThanTold_fails() throws Exception {
    for (int bytes : new int[] {4, 6}) {
      open(origins(origin(ScriptedOrigin.Peer::awaitEnd)));
      EventLoop loop = loops.next();
      TestReceiver receiver = new TestReceiver();
      Question put =
          new Question("PUT", "/", FieldSection.EMPTY, 0, true, new Question.Content.Length(5));
      Call call = upstreams.send(loop, put, receiver);
      loop.execute(
          () -> {
            call.content(Unpooled.buffer(bytes).writeZero(bytes));
            call.contentEnd();
          });
      assertEquals(UpstreamFailure.CONTENT, receiver.await().failure());
      assertTrue(only().healthy());
      upstreams.close();
    }
  }

  @Test
  void content_beforeAConnection_isHeldWithinBounds() throws Exception {
    open("origins: [{url: \"http://127.0.0.1:" + silentPort() + "\"}]");
    EventLoop loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Question post =
        new Question("POST", "/", FieldSection.EMPTY, 0, false, Question.Content.CHUNKED);
    Call call = upstreams.send(loop, post, receiver);
    loop.execute(
        () -> {
          for (int i = 0; i < 20; i++) {
            call.content(Unpooled.buffer(1 << 16).writeZero(1 << 16));
          }
        });
    assertEquals(UpstreamFailure.CONTENT, receiver.await().failure());
  }
}
