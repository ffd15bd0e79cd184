package oca.fill.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FillConsoleTest {
  private static final Pattern NAMED =
      Pattern.compile("(?:href|src)=\"([a-z./0-9-]+)\"|from \"\\./([a-z./0-9-]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ControlListener listener;
  private final AtomicReference<String> status = new AtomicReference<>("{\"a\":1}");
  private final AtomicInteger made = new AtomicInteger();
  private final StatusEvents events =
      new StatusEvents(
          () -> {
            made.incrementAndGet();
            return status.get();
          });

  FillConsoleTest() throws IOException {
    listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    new FillConsole().addTo(listener);
    events.addTo(listener);
    listener.start();
    events.start(Duration.ofMillis(20));
  }

  @AfterEach
  void close() {
    events.close();
    listener.close();
    http.close();
  }

  @Test
  void page_always_forbidsOtherHostsAndInlineScripts() throws Exception {
    HttpResponse<String> page = get("");
    assertEquals(200, page.statusCode());
    String policy = page.headers().firstValue("content-security-policy").orElse("");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'"), policy);
    assertFalse(page.body().contains("style="));
    assertFalse(page.body().contains("//"), "no other host");
  }

  @Test
  void files_namedByThePageAndByEachOther_areAllThere() throws Exception {
    Set<String> seen = new HashSet<>();
    follow("index.html", seen);
    assertTrue(seen.containsAll(List.of("style.css", "dom.js", "format.js")), seen::toString);
    assertTrue(seen.size() > 10, seen::toString);
  }

  @Test
  void events_statusChanges_areToldOnceEach() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpResponse<InputStream> stream =
        http.send(HttpRequest.newBuilder(uri("v1/events")).build(), BodyHandlers.ofInputStream());
    Thread reader = Thread.ofVirtual().start(() -> read(stream, told));
    await().until(() -> told.size() == 1);
    status.set("{\"a\":2}");
    await().until(() -> told.size() == 2);
    int before = made.get();
    await().until(() -> made.get() > before + 2);
    assertEquals(List.of("data: {\"a\":1}", "data: {\"a\":2}"), told);
    stream.body().close();
    reader.join();
  }

  @Test
  void events_nobodyWatches_makeNoStatus() throws Exception {
    HttpResponse<InputStream> stream =
        http.send(HttpRequest.newBuilder(uri("v1/events")).build(), BodyHandlers.ofInputStream());
    await().until(() -> made.get() > 1);
    stream.body().close();
    AtomicInteger seen = new AtomicInteger();
    await()
        .during(Duration.ofMillis(300))
        .until(
            () -> {
              status.set("{\"a\":" + System.nanoTime() + "}");
              int now = made.get();
              return seen.getAndSet(now) == now;
            });
  }

  private static void read(HttpResponse<InputStream> stream, List<String> told) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")) {
          told.add(line);
        }
      }
    } catch (IOException e) {
      told.add("closed");
    }
  }

  private void follow(String name, Set<String> seen) throws Exception {
    if (!seen.add(name)) {
      return;
    }
    HttpResponse<String> file = get(name);
    assertEquals(200, file.statusCode(), name);
    Matcher named = NAMED.matcher(file.body());
    while (named.find()) {
      follow(named.group(1) == null ? named.group(2) : named.group(1), seen);
    }
  }

  private HttpResponse<String> get(String name) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri("console/" + name)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return listener.endpoint().http(path);
  }
}
