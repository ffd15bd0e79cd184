package oca.protocol.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import oca.model.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final String EVENTS = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";

  private final BlockingQueue<EventSink> sinks = new LinkedBlockingQueue<>();
  private final ControlListener listener;

  EventStreamTest() throws IOException {
    ConnectionLimits usual = ConnectionLimits.DEFAULT;
    listener =
        ControlListener.bind(
            new Endpoint("127.0.0.1", 0),
            ControlListener.Limits.DEFAULT,
            new ConnectionLimits(
                64,
                64,
                usual.idle(),
                usual.head(),
                usual.requestTime(),
                2,
                100,
                Duration.ofMillis(50)),
            Optional.empty());
    listener.route("GET", "/events", _ -> Response.events(sinks::add)).start();
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  @Test
  void send_events_arriveWithHeartbeatsBetween() throws Exception {
    try (RawClient client = new RawClient(listener.endpoint())) {
      RawClient.Answer head = client.send(EVENTS).answer(false);
      assertEquals("text/event-stream", head.field("Content-Type"));
      assertEquals("chunked", head.field("Transfer-Encoding"));
      EventSink sink = sinks.take();
      assertTrue(sink.send("fleet", "one\ntwo"));
      assertEquals("22", sized(client));
      assertEquals("event: fleet", client.line());
      assertEquals("data: one", client.line());
      assertEquals("data: two", client.line());
      assertEquals("", client.line());
      assertEquals("", client.line());
      for (String line = client.line(); !line.equals(":"); line = client.line()) {
        assertFalse(line.startsWith("data"), line);
      }
    }
  }

  @Test
  void close_bySinkOrListener_endsTheStreamAndIsTold() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    try (RawClient client = new RawClient(listener.endpoint());
        RawClient other = new RawClient(listener.endpoint())) {
      client.send(EVENTS).answer(false);
      EventSink sink = sinks.take();
      sink.onClose(() -> told.set(true));
      assertTrue(sink.send("last", "word"));
      sink.close();
      assertTrue(client.rest().endsWith("0\r\n\r\n"));
      await().untilTrue(told);
      assertTrue(sink.closed());
      assertFalse(sink.send("too", "late"));
      other.send(EVENTS).answer(false);
      listener.close();
      assertFalse(other.rest().contains("event"));
    }
  }

  @Test
  void client_thatGoes_isNoticed() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    RawClient client = new RawClient(listener.endpoint());
    client.send(EVENTS).answer(false);
    EventSink sink = sinks.take();
    sink.onClose(() -> told.set(true));
    client.close();
    await().untilTrue(told);
    assertTrue(sink.closed());
  }

  @Test
  void reader_thatFallsBehind_isDroppedAndCounted() throws Exception {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send(EVENTS).answer(false);
      EventSink sink = sinks.take();
      String data = "x".repeat(100_000);
      for (int i = 0; i < 100_000 && sink.send("flood", data); i++) {
        Thread.onSpinWait();
      }
      await().until(sink::closed);
      assertEquals(1, listener.reasons().get(ListenerReason.SLOW_READER));
      await().until(() -> listener.connections() == 0);
    }
  }

  @Test
  void streams_moreAtOnceThanAllowed_are503UntilOneEnds() throws Exception {
    RawClient first = new RawClient(listener.endpoint());
    try (RawClient second = new RawClient(listener.endpoint());
        RawClient third = new RawClient(listener.endpoint())) {
      first.send(EVENTS).answer(false);
      second.send(EVENTS).answer(false);
      RawClient.Answer refused = third.send(EVENTS).answer();
      assertEquals(503, refused.status());
      assertEquals("5", refused.field("Retry-After"));
      assertEquals(1, listener.reasons().get(ListenerReason.EVENT_STREAMS));
      first.close();
      await().until(() -> third.send(EVENTS).answer().status() == 200);
    }
  }

  /** The size of the next chunk that is no heartbeat. */
  private static String sized(RawClient client) throws IOException {
    String size = client.line();
    while (size.equals("3")) {
      client.line();
      client.line();
      client.line();
      size = client.line();
    }
    return size;
  }
}
