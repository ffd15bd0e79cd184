package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import oca.server.pull.ScriptedOrigin.Request;
import oca.store.pull.PullRefusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ranges of what is not kept bring the slices around them, each once. */
class SlicesTest extends PullFixture {
  private static final int SLICE = 64 << 10;
  private static final String TAG = "ETag: \"one\"";

  private AtomicIntegerArray sent;

  @BeforeEach
  void big() throws IOException {
    bytes = new byte[20 * SLICE + 777];
    new Random(9).nextBytes(bytes);
    sent = new AtomicIntegerArray(bytes.length);
    origin.at("/p/a", (request, out) -> answer(request, out, TAG));
    slice = "64KiB";
  }

  private void answer(Request request, OutputStream out, String tag) throws IOException {
    String[] range = request.field("range").replace("bytes=", "").split("-", -1);
    int first = range.length < 2 ? 0 : Integer.parseInt(range[0]);
    int last =
        range.length < 2 || range[1].isEmpty()
            ? bytes.length - 1
            : Math.min(bytes.length - 1, Integer.parseInt(range[1]));
    for (int i = first; i <= last; i++) {
      sent.incrementAndGet(i);
    }
    if (first >= bytes.length) {
      out.write(
          ScriptedOrigin.response(
              "416 Range Not Satisfiable", new byte[0], "Content-Range: bytes */" + bytes.length));
      return;
    }
    out.write(
        ScriptedOrigin.response(
            range.length < 2 ? "200 OK" : "206 Partial Content",
            part(first, last + 1),
            tag,
            "Cache-Control: max-age=60",
            "Content-Range: bytes " + first + '-' + last + '/' + bytes.length));
  }

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private HttpResponse<byte[]> range(int from, int to) throws Exception {
    return get("/p/a", "Range", "bytes=" + from + '-' + (to - 1));
  }

  @Test
  void range_ofWhatIsNotKept_bringsItsSlice() throws Exception {
    HttpResponse<byte[]> miss = range(100_000, 100_100);
    assertEquals(206, miss.statusCode());
    assertArrayEquals(part(100_000, 100_100), miss.body());
    assertEquals("bytes 100000-100099/" + bytes.length, field(miss, "content-range"));
    assertEquals("bytes=65536-131071", origin.requests.getFirst().field("range"));
    assertArrayEquals(part(70_000, 80_000), range(70_000, 80_000).body());
    assertEquals(1, origin.requests.size());
  }

  @Test
  void range_overSlices_bringsThoseThatLack() throws Exception {
    range(3 * SLICE, 3 * SLICE + 1);
    assertArrayEquals(part(SLICE, 6 * SLICE), range(SLICE, 6 * SLICE).body());
    assertEquals(
        List.of("bytes=196608-262143", "bytes=65536-196607", "bytes=262144-393215"),
        origin.requests.stream().map(it -> it.field("range")).toList());
    assertNoByteTwice();
  }

  @Test
  void whole_ofWhatIsKeptInParts_bringsTheRest() throws Exception {
    range(3 * SLICE, 3 * SLICE + 1);
    HttpResponse<byte[]> whole = get("/p/a");
    assertEquals(200, whole.statusCode());
    assertArrayEquals(bytes, whole.body());
    assertNoByteTwice();
    origin.close();
    assertArrayEquals(bytes, get("/p/a").body());
  }

  private void assertNoByteTwice() {
    for (int i = 0; i < bytes.length; i++) {
      assertTrue(sent.get(i) <= 1, "byte " + i + " was sent " + sent.get(i) + " times");
    }
  }

