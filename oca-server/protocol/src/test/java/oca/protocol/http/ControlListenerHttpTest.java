package oca.protocol.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import oca.config.ByteSize;
import oca.model.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, octet by octet. */
class ControlListenerHttpTest {
  private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(
          64,
          64,
          ConnectionLimits.DEFAULT.idle(),
          new ByteSize(1024),
          ConnectionLimits.DEFAULT.requestTime(),
          2,
          4,
          ConnectionLimits.DEFAULT.eventHeartbeat());

  private final CountDownLatch leave = new CountDownLatch(1);
  private final ControlListener listener;

  ControlListenerHttpTest() throws IOException {
    listener =
        ControlListener.bind(
            new Endpoint("127.0.0.1", 0),
            new ControlListener.Limits(1000, 4),
            LIMITS,
            Optional.empty());
  }

  @BeforeEach
  void start() {
    listener
        .routeInline("GET", "/hello", _ -> Response.text("text/plain", "hello"))
        .route("GET", "/slow", _ -> slow())
        .route("POST", "/length", it -> Response.text("text/plain", "" + it.body().length))
        .routeInline("POST", "/inline", it -> Response.text("text/plain", "" + it.body().length))
        .route("GET", "/big", _ -> Response.bytes("text/plain", new byte[3_000_000]))
        .routeInline("GET", "/for", it -> text(it.header("x-forwarded-for").orElse("-")))
        .routeInline("GET", "/all", it -> text(it.headers().toString()))
        .routeInline("GET", "/split", _ -> text("").with("X-Split", "a\r\nSet-Cookie: b"))
        .route("POST", "/gated/", _ -> text("in"))
        .guard("/gated/", it -> it.header("pass").isPresent() ? null : Response.problem(401, "no"))
        .start();
  }

  @AfterEach
  void stop() {
    leave.countDown();
    listener.close();
  }

