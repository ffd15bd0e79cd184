package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import oca.server.caching.FieldSection;
import oca.server.purge.Kind;
import oca.server.purge.PurgeOrder;
import oca.server.range.ContentRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered is never other than what would be answered to who asks. */
class RememberedTest extends PullFixture {
  private static final String[] RANGES = {null, "bytes=0-99", "bytes=5-", "bytes=0-1,7-9"};
  private static final List<String> TARGETS = List.of("p/a", "p/vary", "p/short", "p/private");

  private final Map<String, Remembered> memory = new HashMap<>();
  private int version;

  private static ContentRequest request(String path, String range) {
    return new ContentRequest(ContentRequest.Method.GET, path, range, null, null, null, null, null);
  }

  private PulledAnswer answer(String path, String range, Remembered remembered) throws Exception {
    FieldSection fields =
        range == null ? FieldSection.of("Host", "x") : FieldSection.of("Host", "x", "Range", range);
    PullRequest request =
        new PullRequest(
            "GET", path, null, "x", "1.1", fields, ByteBuffer.allocate(0), 10, remembered);
    CompletableFuture<PulledAnswer> later = new CompletableFuture<>();
    PulledAnswer now = pulls.ask(request, Runnable::run, later::complete);
    return now == null ? later.get(10, TimeUnit.SECONDS) : now;
  }

  private static PulledAnswer closed(PulledAnswer answer) {
    if (answer != null && answer.body() != null) {
      answer.body().close();
    }
    return answer;
  }

  /** What is remembered of a path, of which the last bytes may be on their way yet. */
  private PulledAnswer onceRemembered(String path, String range, Remembered remembered) {
    return await()
        .until(
            () -> {
              closed(answer(path, null, remembered));
              return closed(remembered.answer(request(path, range), 10));
            },
            Objects::nonNull);
  }

  private static List<Object> said(PulledAnswer answer) {
    return List.of(answer.status(), answer.reply(), answer.fields(), answer.length());
  }

  private void publish() {
    version++;
    String tag = "ETag: \"" + version + '"';
    byte[] body = bytes.clone();
    body[0] = (byte) version;
    origin.at("/p/a", body, tag, "Cache-Control: max-age=7");
    origin.at("/p/vary", body, tag, "Cache-Control: max-age=9", "Vary: Accept-Language");
    origin.at("/p/short", body, tag, "Cache-Control: max-age=1");
    origin.at("/p/private", body, tag, "Cache-Control: private");
  }

  @Test
  void nothing_isRememberedAtFirst() {
    assertNull(new Remembered().answer(request("p/a", null), 10));
  }

  @Test
  void hit_isRememberedForItsSecond() throws Exception {
    publish();
    uri("/");
    Remembered remembered = new Remembered();
    closed(answer("p/a", null, remembered));
    assertNull(remembered.answer(request("p/a", null), 10), "what was fetched is no hit");
    PulledAnswer again = onceRemembered("p/a", "bytes=5-9", remembered);
    assertEquals(said(closed(answer("p/a", "bytes=5-9", null))), said(again));
    assertEquals("edge; hit; ttl=7", again.fields().first("Cache-Status"));
    millis.addAndGet(999);
    assertNull(remembered.answer(request("p/a", null), 10), "the lifetime counts down");
  }

  @Test
  void hit_validatedMeanwhile_isNotRemembered() throws Exception {
    origin.at(
        "/p/a",
        (request, out) ->
            out.write(
                request.field("if-none-match").equals("\"one\"")
                    ? ScriptedOrigin.head(
                        "304 Not Modified", -1, "ETag: \"one\"", "Cache-Control: max-age=60")
                    : ScriptedOrigin.response(
                        "200 OK", bytes, "ETag: \"one\"", "Cache-Control: max-age=60")));
    uri("/");
    Remembered remembered = new Remembered();
    closed(answer("p/a", null, null));
    millis.addAndGet(5400);
    PulledAnswer known = onceRemembered("p/a", null, remembered);
    assertEquals("5", known.fields().first("Age"));
    get("/p/a", "Cache-Control", "no-cache");
    assertEquals("0", closed(answer("p/a", null, null)).fields().first("Age"));
    assertNull(remembered.answer(request("p/a", null), 10));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void answers_remembered_areThoseThatWouldBeGiven(long seed) throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    publish();
    uri("/");
    int remembered = 0;
    List<String> past = new ArrayList<>();
    for (int step = 0; step < 1500; step++) {
      String path = TARGETS.get(random.nextInt(TARGETS.size()));
      switch (random.nextInt(24)) {
        case 0 -> millis.addAndGet(random.nextInt(4000));
        case 1, 2, 3 -> millis.addAndGet(random.nextInt(400));
        case 4 -> publish();
        case 5 -> pulls.purge(new PurgeOrder("vod", Kind.URL, '/' + path, false, false));
        case 6 -> pulls.purge(new PurgeOrder("vod", Kind.URL, '/' + path, true, false));
        case 7 -> pulls.purge(new PurgeOrder("vod", Kind.ALL, "", random.nextBoolean(), false));
        case 8 -> ask("DELETE", '/' + path);
        case 9 -> pulls.store().objects().stream().findAny().ifPresent(it -> it.drop());
        default -> {
          String range = RANGES[random.nextInt(RANGES.length)];
          Remembered its = memory.computeIfAbsent(path, _ -> new Remembered());
          PulledAnswer known = closed(its.answer(request(path, range), 10));
          PulledAnswer asked = closed(answer(path, range, random.nextBoolean() ? its : null));
          past.add(step + " " + path + ' ' + range + ' ' + asked.fields().first("Cache-Status"));
          if (known != null) {
            remembered++;
            assertEquals(said(asked), said(known), () -> "seed " + seed + ": " + past);
          }
        }
      }
    }
    // How many depends on how soon what was fetched is at rest: that some are is what counts.
    assertTrue(remembered > 10, remembered + " were remembered");
  }
}
