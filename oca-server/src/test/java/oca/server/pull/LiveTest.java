package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Segments of a declared event: one of two seconds every two seconds, from number 1 on. */
class LiveTest extends PullFixture {

  @BeforeEach
  void declare() throws IOException {
    open(
        """
        live:
              events:
                - id: match
                  segments: "/p/match/$RepresentationID$/$Number$.m4s"
                  manifests: [/p/match/live.mpd]
                  renditions: [hd]
                  start: %s
                  segmentDuration: 2s
                  window: 20s
                  version: v1
            liveRetry: 20ms\
        """
            .formatted(Instant.ofEpochMilli(BEGIN)));
  }

  private static String segment(int number) {
    return "/p/match/hd/" + number + ".m4s";
  }

  @Test
  void segment_nextToCome_isHeldOpenUntilItIsThere() throws Exception {
    AtomicBoolean isThere = new AtomicBoolean();
    origin.at(
        segment(3),
        (_, out) ->
            out.write(
                isThere.get()
                    ? ScriptedOrigin.response("200 OK", bytes, "Cache-Control: max-age=60")
                    : ScriptedOrigin.response("404 Not Found", new byte[0])));
    pass(5); // the third is due at six seconds
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(later(segment(3)));
    }
    await().until(() -> origin.count(segment(3)) > 2); // due by its timer, and not there yet
    assertFalse(all.stream().anyMatch(CompletableFuture::isDone));
    isThere.set(true);
    long asked = origin.count(segment(3));
    for (CompletableFuture<HttpResponse<byte[]>> one : all) {
      assertEquals(200, one.get().statusCode());
      assertArrayEquals(bytes, one.get().body());
    }
    assertTrue(origin.count(segment(3)) - asked <= 2, "all share one, behind one under way");
  }

  @Test
  void segment_outsideTheWindow_isRefusedHere() throws Exception {
    pass(100);
    assertEquals(410, get(segment(1)).statusCode());
    HttpResponse<byte[]> early = get(segment(100));
    assertEquals(404, early.statusCode());
    long due = Long.parseLong(field(early, "cache-control").replace("max-age=", ""));
    assertTrue(due > 90 && due < 102, "until just before it is due: " + due);
    assertEquals(404, get("/p/match/sd/50.m4s").statusCode());
    assertEquals(0, origin.requests.size());
  }

  @Test
  void segment_thatNeverComes_isNotThereAfterTheDeadline() throws Exception {
    pass(7);
    CompletableFuture<HttpResponse<byte[]>> held = later(segment(3));
    await().until(() -> origin.count(segment(3)) > 1);
    pass(60);
    assertEquals(404, held.get().statusCode());
    assertEquals("no-store", field(held.get(), "cache-control"));
  }

  @Test
  void manifest_justStale_isServedWhileItIsLookedForAnew() throws Exception {
    String manifest = "/p/match/live.mpd";
    origin.at(manifest, "one".getBytes(StandardCharsets.US_ASCII), "Cache-Control: max-age=1");
    origin.at("/p/other", bytes, "Cache-Control: max-age=1");
    assertEquals(200, get(manifest).statusCode());
    get("/p/other");
    origin.at(manifest, "two".getBytes(StandardCharsets.US_ASCII), "Cache-Control: max-age=1");
    millis.addAndGet(1500);
    HttpResponse<byte[]> stale = get(manifest);
    assertEquals("one", new String(stale.body(), StandardCharsets.US_ASCII));
    assertEquals("edge; hit; ttl=-1; detail=stale-while-revalidate", status(stale));
    await().until(() -> origin.count(manifest) == 2);
    await().until(() -> new String(get(manifest).body(), StandardCharsets.US_ASCII).equals("two"));
    assertEquals("edge; fwd=stale; fwd-status=200; ttl=1; stored", status(get("/p/other")));
    pass(60);
    assertTrue(status(get(manifest)).startsWith("edge; fwd=stale"), "not for longer");
  }

  @Test
  void version_changed_flushesTheEvent() throws Exception {
    origin.at(segment(1), bytes, "Cache-Control: max-age=600");
    origin.at("/p/other", bytes, "Cache-Control: max-age=600");
    pass(5);
    get(segment(1));
    get("/p/other");
    assertEquals("edge; hit; ttl=600", status(get(segment(1))));
    pulls.version("vod", "match", "v2");
    assertEquals("edge; fwd=uri-miss; fwd-status=200; ttl=600; stored", status(get(segment(1))));
    assertEquals("edge; hit; ttl=600", status(get("/p/other")));
  }
}