  @Test
  void clients_manyWithRandomRanges_getEachByteOfTheOriginOnce() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    uri("/p/a");
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int first = random.nextInt(bytes.length - 150_000);
      firsts.add(first);
      all.add(later("/p/a", "Range", "bytes=" + first + '-' + (first + 149_999)));
    }
    for (int i = 0; i < all.size(); i++) {
      int first = firsts.get(i);
      assertArrayEquals(part(first, first + 150_000), all.get(i).get().body());
    }
    assertNoByteTwice();
  }

  /** Bytes of two slices come together, and who waits for those of the second is to be woken. */
  @Test
  void range_ofASliceThatComesWithAnother_isAnswered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    range(0, 1);
    origin.at(
        "/p/a",
        (request, out) -> {
          asked.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          answer(request, out, TAG);
        });
    CompletableFuture<HttpResponse<byte[]>> both =
        later("/p/a", "Range", "bytes=" + 19 * SLICE + '-' + (bytes.length - 1));
    asked.await();
    CompletableFuture<HttpResponse<byte[]>> last =
        later("/p/a", "Range", "bytes=" + 20 * SLICE + '-' + (bytes.length - 1));
    // It came after the first and has its place behind it, once this has been answered.
    assertEquals(206, range(0, 1).statusCode());
    goOn.countDown();
    assertArrayEquals(part(20 * SLICE, bytes.length), last.get(30, TimeUnit.SECONDS).body());
    assertArrayEquals(part(19 * SLICE, bytes.length), both.get(30, TimeUnit.SECONDS).body());
    assertNoByteTwice();
  }

  @Test
  void ranges_several_bringTheirSlices() throws Exception {
    HttpResponse<byte[]> parts = get("/p/a", "Range", "bytes=0-9, 200000-200009");
    assertEquals(206, parts.statusCode());
    assertTrue(field(parts, "content-type").startsWith("multipart/byteranges"));
    assertEquals(2, origin.requests.size());
    assertNoByteTwice();
  }

  @Test
  void range_behindTheEnd_isToldSo() throws Exception {
    HttpResponse<byte[]> behind = get("/p/a", "Range", "bytes=90000000-");
    assertEquals(416, behind.statusCode());
    assertEquals("bytes */" + bytes.length, field(behind, "content-range"));
    assertArrayEquals(part(0, 10), range(0, 10).body());
  }

  @Test
  void suffix_ofWhatIsNotKept_bringsTheWhole() throws Exception {
    HttpResponse<byte[]> last = get("/p/a", "Range", "bytes=-100");
    assertEquals(206, last.statusCode());
    assertArrayEquals(part(bytes.length - 100, bytes.length), last.body());
    assertEquals("", origin.requests.getFirst().field("range"));
  }

  @Test
  void tag_changedMidway_dropsWhatWasKept() throws Exception {
    range(0, 10);
    byte[] before = bytes;
    bytes = new byte[before.length];
    new Random(10).nextBytes(bytes);
    origin.at("/p/a", (request, out) -> answer(request, out, "ETag: \"two\""));
    HttpResponse<byte[]> broken = range(5 * SLICE, 5 * SLICE + 10);
    assertEquals(502, broken.statusCode());
    assertArrayEquals(part(5 * SLICE, 5 * SLICE + 10), range(5 * SLICE, 5 * SLICE + 10).body());
    assertArrayEquals(part(0, 10), range(0, 10).body());
  }

  @Test
  void upstream_knowingNoRanges_bringsTheWhole() throws Exception {
    origin.at("/p/b", bytes, TAG, "Cache-Control: max-age=60");
    HttpResponse<byte[]> part = get("/p/b", "Range", "bytes=100000-100009");
    assertEquals(206, part.statusCode());
    assertArrayEquals(part(100_000, 100_010), part.body());
    assertArrayEquals(bytes, get("/p/b").body());
    assertEquals(1, origin.requests.size());
  }

  @Test
  void part_otherThanAskedFor_isRefused() throws Exception {
    origin.at(
        "/p/b",
        (_, out) ->
            out.write(
                ScriptedOrigin.response(
                    "206 Partial Content",
                    part(0, 10),
                    TAG,
                    "Cache-Control: max-age=60",
                    "Content-Range: bytes 0-9/" + bytes.length)));
    HttpResponse<byte[]> refused = get("/p/b", "Range", "bytes=100000-100009");
    assertEquals(502, refused.statusCode());
    assertTrue(status(refused).endsWith("detail=bad-range"), status(refused));
    assertEquals(0, pulls.store().status().objects());
  }

  @Test
  void part_withoutStrongTag_isNotPutTogether() throws Exception {
    origin.at("/p/b", (request, out) -> answer(request, out, "ETag: W/\"one\""));
    HttpResponse<byte[]> part = get("/p/b", "Range", "bytes=100000-100009");
    assertEquals(206, part.statusCode());
    assertArrayEquals(part(100_000, 100_010), part.body());
    assertEquals("", origin.requests.getLast().field("range"));
  }

  @Test
  void part_notToBeKept_isPassedAsItWasAskedFor() throws Exception {
    origin.at(
        "/p/b",
        (request, out) -> {
          String[] range = request.field("range").replace("bytes=", "").split("-", -1);
          int first = Integer.parseInt(range[0]);
          int last = Integer.parseInt(range[1]);
          out.write(
              ScriptedOrigin.response(
                  "206 Partial Content",
                  part(first, last + 1),
                  TAG,
                  "Cache-Control: private",
                  "Content-Range: bytes " + first + '-' + last + '/' + bytes.length));
        });
    HttpResponse<byte[]> part = get("/p/b", "Range", "bytes=100000-100009");
    assertEquals(206, part.statusCode());
    assertArrayEquals(part(100_000, 100_010), part.body());
    assertEquals("bytes 100000-100009/" + bytes.length, field(part, "content-range"));
    await().until(() -> pulls.store().status().objects() == 0);
  }

  @Test
  void upstream_breakingOffInASlice_isAskedForTheRestOfIt() throws Exception {
    origin.at(
        "/p/a",
        (request, out) -> {
          if (origin.requests.size() == 1) {
            out.write(
                ScriptedOrigin.head(
                    "206 Partial Content",
                    SLICE,
                    TAG,
                    "Cache-Control: max-age=60",
                    "Content-Range: bytes 0-65535/" + bytes.length));
            out.write(bytes, 0, 30_000);
            out.flush();
            throw new IOException("breaks off");
          }
          answer(request, out, TAG);
        });
    assertArrayEquals(part(0, 50_000), range(0, 50_000).body());
    assertEquals("bytes=30000-65535", origin.requests.getLast().field("range"));
  }

  @Test
  void upstream_awayMidway_failsWhatIsNotThereAndKeepsTheRest() throws Exception {
    range(0, SLICE);
    origin.close();
    HttpResponse<byte[]> failed = range(5 * SLICE, 5 * SLICE + 10);
    assertEquals(502, failed.statusCode());
    assertArrayEquals(part(0, SLICE), range(0, SLICE).body());
    assertThrows(IOException.class, () -> range(0, 2 * SLICE));
  }

  @Test
  void range_ofRequests_isAligned() {
    assertEquals(null, Slices.around(null, SLICE));
    assertEquals(null, Slices.around("bytes=-5", SLICE));
    assertEquals(null, Slices.around("bytes=9999999999999999-", SLICE));
    assertEquals(null, Slices.around("lines=1-2", SLICE));
    assertEquals("0-65535", text("bytes=0-"));
    assertEquals("65536-131071", text("bytes=65536-65536"));
    assertEquals("0-131071", text("bytes=65535-65536,1000000-"));
    assertEquals("0-65535", text("bytes=9-1"));
    assertEquals("0-1048575", text("bytes=0-999999999999999"));
  }

  private static String text(String range) {
    var around = Slices.around(range, SLICE);
    return around == null ? "" : around.first() + "-" + around.last();
  }

  /** A fetch that stood still for others' bytes has to go on, although none of its own wait. */
  @Test
  void ranges_ofManyAtOnce_doNotStandStillForEachOther() throws Exception {
    bytes = new byte[160 * SLICE];
    new Random(11).nextBytes(bytes);
    sent = new AtomicIntegerArray(bytes.length);
    open("maxQueued: 64KiB");
    assertArrayEquals(part(0, 1), range(0, 1).body());
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 1; i < 160; i += 3) {
      all.add(later("/p/a", "Range", "bytes=" + i * SLICE + '-' + ((i + 3) * SLICE - 1)));
    }
    for (int at = 0; at < all.size(); at++) {
      int from = (1 + 3 * at) * SLICE;
      byte[] body = all.get(at).get(30, TimeUnit.SECONDS).body();
      assertArrayEquals(part(from, Math.min(from + 3 * SLICE, bytes.length)), body);
    }
  }

  /** The store refuses to queue more, and what it refused is offered again until it takes it. */
  @Test
  void ranges_beyondWhatTheStoreQueues_comeAllTheSame() throws Exception {
    bytes = new byte[160 * SLICE];
    new Random(12).nextBytes(bytes);
    sent = new AtomicIntegerArray(bytes.length);
    storeQueue = "64KiB";
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      all.add(later("/p/a", "Range", "bytes=" + i * SLICE + '-' + ((i + 1) * SLICE - 1)));
    }
    for (int i = 0; i < 160; i++) {
      HttpResponse<byte[]> answer = all.get(i).get(30, TimeUnit.SECONDS);
      assertArrayEquals(part(i * SLICE, (i + 1) * SLICE), answer.body(), () -> status(answer));
    }
    assertTrue(pulls.storeStatus().refused().get(PullRefusal.QUEUE_FULL) > 0, "none was refused");
  }
}
