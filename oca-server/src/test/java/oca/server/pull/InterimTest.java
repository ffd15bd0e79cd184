package oca.server.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interim answers reach those who wait (RFC 9110, section 15.2), and are not kept. */
class InterimTest extends PullFixture {
  private static final String HINTS =
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: x\r\nX: 1\r\n\r\n";

  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void hint() {
    origin.at(
        "/p/a",
        (_, out) -> {
          out.write(("HTTP/1.1 100 Continue\r\n\r\n" + HINTS).getBytes(StandardCharsets.US_ASCII));
          out.flush();
          goOn.await();
          out.write(
              ScriptedOrigin.response(
                  "200 OK",
                  "body".getBytes(StandardCharsets.US_ASCII),
                  "Cache-Control: max-age=60"));
        });
  }

  /** A request, and the lines of what comes back. */
  private final class Asking implements AutoCloseable {
    private final Socket socket;

    Asking(String version, String method) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort());
      socket.setSoTimeout(10_000);
      String content = method.equals("POST") ? "Content-Length: 0\r\n" : "";
      socket
          .getOutputStream()
          .write(
              (method + " /p/a HTTP/" + version + "\r\nHost: x\r\n" + content + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
    }

    List<String> head() throws IOException {
      List<String> lines = new ArrayList<>();
      StringBuilder line = new StringBuilder();
      while (true) {
        int c = socket.getInputStream().read();
        if (c < 0) {
          throw new IOException("ended after " + lines);
        }
        if (c == '\n') {
          if (line.isEmpty()) {
            return lines;
          }
          lines.add(line.toString());
          line.setLength(0);
        } else if (c != '\r') {
          line.append((char) c);
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static final List<String> HINTED =
      List.of("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload");

  @Test
  void interim_ofAFetch_reachesWhoAskedBeforeTheAnswer() throws Exception {
    try (Asking one = new Asking("1.1", "GET")) {
      assertEquals(HINTED, one.head());
      goOn.countDown();
      assertEquals("HTTP/1.1 200 OK", one.head().getFirst());
    }
    try (Asking later = new Asking("1.1", "GET")) {
      assertEquals("HTTP/1.1 200 OK", later.head().getFirst(), "none of what is kept");
    }
    assertEquals(1, origin.count("/p/a"));
  }

  @Test
  void interim_beforeHttp11_isPassedOver() throws Exception {
    goOn.countDown();
    try (Asking one = new Asking("1.0", "GET")) {
      assertTrue(one.head().getFirst().endsWith("200 OK"));
    }
  }

  @Test
  void interim_ofWhatIsPassedOn_reachesWhoAsked() throws Exception {
    try (Asking one = new Asking("1.1", "POST")) {
      assertEquals(HINTED, one.head());
      goOn.countDown();
      assertEquals("HTTP/1.1 200 OK", one.head().getFirst());
    }
  }
}
