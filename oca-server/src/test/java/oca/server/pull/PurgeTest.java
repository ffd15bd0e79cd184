package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import oca.server.purge.PurgeOrder;
import org.junit.jupiter.api.Test;

/** What was purged is not served any more once that was said. */
class PurgeTest extends PullFixture {
  private PurgeReport purge(String... arguments) {
    Map<String, String> order = new java.util.TreeMap<>(Map.of("service", "vod"));
    for (int i = 0; i < arguments.length; i += 2) {
      order.put(arguments[i], arguments[i + 1]);
    }
    return pulls.purge(PurgeOrder.parse(order));
  }

  private void keep(String target, String... fields) throws Exception {
    String[] all = java.util.Arrays.copyOf(fields, fields.length + 2);
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

  private boolean isHit(String target) throws Exception {
    return status(get(target)).startsWith("edge; hit");
  }

  @Test
  void url_purgedHard_isFetchedAnewAndItsRoomGivenBack() throws Exception {
    keep("/p/a");
    keep("/p/a?x=1");
    assertEquals(1, purge("url", "/p/a", "dryRun", "true").responses());
    assertTrue(isHit("/p/a"));
    assertEquals(new PurgeReport(1, 1, bytes.length), purge("url", "/p/a"));
    await().until(() -> pulls.store().status().objects() == 1);
    assertEquals("edge; fwd=uri-miss; fwd-status=200; ttl=600; stored", status(get("/p/a")));
    assertTrue(isHit("/p/a"));
    assertTrue(isHit("/p/a?x=1"));
  }

  @Test
  void prefix_purgedSoft_isValidated() throws Exception {
    keep("/p/a/1");
    keep("/p/b/1");
    assertEquals(1, purge("prefix", "/p/a/", "soft", "true").responses());
    assertEquals("edge; fwd=stale; fwd-status=304; ttl=600; stored", status(get("/p/a/1")));
    assertTrue(isHit("/p/a/1"));
    assertTrue(isHit("/p/b/1"));
  }

  @Test
  void tags_purged_takeAllThatBearThem() throws Exception {
    keep("/p/a", "Surrogate-Key: one two");
    keep("/p/b", "Cache-Tag: two, three");
    keep("/p/c");
    assertEquals(2, purge("tag", "two").responses());
    assertEquals(true, isHit("/p/c"));
    assertEquals(false, isHit("/p/a"));
    assertEquals(false, isHit("/p/b"));
  }

  @Test
  void all_purgedWhileAFetchIsUnderWay_takesItToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    origin.at(
        "/p/a",
        (_, out) -> {
          begun.countDown();
          goOn.await();
          out.write(ScriptedOrigin.response("200 OK", bytes, "Cache-Control: max-age=60"));
        });
    CompletableFuture<HttpResponse<byte[]>> before = later("/p/a");
    begun.await();
    purge("all", "true");
    goOn.countDown();
    assertArrayEquals(bytes, before.get().body());
    assertEquals(false, isHit("/p/a"));
    assertTrue(isHit("/p/a"));
  }

  @Test
  void service_unknown_isToldWithThoseThereAre() throws Exception {
    uri("/p/a");
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> pulls.purge(PurgeOrder.parse(Map.of("service", "x", "all", "true"))))
            .getMessage();
    assertEquals("no service is named 'x'; there are [vod]", told);
  }
}
