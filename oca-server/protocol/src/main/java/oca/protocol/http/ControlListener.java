package oca.protocol.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import oca.model.Endpoint;
import oca.protocol.WireException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener of the control plane: a few routes, each answered on a virtual thread of its own.
 *
 * <p>Routes are added before {@link #start}. Bodies beyond {@link Limits#bodyBytes} are refused
 * with 413, more than {@link Limits#requestsAtOnce} with 503; a handler that throws costs its own
 * request a 500 and a line in the log, nothing else.
 */
public final class ControlListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlListener.class);

  /** Answers one request; may block. */
  @FunctionalInterface
  public interface Handler {
    /**
     * The answer.
     *
     * @throws WireException answered with 400 and its message
     * @throws IOException answered with 502 and its message
     */
    Response answer(Request request) throws IOException;
  }

  /**
   * What one listener may take in.
   *
   * @param bodyBytes the largest request body
   * @param requestsAtOnce requests being read or answered
   */
  public record Limits(int bodyBytes, int requestsAtOnce) {
    /** 64 MiB, which is an inventory of 1.9 million files, and 256 at once. */
    public static final Limits DEFAULT = new Limits(64 << 20, 256);
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Limits limits;
  private final Semaphore places;
  private final LongAdder refused = new LongAdder();
  private final Map<String, Map<String, Handler>> routes = new TreeMap<>();
  private final String host;

  private ControlListener(HttpServer server, Limits limits, String host) {
    this.server = server;
    this.limits = limits;
    this.host = host;
    this.places = new Semaphore(limits.requestsAtOnce());
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-", 0).factory());
    server.setExecutor(threads);
  }

  /**
   * Takes the address; nothing is answered before {@link #start}.
   *
   * @throws IOException when the address cannot be had; the message names it
   */
  public static ControlListener bind(Endpoint listen, Limits limits) throws IOException {
    InetSocketAddress address = listen.resolve();
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on " + listen + ": the host name does not resolve");
    }
    try {
      return new ControlListener(HttpServer.create(address, 0), limits, listen.host());
    } catch (BindException e) {
      throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
    }
  }

  /**
   * Adds a route. A request goes to the longest path that it equals or, where the route's path ends
   * with a slash, starts with.
   */
  public ControlListener route(String method, String path, Handler handler) {
    routes.computeIfAbsent(path, _ -> new HashMap<>()).put(method, handler);
    return this;
  }

  /** Begins to answer. */
  public void start() {
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return new Endpoint(host, server.getAddress().getPort());
  }

  /** The same as a socket address, resolved; a {@link UnixDoor} asks. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  /** Requests refused because too many were under way. */
  public long refused() {
    return refused.sum();
  }

  /** Stops listening; requests under way have a second to end. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!places.tryAcquire()) {
        refused.increment();
        send(exchange, Response.problem(503, "too many requests at once").with("Retry-After", "1"));
        return;
      }
      try {
        send(exchange, answer(exchange));
      } finally {
        places.release();
      }
    }
  }

  private Response answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    try {
      String route = match(path);
      if (route == null) {
        return Response.problem(404, "no such resource: " + path);
      }
      Map<String, Handler> methods = routes.getOrDefault(route, Map.of());
      String method = exchange.getRequestMethod();
      Handler handler = methods.get(method.equals("HEAD") ? "GET" : method);
      if (handler == null) {
        return Response.problem(405, method + " is not for " + route)
            .with("Allow", String.join(", ", new java.util.TreeSet<>(methods.keySet())));
      }
      byte[] body = exchange.getRequestBody().readNBytes(limits.bodyBytes() + 1);
      if (body.length > limits.bodyBytes()) {
        return Response.problem(413, "a body of more than " + limits.bodyBytes() + " bytes");
      }
      return handler.answer(request(exchange, path, path.substring(route.length()), body));
    } catch (WireException | IllegalArgumentException e) {
      return Response.problem(400, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Response.problem(502, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("{} {} failed", exchange.getRequestMethod(), path, e);
      return Response.problem(500, "an internal error, see the log");
    }
  }

  private @Nullable String match(String path) {
    String best = null;
    for (String route : routes.keySet()) {
      boolean matches = route.endsWith("/") ? path.startsWith(route) : path.equals(route);
      if (matches && (best == null || route.length() > best.length())) {
        best = route;
      }
    }
    return best;
  }

  private static Request request(HttpExchange exchange, String path, String tail, byte[] body) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    String query = exchange.getRequestURI().getRawQuery();
    return new Request(
        exchange.getRequestMethod(),
        path,
        tail,
        query == null ? Map.of() : Request.decodeQuery(query),
        headers,
        exchange.getRemoteAddress().getAddress(),
        body);
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    response.headers().forEach(exchange.getResponseHeaders()::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    boolean noBody = head || response.body().length == 0;
    exchange.sendResponseHeaders(response.status(), noBody ? -1 : response.body().length);
    if (!noBody) {
      exchange.getResponseBody().write(response.body());
    }
  }
}
