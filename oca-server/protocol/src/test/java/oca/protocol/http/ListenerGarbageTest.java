package oca.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import oca.model.Endpoint;

/** Whatever anybody sends, the listener ends the connection or answers, and others are served. */
class ListenerGarbageTest {
  private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final List<String> PIECES =
      List.of(
          "GET /hello HTTP/1.1\r\n",
          "POST /echo HTTP/1.1\r\n",
          "HEAD * HTTP/1.0\r\n",
          "Host: x\r\n",
          "Content-Length: 5\r\n",
          "Content-Length: 99999999999999999999\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Expect: 100-continue\r\n",
          "Connection: close\r\n",
          "\r\n",
          "5\r\nhello\r\n",
          "0\r\n\r\n",
          "\n",
          " ",
          ":",
          "\u0000",
          "/%",
          "HTTP/1.1");

  private static ControlListener listener;

  @BeforeContainer
  static void start() throws IOException {
    listener =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), new ControlListener.Limits(4096, 8))
            .routeInline("GET", "/hello", _ -> Response.text("text/plain", "hello"))
            .route("POST", "/echo", it -> Response.bytes("text/plain", it.body()));
    listener.start();
  }

  @AfterContainer
  static void stop() {
    listener.close();
  }

  @Property(tries = 300)
  void garbage_always_endsAndTheNextIsAnswered(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    try (RawClient client = new RawClient(listener.endpoint())) {
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        sendSome(client, random);
      }
      client.endInput();
      client.rest();
    } catch (java.net.SocketException e) {
      // Closed on us while we were still sending: as good an end as any.
      assertAnswers();
    }
    assertAnswers();
  }

  private static void sendSome(RawClient client, Random random) throws IOException {
    if (random.nextInt(4) == 0) {
      byte[] noise = new byte[random.nextInt(1, 200)];
      random.nextBytes(noise);
      client.send(noise);
    } else {
      client.send(PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static void assertAnswers() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      assertEquals("hello", client.send(HELLO).answer().body());
    }
  }
}
