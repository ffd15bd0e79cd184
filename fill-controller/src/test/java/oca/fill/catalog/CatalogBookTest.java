package oca.fill.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogBookTest {
  @TempDir Path folder;
  private StateStore store;
  private CatalogBook book;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("state"));
    book = new CatalogBook(store, 3);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void accept_catalog_isInForceAlsoAfterReopen() throws IOException {
    assertEquals(0, book.view().files());
    assertTrue(book.accept(catalog("1", file("t/a", 3, "ab"), file("t/b", 4, "cd"))));
    assertFalse(book.accept(catalog("1", file("t/a", 3, "ab"), file("t/b", 4, "cd"))));
    store.close();
    open();
    assertEquals("1", book.view().version());
    assertEquals(2, book.view().files());
    assertEquals(7, book.view().bytes());
    assertEquals(Optional.of("t"), book.view().titleOf("t/b"));
    assertEquals(List.of("t"), List.copyOf(book.view().titles().keySet()));
  }

  @Test
  void accept_knownPathWithOtherBytes_isRefusedWithPathAndRemedy() throws IOException {
    book.accept(catalog("1", file("t/a", 3, "ab")));
    for (CatalogEntry changed : List.of(file("t/a", 4, "ab"), file("t/a", 3, "cd"))) {
      CatalogRefusedException e =
          assertThrows(
              CatalogRefusedException.class,
              () -> book.accept(catalog("2", file("t/new", 1, "ef"), changed)));
      assertTrue(e.getMessage().startsWith("t/a "), e.getMessage());
      assertTrue(e.getMessage().contains("under a new path"), e.getMessage());
      assertEquals("1", book.view().version());
    }
    assertTrue(book.accept(catalog("3", file("t/new", 2, "00"))), "nothing of it was noted");
  }

  @Test
  void accept_withdrawnThenChanged_isRefusedToo() throws IOException {
    book.accept(catalog("1", file("t/a", 3, "ab")));
    book.accept(catalog("2", file("t/b", 3, "ab")));
    store.close();
    open();
    assertThrows(
        CatalogRefusedException.class, () -> book.accept(catalog("3", file("t/a", 9, "ab"))));
    assertTrue(book.accept(catalog("4", file("t/a", 3, "ab"))));
  }

  @Test
  void accept_twiceTheSamePathOrTooMany_isRefused() throws IOException {
    assertThrows(
        CatalogRefusedException.class,
        () -> book.accept(catalog("1", file("t/a", 3, "ab"), file("t/a", 3, "ab"))));
    assertThrows(
        CatalogRefusedException.class,
        () ->
            book.accept(
                catalog(
                    "1",
                    file("1", 3, "ab"),
                    file("2", 3, "ab"),
                    file("3", 3, "ab"),
                    file("4", 3, "ab"))));
    assertEquals(CatalogView.EMPTY.version(), book.view().version());
  }

  private static Catalog catalog(String version, CatalogEntry... files) {
    return new Catalog(version, List.of(files));
  }

  private static CatalogEntry file(String path, long length, String hash) {
    return new CatalogEntry(path, "t", length, hash.repeat(32), "video/mp4", Instant.EPOCH);
  }
}
