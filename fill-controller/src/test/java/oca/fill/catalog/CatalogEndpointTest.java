package oca.fill.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import oca.protocol.Catalog;
import oca.protocol.CatalogDelta;
import oca.protocol.CatalogDigest;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.Test;

class CatalogEndpointTest {
  private final AtomicReference<CatalogView> inForce = new AtomicReference<>(CatalogView.EMPTY);
  private final CatalogEndpoint endpoint = new CatalogEndpoint(inForce::get, 2);

  @Test
  void answer_beforeTheFirst_is503() {
    assertEquals(503, get("", true).status());
  }

  @Test
  void answer_always_hasAnETagOfTheContent() throws IOException {
    offer("1", "a", "b");
    Response whole = get("", true);
    assertEquals(200, whole.status());
    assertEquals(catalog("1", "a", "b"), Wire.read(whole.body(), Catalog.class));
    assertEquals(304, get(etag(whole), true).status());
    offer("1", "a", "c");
    assertNotEquals(etag(whole), etag(get("", true)), "though the publisher kept its version");
    offer("1", "a", "b");
    assertEquals(304, get(etag(whole), true).status(), "what is offered again is the same");
    offer("2", "a", "b");
    assertEquals(226, get(etag(whole), true).status(), "another version is told");
  }

  @Test
  void answer_versionThatSomebodyWasGiven_isTheTitlesThatChanged() throws IOException {
    offer("1", "a", "b", "c");
    String first = etag(get("", true));
    offer("2", "b", "c~", "d");
    assertEquals(200, get(first, false).status(), "to who takes no deltas");
    Response answer = get(first, true);
    assertEquals(226, answer.status());
    assertEquals(CatalogDelta.MANIPULATION, answer.headers().get("IM"));
    CatalogDelta delta = Wire.read(answer.body(), CatalogDelta.class);
    assertEquals(List.of("a"), delta.removed());
    assertEquals(files("c~", "d"), delta.files());
    assertEquals(digest("a", "b", "c"), delta.from());
    assertEquals(digest("b", "c~", "d"), delta.digest());
  }

  @Test
  void answer_versionNotKept_isTheWhole() throws IOException {
    offer("1", "a");
    String first = etag(get("", true));
    for (int i = 2; i < 5; i++) {
      offer("" + i, "a", "b" + i);
      assertEquals(i < 4 ? 226 : 200, get(first, true).status(), "version " + i);
    }
    assertEquals(200, get("\"never\"", true).status());
  }

  private void offer(String version, String... titles) {
    inForce.set(new CatalogView(catalog(version, titles)));
  }

  private Response get(String etag, boolean deltas) {
    Map<String, String> headers =
        deltas
            ? Map.of("if-none-match", etag, "a-im", "oca-titles")
            : Map.of("if-none-match", etag);
    return endpoint.answer(
        new Request(
            "GET",
            "/v1/catalog",
            "",
            Map.of(),
            headers,
            InetAddress.getLoopbackAddress(),
            new byte[0]));
  }

  private static String etag(Response response) {
    return String.valueOf(response.headers().get("ETag"));
  }

  private static Catalog catalog(String version, String... titles) {
    return new Catalog(version, files(titles));
  }

  private static CatalogDigest digest(String... titles) {
    return CatalogDigest.of(CatalogDigest.byTitle(files(titles)).values());
  }

  /** Two files each; a title with a tilde has other ones. */
  private static List<CatalogEntry> files(String... titles) {
    List<CatalogEntry> files = new ArrayList<>();
    for (String title : titles) {
      for (String name : List.of("video", "audio")) {
        files.add(
            new CatalogEntry(
                title + "/" + name,
                title.replace("~", ""),
                9,
                "ab".repeat(32),
                "video/mp4",
                Instant.EPOCH));
      }
    }
    return files;
  }
}
