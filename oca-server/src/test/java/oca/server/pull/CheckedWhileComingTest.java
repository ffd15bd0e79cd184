package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * A response that is checked upstream while its own bytes still come in: neither what the check
 * found nor the length that is known at the end may be forgotten for the other.
 */
class CheckedWhileComingTest extends PullFixture {
  private static final String TAG = "ETag: \"one\"";

  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CountDownLatch mayCheck = new CountDownLatch(1);

  @Test
  void check_answeredBeforeTheLastByte_counts() throws Exception {
    script();
    HttpResponse<InputStream> first = asking();
    pass(5);
    mayCheck.countDown();
    CompletableFuture<HttpResponse<InputStream>> second = askingLater();
    assertEquals("edge; fwd=stale; fwd-status=304; ttl=60; stored", status(second.get()));
    mayEnd.countDown();
    assertEquals("hello there", text(first));
    assertEquals("hello there", text(second.get()));
    isFreshAndWhole();
  }

  @Test
  void check_answeredBehindTheLastByte_counts() throws Exception {
    script();
    HttpResponse<InputStream> first = asking();
    pass(5);
    CompletableFuture<HttpResponse<InputStream>> second = askingLater();
    await().until(() -> origin.requests.size() == 2);
    mayEnd.countDown();
    assertEquals("hello there", text(first));
    mayCheck.countDown();
    assertEquals("hello there", text(second.get()));
    isFreshAndWhole();
  }

  private void isFreshAndWhole() throws Exception {
    await().until(() -> get("/p/a", "Range", "bytes=6-").statusCode() == 206);
    HttpResponse<byte[]> range = get("/p/a", "Range", "bytes=6-");
    assertEquals("there", new String(range.body(), StandardCharsets.US_ASCII));
    assertEquals("edge; hit; ttl=60", status(range));
    assertEquals(2, origin.requests.size());
  }

  private void script() {
    origin.at(
        "/p/a",
        (request, out) -> {
          if (!request.field("if-none-match").isEmpty()) {
            mayCheck.await();
            out.write(
                ScriptedOrigin.head("304 Not Modified", -1, TAG, "Cache-Control: max-age=60"));
            return;
          }
          out.write(
              ScriptedOrigin.head(
                  "200 OK", -1, TAG, "Cache-Control: max-age=1", "Transfer-Encoding: chunked"));
          chunk(out, "5\r\nhello\r\n");
          mayEnd.await();
          chunk(out, "6\r\n there\r\n0\r\n\r\n");
        });
  }

  private static void chunk(OutputStream out, String bytes) throws Exception {
    out.write(bytes.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private HttpResponse<InputStream> asking() throws Exception {
    return askingLater().get();
  }

  private CompletableFuture<HttpResponse<InputStream>> askingLater() throws Exception {
    return http.sendAsync(
        HttpRequest.newBuilder(uri("/p/a")).build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static String text(HttpResponse<InputStream> response) throws Exception {
    return new String(response.body().readAllBytes(), StandardCharsets.US_ASCII);
  }
}
