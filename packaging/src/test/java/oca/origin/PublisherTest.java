package oca.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import oca.protocol.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {
  @TempDir private Path root;

  @Test
  void publish_aFolder_listsEachFileUnderItsTitle() throws IOException {
    put("titles/harbour/v0.mp4", "abc");
    put("titles/harbour/v0.m3u8", "#EXTM3U");
    put("library/feature-1/feature.bin", "");
    Catalog catalog = Publisher.publish(root);
    assertEquals(catalog, Publisher.read(root));
    assertEquals(3, catalog.files().size());
    var video = catalog.files().getLast();
    assertEquals("titles/harbour/v0.mp4", video.path());
    assertEquals("harbour", video.title());
    assertEquals("video/mp4", video.mediaType());
    assertEquals(3, video.length());
    // printf abc | sha256sum
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", video.sha256());
  }

  @Test
  void publish_again_hasTheSameVersionUntilBytesChange() throws IOException {
    put("t/a.bin", "1");
    String before = Publisher.publish(root).version();
    assertEquals(before, Publisher.publish(root).version());
    put("t/a.bin", "2");
    assertNotEquals(before, Publisher.publish(root).version());
  }

  @Test
  void publish_whatCannotBeAddressed_isRefusedByName() throws IOException {
    put("t/a b.bin", "1");
    assertRefused("a b.bin");
    Files.delete(root.resolve("t/a b.bin"));
    put("stray.bin", "1");
    assertRefused("stray.bin");
  }

  @Test
  void publish_twoFoldersOfOneName_areRefused() throws IOException {
    put("a/t/x.bin", "1");
    put("b/t/y.bin", "1");
    assertRefused("two folders name the title t");
  }

  @Test
  void read_damagedOrAbsentCatalogue_isSaidWithPlaceAndRemedy() throws IOException {
    IOException absent = assertThrows(IOException.class, () -> Publisher.read(root));
    assertTrue(absent.getMessage().contains("oca origin --publish"), absent.getMessage());
    put(Publisher.FILE, "{\"version\":\n7,");
    IOException damaged = assertThrows(IOException.class, () -> Publisher.read(root));
    assertTrue(damaged.getMessage().contains("line 2"), damaged.getMessage());
    assertTrue(damaged.getMessage().contains("make it anew"), damaged.getMessage());
  }

  private void assertRefused(String text) {
    IOException e = assertThrows(IOException.class, () -> Publisher.publish(root));
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  private void put(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
