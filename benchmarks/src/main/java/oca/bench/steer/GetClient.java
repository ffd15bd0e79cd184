package oca.bench.steer;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oca.protocol.Wire;
import org.HdrHistogram.Histogram;

/**
 * The client's process: one thread with many connections, each asking the same again as soon as it
 * was answered.
 *
 * <p>Reads orders from its standard input, one line of JSON each, and prints the result of each as
 * one line of JSON. It ends with its input. Every answer must be 200 and as long as the first.
 */
public final class GetClient {
  private static final int BUFFER = 64 << 10;

  /**
   * What to ask.
   *
   * @param target path and query
   * @param connections kept alive
   * @param warmUpMillis before it counts
   */
  record Order(int port, String target, int connections, long warmUpMillis, long millis) {}

  /**
   * What came of it.
   *
   * @param answers counted
   * @param answerBytes of one, head and all
   */
  record Result(
      long answers, double perSecond, double p50Micros, double p99Micros, int answerBytes) {}

  private static final class Line {
    private final SocketChannel channel;
    private final ByteBuffer first = ByteBuffer.allocate(16);
    private long asked;
    private int came;

    private Line(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private final Order order;
  private final ByteBuffer request;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final Histogram micros = new Histogram(10_000_000_000L, 3);
  private int answerBytes;
  private long answers;
  private boolean counting;

  private GetClient(Order order) {
    this.order = order;
    byte[] text =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: player\r\nAccept: */*\r\n\r\n"
            .formatted(order.target())
            .getBytes(StandardCharsets.US_ASCII);
    this.request = ByteBuffer.allocateDirect(text.length).put(text).flip();
  }

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      Order order = Wire.read(line.getBytes(StandardCharsets.UTF_8), Order.class);
      System.out.println(
          new String(Wire.write(new GetClient(order).run()), StandardCharsets.UTF_8));
    }
  }

  private Result run() throws IOException {
    answerBytes = lengthOfOne();
    List<Line> lines = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < order.connections(); i++) {
        SocketChannel channel = connect();
        channel.configureBlocking(false);
        Line line = new Line(channel);
        channel.register(selector, SelectionKey.OP_READ, line);
        lines.add(line);
        ask(line);
      }
      runUntil(selector, System.nanoTime() + order.warmUpMillis() * 1_000_000);
      counting = true;
      long began = System.nanoTime();
      runUntil(selector, began + order.millis() * 1_000_000);
      double seconds = (System.nanoTime() - began) / 1e9;
      return new Result(
          answers,
          answers / seconds,
          micros.getValueAtPercentile(50) / 1e3,
          micros.getValueAtPercentile(99) / 1e3,
          answerBytes);
    } finally {
      for (Line line : lines) {
        line.channel.close();
      }
    }
  }

  private void runUntil(Selector selector, long deadline) throws IOException {
    while (System.nanoTime() < deadline) {
      selector.select(100);
      for (SelectionKey key : selector.selectedKeys()) {
        read((Line) key.attachment());
      }
      selector.selectedKeys().clear();
    }
  }

  private void read(Line line) throws IOException {
    int read = line.channel.read(in.clear());
    if (read < 0) {
      throw new EOFException("the server closed a connection");
    }
    in.flip();
    while (in.hasRemaining() && line.first.hasRemaining()) {
      line.first.put(in.get());
    }
    line.came += read;
    if (line.came > answerBytes) {
      throw new IOException("an answer of another length than the first");
    }
    if (line.came == answerBytes) {
      if (!said(line).startsWith("HTTP/1.1 200")) {
        throw new IOException("answered " + said(line));
      }
      long now = System.nanoTime();
      if (counting) {
        answers++;
        micros.recordValue(now - line.asked);
      }
      ask(line);
    }
  }

  private static String said(Line line) {
    return new String(line.first.array(), StandardCharsets.ISO_8859_1);
  }

  private void ask(Line line) throws IOException {
    line.came = 0;
    line.first.clear();
    line.asked = System.nanoTime();
    if (line.channel.write(request.rewind()) != request.limit()) {
      throw new IOException("a request does not fit into an idle socket");
    }
  }

  /** Of a first answer, by its Content-Length. */
  private int lengthOfOne() throws IOException {
    try (SocketChannel channel = connect()) {
      channel.write(request.rewind());
      StringBuilder all = new StringBuilder();
      while (true) {
        if (channel.read(in.clear()) < 0) {
          throw new EOFException("the server closed a connection");
        }
        all.append(StandardCharsets.ISO_8859_1.decode(in.flip()));
        int end = all.indexOf("\r\n\r\n");
        if (end >= 0) {
          String head = all.substring(0, end).toLowerCase(Locale.ROOT);
          int at = head.indexOf("content-length: ") + "content-length: ".length();
          int stop = head.indexOf('\r', at);
          return end + 4 + Integer.parseInt(head.substring(at, stop < 0 ? end : stop));
        }
      }
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), order.port()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }
}
