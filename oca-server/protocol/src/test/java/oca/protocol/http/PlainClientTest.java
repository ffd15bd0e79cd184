package oca.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.model.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainClientTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  @Test
  void exchange_overSocketAndTcp_isTheSame(@TempDir Path folder) throws Exception {
    try (ControlListener listener =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)) {
      listener
          .route("GET", "/v1/a", it -> Response.text("text/plain", it.parameter("q").orElse("")))
          .route(
              "POST",
              "/v1/b",
              it -> Response.text("text/plain", it.header("authorization").orElse("none")))
          .start();
      Path socket = folder.resolve("admin.sock");
      try (UnixDoor _ = UnixDoor.open(socket, listener, 4)) {
        String url = "http://" + listener.endpoint();
        for (String address : new String[] {socket.toString(), "unix:" + socket, url}) {
          PlainClient client = new PlainClient(address, WAIT, Optional.of("t0ken"));
          assertEquals("caf\u00e9", client.get("/v1/a?q=caf%C3%A9").text());
          assertEquals("Bearer t0ken", client.post("/v1/b", new byte[100_000]).text());
          assertEquals(404, client.get("/v1/none").status());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 2~~hi|hi",
        "HTTP/1.1 200 OK~~hi there|hi there",
        "HTTP/1.1 200~Transfer-Encoding: chunked~~2;x=y~hi~3~ to~0~~|hi to",
        "HTTP/1.0 204 No Content~~|''",
      })
  void get_anyFraming_isReadToItsEnd(String sent, String expected) throws Exception {
    try (Told told = new Told(sent.replace("~", "\r\n"), true)) {
      assertEquals(expected, client(told, WAIT).get("/").text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-x~",
        "HTTP/1.1 200 OK~Content-Length: 9~~hi",
        "HTTP/1.1 200 OK~Content-Length: x~~hi",
        "HTTP/1.1 200 OK~Content-Length: 99999999999~~hi",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-5~hi",
      })
  void get_notAnAnswer_isSaidWithItsName(String sent) throws Exception {
    try (Told told = new Told(sent.replace("~", "\r\n"), true)) {
      PlainClient client = client(told, WAIT);
      IOException failed = assertThrows(IOException.class, () -> client.get("/x"));
      assertTrue(String.valueOf(failed.getMessage()).startsWith(client.name()), failed.toString());
    }
  }

  @Test
  void get_headWithoutEnd_isRefusedBeforeItFillsMemory() throws Exception {
    String endless = "HTTP/1.1 200 OK\r\n" + ("X: " + "y".repeat(1000) + "\r\n").repeat(100);
    try (Told told = new Told(endless, true)) {
      IOException failed = assertThrows(IOException.class, () -> client(told, WAIT).get("/x"));
      assertTrue(String.valueOf(failed.getMessage()).contains("65536"), failed.toString());
    }
  }

  @Test
  void get_silence_endsWithTheTimeout() throws Exception {
    try (Told told = new Told("HTTP/1.1 200 OK\r\n", false)) {
      UnreachedException late =
          assertThrows(
              UnreachedException.class, () -> client(told, Duration.ofMillis(200)).get("/x"));
      assertTrue(String.valueOf(late.getMessage()).contains("in 200 ms"), late.toString());
    }
  }

  @Test
  void get_nobodyThere_saysWho(@TempDir Path folder) {
    for (String address : new String[] {folder + "/none.sock", "http://127.0.0.1:1"}) {
      PlainClient client = new PlainClient(address, WAIT, Optional.empty());
      UnreachedException away = assertThrows(UnreachedException.class, () -> client.get("/x"));
      assertTrue(
          String.valueOf(away.getMessage()).startsWith("nobody answers at " + address),
          away.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin.sock", "https://127.0.0.1:1", "http:/x", "127.0.0.1:80"})
  void new_anythingElse_isRefused(String address) {
    assertThrows(
        IllegalArgumentException.class, () -> new PlainClient(address, WAIT, Optional.empty()));
  }

  private static PlainClient client(Told told, Duration wait) {
    return new PlainClient(
        "http://127.0.0.1:" + told.socket.getLocalPort(), wait, Optional.empty());
  }

  /** Says the same to whomever connects. */
  private static final class Told implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

    Told(String text, boolean thenEnds) throws IOException {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket asked = socket.accept()) {
                  asked.getInputStream().read(new byte[1000]);
                  asked.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                  asked.getOutputStream().flush();
                  if (!thenEnds) {
                    asked.getInputStream().read(new byte[1000]);
                  }
                } catch (IOException e) {
                  // The test looks at what the client says, not at what it does.
                  Thread.currentThread().interrupt();
                }
              });
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
