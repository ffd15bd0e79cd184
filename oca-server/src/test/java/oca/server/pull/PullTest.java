package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Misses that are pulled, and what is kept of them, from one end to the other. */
class PullTest extends PullFixture {
  private static final String ETAG = "ETag: \"one\"";

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Test
  void miss_thenHit_asksOnce() throws Exception {
    origin.at("/p/a?x=1", bytes, "Cache-Control: max-age=60", "X-One: 1", "Connection: x-gone");
    HttpResponse<byte[]> miss = get("/p/a?x=1");
    assertArrayEquals(bytes, miss.body());
    assertEquals("1", field(miss, "x-one"));
    assertEquals("edge; fwd=uri-miss; fwd-status=200; ttl=60; stored", status(miss));
    pass(10);
    HttpResponse<byte[]> hit = get("/p/a?x=1");
    assertArrayEquals(bytes, hit.body());
    assertEquals("edge; hit; ttl=50", status(hit));
    assertEquals("10", field(hit, "age"));
    assertEquals("1.1 edge-1", field(hit, "via"));
    assertEquals(1, origin.requests.size());
    ScriptedOrigin.Request asked = origin.requests.getFirst();
    assertEquals("127.0.0.1:" + origin.port(), asked.field("host"));
    assertEquals("1.1 edge-1", asked.field("via"));
    await().until(() -> records.size() == 2);
  }

