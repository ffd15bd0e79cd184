package oca.server.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import oca.model.Endpoint;

/** Says exactly what it is told over one connection, and reads answers. */
final class RawClient implements AutoCloseable {
  final Socket socket;
  private final InputStream in;

  /** An answer; names of fields in lower case. */
  record Answer(int status, Map<String, String> fields, byte[] body) {
    String field(String name) {
      return fields.getOrDefault(name, "");
    }

    String text() {
      return new String(body, StandardCharsets.US_ASCII);
    }
  }

  RawClient(Endpoint to) throws IOException {
    this(to, 0);
  }

  /** With a receive buffer of so many bytes; 0 for what the system gives. */
  RawClient(Endpoint to, int receiveBuffer) throws IOException {
    this(open(to, receiveBuffer));
  }

  /** Over a connection that is there. */
  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
  }

  static Socket open(Endpoint to, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(to.host(), to.port()), 5000);
    return socket;
  }

  RawClient say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  RawClient get(String path, String... fields) throws IOException {
    return say(request("GET", path, fields));
  }

  static String request(String method, String path, String... fields) {
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** Reads an answer that has the body its head announces. */
  Answer answer() throws IOException {
    Answer head = head();
    boolean empty = head.status == 204 || head.status == 304;
    int length = empty ? 0 : Integer.parseInt(head.field("content-length"));
    return new Answer(head.status, head.fields, bytes(length));
  }

  /** Reads a head only. */
  Answer head() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(": ");
      fields.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 2),
          (a, b) -> a + ", " + b);
    }
    return new Answer(Integer.parseInt(status[1]), fields, new byte[0]);
  }

  byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the body ended after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  int read(byte[] into) throws IOException {
    return in.read(into);
  }

  /** Waits for the other side to end the connection, whatever it says before. */
  void readToTheEnd() throws IOException {
    try {
      in.readAllBytes();
    } catch (java.net.SocketException e) {
      return; // a reset ends it too
    }
  }

  /** Whether the other side has ended the connection, waiting for it. */
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true; // a reset ends it too
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended in a head: " + line);
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
