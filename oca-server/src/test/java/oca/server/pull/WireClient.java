package oca.server.pull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends what it is told to, byte for byte, each request on its own connection. */
final class WireClient {
  private static final int TIMEOUT_MILLIS = 10_000;

  private WireClient() {}

  /**
   * An answer as it came, interim ones passed over.
   *
   * @param lines of its header section
   */
  record Answer(int status, List<String> lines, String body) {
    /** All values of the field, with commas between; empty without one. */
    String field(String name) {
      return String.join(", ", values(name));
    }

    List<String> values(String name) {
      return lines.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  /** A request that was sent, and whose answer is not read yet. */
  static final class Sent implements AutoCloseable {
    private final Socket socket;
    private final boolean isHead;

    private Sent(Socket socket, boolean isHead) {
      this.socket = socket;
      this.isHead = isHead;
    }

    Answer answer() throws IOException {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String first = line(in);
        List<String> lines = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          lines.add(line);
        }
        Answer head = new Answer(Integer.parseInt(first.split(" ", -1)[1]), lines, "");
        if (head.status() >= 200) {
          return new Answer(head.status(), lines, isHead ? "" : body(in, head));
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Sends those bytes, which are one request. */
  static Sent send(int port, String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return new Sent(socket, request.startsWith("HEAD "));
  }

  /** The answer to those bytes. */
  static Answer ask(int port, String request) throws IOException {
    try (Sent sent = send(port, request)) {
      return sent.answer();
    }
  }

  private static String body(InputStream in, Answer head) throws IOException {
    if (head.status() == 204 || head.status() == 304) {
      return "";
    }
    String length = head.field("Content-Length");
    if (!length.isEmpty()) {
      return exactly(in, Integer.parseInt(length));
    }
    if (!head.field("Transfer-Encoding").isEmpty()) {
      return chunks(in);
    }
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String chunks(InputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (int size = size(in); size > 0; size = size(in)) {
      body.append(exactly(in, size));
      line(in);
    }
    for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
      body.append("[trailer ").append(trailer).append(']');
    }
    return body.toString();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", -1)[0].strip(), 16);
  }

  private static String exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the body ended after " + bytes.length + " of " + count + " bytes");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("ended within a line: " + line);
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
