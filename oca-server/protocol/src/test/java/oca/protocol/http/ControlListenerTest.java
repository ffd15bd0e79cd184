package oca.protocol.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import oca.model.Endpoint;
import oca.protocol.HeartbeatReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlListenerTest {
  private static final HeartbeatReply YES = new HeartbeatReply(true);

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch leave = new CountDownLatch(1);
  private final ControlListener listener;
  private final ControlClient client;

  ControlListenerTest() throws IOException {
    listener =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), new ControlListener.Limits(64, 1));
    client = new ControlClient(Duration.ofSeconds(5));
  }

  @BeforeEach
  void start() {
    listener
        .route("GET", "/yes", _ -> Response.message(YES).with("ETag", "\"1\""))
        .route(
            "GET",
            "/maybe",
            request ->
                request.header("if-none-match").equals(Optional.of("\"1\""))
                    ? Response.empty(304)
                    : Response.message(YES).with("ETag", "\"1\""))
        .route("POST", "/echo/", request -> Response.message(request.message(HeartbeatReply.class)))
        .route(
            "GET",
            "/tail/",
            request ->
                Response.text("text/plain", request.tail() + request.parameter("q").orElse("")))
        .route(
            "GET",
            "/broken",
            _ -> {
              throw new IllegalStateException("on purpose");
            })
        .route("GET", "/slow", _ -> slow());
    listener.start();
  }

  @AfterEach
  void stop() {
    leave.countDown();
    client.close();
    listener.close();
  }

  @Test
  void get_message_comesBack() throws IOException {
    assertEquals(YES, client.get(listener.endpoint().http("yes"), HeartbeatReply.class));
  }

  @Test
  void getIfChanged_sameETag_isEmpty() throws IOException {
    var uri = listener.endpoint().http("maybe");
    var first = client.getIfChanged(uri, null, HeartbeatReply.class).orElseThrow();
    assertEquals("\"1\"", first.etag());
    assertEquals(Optional.empty(), client.getIfChanged(uri, first.etag(), HeartbeatReply.class));
  }

  @Test
  void post_message_isRead() throws IOException {
    assertEquals(YES, client.post(listener.endpoint().http("echo/x"), YES, HeartbeatReply.class));
  }

  @Test
  void get_tailAndQuery_areDecoded() throws IOException {
    byte[] body = rawGet("tail/a/b?q=%C3%A4%26");
    assertArrayEquals("a/bä&".getBytes(java.nio.charset.StandardCharsets.UTF_8), body);
  }

  @Test
  void post_notAMessage_is400WithThePlace() {
    assertFails(
        "400", "line 1, column", () -> client.post(listener.endpoint().http("echo/x"), "text"));
  }

  @Test
  void post_bodyBeyondTheLimit_is413() {
    assertFails(
        "413", "64", () -> client.post(listener.endpoint().http("echo/x"), "x".repeat(100)));
  }

  @Test
  void request_unknownPathOrMethod_is404Or405() {
    assertFails(
        "404", "/nowhere", () -> client.get(listener.endpoint().http("nowhere"), String.class));
    assertFails("405", "/yes", () -> client.post(listener.endpoint().http("yes"), YES));
  }

  @Test
  void get_handlerThatThrows_is500AndTheListenerGoesOn() throws IOException {
    assertFails(
        "500", "see the log", () -> client.get(listener.endpoint().http("broken"), String.class));
    assertEquals(YES, client.get(listener.endpoint().http("yes"), HeartbeatReply.class));
  }

  @Test
  void get_moreAtOnceThanAllowed_is503AndCounted() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HeartbeatReply> slow =
          threads.submit(() -> client.get(listener.endpoint().http("slow"), HeartbeatReply.class));
      entered.await();
      assertFails(
          "503", "too many", () -> client.get(listener.endpoint().http("yes"), String.class));
      assertEquals(1, listener.refused());
      leave.countDown();
      assertEquals(YES, slow.get());
    }
  }

  @Test
  void bind_addressInUse_namesIt() {
    IOException e =
        assertThrows(
            IOException.class,
            () -> ControlListener.bind(listener.endpoint(), ControlListener.Limits.DEFAULT));
    assertTrue(e.getMessage().contains(listener.endpoint().toString()), e.getMessage());
  }

  private Response slow() {
    entered.countDown();
    try {
      leave.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Response.message(YES);
  }

  private byte[] rawGet(String path) throws IOException {
    try (var in = listener.endpoint().http(path).toURL().openStream()) {
      return in.readAllBytes();
    }
  }

  private interface Call {
    void run() throws IOException;
  }

  private static void assertFails(String status, String text, Call call) {
    IOException e = assertThrows(IOException.class, call::run);
    assertTrue(String.valueOf(e.getMessage()).contains(": " + status + " "), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
  }
}
