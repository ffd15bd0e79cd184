package oca.server.fill;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import oca.model.Endpoint;

/** A peer or an origin that keeps its word, or breaks it in one of several ways. */
final class SourceServer implements AutoCloseable {
  enum Manner {
    HONEST,
    /** Right length, wrong bytes. */
    LYING,
    /** Wrong bytes, and closes the connection after half of what it announced. */
    LYING_AND_TRUNCATING,
    /** Announces one byte more than the file has. */
    LONGER,
    /** Sends twice the file without announcing a length. */
    ENDLESS,
    /** Closes the connection after half of what it announced. */
    TRUNCATING,
    /** Falls silent after half. */
    STALLING,
    /** Never answers. */
    SILENT,
    /** 404. */
    MISSING,
    /** 302. */
    REDIRECTING,
    /** 200 with the whole file, whatever the range. */
    IGNORING_RANGES,
    /** 206 with another range than asked for. */
    OTHER_RANGE
  }

  /** Behind the last byte when no range was asked for. */
  private static final int ALL = -1;

  volatile Manner manner = Manner.HONEST;
  final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** Of some files, so many bytes from the beginning are here; ranges beyond are answered 404. */
  final Map<String, Integer> verified = new ConcurrentHashMap<>();

  /** When a truncating source closes: a client may lose what it had not read by then. */
  volatile BooleanSupplier breakOffWhen = () -> true;

  /** {@code path} or {@code path range} of each request. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);

  SourceServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getAddress().getPort());
  }

  URI uri(String path) {
    return endpoint().http(path);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    String range = exchange.getRequestHeaders().getFirst("Range");
    asked.add(range == null ? path : path + " " + range);
    byte[] file = files.get(path);
    try (exchange) {
      if (file == null || manner == Manner.MISSING) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      int dash = range == null ? 0 : range.indexOf('-');
      int first = range == null ? 0 : Integer.parseInt(range.substring(6, dash));
      int end = range == null ? ALL : Integer.parseInt(range.substring(dash + 1)) + 1;
      if ((end == ALL ? file.length : end) > verified.getOrDefault(path, file.length)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      switch (manner) {
        case HONEST -> send(exchange, file, first, end);
        case LYING -> send(exchange, wrong(file), first, end);
        case LONGER -> send(exchange, Arrays.copyOf(file, file.length + 1), first, end);
        case ENDLESS -> endless(exchange, file);
        case TRUNCATING -> {
          half(exchange, file, first, end);
          await().until(breakOffWhen::getAsBoolean);
        }
        case LYING_AND_TRUNCATING -> {
          half(exchange, wrong(file), first, end);
          await().until(breakOffWhen::getAsBoolean);
        }
        case STALLING -> {
          half(exchange, file, first, end);
          waitForClosing();
        }
        case SILENT -> waitForClosing();
        case MISSING -> throw new IllegalStateException("answered above");
        case REDIRECTING -> {
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:9/");
          exchange.sendResponseHeaders(302, -1);
        }
        case IGNORING_RANGES -> send(exchange, file, 0, ALL);
        case OTHER_RANGE -> send(exchange, file, first + 1, end);
      }
    }
  }

  private static byte[] wrong(byte[] file) {
    byte[] wrong = file.clone();
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] ^= 1;
    }
    return wrong;
  }

  /** Announces a part, or the whole when {@code end} says so; returns how many bytes. */
  private static int head(HttpExchange exchange, byte[] file, int first, int end)
      throws IOException {
    if (end == ALL) {
      exchange.sendResponseHeaders(200, file.length);
      return file.length;
    }
    String range = "bytes " + first + "-" + (end - 1) + "/" + file.length;
    exchange.getResponseHeaders().set("Content-Range", range);
    exchange.sendResponseHeaders(206, end - first);
    return end - first;
  }

  private static void send(HttpExchange exchange, byte[] file, int first, int end)
      throws IOException {
    int length = head(exchange, file, first, end);
    exchange.getResponseBody().write(file, first, length);
  }

  private static void half(HttpExchange exchange, byte[] file, int first, int end)
      throws IOException {
    int length = head(exchange, file, first, end);
    exchange.getResponseBody().write(file, first, length / 2);
    exchange.getResponseBody().flush();
  }

  private static void endless(HttpExchange exchange, byte[] file) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(file);
    exchange.getResponseBody().write(file);
  }

  private void waitForClosing() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
