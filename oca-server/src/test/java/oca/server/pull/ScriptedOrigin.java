package oca.server.pull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An origin that answers, byte for byte, what a test has it answer. */
final class ScriptedOrigin implements AutoCloseable {
  private final ServerSocket socket;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  /** A request; names of fields in lower case. */
  record Request(
      String method, String target, Map<String, String> fields, List<String> lines, String body) {
    String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }

  /** Answers one request. */
  @FunctionalInterface
  interface Script {
    /** A connection whose script throws is closed. */
    void answer(Request request, OutputStream out) throws Exception;
  }

  ScriptedOrigin() throws IOException {
    socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  void at(String target, Script script) {
    scripts.put(target, script);
  }

  /** Answers 200 with that body and those fields. */
  void at(String target, byte[] body, String... fields) {
    at(target, (_, out) -> out.write(response("200 OK", body, fields)));
  }

  static byte[] response(String status, byte[] body, String... fields) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(head(status, body.length, fields));
    out.writeBytes(body);
    return out.toByteArray();
  }

  /** A head; without Content-Length when it is below zero. */
  static byte[] head(String status, long length, String... fields) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    if (length >= 0) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  long count(String target) {
    return requests.stream().filter(it -> it.target().equals(target)).count();
  }

  private void accept() {
    try {
      while (true) {
        Socket accepted = socket.accept();
        open.add(accepted);
        Thread.ofVirtual().start(() -> serve(accepted));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (Request request = read(in); request != null; request = read(in)) {
        requests.add(request);
        Script script = scripts.get(request.target());
        if (script == null) {
          connection.getOutputStream().write(response("404 Not Found", new byte[0]));
        } else {
          script.answer(request, connection.getOutputStream());
        }
      }
    } catch (Exception e) {
      // the end of this connection
    }
  }

  private static Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> fields = new TreeMap<>();
    List<String> lines = new java.util.ArrayList<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      lines.add(line);
      int colon = line.indexOf(':');
      fields.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (a, b) -> a + ", " + b);
    }
    String[] words = first.split(" ", -1);
    int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    return new Request(words[0], words[1], fields, lines, body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Breaks all connections, and takes no more. */
  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket one : open) {
      try {
        one.setSoLinger(true, 0);
        one.close();
      } catch (IOException e) {
        // ended already
      }
    }
  }
}
