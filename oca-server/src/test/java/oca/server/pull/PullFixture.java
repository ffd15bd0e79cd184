package oca.server.pull;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Current;
import oca.protocol.ServeRecord;
import oca.server.http.HttpConfig;
import oca.server.http.HttpListener;
import oca.server.http.InheritedSockets;
import oca.store.Lookup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A listener with one service that pulls from a scripted origin, and clients of it. */
abstract class PullFixture {
  static final long BEGIN = 1_790_000_000_000L;

  @TempDir Path folder;

  final AtomicLong millis = new AtomicLong(BEGIN);
  final Queue<ServeRecord> records = new ConcurrentLinkedQueue<>();
  final HttpClient http = HttpClient.newHttpClient();
  ScriptedOrigin origin;
  PullServices pulls;
  HttpListener listener;
  byte[] bytes;
  String slice = "1MiB";
  String storeQueue = "64MiB";

  @BeforeEach
  void begin() throws IOException {
    origin = new ScriptedOrigin();
    bytes = new byte[300_000];
    new Random(5).nextBytes(bytes);
  }

  /** With further lines about the service. */
  void open(String... lines) throws IOException {
    String text =
        """
        folder: %s
        capacity: 256MiB
        slice: %s
        maxQueued: %s
        services:
          - name: vod
            prefix: p/
            upstreams: {origins: [{url: "http://127.0.0.1:%d"}], firstByte: 5s}
        %s
        """
            .formatted(folder.resolve("pull"), slice, storeQueue, origin.port(), indented(lines));
    try {
      pulls =
          PullServices.open(
              ConfigFile.parse("test", text, PullConfig.class),
              () -> Instant.ofEpochMilli(millis.get()),
              "edge",
              "edge-1");
      listener =
          HttpListener.open(
              Current.of(
                  ConfigFile.parse(
                      "test",
                      "listen: 127.0.0.1:0\neventLoops: 2\ndrainIdle: 0ms",
                      HttpConfig.class)),
              _ -> Lookup.Miss.MISS,
              pulls,
              records::add,
              () -> Instant.ofEpochMilli(millis.get()),
              InheritedSockets.none());
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static String indented(String... lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append("    ").append(line).append('\n');
    }
    return text.toString();
  }

  void pass(long seconds) {
    millis.addAndGet(seconds * 1000);
  }

  URI uri(String target) throws IOException {
    if (listener == null) {
      open();
    }
    return URI.create("http://127.0.0.1:" + listener.endpoint().port() + target);
  }

  HttpResponse<byte[]> get(String target, String... fields) throws Exception {
    return ask("GET", target, fields);
  }

  HttpResponse<byte[]> ask(String method, String target, String... fields) throws Exception {
    return http.send(request(method, target, fields), HttpResponse.BodyHandlers.ofByteArray());
  }

  CompletableFuture<HttpResponse<byte[]>> later(String target, String... fields)
      throws IOException {
    return http.sendAsync(request("GET", target, fields), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest request(String method, String target, String... fields) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(target)).method(method, HttpRequest.BodyPublishers.noBody());
    if (fields.length > 0) {
      request.headers(fields);
    }
    return request.version(HttpClient.Version.HTTP_1_1).build();
  }

  static String status(HttpResponse<?> response) {
    return response.headers().firstValue("cache-status").orElse("");
  }

  static String field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @AfterEach
  void end() throws IOException {
    if (listener != null) {
      listener.close();
      pulls.close();
    }
    origin.close();
  }
}
