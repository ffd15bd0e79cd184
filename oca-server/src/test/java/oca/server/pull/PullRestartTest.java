package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import oca.server.caching.CacheKey;
import oca.server.caching.FieldSection;
import oca.server.purge.PurgeOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept is used again after a clean stop, and nothing of it that was purged. */
class PullRestartTest extends PullFixture {
  private static final String HIT = "edge; hit; ttl=600";

  private String[] lines = {};

  private void start(String... serviceLines) throws IOException {
    lines = serviceLines;
    open(serviceLines);
  }

  private void stop() {
    listener.close();
    pulls.close();
  }

  private void restart() throws IOException {
    stop();
    open(lines);
  }

  private Path orders() {
    return folder.resolve("pull").resolve("orders");
  }

  private void part(ScriptedOrigin.Request request, OutputStream out) throws IOException {
    String[] range = request.field("range").replace("bytes=", "").split("-", -1);
    int first = Integer.parseInt(range[0]);
    int last = Math.min(Integer.parseInt(range[1]), bytes.length - 1);
    out.write(
        ScriptedOrigin.response(
            "206 Partial Content",
            Arrays.copyOfRange(bytes, first, last + 1),
            "ETag: \"one\"",
            "Cache-Control: max-age=600",
            "Content-Range: bytes " + first + '-' + last + '/' + bytes.length));
  }

  private void keep(String target, String... fields) throws Exception {
    String[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "Cache-Control: max-age=600";
    all[fields.length + 1] = "ETag: \"one\"";
    origin.at(
        target,
        (request, out) ->
            out.write(
                request.field("if-none-match").isEmpty()
                    ? ScriptedOrigin.response("200 OK", bytes, all)
                    : ScriptedOrigin.head("304 Not Modified", -1, all)));
    assertArrayEquals(bytes, get(target).body());
  }

  @Test
  void response_kept_isUsedAgainByItsAgeAndVariant() throws Exception {
    start();
    keep("/p/a?b=c", "Vary: Accept-Language", "X-Of: origin");
    pass(10);
    restart();
    pass(10);
    HttpResponse<byte[]> again = get("/p/a?b=c");
    assertEquals("edge; hit; ttl=580", status(again));
    assertEquals("20", field(again, "age"));
    assertEquals("origin", field(again, "x-of"));
    assertArrayEquals(bytes, again.body());
    assertEquals(
        "edge; fwd=vary-miss; fwd-status=304; ttl=600; stored",
        status(get("/p/a?b=c", "Accept-Language", "de")));
    assertEquals(2, origin.count("/p/a?b=c"));
  }

  @Test
  void response_validatedBeforeTheStop_isAsFreshAsThat() throws Exception {
    start();
    keep("/p/a");
    pass(700);
    assertEquals("edge; fwd=stale; fwd-status=304; ttl=600; stored", status(get("/p/a")));
    restart();
    assertEquals(HIT, status(get("/p/a")));
  }

  @Test
  void slices_kept_areGoneOnWith() throws Exception {
    slice = "64KiB";
    start();
    origin.at("/p/a", this::part);
    byte[] first = get("/p/a", "Range", "bytes=0-65535").body();
    assertArrayEquals(Arrays.copyOf(bytes, 65_536), first);
    restart();
    assertTrue(status(get("/p/a", "Range", "bytes=5-9")).startsWith("edge; hit"));
    assertEquals(1, origin.count("/p/a"));
    assertArrayEquals(
        Arrays.copyOfRange(bytes, 65_530, 65_540),
        get("/p/a", "Range", "bytes=65530-65539").body());
    assertEquals(2, origin.count("/p/a"));
    assertArrayEquals(bytes, get("/p/a", "Range", "bytes=0-").body());
  }

  @Test
  void response_purged_staysPurged() throws Exception {
    start();
    keep("/p/hard");
    keep("/p/soft", "Surrogate-Key: t");
    keep("/p/later", "Surrogate-Key: u");
    keep("/p/other");
    pulls.purge(PurgeOrder.parse(Map.of("service", "vod", "url", "/p/hard")));
    pulls.purge(PurgeOrder.parse(Map.of("service", "vod", "tag", "t", "soft", "true")));
    restart();
    assertEquals(HIT, status(get("/p/other")));
    assertEquals("edge; fwd=uri-miss; fwd-status=200; ttl=600; stored", status(get("/p/hard")));
    assertEquals("edge; fwd=stale; fwd-status=304; ttl=600; stored", status(get("/p/soft")));
    assertEquals(
        1, pulls.purge(PurgeOrder.parse(Map.of("service", "vod", "tag", "u"))).responses());
    assertTrue(status(get("/p/later")).startsWith("edge; fwd=uri-miss"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage that is longer than twelve bytes"})
  void orders_lostOrDamaged_leaveNothingInUse(String written) throws Exception {
    start();
    keep("/p/a");
    stop();
    if (written.isEmpty()) {
      Files.delete(orders());
    } else {
      Files.writeString(orders(), written);
    }
    open(lines);
    await().until(() -> pulls.store().status().objects() == 0);
    assertTrue(status(get("/p/a")).startsWith("edge; fwd=uri-miss"));
  }

  @Test
  void upstream_ofAnotherAuthority_hasNothingKept() throws Exception {
    start();
    keep("/p/a");
    stop();
    origin.close();
    origin = new ScriptedOrigin();
    open(lines);
    keep("/p/a");
    assertEquals(1, origin.count("/p/a"));
  }

  @Test
  void version_ofAnEvent_staysUntilItIsConfiguredAnew() throws Exception {
    start(event("v1"));
    String segment = "/p/match/hd/1.m4s";
    origin.at(segment, bytes, "Cache-Control: max-age=600");
    pass(5);
    get(segment);
    pulls.version("vod", "match", "v2");
    assertTrue(status(get(segment)).startsWith("edge; fwd=uri-miss"));
    restart();
    assertEquals(HIT, status(get(segment)));
    pulls.version("vod", "match", "v1");
    assertTrue(status(get(segment)).startsWith("edge; fwd=uri-miss"), "and not the old one");
    pulls.version("vod", "match", "v2");
    get(segment);
    stop();
    open(event("v3"));
    assertTrue(status(get(segment)).startsWith("edge; fwd=uri-miss"));
  }

  private static String event(String version) {
    return """
    live:
          events:
            - id: match
              segments: "/p/match/$RepresentationID$/$Number$.m4s"
              renditions: [hd]
              start: %s
              segmentDuration: 2s
              window: 20s
              version: %s\
    """
        .formatted(Instant.ofEpochMilli(BEGIN), version);
  }

  @Test
  void label_written_readsTheSame() {
    Label label =
        new Label(
            new CacheKey("s/v", "http://a/b?c"),
            200,
            FieldSection.of("A", "b", "C", "\u00e4"),
            "accept:x\n",
            1,
            2,
            3,
            List.of("t", "u"),
            FieldSection.of("D", ""));
    byte[] bytes = label.bytes();
    assertEquals(label, Label.read(bytes));
    for (int length = 0; length < bytes.length; length++) {
      assertNull(Label.read(Arrays.copyOf(bytes, length)));
    }
  }
}
