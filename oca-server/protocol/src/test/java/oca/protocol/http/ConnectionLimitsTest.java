package oca.protocol.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Endpoint;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(60);

  @Test
  void read_nothingGiven_takesTheDefaults() throws ConfigException {
    assertEquals(
        ConnectionLimits.DEFAULT, ConfigFile.parse("connections", "", ConnectionLimits.class));
  }

  @Test
  void make_outOfRange_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> limits(0, 1, LONG, LONG));
    assertThrows(IllegalArgumentException.class, () -> limits(1, 0, LONG, LONG));
    assertThrows(IllegalArgumentException.class, () -> limits(1, 1, Duration.ZERO, LONG));
    assertThrows(IllegalArgumentException.class, () -> limits(1, 1, LONG, Duration.ofDays(2)));
  }

  @Test
  void connections_beyondTheLimits_areClosedAndCountedAndPlacesComeBack() throws IOException {
    try (ControlListener listener = listener(limits(2, 9, LONG, LONG))) {
      assertRefused(listener, ListenerReason.CONNECTIONS);
    }
    try (ControlListener listener = listener(limits(9, 2, LONG, LONG))) {
      assertRefused(listener, ListenerReason.ADDRESS);
    }
  }

  @Test
  void connection_thatAsksNothing_isClosedAndCounted() throws IOException {
    try (ControlListener listener = listener(limits(9, 9, Duration.ofSeconds(2), LONG));
        RawClient fresh = new RawClient(listener.endpoint());
        RawClient used = new RawClient(listener.endpoint())) {
      used.send(HELLO);
      assertEquals("hello", used.answer().body());
      assertEquals("", fresh.rest());
      assertEquals("", used.rest());
      await().until(() -> listener.reasons().get(ListenerReason.IDLE) == 2);
    }
  }

  @Test
  void request_thatDoesNotEnd_is408() throws IOException {
    try (ControlListener listener = listener(limits(9, 9, LONG, SHORT))) {
      for (String part :
          new String[] {
            "GET /hel",
            "GET /hello HTTP/1.1\r\nHost: x\r\nA: ",
            "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
          }) {
        try (RawClient client = new RawClient(listener.endpoint())) {
          client.send(part);
          assertEquals(408, client.answer().status());
          assertEquals("", client.rest());
        }
      }
      assertEquals(3, listener.reasons().get(ListenerReason.REQUEST_TIME));
    }
  }

  @Test
  void answer_thatIsNotTaken_endsTheConnection() throws IOException {
    try (ControlListener listener = listener(limits(9, 9, Duration.ofSeconds(2), LONG));
        RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4));
      await().until(() -> listener.reasons().get(ListenerReason.STALLED) == 1);
      await().until(() -> listener.connections() == 0);
    }
  }

  private static void assertRefused(ControlListener listener, ListenerReason reason)
      throws IOException {
    RawClient first = new RawClient(listener.endpoint());
    RawClient second = new RawClient(listener.endpoint());
    assertEquals("hello", first.send(HELLO).answer().body());
    assertEquals("hello", second.send(HELLO).answer().body());
    try (RawClient third = new RawClient(listener.endpoint())) {
      assertEquals("", third.rest());
    }
    assertEquals(1, listener.reasons().get(reason));
    assertEquals(2, listener.connections());
    first.close();
    await().until(() -> listener.connections() == 1);
    try (RawClient third = new RawClient(listener.endpoint())) {
      assertEquals("hello", third.send(HELLO).answer().body());
    }
    second.close();
  }

  private static ControlListener listener(ConnectionLimits limits) throws IOException {
    ControlListener listener =
        ControlListener.bind(
                new Endpoint("127.0.0.1", 0),
                new ControlListener.Limits(1000, 4),
                limits,
                Optional.empty())
            .routeInline("GET", "/hello", _ -> Response.text("text/plain", "hello"))
            .route("GET", "/big", _ -> Response.bytes("text/plain", new byte[20_000_000]))
            .route("POST", "/length", it -> Response.text("text/plain", "" + it.body().length));
    listener.start();
    return listener;
  }

  private static ConnectionLimits limits(
      int connections, int perAddress, Duration idle, Duration requestTime) {
    return new ConnectionLimits(
        connections, perAddress, idle, new ByteSize(4096), requestTime, 1, 1, LONG);
  }
}
