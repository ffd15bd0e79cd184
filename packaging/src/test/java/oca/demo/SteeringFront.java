package oca.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * What stands before steering, as a proxy would: passes requests on, remembers those of players for
 * steering manifests, and can be told to answer them wrongly, or to be gone.
 */
final class SteeringFront implements AutoCloseable {
  /** What the front answers in place of steering. */
  enum Fault {
    NONE,
    /** 404. */
    MISSING,
    /** Steering's answer, after 12 seconds: more than hls.js and dash.js wait. */
    SLOW,
    /** 503. */
    BROKEN,
    /** 410. */
    GONE,
    /** 200, and half of the JSON. */
    MALFORMED,
    /**
     * 503, malformed and 404 by turns, each with the word that it may be kept for the TTL, as a
     * proxy can be told to say.
     */
    KEPT
  }

  /**
   * A request for a steering manifest.
   *
   * @param player the last word of its user agent
   * @param at milliseconds of the wall clock
   * @param status answered; 0 while there is none
   * @param ttl seconds that the answer told; 0 when it told none
   */
  record Asked(String player, long at, Fault fault, int status, int ttl) {}

  private static final Duration SLOWNESS = Duration.ofSeconds(12);
  private static final Pattern TTL = Pattern.compile("\"TTL\":(\\d+)");

  private final Endpoint listen;
  private final Endpoint steering;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final Duration keep;
  private volatile Fault fault = Fault.NONE;
  private volatile Duration delay = Duration.ZERO;
  private ControlListener listener;

  /**
   * Starts to listen.
   *
   * @param keep how long a failure may be kept, where it says so
   */
  SteeringFront(Endpoint listen, Endpoint steering, Duration keep) throws IOException {
    this.listen = listen;
    this.steering = steering;
    this.keep = keep;
    this.listener = open();
  }

  void fault(Fault next) {
    fault = next;
  }

  /** By how much steering's own answers come later than they would. */
  void delay(Duration next) {
    delay = next;
  }

  /** From now on connections are refused. */
  void disappear() {
    listener.close();
  }

  void reappear() throws IOException {
    listener = open();
  }

  /** What a player asked for since, in order of arrival. */
  List<Asked> asked(String player, long since) {
    return asked.stream()
        .filter(it -> it.player().equals(player) && it.at() >= since)
        .sorted(Comparator.comparingLong(Asked::at))
        .toList();
  }

  @Override
  public void close() {
    listener.close();
    http.shutdownNow();
  }

  private ControlListener open() throws IOException {
    ControlListener next = ControlListener.bind(listen, ControlListener.Limits.DEFAULT);
    next.route("GET", "/v1/", this::get)
        .route("OPTIONS", "/v1/", this::pass)
        .route("POST", "/v1/", this::post);
    next.start();
    return next;
  }

  private Response get(Request request) throws IOException {
    boolean isManifest =
        request.path().startsWith("/v1/hls/") || request.path().startsWith("/v1/dash/");
    if (!isManifest) {
      return pass(request);
    }
    long at = System.currentTimeMillis();
    Fault now = fault;
    LockSupport.parkNanos(delay.toNanos());
    String agent = request.header("user-agent").orElse("");
    String player = agent.substring(agent.lastIndexOf(' ') + 1);
    if (now == Fault.SLOW) {
      // Known at once: the player may have given up before there is an answer.
      asked.add(new Asked(player, at, now, 0, 0));
    }
    Response response =
        switch (now) {
          case NONE -> pass(request);
          case MISSING -> failure(404);
          case SLOW -> {
            LockSupport.parkNanos(SLOWNESS.toNanos());
            yield pass(request);
          }
          case BROKEN -> failure(503);
          case GONE -> failure(410);
          case MALFORMED -> malformed();
          case KEPT ->
              List.of(failure(503), malformed(), failure(404))
                  .get((int) asked(player, 0).stream().filter(it -> it.fault() == now).count() % 3)
                  .with("Cache-Control", "private, max-age=" + keep.toSeconds());
        };
    if (now != Fault.SLOW) {
      asked.add(new Asked(player, at, now, response.status(), ttl(response)));
    }
    return response;
  }

  private static int ttl(Response response) {
    Matcher ttl = TTL.matcher(new String(response.body(), StandardCharsets.UTF_8));
    return ttl.find() ? Integer.parseInt(ttl.group(1)) : 0;
  }

  private static Response failure(int status) {
    return cors(Response.problem(status, "told to"));
  }

  private static Response malformed() {
    return cors(Response.text("application/json", "{\"VERSION\": 1, \"TTL\":"));
  }

  private static Response cors(Response response) {
    return response.with("Access-Control-Allow-Origin", "*");
  }

  private Response pass(Request request) throws IOException {
    StringBuilder query = new StringBuilder();
    request
        .query()
        .forEach(
            (name, value) ->
                query
                    .append(query.isEmpty() ? '?' : '&')
                    .append(encoded(name))
                    .append('=')
                    .append(encoded(value)));
    return sent(HttpRequest.newBuilder(to(request.path() + query)));
  }

  private Response post(Request request) throws IOException {
    return sent(
        HttpRequest.newBuilder(to(request.path()))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.body())));
  }

  private URI to(String pathAndQuery) {
    return URI.create("http://" + steering + pathAndQuery);
  }

  private Response sent(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> answer =
          http.send(
              request.timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      Response response = cors(new Response(answer.statusCode(), Map.of(), answer.body()));
      for (String header : List.of("Content-Type", "Cache-Control")) {
        Optional<String> value = answer.headers().firstValue(header);
        response = value.isPresent() ? response.with(header, value.get()) : response;
      }
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
