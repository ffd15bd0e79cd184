package oca.protocol.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import oca.model.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 for a command that asks a process of this machine and ends: over a Unix domain socket,
 * or over TCP without TLS. One connection for each exchange, which ends within the timeout whatever
 * the other side does, and takes no more than so many bytes. Safe on any thread; blocks.
 *
 * <p>Beside {@link ControlClient}, which keeps connections and speaks TLS, but knows no such socket
 * and takes a tenth of a second to load.
 */
public final class PlainClient {
  private static final int MAX_HEAD = 64 << 10;
  private static final int MAX_BODY = 64 << 20;
  private static final int STEP = 16 << 10;

  private final String name;
  private final @Nullable Path socket;
  private final URI uri;
  private final Duration timeout;
  private final Optional<String> token;

  /**
   * An answer of any status.
   *
   * @param status as sent
   * @param body the whole of it
   */
  public record Answer(int status, byte[] body) {
    /** Whether it is what was asked for. */
    public boolean isGood() {
      return status / 100 == 2;
    }

    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * A client of one process.
   *
   * @param address a socket's path, absolute, or an {@code http} URI
   * @param timeout for each exchange from the first try to connect to the last byte
   * @param token a bearer token to show, if there is one
   * @throws IllegalArgumentException when the address is neither
   */
  public PlainClient(String address, Duration timeout, Optional<String> token) {
    boolean isPath = address.startsWith("/") || address.startsWith("unix:");
    this.name = address;
    this.socket = isPath ? Path.of(address.replaceFirst("^unix:(//)?", "")) : null;
    this.uri = isPath ? URI.create("http://localhost/") : uri(address);
    this.timeout = timeout;
    this.token = token;
  }