  @Test
  void requests_pipelined_areAnsweredInOrder() throws IOException {
    leave.countDown();
    String post = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + HELLO + post + HELLO.repeat(500));
      assertEquals("slow", client.answer().body());
      assertEquals("hello", client.answer().body());
      assertEquals("3", client.answer().body());
      for (int i = 0; i < 500; i++) {
        assertEquals("hello", client.answer().body());
      }
    }
  }

  @Test
  void requests_whileAnotherWaits_areNotHeldUp() throws IOException {
    try (RawClient slow = new RawClient(listener.endpoint());
        RawClient other = new RawClient(listener.endpoint())) {
      slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("hello", other.send(HELLO).answer().body());
      leave.countDown();
      assertEquals("slow", slow.answer().body());
    }
  }

  @Test
  void answers_thatTheClientTakesSlowly_areWhole() throws IOException {
    String big = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send(big.repeat(5) + HELLO);
      for (int i = 0; i < 5; i++) {
        assertEquals(3_000_000, client.answer().body().length());
      }
      assertEquals("hello", client.answer().body());
    }
  }

  @Test
  void head_anyRoute_hasTheLengthAndNoBody() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n" + HELLO);
      assertEquals("5", client.answer(false).field("Content-Length"));
      client.send("HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + HELLO);
      assertEquals("hello", client.answer().body());
      assertEquals(404, client.answer(false).status());
      assertEquals("hello", client.answer().body());
    }
  }

  @Test
  void methods_notServed_areToldWhich() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
      RawClient.Answer refused = client.answer();
      assertEquals(405, refused.status());
      assertEquals("GET, HEAD, OPTIONS", refused.field("Allow"));
      assertEquals("application/problem+json", refused.field("Content-Type"));
      client.send("OPTIONS /length HTTP/1.1\r\nHost: x\r\n\r\n");
      RawClient.Answer options = client.answer();
      assertEquals(204, options.status());
      assertEquals("OPTIONS, POST", options.field("Allow"));
      assertEquals("", options.field("Content-Length"));
      client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(204, client.answer().status());
    }
  }

  @Test
  void body_inChunksOrAfterContinue_isRead() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n");
      assertEquals("5", client.answer().body());
      client.send(
          "POST /inline HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
      assertEquals(100, client.answer().status());
      assertEquals("4", client.send("abcd").answer().body());
    }
  }

  @Test
  void body_longerThanTheLimit_is413HoweverItComes() throws IOException {
    for (String framing :
        new String[] {
          "Content-Length: 1001\r\n\r\n",
          "Content-Length: 1001\r\n\r\n" + "x".repeat(1001),
          "Transfer-Encoding: chunked\r\n\r\n3E9\r\n" + "x".repeat(1001) + "\r\n0\r\n\r\n"
        }) {
      try (RawClient client = new RawClient(listener.endpoint())) {
        client.send("POST /length HTTP/1.1\r\nHost: x\r\n" + framing);
        RawClient.Answer answer = client.answer();
        assertEquals(413, answer.status());
        assertEquals("close", answer.field("Connection"));
        assertEquals("", client.rest());
      }
    }
    assertEquals(3, listener.reasons().get(ListenerReason.BODY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /length HTTP/1.1|Host: x|Content-Length: 3|Content-Length: 4||abcd",
        "POST /length HTTP/1.1|Host: x|Content-Length: 3|Content-Length: 3||abc",
        "POST /length HTTP/1.1|Host: x|Content-Length: 3, 4||abcd",
        "POST /length HTTP/1.1|Host: x|Content-Length: +3||abc",
        "POST /length HTTP/1.1|Host: x|Content-Length: -3||abc",
        "POST /length HTTP/1.1|Host: x|Content-Length: 0x3||abc",
        "POST /length HTTP/1.1|Host: x|Content-Length: 3|Transfer-Encoding: chunked||0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: chunked, identity||0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: gzip, chunked||0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: xchunked||0||",
        "POST /length HTTP/1.0|Transfer-Encoding: chunked||0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding : chunked||0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: chunked||zz|abc|0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: chunked||-1|abc|0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: chunked||3|abcd|0||",
        "POST /length HTTP/1.1|Host: x|Transfer-Encoding: chunked||fffffffff|abc|0||",
        "GET /hello HTTP/1.1||",
        "GET /hello HTTP/1.1|Host: x|Host: y||",
        "GET /hello HTTP/2.0|Host: x||",
        "GET /hello HTTP/1.1|Host: x|No colon||",
        "GET /hello HTTP/1.1|Host: x|Bad\u0000Name: x||",
        "GET hello HTTP/1.1|Host: x||",
        "GET /hel#lo HTTP/1.1|Host: x||",
        "GET /h\u00e4llo HTTP/1.1|Host: x||",
        "GET /hello?q=%zz HTTP/1.1|Host: x||"
      })
  void request_ofDoubtfulShape_isRefusedAndNothingElseIsRead(String request) throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send(request.replace("|", "\r\n"));
      RawClient.Answer answer = client.answer();
      assertTrue(
          answer.status() == 400 || answer.status() == 501 || answer.status() == 505,
          answer.head());
      assertEquals("application/problem+json", answer.field("Content-Type"));
    }
    assertAnswers();
  }

  @Test
  void lineEnds_thatAreBare_areNotTaken() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /hello HTTP/1.1\nHost: x\n\n");
      assertEquals(400, client.answer().status());
    }
  }

  @Test
  void fieldLine_folded_becomesOneLineAsRfc9112Allows() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /for HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4,\r\n 5.6.7.8\r\n\r\n");
      assertEquals("1.2.3.4, 5.6.7.8", client.answer().body());
    }
  }

  @Test
  void fieldLines_repeated_areJoinedInTheirOrder() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /for HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\nA: b\r\n");
      client.send("x-forwarded-for: 5.6.7.8\r\n\r\n");
      assertEquals("1.2.3.4, 5.6.7.8", client.answer().body());
      client.send("GET /all HTTP/1.1\r\nHost: x\r\nB: 1\r\nb: 2\r\n\r\n");
      assertEquals("{host=x, b=1, 2}", client.answer().body());
    }
  }

  @Test
  void head_longerThanTheLimit_is414Or431() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /" + "x".repeat(2000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(414, client.answer().status());
    }
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /hello HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(2000) + "\r\n\r\n");
      assertEquals(431, client.answer().status());
    }
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /hello HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(500) + "\r\n");
      assertEquals(431, client.answer().status());
    }
    assertEquals(1, listener.reasons().get(ListenerReason.LINE));
    assertEquals(2, listener.reasons().get(ListenerReason.HEAD));
  }

  @Test
  void target_inAbsoluteForm_isServed() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET http://x:8460/hello?a=b HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("hello", client.answer().body());
    }
  }

  @Test
  void field_withALineEnd_doesNotSplitTheAnswer() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /split HTTP/1.1\r\nHost: x\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertEquals("", answer.field("Set-Cookie"));
      assertFalse(answer.field("Date").isEmpty());
    }
  }

  @Test
  void gate_refusal_comesBeforeTheBodyIsRead() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("POST /gated/x HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n");
      assertEquals(401, client.answer().status());
      assertEquals("", client.rest());
    }
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("POST /gated/x HTTP/1.1\r\nHost: x\r\nPass: 1\r\nContent-Length: 1\r\n\r\na");
      assertEquals("in", client.answer().body());
    }
    assertEquals(1, listener.reasons().get(ListenerReason.GATE));
  }

  @Test
  void client_thatAsksNoMore_stillGetsItsAnswer() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + HELLO).endInput();
      leave.countDown();
      assertEquals("slow", client.answer().body());
      assertEquals("hello", client.answer().body());
      assertEquals("", client.rest());
    }
    await().until(() -> listener.connections() == 0);
  }

  @Test
  void connection_close_isHonoured() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertEquals("close", client.answer().field("Connection"));
      assertEquals("", client.rest());
    }
  }

  private void assertAnswers() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      assertEquals("hello", client.send(HELLO).answer().body());
    }
  }

  private static Response text(String text) {
    return Response.text("text/plain", text);
  }

  private Response slow() {
    try {
      leave.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return text("slow");
  }
}
