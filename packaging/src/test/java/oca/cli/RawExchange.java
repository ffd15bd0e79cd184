package oca.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import oca.model.Endpoint;

/** A connection on which a viewer says exactly what it is told to. */
final class RawExchange implements AutoCloseable {
  static final String OPEN = "open";
  static final String CLOSED = "closed";

  private final Socket socket = new Socket();

  RawExchange(Endpoint to) throws IOException {
    this(to, 0);
  }

  /** With a receive buffer of so many bytes; 0 for what the system gives. */
  RawExchange(Endpoint to, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(to.host(), to.port()), 5000);
    socket.setSoTimeout(10_000);
  }

  static String get(String path, String... fields) {
    return request("GET " + path, fields) + "\r\n";
  }

  static String request(String begin, String... fields) {
    StringBuilder text = new StringBuilder(begin + " HTTP/1.1\r\nHost: x\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text.toString();
  }

  RawExchange say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  InputStream in() throws IOException {
    return socket.getInputStream();
  }

  /** The head of the next answer in lower case; {@link #CLOSED} when the connection ends first. */
  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next;
      try {
        next = in().read();
      } catch (java.net.SocketException e) {
        return CLOSED;
      }
      if (next < 0) {
        return CLOSED;
      }
      head.append((char) next);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  /** The status of the next answer. */
  String status() throws IOException {
    String head = head();
    return head.equals(CLOSED) ? head : head.substring(9, 12);
  }

  /** The value of a field of that head; empty without. */
  static String field(String head, String name) {
    int at = head.indexOf("\r\n" + name + ": ");
    return at < 0
        ? ""
        : head.substring(at + name.length() + 4, head.indexOf("\r\n", at + 2)).strip();
  }

  /** Whether anything comes, or the end, before so many milliseconds are over. */
  String after(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return in().read() < 0 ? CLOSED : "answered";
    } catch (SocketTimeoutException e) {
      return OPEN;
    } catch (java.net.SocketException e) {
      return CLOSED;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
