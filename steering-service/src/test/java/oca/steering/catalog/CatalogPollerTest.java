package oca.steering.catalog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogDelta;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogPollerTest {
  private static final Duration OFTEN = Duration.ofMillis(10);

  private final AtomicReference<Catalog> offered = new AtomicReference<>(catalog("1", "a"));
  private final AtomicReference<@Nullable CatalogDelta> delta = new AtomicReference<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger unchanged = new AtomicInteger();
  private final ControlListener publisher;
  private final CatalogPoller poller;

  CatalogPollerTest() throws IOException {
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog.json", this::answer);
    publisher.start();
    URI uri = publisher.endpoint().http("catalog.json");
    poller = new CatalogPoller(uri, OFTEN, Duration.ofSeconds(5), 2, System::nanoTime);
  }

  @AfterEach
  void close() {
    poller.close();
    publisher.close();
  }

  @Test
  void titles_beforeAnyCatalogue_areNone() {
    assertEquals(List.of(), poller.titles().files("harbour"));
    assertEquals("", poller.titles().version());
    assertFalse(poller.reachable());
  }

  @Test
  void start_publisherThere_takesTheCatalogueAndAsksWithItsETag() {
    poller.start();
    await().until(() -> poller.titles().version().equals("1") && unchanged.get() > 2);
    assertEquals(List.of(ContentId.ofPath("a")), poller.titles().files("harbour"));
    assertEquals("harbour", poller.titles().titleOf(ContentId.ofPath("a")));
    assertNull(poller.titles().titleOf(ContentId.ofPath("b")));
    offered.set(catalog("2", "a", "b"));
    await().until(() -> poller.titles().version().equals("2"));
    assertEquals(2, poller.titles().files("harbour").size());
    assertEquals(0, poller.failures());
  }

  @Test
  void start_publisherFails_keepsTheLastCatalogueAndGoesOn() {
    poller.start();
    await().until(() -> poller.titles().version().equals("1"));
    status.set(500);
    await().until(() -> poller.failures() > 2);
    assertFalse(poller.reachable());
    assertEquals(1, poller.titles().count());
    status.set(200);
    await().until(poller::reachable);
  }

  @Test
  void start_catalogueTooLarge_isRefused() {
    poller.start();
    await().until(() -> poller.titles().version().equals("1"));
    offered.set(catalog("2", "a", "b", "c"));
    await().until(() -> poller.failures() > 0);
    assertEquals("1", poller.titles().version());
    assertTrue(poller.titles().files("harbour").contains(ContentId.ofPath("a")));
  }

  @Test
  void start_publisherTellsWhatChanged_isFollowedWithoutTheWhole() {
    poller.start();
    await().until(() -> poller.titles().version().equals("1"));
    offer(delta("1", "2", "a", "b"), catalog("2", "a", "b"));
    await().until(() -> poller.titles().version().equals("2"));
    assertEquals(new Titles(catalog("2", "a", "b")).digest(), poller.titles().digest());
    assertEquals(2, poller.titles().files("harbour").size());
    assertEquals(List.of(1L, 1L, 0L), List.of(poller.wholes(), poller.deltas(), poller.misfits()));
  }

  @Test
  void start_deltaDoesNotFit_keepsTheLastUntilTheWholeIsThere() {
    poller.start();
    await().until(() -> poller.titles().version().equals("1"));
    offer(delta("3", "2", "a", "b"), catalog("2", "a", "b"));
    await().until(() -> poller.titles().version().equals("2"));
    assertEquals(List.of(2L, 0L, 1L), List.of(poller.wholes(), poller.deltas(), poller.misfits()));
    assertEquals(2, poller.titles().files("harbour").size());
  }

  /** From a catalogue of the file {@code a}, which in version 1 is all there is. */
  private static CatalogDelta delta(String from, String version, String... paths) {
    return new CatalogDelta(
        new Titles(from.equals("1") ? catalog("1", "a") : catalog("x", "x")).digest(),
        version,
        new Titles(catalog(version, paths)).digest(),
        List.of(),
        catalog(version, paths).files());
  }

  /** Both at once, as the poller may look at any time. */
  private synchronized void offer(CatalogDelta change, Catalog whole) {
    delta.set(change);
    offered.set(whole);
  }

  private synchronized Response answer(Request request) {
    if (status.get() != 200) {
      return Response.empty(status.get());
    }
    CatalogDelta told = delta.get();
    if (told != null
        && request.header("a-im").isPresent()
        && request.header("if-none-match").equals(Optional.of("\"1\""))) {
      return new Response(226, Map.of("Content-Type", Wire.MEDIA_TYPE), Wire.write(told))
          .with("IM", CatalogDelta.MANIPULATION)
          .with("ETag", "\"" + told.version() + "\"");
    }
    String etag = "\"" + offered.get().version() + "\"";
    if (request.header("if-none-match").equals(Optional.of(etag))) {
      unchanged.incrementAndGet();
      return Response.empty(304);
    }
    return Response.message(offered.get()).with("ETag", etag);
  }

  private static Catalog catalog(String version, String... paths) {
    return new Catalog(
        version,
        Stream.of(paths)
            .map(
                path ->
                    new CatalogEntry(
                        path, "harbour", 1, "ab".repeat(32), "video/mp4", Instant.EPOCH))
            .toList());
  }
}
