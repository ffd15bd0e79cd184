package oca.steering.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.Endpoint;
import oca.protocol.http.ControlListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console's files as a browser gets them. */
class ConsoleTest {
  private static final Pattern NAMED =
      Pattern.compile("(?:src|href|from|import)[= ]\"(?:\\./)?([\\w./-]+\\.(?:js|css|svg))\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ControlListener listener;

  @BeforeEach
  void listen() throws IOException {
    listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    new Console().addForOperatorsTo(listener);
    listener.start();
  }

  @AfterEach
  void close() {
    listener.close();
    http.close();
  }

  @Test
  void page_always_forbidsOtherHostsAndInlineScripts() throws Exception {
    HttpResponse<String> page = get("/console/");
    assertEquals(200, page.statusCode());
    assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
    assertTrue(
        header(page, "Content-Security-Policy")
            .startsWith("default-src 'none'; script-src 'self'"));
    assertFalse(page.body().contains("style="));
    assertFalse(Pattern.compile("<script(?![^>]*src=)").matcher(page.body()).find());
    assertFalse(page.body().contains("//"), "no other host");
  }

  @Test
  void files_namedByThePageAndByEachOther_areAllThere() throws Exception {
    Set<String> seen = new HashSet<>();
    follow("index.html", seen);
    assertTrue(seen.contains("vendor/uplot-1.6.32/uPlot.esm.js"), seen.toString());
    assertTrue(seen.size() > 12, seen.toString());
  }

  @Test
  void file_knownByItsEtag_isNotSentAgain() throws Exception {
    HttpResponse<String> first = get("/console/main.js");
    HttpRequest again =
        HttpRequest.newBuilder(uri("/console/main.js"))
            .header("If-None-Match", header(first, "ETag"))
            .build();
    assertEquals(304, http.send(again, BodyHandlers.ofString()).statusCode());
  }

  @Test
  void paths_odd_are404AndTheRootLeadsToThePage() throws Exception {
    for (String odd : new String[] {"/console/../x", "/console/%2e%2e/x", "/console/x", "/else"}) {
      assertEquals(404, get(odd).statusCode(), odd);
    }
    assertEquals("/console/", header(get("/"), "Location"));
    assertEquals("/console/", header(get("/console"), "Location"));
  }

  private void follow(String name, Set<String> seen) throws Exception {
    if (!seen.add(name)) {
      return;
    }
    HttpResponse<String> file = get("/console/" + name);
    assertEquals(200, file.statusCode(), name);
    if (!name.startsWith("vendor/")) {
      Matcher named = NAMED.matcher(file.body());
      while (named.find()) {
        follow(named.group(1), seen);
      }
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://" + listener.endpoint() + path);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