  private static URI uri(String address) {
    URI uri = URI.create(address);
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          address + " is neither the path of a socket nor http://HOST:PORT");
    }
    return uri;
  }

  /** Who is asked, as it was given. */
  public String name() {
    return name;
  }

  /**
   * Reads a resource.
   *
   * @param target path and query
   * @throws UnreachedException when nobody answers in time
   * @throws IOException when what comes is no answer, or too long
   */
  public Answer get(String target) throws IOException {
    return exchange("GET", target, new byte[0]);
  }

  /** Posts JSON, and reads the answer; an empty body is none. */
  public Answer post(String target, byte[] json) throws IOException {
    return exchange("POST", target, json);
  }

  private Answer exchange(String method, String target, byte[] body) throws IOException {
    Deadline deadline = new Deadline(System.nanoTime() + timeout.toNanos());
    boolean isConnected = false;
    try (SocketChannel channel = connect(deadline);
        Selector selector = Selector.open()) {
      isConnected = true;
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer request = ByteBuffer.wrap(request(method, target, body));
      while (request.hasRemaining()) {
        if (channel.write(request) == 0) {
          deadline.await(selector);
        }
      }
      key.interestOps(SelectionKey.OP_READ);
      return new Reading(channel, selector, deadline).answer();
    } catch (SocketTimeoutException e) {
      throw new UnreachedException(
          name + ": no answer to " + method + " " + target + " in " + timeout.toMillis() + " ms",
          e);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      if (!isConnected) {
        throw new UnreachedException("nobody answers at " + name + ": " + why, e);
      }
      throw new IOException(name + ": " + method + " " + target + ": " + why, e);
    }
  }

  private SocketChannel connect(Deadline deadline) throws IOException {
    Path path = socket;
    SocketAddress address = path == null ? resolved() : UnixDomainSocketAddress.of(path);
    SocketChannel channel =
        path == null ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      if (!channel.connect(address)) {
        try (Selector selector = Selector.open()) {
          channel.register(selector, SelectionKey.OP_CONNECT);
          while (!channel.finishConnect()) {
            deadline.await(selector);
          }
        }
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private InetSocketAddress resolved() throws UnknownHostException {
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    InetSocketAddress address = Endpoint.parse(uri.getHost() + ":" + port).resolve();
    if (address.isUnresolved()) {
      throw new UnknownHostException("the host name does not resolve");
    }
    return address;
  }

  private byte[] request(String method, String target, byte[] body) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    head.append("Connection: close\r\nAccept: application/json, text/plain\r\n");
    token.ifPresent(it -> head.append("Authorization: Bearer ").append(it).append("\r\n"));
    if (method.equals("POST")) {
      head.append("Content-Type: application/json\r\n");
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = java.util.Arrays.copyOf(bytes, bytes.length + body.length);
    System.arraycopy(body, 0, all, bytes.length, body.length);
    return all;
  }

  /** A point in time. */
  private record Deadline(long nanos) {
    void await(Selector selector) throws IOException {
      long left = (nanos - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      selector.select(left);
      selector.selectedKeys().clear();
    }
  }

  /** An answer on its way: its head first, then what the head says. */
  private static final class Reading {
    private final SocketChannel channel;
    private final Selector selector;
    private final Deadline deadline;
    private final ByteBuffer step = ByteBuffer.allocate(STEP);

    Reading(SocketChannel channel, Selector selector, Deadline deadline) {
      this.channel = channel;
      this.selector = selector;
      this.deadline = deadline;
      step.flip();
    }

    Answer answer() throws IOException {
      int status = status(line());
      long length = -1;
      boolean isChunked = false;
      int head = 0;
      for (String field = line(); !field.isEmpty(); field = line()) {
        head += field.length();
        if (head > MAX_HEAD) {
          throw new IOException("a head of more than " + MAX_HEAD + " bytes");
        }
        String lower = field.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = number(lower.substring(15).strip(), 10);
        } else if (lower.startsWith("transfer-encoding:")) {
          isChunked = lower.endsWith("chunked");
        }
      }
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      if (isChunked) {
        chunks(body);
      } else if (length >= 0) {
        take(length, body);
      } else if (status != 204 && status != 304) {
        while (more()) {
          take(step.remaining(), body);
        }
      }
      return new Answer(status, body.toByteArray());
    }

    private static int status(String line) throws IOException {
      if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
        throw new IOException("no HTTP answer");
      }
      return Integer.parseInt(line.substring(9, 12));
    }

    private static long number(String text, int radix) throws IOException {
      try {
        return Long.parseLong(text, radix);
      } catch (NumberFormatException e) {
        throw new IOException("no length: " + text, e);
      }
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
      while (true) {
        long length = number(line().split(";", 2)[0].strip(), 16);
        if (length == 0) {
          return;
        }
        take(length, body);
        line();
      }
    }

    private void take(long length, ByteArrayOutputStream body) throws IOException {
      if (length < 0 || body.size() + length > MAX_BODY) {
        throw new IOException("an answer of more than " + MAX_BODY + " bytes");
      }
      long left = length;
      while (left > 0) {
        if (!more()) {
          throw new IOException("the answer ended early");
        }
        int part = (int) Math.min(left, step.remaining());
        body.write(step.array(), step.position(), part);
        step.position(step.position() + part);
        left -= part;
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      while (true) {
        if (!more()) {
          throw new IOException("the answer ended early");
        }
        char c = (char) (step.get() & 0xff);
        if (c == '\n') {
          int end = line.length();
          return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
        }
        if (line.length() == MAX_HEAD) {
          throw new IOException("a line of more than " + MAX_HEAD + " bytes");
        }
        line.append(c);
      }
    }

    /** Waits until there is a byte; false at the end. */
    private boolean more() throws IOException {
      while (!step.hasRemaining()) {
        step.clear();
        int read = channel.read(step);
        step.flip();
        if (read < 0) {
          return false;
        }
        if (read == 0) {
          deadline.await(selector);
        }
      }
      return true;
    }
  }
}