  @Test
  void clients_manyAtOnce_shareOneFetchAndGetBytesAsTheyCome() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    origin.at(
        "/p/a",
        (_, out) -> {
          out.write(ScriptedOrigin.head("200 OK", bytes.length, "Cache-Control: max-age=60"));
          out.write(bytes, 0, 100_000);
          out.flush();
          goOn.await();
          out.write(bytes, 100_000, 200_000);
        });
    uri("/p/a");
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(later("/p/a"));
    }
    HttpResponse<java.io.InputStream> early =
        http.send(
            java.net.http.HttpRequest.newBuilder(uri("/p/a")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertArrayEquals(part(0, 100_000), early.body().readNBytes(100_000));
    goOn.countDown();
    assertArrayEquals(part(100_000, 300_000), early.body().readAllBytes());
    for (CompletableFuture<HttpResponse<byte[]>> one : all) {
      assertArrayEquals(bytes, one.get().body());
    }
    assertEquals(1, origin.requests.size());
  }

  @Test
  void body_ofUnknownLength_isKeptWhole() throws Exception {
    origin.at(
        "/p/a",
        (_, out) -> {
          out.write(
              ScriptedOrigin.head(
                  "200 OK", -1, "Cache-Control: max-age=60", "Transfer-Encoding: chunked"));
          out.write("5\r\nhello\r\n6\r\n there\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
    HttpResponse<byte[]> miss = get("/p/a");
    assertEquals("hello there", new String(miss.body(), StandardCharsets.US_ASCII));
    await().until(() -> !field(get("/p/a"), "content-length").isEmpty());
    HttpResponse<byte[]> range =
        await().until(() -> get("/p/a", "Range", "bytes=6-"), answer -> answer.statusCode() == 206);
    assertEquals("there", new String(range.body(), StandardCharsets.US_ASCII));
    assertEquals(1, origin.requests.size());
  }

  @Test
  void stale_validated_isFreshAgain() throws Exception {
    origin.at(
        "/p/a",
        (request, out) ->
            out.write(
                request.field("if-none-match").equals("\"one\"")
                    ? ScriptedOrigin.head("304 Not Modified", -1, ETAG, "Cache-Control: max-age=60")
                    : ScriptedOrigin.response("200 OK", bytes, ETAG, "Cache-Control: max-age=1")));
    get("/p/a");
    pass(5);
    HttpResponse<byte[]> validated = get("/p/a");
    assertArrayEquals(bytes, validated.body());
    assertEquals("edge; fwd=stale; fwd-status=304; ttl=60; stored", status(validated));
    pass(5);
    assertEquals("edge; hit; ttl=55", status(get("/p/a")));
    assertEquals(2, origin.requests.size());
  }

  @Test
  void stale_replaced_isTheNewOne() throws Exception {
    byte[][] now = {bytes};
    origin.at(
        "/p/a",
        (_, out) ->
            out.write(
                ScriptedOrigin.response(
                    "200 OK",
                    now[0],
                    "ETag: \"" + now[0].length + '"',
                    "Cache-Control: max-age=1")));
    get("/p/a");
    now[0] = part(0, 1000);
    pass(5);
    HttpResponse<byte[]> replaced = get("/p/a");
    assertArrayEquals(part(0, 1000), replaced.body());
    assertEquals("edge; fwd=stale; fwd-status=200; ttl=1; stored", status(replaced));
    assertArrayEquals(part(0, 1000), get("/p/a").body());
    assertEquals(2, origin.requests.size());
  }

  @Test
  void answer_notToBeKept_isNot() throws Exception {
    origin.at("/p/a", bytes, "Cache-Control: no-store");
    for (int i = 1; i <= 3; i++) {
      HttpResponse<byte[]> passed = get("/p/a");
      assertArrayEquals(bytes, passed.body());
      assertEquals("edge; fwd=uri-miss; fwd-status=200", status(passed));
      assertEquals(i, origin.requests.size());
    }
    await().until(() -> pulls.store().status().objects() == 0);
  }

  @Test
  void clients_manyOfWhatIsForOne_areNotServedInTurn() throws Exception {
    CountDownLatch all = new CountDownLatch(5);
    origin.at(
        "/p/a",
        (_, out) -> {
          all.countDown();
          all.await();
          out.write(ScriptedOrigin.response("200 OK", bytes, "Cache-Control: private"));
        });
    origin.at("/p/b", bytes, "Cache-Control: private");
    origin.at("/p/a", bytes, "Cache-Control: private");
    get("/p/a");
    origin.at(
        "/p/a",
        (_, out) -> {
          all.countDown();
          all.await();
          out.write(ScriptedOrigin.response("200 OK", bytes, "Cache-Control: private"));
        });
    List<CompletableFuture<HttpResponse<byte[]>>> five = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      five.add(later("/p/a"));
    }
    for (CompletableFuture<HttpResponse<byte[]>> one : five) {
      assertArrayEquals(bytes, one.get().body());
    }
  }

  @Test
  void variants_areKeptBesideEachOther() throws Exception {
    origin.at(
        "/p/a",
        (request, out) ->
            out.write(
                ScriptedOrigin.response(
                    "200 OK",
                    request.field("accept-language").getBytes(StandardCharsets.US_ASCII),
                    "Vary: Accept-Language",
                    "Cache-Control: max-age=60")));
    assertEquals(
        "de", new String(get("/p/a", "Accept-Language", "de").body(), StandardCharsets.US_ASCII));
    HttpResponse<byte[]> other = get("/p/a", "Accept-Language", "fr");
    assertEquals("fr", new String(other.body(), StandardCharsets.US_ASCII));
    assertTrue(status(other).startsWith("edge; fwd=vary-miss"), status(other));
    assertEquals("edge; hit; ttl=60", status(get("/p/a", "Accept-Language", "de")));
    assertEquals(
        "fr", new String(get("/p/a", "Accept-Language", "fr").body(), StandardCharsets.US_ASCII));
    assertEquals(2, origin.requests.size());
  }

  @Test
  void upstream_breakingOff_isAskedForTheRest() throws Exception {
    origin.at(
        "/p/a",
        (request, out) -> {
          if (request.field("range").isEmpty()) {
            out.write(
                ScriptedOrigin.head("200 OK", bytes.length, ETAG, "Cache-Control: max-age=9"));
            out.write(bytes, 0, 120_000);
            out.flush();
            throw new IOException("breaks off");
          }
          assertEquals("\"one\"", request.field("if-range"));
          int from = Integer.parseInt(request.field("range").replaceAll("\\D", ""));
          out.write(
              ScriptedOrigin.response(
                  "206 Partial Content",
                  part(from, bytes.length),
                  ETAG,
                  "Content-Range: bytes " + from + "-299999/300000"));
        });
    assertArrayEquals(bytes, get("/p/a").body());
    assertArrayEquals(bytes, get("/p/a").body());
    assertEquals(2, origin.requests.size());
  }

  @Test
  void upstream_breakingOffWithAnother_isNotPutTogether() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    origin.at(
        "/p/a",
        (request, out) -> {
          if (request.field("range").isEmpty()) {
            out.write(
                ScriptedOrigin.head("200 OK", bytes.length, ETAG, "Cache-Control: max-age=9"));
            out.write(bytes, 0, 120_000);
            out.flush();
            begun.await(); // before that the client can still be told of it by a status
            throw new IOException("breaks off");
          }
          out.write(ScriptedOrigin.response("200 OK", new byte[bytes.length], "ETag: \"two\""));
        });
    HttpResponse<java.io.InputStream> answer =
        http.send(
            java.net.http.HttpRequest.newBuilder(uri("/p/a")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertArrayEquals(part(0, 1000), answer.body().readNBytes(1000));
    begun.countDown();
    assertThrows(IOException.class, () -> answer.body().readAllBytes());
    origin.at("/p/a", bytes, ETAG, "Cache-Control: max-age=9");
    assertArrayEquals(bytes, get("/p/a").body());
    await().until(() -> pulls.store().status().objects() == 1);
  }

  @Test
  void upstream_away_failsAtOnceAndStaleStandsIn() throws Exception {
    origin.at("/p/a", bytes, "Cache-Control: max-age=1", ETAG);
    get("/p/a");
    origin.close();
    pass(600);
    long begun = System.nanoTime();
    HttpResponse<byte[]> stale = get("/p/a");
    assertArrayEquals(bytes, stale.body());
    assertTrue(status(stale).endsWith("detail=stale-if-error"), status(stale));
    HttpResponse<byte[]> failed = get("/p/b");
    assertEquals(502, failed.statusCode());
    assertEquals("edge; fwd=uri-miss; detail=connect", status(failed));
    assertEquals("1", field(failed, "retry-after"));
    assertTrue(System.nanoTime() - begun < 30_000_000_000L);
  }

  @Test
  void conditionsAndRanges_ofClients_areAnsweredFromWhatIsKept() throws Exception {
    origin.at("/p/a", bytes, ETAG, "Cache-Control: max-age=60", "Content-Type: a/b");
    HttpResponse<byte[]> first = get("/p/a", "Range", "bytes=100-199", "If-None-Match", "\"x\"");
    assertEquals(206, first.statusCode());
    assertArrayEquals(part(100, 200), first.body());
    assertEquals("bytes=0-1048575", origin.requests.getFirst().field("range"));
    assertEquals("", origin.requests.getFirst().field("if-none-match"));
    assertEquals(304, get("/p/a", "If-None-Match", "\"one\"").statusCode());
    assertEquals(416, get("/p/a", "Range", "bytes=300000-").statusCode());
    HttpResponse<byte[]> head = ask("HEAD", "/p/a");
    assertEquals("300000", field(head, "content-length"));
    assertEquals("edge; hit; ttl=60", status(head));
    assertEquals(1, origin.requests.size());
  }

  @Test
  void methods_unsafe_passAndUndo() throws Exception {
    origin.at("/p/a", bytes, "Cache-Control: max-age=60");
    get("/p/a");
    HttpResponse<byte[]> deleted = ask("DELETE", "/p/a");
    assertEquals(200, deleted.statusCode());
    assertEquals("edge; fwd=method; fwd-status=200", status(deleted));
    await().until(() -> pulls.store().status().objects() == 0);
    get("/p/a");
    assertEquals(3, origin.requests.size());
  }

  @Test
  void requests_thatCannotBeMet_sayWhy() throws Exception {
    uri("/p/a");
    HttpResponse<byte[]> only = get("/p/a", "Cache-Control", "only-if-cached");
    assertEquals(504, only.statusCode());
    assertEquals(508, get("/p/a", "Via", "1.1 edge-1").statusCode());
    assertEquals(404, get("/p/../q").statusCode());
    assertEquals(404, get("/p/%2e%2E/q").statusCode());
    assertEquals(0, origin.requests.size());
  }

  @Test
  void answers_withoutBody_areKeptToo() throws Exception {
    origin.at(
        "/p/a",
        (_, out) ->
            out.write(
                ScriptedOrigin.head(
                    "301 Moved Permanently", 0, "Location: /p/b", "Cache-Control: max-age=60")));
    origin.at("/p/e", new byte[0], "Cache-Control: max-age=60");
    assertEquals("/p/b", field(get("/p/a"), "location"));
    assertEquals("edge; hit; ttl=60", status(get("/p/a")));
    assertEquals(0, get("/p/e").body().length);
    assertEquals("0", field(get("/p/e"), "content-length"));
    assertEquals(2, origin.requests.size());
  }

  @Test
  void answers_malformed_areNeitherServedNorKept() throws Exception {
    origin.at(
        "/p/a",
        (_, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
                  .getBytes(StandardCharsets.US_ASCII));
          throw new IOException("ends");
        });
    HttpResponse<byte[]> failed = get("/p/a");
    assertEquals(502, failed.statusCode());
    assertEquals("edge; fwd=uri-miss; detail=bad-length", status(failed));
    assertEquals(0, pulls.store().status().objects());
  }

  @Test
  void staleWhileRevalidate_answersAtOnceAndLooksMeanwhile() throws Exception {
    origin.at("/p/a", bytes, ETAG, "Cache-Control: max-age=1, stale-while-revalidate=60");
    get("/p/a");
    pass(5);
    HttpResponse<byte[]> stale = get("/p/a");
    assertEquals("edge; hit; ttl=-4; detail=stale-while-revalidate", status(stale));
    await().until(() -> status(get("/p/a")).equals("edge; hit; ttl=1"));
    assertEquals(2, origin.requests.size());
  }

  @Test
  void clients_leaving_changeNothingForTheOthers() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    origin.at(
        "/p/a",
        (_, out) -> {
          out.write(ScriptedOrigin.head("200 OK", bytes.length, "Cache-Control: max-age=60"));
          out.write(bytes, 0, 1000);
          out.flush();
          goOn.await();
          out.write(bytes, 1000, bytes.length - 1000);
        });
    CompletableFuture<HttpResponse<byte[]>> leader = later("/p/a");
    await().until(() -> origin.requests.size() == 1);
    CompletableFuture<HttpResponse<byte[]>> other = later("/p/a");
    leader.cancel(true);
    goOn.countDown();
    assertArrayEquals(bytes, other.get().body());
    assertEquals(1, origin.requests.size());
    assertThrows(Exception.class, leader::get);
  }

  @Test
  void answers_replacedWhileTheyCome_comeToTheirEnd() throws Exception {
    CountDownLatch allAsked = new CountDownLatch(5);
    CountDownLatch goOn = new CountDownLatch(1);
    origin.at("/p/a", bytes, "Cache-Control: no-store");
    get("/p/a"); // for a second nobody waits for another's answer now
    origin.at(
        "/p/a",
        (_, out) -> {
          allAsked.countDown();
          allAsked.await();
          out.write(ScriptedOrigin.head("200 OK", bytes.length, "Cache-Control: max-age=0", ETAG));
          out.write(bytes, 0, 1000);
          out.flush();
          goOn.await();
          out.write(bytes, 1000, bytes.length - 1000);
        });
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(later("/p/a"));
    }
    allAsked.await();
    await().until(() -> pulls.store().status().created() == 6);
    goOn.countDown();
    for (CompletableFuture<HttpResponse<byte[]>> one : all) {
      assertArrayEquals(bytes, one.get().body());
    }
    await().until(() -> pulls.store().status().objects() == 1);
  }

  @Test
  void private_clientLeaving_endsTheFetch() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    origin.at(
        "/p/a",
        (_, out) -> {
          out.write(ScriptedOrigin.head("200 OK", 1L << 30, "Cache-Control: private"));
          try {
            while (true) {
              out.write(bytes);
            }
          } finally {
            ended.countDown();
          }
        });
    HttpResponse<java.io.InputStream> one =
        http.send(
            java.net.http.HttpRequest.newBuilder(uri("/p/a")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    one.body().readNBytes(1000);
    one.body().close();
    ended.await();
    await().until(() -> pulls.store().status().objects() == 0);
  }
}
