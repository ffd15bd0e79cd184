package oca.fill.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.HeartbeatReply;
import oca.protocol.ManifestDelta;
import oca.protocol.Wire;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestBookTest {
  private static final ApplianceId N1 = new ApplianceId("n-1");
  private static final ApplianceId N2 = new ApplianceId("n-2");

  @TempDir Path folder;
  private StateStore store;
  private ManifestBook book;
  private ManifestEndpoint endpoint;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("state"));
    book = new ManifestBook(store);
    endpoint = new ManifestEndpoint(book);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void publish_sameContent_keepsTheVersion() throws IOException {
    assertEquals(2, book.publish(List.of(draft(N1, "a"), draft(N2, "a"))));
    assertEquals(0, book.publish(List.of(draft(N1, "a"), draft(N2, "a"))));
    assertEquals(1, book.publish(List.of(draft(N1, "a", "b"), draft(N2, "a"))));
    assertEquals(2, version(N1));
    assertEquals(1, version(N2));
    assertEquals(1, book.publish(List.of(draft(N1, "b", "a"))));
    assertEquals(3, version(N1));
  }

  @Test
  void publish_whatIsInForceAgain_showsOnlyWhatDiffers() throws IOException {
    List<ApplianceId> shown = new ArrayList<>();
    book.publish(List.of(draft(N1, "a"), draft(N2, "a")));
    book.onPublish(drafts -> drafts.forEach(draft -> shown.add(draft.appliance())));
    book.publish(List.of(draft(N1, "a"), draft(N2, "a")));
    assertEquals(List.of(), shown);
    book.publish(List.of(draft(N1, "a"), draft(N2, "b")));
    assertEquals(List.of(N2), shown);
    book.publish(List.of(draft(N1, "a"), draft(N2, "b")), _ -> true);
    assertEquals(List.of(N2, N1, N2), shown);
  }

  @Test
  void publish_afterReopen_versionsGoOn() throws IOException {
    book.publish(List.of(draft(N1, "a")));
    book.publish(List.of(draft(N1, "b")));
    store.close();
    open();
    assertEquals(2, version(N1));
    assertEquals(0, book.publish(List.of(draft(N1, "b"))));
    book.publish(List.of(draft(N1, "a")));
    assertEquals(3, version(N1));
  }

  @Test
  void publish_thatCannotBeKept_leavesTheOldOne() throws IOException {
    book.publish(List.of(draft(N1, "a")));
    store.close();
    assertThrows(IOException.class, () -> book.publish(List.of(draft(N1, "b"))));
    assertEquals(1, version(N1));
  }

  @Test
  void answer_get_isTheManifestWithItsVersionAsETag() throws IOException {
    book.publish(List.of(draft(N1, "a")));
    Response answer = get("n-1", Map.of());
    assertEquals(200, answer.status());
    assertEquals("\"1\"", answer.headers().get("ETag"));
    assertEquals(book.manifest(N1).orElseThrow(), Wire.read(answer.body(), FillManifest.class));
  }

  @Test
  void answer_ifNoneMatch_is304OnlyForTheVersion() throws IOException {
    book.publish(List.of(draft(N1, "a")));
    for (String same : List.of("\"1\"", "W/\"1\"", "\"7\", \"1\"", "*")) {
      assertEquals(304, get("n-1", Map.of("if-none-match", same)).status(), same);
    }
    assertEquals(200, get("n-1", Map.of("if-none-match", "\"11\"")).status());
    assertEquals(0, get("n-1", Map.of("if-none-match", "\"1\"")).body().length);
  }

  @Test
  void answer_askerTakesDeltas_isWhatChangedSinceItsVersion() throws IOException {
    book.publish(List.of(draft(N1, many(0, 40))));
    FillManifest first = book.manifest(N1).orElseThrow();
    book.publish(List.of(draft(N1, many(1, 40))));
    Map<String, String> asker = Map.of("if-none-match", "\"1\"", "a-im", "oca-pieces");
    Response answer = get("n-1", asker);
    assertEquals(226, answer.status());
    assertEquals("oca-pieces", answer.headers().get("IM"));
    assertEquals("\"2\"", answer.headers().get("ETag"));
    ManifestDelta delta = Wire.read(answer.body(), ManifestDelta.class);
    assertEquals(book.manifest(N1).orElseThrow(), delta.applyTo(first));
    assertEquals(200, get("n-1", Map.of("if-none-match", "\"1\"")).status());
    assertEquals(200, get("n-1", Map.of("if-none-match", "\"7\"", "a-im", "oca-pieces")).status());
    book.publish(List.of(draft(N1, many(2, 40))));
    assertEquals(200, get("n-1", asker).status(), "only one version before is known");
    assertEquals(Map.of("same", 0L, "whole", 3L, "delta", 1L), endpoint.answers());
  }

  @Test
  void answer_deltaNoShorter_isTheWhole() throws IOException {
    book.publish(List.of(draft(N1, "a")));
    book.publish(List.of(draft(N1, "b")));
    assertEquals(200, get("n-1", Map.of("if-none-match", "\"1\"", "a-im", "oca-pieces")).status());
  }

  @Test
  void reply_manifestThere_namesItsVersion() throws IOException {
    HeartbeatReply reply = new HeartbeatReply(false);
    assertEquals(reply, endpoint.with(N1, reply));
    book.publish(List.of(draft(N1, "a")));
    assertEquals(reply.withManifest(1), endpoint.with(N1, reply));
  }

  private static String[] many(int from, int to) {
    String[] paths = new String[to - from];
    for (int i = from; i < to; i++) {
      paths[i - from] = "t/" + i;
    }
    return paths;
  }

  @Test
  void answer_unknownOrMalformedAppliance_is404Or400() throws IOException {
    assertEquals(404, get("n-9", Map.of()).status());
    assertThrows(IllegalArgumentException.class, () -> get("N/9", Map.of()));
  }

  private Response get(String tail, Map<String, String> headers) {
    return endpoint.answer(
        new Request(
            "GET",
            "/v1/manifests/" + tail,
            tail,
            Map.of(),
            headers,
            InetAddress.getLoopbackAddress(),
            new byte[0]));
  }

  private long version(ApplianceId id) {
    return book.manifest(id).orElseThrow().version();
  }

  private static FillManifest draft(ApplianceId id, String... paths) {
    return new FillManifest(
        id,
        0,
        new FillWindow(Instant.EPOCH, Instant.EPOCH.plusSeconds(9)),
        100,
        List.of(paths).stream()
            .map(
                path ->
                    FillManifest.Entry.from(
                        new CatalogEntry(path, "t", 3, "ab".repeat(32), "video/mp4", Instant.EPOCH),
                        List.of(URI.create("http://origin/" + path))))
            .toList());
  }
}
