package oca.server.fill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A store of one bucket that believes nobody: it works the signature out for itself, from what came
 * over the wire.
 */
final class S3Server implements AutoCloseable {
  static final String KEY = "AKTEST";
  static final String SECRET = "se/cr+et";
  static final String REGION = "north-1";

  final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  /** {@code key} or {@code key range} of each request that was answered with bytes. */
  final List<String> sent = new CopyOnWriteArrayList<>();

  volatile boolean publicBucket;

  /** So many requests are answered 503 SlowDown first. */
  final AtomicInteger busy = new AtomicInteger();

  private final InstantSource clock;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  S3Server(InstantSource clock) throws IOException {
    this.clock = clock;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      String fault = publicBucket ? "" : fault(exchange, path);
      if (!fault.isEmpty()) {
        refuse(exchange, 403, fault);
      } else if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        exchange.getResponseHeaders().set("Retry-After", "3");
        refuse(exchange, 503, "SlowDown");
      } else if (!path.startsWith("/media/")) {
        refuse(exchange, 404, "NoSuchBucket");
      } else {
        send(exchange, path.substring("/media/".length()));
      }
    }
  }

  private void send(HttpExchange exchange, String key) throws IOException {
    byte[] object = objects.get(key);
    if (object == null) {
      refuse(exchange, 404, "NoSuchKey");
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    sent.add(range == null ? key : key + " " + range);
    int first = 0;
    int end = object.length;
    if (range != null) {
      int dash = range.indexOf('-');
      first = Integer.parseInt(range.substring("bytes=".length(), dash));
      end = Math.min(end, Integer.parseInt(range.substring(dash + 1)) + 1);
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + object.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, end - first);
    exchange.getResponseBody().write(object, first, end - first);
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    byte[] xml =
        ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>m</Message></Error>")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, xml.length);
    exchange.getResponseBody().write(xml);
  }

  /** Why a request is not believed; empty when it is. */
  private String fault(HttpExchange exchange, String path) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null) {
      return "AccessDenied";
    }
    Map<String, String> parts =
        Arrays.stream(authorization.substring(authorization.indexOf(' ') + 1).split(",", -1))
            .map(it -> it.strip().split("=", 2))
            .collect(Collectors.toMap(it -> it[0], it -> it[1]));
    String[] scope = parts.getOrDefault("Credential", "////").split("/", -1);
    if (!scope[0].equals(KEY)) {
      return "InvalidAccessKeyId";
    }
    if (!scope[2].equals(REGION) || !scope[3].equals("s3")) {
      return "AuthorizationHeaderMalformed";
    }
    String date = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-date"));
    Instant at =
        LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
            .toInstant(ZoneOffset.UTC);
    if (Duration.between(at, clock.instant()).abs().compareTo(Duration.ofMinutes(15)) > 0) {
      return "RequestTimeTooSkewed";
    }
    List<String> signed = List.of(parts.getOrDefault("SignedHeaders", "").split(";", -1));
    boolean all =
        signed.containsAll(List.of("host", "x-amz-date", "x-amz-content-sha256"))
            && (exchange.getRequestHeaders().getFirst("Range") == null || signed.contains("range"));
    if (!all || !date.startsWith(scope[1])) {
      return "AccessDenied";
    }
    String headers =
        signed.stream()
            .map(it -> it + ":" + exchange.getRequestHeaders().getFirst(it) + "\n")
            .collect(Collectors.joining());
    String canonical =
        exchange.getRequestMethod()
            + ("\n" + path + "\n\n" + headers + "\n" + String.join(";", signed) + "\n")
            + exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      String toSign =
          String.join(
              "\n",
              "AWS4-HMAC-SHA256",
              date,
              scope[1] + "/" + REGION + "/s3/aws4_request",
              HexFormat.of().formatHex(digest));
      byte[] day = mac(("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8), scope[1]);
      byte[] key = mac(mac(mac(day, REGION), "s3"), "aws4_request");
      return HexFormat.of().formatHex(mac(key, toSign)).equals(parts.get("Signature"))
          ? ""
          : "SignatureDoesNotMatch";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
