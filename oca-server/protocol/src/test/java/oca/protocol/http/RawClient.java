package oca.protocol.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import oca.model.Endpoint;

/** A connection on which a test says what it likes. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  /** One answer; the head with its line ends. */
  record Answer(int status, String head, String body) {
    String field(String name) {
      String wanted = name.toLowerCase(Locale.ROOT) + ":";
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(wanted))
          .map(line -> line.substring(wanted.length()).strip())
          .findFirst()
          .orElse("");
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawClient(Endpoint to) throws IOException {
    this(new Socket(to.host(), to.port()));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = socket.getInputStream();
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  void endInput() throws IOException {
    socket.shutdownOutput();
  }

  /** A line without its end; what there is when the connection ends. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** The next answer, by its Content-Length. */
  Answer answer() throws IOException {
    return answer(true);
  }

  /** The next answer, with or without a body after the head. */
  Answer answer(boolean withBody) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(); !line.isEmpty(); line = line()) {
      head.append(line).append("\r\n");
    }
    if (head.isEmpty()) {
      throw new IOException("the connection ended without an answer");
    }
    Answer answer = new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(), "");
    String length = answer.field("content-length");
    byte[] body =
        withBody && !length.isEmpty() ? in.readNBytes(Integer.parseInt(length)) : new byte[0];
    return new Answer(answer.status(), answer.head(), new String(body, StandardCharsets.UTF_8));
  }

  /** All that comes until the connection ends; it may end with a reset. */
  String rest() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
      return all.toString(StandardCharsets.UTF_8);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open after " + Duration.ofMillis(PATIENCE_MILLIS), e);
    } catch (IOException e) {
      // A reset is an end too.
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
