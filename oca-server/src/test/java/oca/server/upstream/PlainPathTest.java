package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import oca.server.caching.FieldSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One upstream, over each transport. */
@ParameterizedClass
@EnumSource(UpstreamFixture.Transport.class)
class PlainPathTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello";

  PlainPathTest(Transport transport) {
    super(transport);
  }

  @Test
  void answer_withLength_isHandedOver() throws Exception {
    ScriptedOrigin origin = answering(OK);
    open(origins(origin));
    TestReceiver.Outcome outcome = ask(get("/a?b=c"));
    assertTrue(outcome.isWhole(), outcome.toString());
    assertEquals("hello", outcome.body());
    UpstreamHead head = outcome.head();
    assertEquals(200, head.status());
    assertEquals("1.1", head.version());
    assertEquals(5, head.length());
    assertFalse(head.endsWithClose());
    assertEquals(origin.url(), head.upstream());
    assertEquals(clock.millis(), head.requestedMillis());
    assertEquals(clock.millis(), head.receivedMillis());
    assertEquals(FieldSection.of("Content-Length", "5", "X-A", "b"), head.fields());
    assertEquals(
        "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + origin.port() + "\r\nAccept: */*\r\n\r\n",
        origin.requests.element());
    assertEquals(1, only().requests());
    assertEquals(0, only().inFlight());
  }

  @Test
  void answers_oneAfterTheOther_useOneConnection() throws Exception {
    ScriptedOrigin origin = answering(OK);
    open(origins(origin));
    EventLoop loop = loops.next();
    for (int i = 0; i < 20; i++) {
      assertEquals("hello", ask(loop, get("/" + i)).body());
    }
    assertEquals(20, origin.requests.size());
    assertEquals(1, origin.connections.get());
    assertEquals(1, only().connections());
  }

  @Test
  void answer_chunked_isHandedOverWithoutItsFrame() throws Exception {
    open(
        origins(
            answering(
                """
                HTTP/1.1 200 OK|Transfer-Encoding: Chunked||\
                5|hello|6;a="b"| world|000|X-Sum: 1||\
                """
                    .replace("|", "\r\n"))));
    for (int i = 0; i < 2; i++) {
      TestReceiver.Outcome outcome = ask(get("/"));
      assertTrue(outcome.isWhole(), outcome.toString());
      assertEquals("hello world", outcome.body());
      assertEquals(-1, outcome.head().length());
      assertFalse(outcome.head().endsWithClose());
    }
  }

  @Test
  void answer_untilClose_isWholeAndSaysSo() throws Exception {
    open(
        origins(origin(peer -> peer.say(peer.request() == null ? "" : "HTTP/1.0 200\r\n\r\nbye"))));
    TestReceiver.Outcome outcome = ask(get("/"));
    assertTrue(outcome.isWhole(), outcome.toString());
    assertEquals("bye", outcome.body());
    assertEquals("1.0", outcome.head().version());
    assertTrue(outcome.head().endsWithClose());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void answer_untilClose_thatIsReset_fails() throws Exception {
    CountDownLatch came = new CountDownLatch(1);
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  peer.say("HTTP/1.1 200 OK\r\n\r\nsome");
                  came.await();
                  peer.reset();
                })));
    TestReceiver receiver = new TestReceiver();
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    await().until(() -> receiver.bytes.get() == 4);
    came.countDown();
    TestReceiver.Outcome outcome = receiver.await();
    assertEquals(UpstreamFailure.RESET, outcome.failure(), outcome.detail());
  }

  @Test
  void answer_interimBefore_isPassedOver() throws Exception {
    open(
        origins(
            answering(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n" + OK)));
    assertEquals("hello", ask(get("/")).body());
  }

  @Test
  void answer_toHead_hasNoBody() throws Exception {
    ScriptedOrigin origin = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    open(origins(origin));
    Question head = new Question("HEAD", "/", FieldSection.EMPTY, 0, true, Question.Content.NONE);
    EventLoop loop = loops.next();
    for (int i = 0; i < 2; i++) {
      TestReceiver.Outcome outcome = ask(loop, head);
      assertTrue(outcome.isWhole(), outcome.toString());
      assertEquals(0, outcome.head().length());
      assertEquals("5", outcome.head().fields().first("Content-Length"));
    }
    assertEquals(1, origin.connections.get());
  }

  @Test
  void answer_large_isExact() throws Exception {
    byte[] bytes = new byte[5 << 20];
    new java.util.Random(11).nextBytes(bytes);
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  peer.say("HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\n\r\n");
                  peer.say(bytes);
                  peer.awaitEnd();
                })));
    assertEquals(new String(bytes, StandardCharsets.ISO_8859_1), ask(get("/")).body());
  }

  @Test
  void content_ofLength_isSent() throws Exception {
    ScriptedOrigin origin = echo(10);
    open(origins(origin));
    Question post =
        new Question("POST", "/", FieldSection.EMPTY, 0, false, new Question.Content.Length(10));
    assertEquals("0123456789", post(post, "01234", "56789"));
    assertTrue(origin.requests.element().contains("Content-Length: 10\r\n"));
  }

  @Test
  void content_chunked_isSentInChunks() throws Exception {
    String framed = "5\r\n01234\r\n3\r\n567\r\n0\r\n\r\n";
    ScriptedOrigin origin = echo(framed.length());
    open(origins(origin));
    Question post =
        new Question("POST", "/", FieldSection.EMPTY, 0, false, Question.Content.CHUNKED);
    assertEquals(framed, post(post, "01234", "567"));
    assertTrue(origin.requests.element().contains("Transfer-Encoding: chunked\r\n"));
  }

  @Test
  void answer_beforeTheContentEnds_isHandedOverAndTheConnectionNotKept() throws Exception {
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  peer.say("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno");
                  peer.awaitEnd();
                })));
    EventLoop loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Question post =
        new Question("POST", "/", FieldSection.EMPTY, 0, false, Question.Content.CHUNKED);
    Call call = upstreams.send(loop, post, receiver);
    TestReceiver.Outcome outcome = receiver.await();
    assertEquals(413, outcome.head().status());
    assertEquals("no", outcome.body());
    loop.execute(() -> call.content(Unpooled.copiedBuffer("late", StandardCharsets.UTF_8)));
    loop.execute(call::contentEnd);
    await().until(() -> only().connections() == 0);
  }

  @Test
  void call_pausedBeforeItsHead_holdsTheBody() throws Exception {
    open(origins(answering(OK)));
    EventLoop loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Call[] call = new Call[1];
    loop.submit(
            () -> {
              call[0] = upstreams.send(loop, get("/"), receiver);
              call[0].pause();
            })
        .sync();
    receiver.headCame.get();
    loop.submit(() -> {}).sync();
    assertEquals(0, receiver.bytes.get());
    loop.execute(call[0]::resume);
    assertEquals("hello", receiver.await().body());
  }

  private ScriptedOrigin echo(int bytes) throws Exception {
    return origin(
        peer -> {
          peer.request();
          String content = peer.read(bytes);
          peer.say("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n" + content);
          peer.awaitEnd();
        });
  }

  private String post(Question question, String... parts) throws Exception {
    EventLoop loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Call call = upstreams.send(loop, question, receiver);
    for (String part : parts) {
      loop.execute(() -> call.content(Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1)));
    }
    loop.execute(call::contentEnd);
    TestReceiver.Outcome outcome = receiver.await();
    assertTrue(outcome.isWhole(), outcome.toString());
    return outcome.body();
  }

  @Test
  void call_paused_stopsTheOrigin() throws Exception {
    byte[] piece = new byte[1 << 16];
    java.util.concurrent.atomic.AtomicLong said = new java.util.concurrent.atomic.AtomicLong();
    long all = 64L << 20;
    open(
        origins(
            origin(
                peer -> {
                  peer.socket.setSendBufferSize(1 << 16);
                  peer.request();
                  peer.say("HTTP/1.1 200 OK\r\nContent-Length: " + all + "\r\n\r\n");
                  while (said.get() < all) {
                    peer.say(piece);
                    said.addAndGet(piece.length);
                  }
                  peer.awaitEnd();
                })),
        "idle: 500ms");
    EventLoop loop = loops.next();
    Call[] call = new Call[1];
    TestReceiver receiver =
        new TestReceiver() {
          @Override
          public void head(UpstreamHead head) {
            super.head(head);
            call[0].pause();
          }

          // Counts: kept, they would be garbage by the hundred megabytes.
          @Override
          public void body(ByteBuf part) {
            bytes.addAndGet(part.readableBytes());
            part.release();
          }
        };
    loop.submit(() -> call[0] = upstreams.send(loop, get("/"), receiver)).sync();
    receiver.headCame.get();
    long[] last = {-1};
    // Longer than the idle timeout, which a pause is not to run into.
    await()
        .pollInterval(Duration.ofMillis(800))
        .until(
            () -> {
              long now = said.get();
              boolean stands = now == last[0];
              last[0] = now;
              return stands;
            });
    assertEquals(0, receiver.bytes.get());
    assertTrue(said.get() < all / 2, said + " were taken although nobody reads");
    loop.execute(call[0]::resume);
    TestReceiver.Outcome outcome = receiver.await();
    assertTrue(outcome.isWhole(), outcome.detail());
    assertEquals(all, receiver.bytes.get());
  }

  /** What came while the loop was held up, longer than the idle timeout, is read first. */
  @Test
  void call_loopHeldUp_readsWhatCameMeanwhile() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch said = new CountDownLatch(1);
    open(
        origins(
            origin(
                peer -> {
                  peer.request();
                  peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(1000));
                  held.await();
                  peer.say("y".repeat(1000));
                  said.countDown();
                  peer.awaitEnd();
                })),
        "idle: 1s");
    TestReceiver receiver =
        new TestReceiver() {
          @Override
          public void body(ByteBuf part) {
            super.body(part);
            if (held.getCount() > 0) {
              held.countDown();
              long begun = System.nanoTime();
              PlainPathTest.await()
                  .until(
                      () ->
                          said.getCount() == 0
                              && System.nanoTime() - begun > Duration.ofMillis(1200).toNanos());
            }
          }
        };
    var _ = upstreams.send(loops.next(), get("/"), receiver);
    TestReceiver.Outcome outcome = receiver.await();
    assertTrue(outcome.isWhole(), outcome.detail());
    assertEquals("x".repeat(1000) + "y".repeat(1000), outcome.body());
  }

  @Test
  void call_pausedWhileTheOriginEnds_losesNothing() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(300_000));
            });
    open(origins(origin));
    EventLoop loop = loops.next();
    Call[] call = new Call[1];
    TestReceiver receiver =
        new TestReceiver() {
          @Override
          public void head(UpstreamHead head) {
            super.head(head);
            call[0].pause();
          }
        };
    loop.submit(() -> call[0] = upstreams.send(loop, get("/"), receiver)).sync();
    receiver.headCame.get();
    await().until(() -> origin.ended.get() == 1);
    assertEquals(0, receiver.bytes.get());
    loop.execute(call[0]::resume);
    TestReceiver.Outcome outcome = receiver.await();
    assertTrue(outcome.isWhole(), outcome.toString());
    assertEquals(300_000, outcome.body().length());
  }

  @Test
  void call_cancelled_endsTheConnectionAndSaysNoMore() throws Exception {
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
              peer.awaitEnd();
            });
    open(origins(origin));
    EventLoop loop = loops.next();
    TestReceiver receiver = new TestReceiver();
    Call call = upstreams.send(loop, get("/"), receiver);
    await().until(() -> receiver.bytes.get() == 4);
    loop.execute(call::cancel);
    await().until(() -> origin.ended.get() == 1 && only().connections() == 0);
    assertFalse(receiver.outcome.isDone());
    assertEquals(Map.of(), only().failures());
    assertEquals(0, only().inFlight());
  }

  @Test
  void connection_keptAndEndedByTheOrigin_isForgotten() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ScriptedOrigin origin =
        origin(
            peer -> {
              peer.request();
              peer.say(OK);
              end.await();
            });
    open(origins(origin));
    assertEquals("hello", ask(get("/")).body());
    assertEquals(1, only().connections());
    end.countDown();
    await().until(() -> only().connections() == 0);
  }
}
