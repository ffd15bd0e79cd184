package oca.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import oca.model.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
  private ServerSocket echo;
  private Relay relay;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::answer);
    relay = new Relay(new Endpoint("127.0.0.1", echo.getLocalPort()));
  }

  @AfterEach
  void close() throws IOException {
    relay.close();
    echo.close();
  }

  @Test
  void relay_passesUntilCutAndAgainWhenMended() throws IOException {
    try (Socket first = connect()) {
      assertEquals(7, said(first, 7));
      relay.cut();
      assertEquals(-1, said(first, 8));
    }
    try (Socket second = connect()) {
      assertEquals(-1, said(second, 9));
    }
    relay.mend();
    try (Socket third = connect()) {
      assertEquals(10, said(third, 10));
    }
  }

  private Socket connect() throws IOException {
    return new Socket(relay.endpoint().host(), relay.endpoint().port());
  }

  /** What comes back; -1 when the connection is no more. */
  private static int said(Socket socket, int what) {
    try {
      socket.getOutputStream().write(what);
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  private void answer() {
    while (!echo.isClosed()) {
      try {
        Socket socket = echo.accept();
        Thread.ofVirtual()
            .start(
                () -> {
                  try (socket) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                  } catch (IOException e) {
                    // Its other end is gone.
                  }
                });
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }
  }
}
