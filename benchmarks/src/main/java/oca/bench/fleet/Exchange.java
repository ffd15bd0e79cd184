package oca.bench.fleet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over one connection that is kept, as little of it as these services need: bodies of a
 * known length. Opened when it is needed, and anew after a failure. For one thread at a time.
 */
final class Exchange implements AutoCloseable {
  private static final int STEP = 2048;

  private final InetSocketAddress to;
  private final InetAddress from;
  private @Nullable Socket socket;
  private byte[] in = new byte[STEP];
  private int start;
  private int end;

  /**
   * An answer.
   *
   * @param etag as sent, or empty
   */
  record Answer(int status, String etag, byte[] body) {
    boolean isGood() {
      return status / 100 == 2;
    }
  }

  /** Connects from that address when it is first used: of the host that is played. */
  Exchange(InetSocketAddress to, InetAddress from) {
    this.to = to;
    this.from = from;
  }

  Answer get(String target, String etag, int millis) throws IOException {
    String condition = etag.isEmpty() ? "" : "If-None-Match: " + etag + "\r\n";
    return exchange("GET " + target, condition, new byte[0], millis);
  }

  Answer post(String target, byte[] json, int millis) throws IOException {
    String fields = "Content-Type: application/json\r\nContent-Length: " + json.length + "\r\n";
    return exchange("POST " + target, fields, json, millis);
  }

  @Override
  public void close() {
    Socket open = socket;
    socket = null;
    start = 0;
    end = 0;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new IllegalStateException("a socket cannot be closed", e);
      }
    }
  }

  private Answer exchange(String what, String fields, byte[] body, int millis) throws IOException {
    byte[] head =
        (what + " HTTP/1.1\r\nHost: fleet\r\n" + fields + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    try {
      Socket open = open(millis);
      open.setSoTimeout(millis);
      open.getOutputStream().write(all);
      return read(open.getInputStream());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Socket open(int millis) throws IOException {
    Socket open = socket;
    if (open == null) {
      open = new Socket();
      socket = open;
      open.setTcpNoDelay(true);
      open.bind(new InetSocketAddress(from, 0));
      open.connect(to, millis);
    }
    return open;
  }

  private Answer read(InputStream from) throws IOException {
    String first = line(from);
    if (!first.startsWith("HTTP/1.1 ")) {
      throw new IOException("no answer: " + first);
    }
    int status = Integer.parseInt(first, 9, 12, 10);
    int length = 0;
    String etag = "";
    boolean isLast = false;
    for (String field = line(from); !field.isEmpty(); field = line(from)) {
      String name = field.substring(0, Math.max(0, field.indexOf(':'))).toLowerCase(Locale.ROOT);
      switch (name) {
        case "content-length" -> length = Integer.parseInt(field.substring(15).strip());
        case "etag" -> etag = field.substring(5).strip();
        case "connection" -> isLast = field.toLowerCase(Locale.ROOT).endsWith("close");
        default -> {}
      }
    }
    byte[] body = new byte[status == 304 || status == 204 ? 0 : length];
    for (int have = 0; have < body.length; ) {
      more(from);
      int part = Math.min(body.length - have, end - start);
      System.arraycopy(in, start, body, have, part);
      start += part;
      have += part;
    }
    if (isLast) {
      close();
    }
    return new Answer(status, etag, body);
  }

  private String line(InputStream from) throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      more(from);
      while (start < end) {
        byte next = in[start++];
        if (next == '\n') {
          return line.toString();
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
    }
  }

  private void more(InputStream from) throws IOException {
    if (start == end) {
      start = 0;
      end = Math.max(0, from.read(in));
      if (end == 0) {
        throw new EOFException("the connection ended");
      }
    }
  }
}
