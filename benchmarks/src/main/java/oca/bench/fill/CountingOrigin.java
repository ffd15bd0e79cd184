package oca.bench.fill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import oca.model.Endpoint;
import oca.protocol.Wire;

/** Serves what is published, whole or by one range, and counts the bytes that it handed over. */
final class CountingOrigin implements AutoCloseable {
  private static final int PIECE = 16 << 10;

  private final Published published;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LongAdder sent = new LongAdder();
  private final LongAdder requests = new LongAdder();

  CountingOrigin(Published published) throws IOException {
    this.published = published;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getAddress().getPort());
  }

  /** Bytes of files handed to sockets, whether anybody read them or not. */
  long sent() {
    return sent.sum();
  }

  long requests() {
    return requests.sum();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    try (exchange) {
      if (path.equals("catalog")) {
        byte[] json = Wire.write(published.catalog());
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
        return;
      }
      byte[] file = published.bytes().get(path);
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      requests.increment();
      String range = exchange.getRequestHeaders().getFirst("Range");
      int first = 0;
      int end = file.length;
      if (range != null) {
        int dash = range.indexOf('-');
        first = Integer.parseInt(range.substring("bytes=".length(), dash));
        end = Integer.parseInt(range.substring(dash + 1)) + 1;
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + file.length);
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, end - first);
      send(exchange.getResponseBody(), file, first, end);
    }
  }

  private void send(OutputStream body, byte[] file, int first, int end) throws IOException {
    for (int at = first; at < end; at += PIECE) {
      int length = Math.min(PIECE, end - at);
      body.write(file, at, length);
      sent.add(length);
    }
  }
}
