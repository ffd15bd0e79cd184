package oca.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import oca.config.ByteSize;
import oca.protocol.BlockList;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {
  private static final ByteSize BLOCK = new ByteSize(4096);

  @TempDir private Path root;

  @Test
  void publish_aFolder_listsEachFileUnderItsTitle() throws IOException {
    put("titles/harbour/v0.mp4", "abc");
    put("titles/harbour/v0.m3u8", "#EXTM3U");
    put("library/feature-1/feature.bin", "");
    Catalog catalog = Publisher.publish(root, BLOCK);
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
    String before = Publisher.publish(root, BLOCK).version();
    assertEquals(before, Publisher.publish(root, BLOCK).version());
    put("t/a.bin", "2");
    assertNotEquals(before, Publisher.publish(root, BLOCK).version());
  }

  @Test
  void publish_filesOfMoreThanABlock_haveTheirBlocksListed() throws Exception {
    byte[] bytes = new byte[3 * 4096 + 1];
    new Random(7).nextBytes(bytes);
    put("t/long.mp4", bytes);
    put("t/one.mp4", Arrays.copyOf(bytes, 4096));
    put("t/two.mp4", Arrays.copyOf(bytes, 4097));
    put("t/none.mp4", new byte[0]);
    Catalog catalog = Publisher.publish(root, BLOCK);
    assertEquals(catalog, Publisher.read(root));
    assertEquals(
        List.of(
            "t/long.mp4",
            "t/long.mp4.4KiB.blocks",
            "t/none.mp4",
            "t/one.mp4",
            "t/two.mp4",
            "t/two.mp4.4KiB.blocks"),
        catalog.files().stream().map(CatalogEntry::path).toList());
    assertEquals(new BlockList(4096, "t/long.mp4.4KiB.blocks"), file(catalog, 0).blocks());
    assertEquals(sha256(bytes), file(catalog, 0).sha256());
    assertNull(file(catalog, 2).blocks());
    assertNull(file(catalog, 3).blocks());
    ByteArrayOutputStream digests = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += 4096) {
      byte[] block = Arrays.copyOfRange(bytes, at, Math.min(at + 4096, bytes.length));
      digests.writeBytes(HexFormat.of().parseHex(sha256(block)));
    }
    byte[] list = Files.readAllBytes(root.resolve("t/long.mp4.4KiB.blocks"));
    assertArrayEquals(digests.toByteArray(), list);
    assertEquals(
        new CatalogEntry(
            "t/long.mp4.4KiB.blocks",
            "t",
            4 * 32,
            sha256(list),
            "application/octet-stream",
            file(catalog, 0).modified()),
        file(catalog, 1));
    assertEquals(64, file(catalog, 5).length());
  }

  @Test
  void publish_againOrInOtherBlocks_keepsEachListUnderItsPath() throws Exception {
    byte[] bytes = new byte[9000];
    put("t/v.mp4", bytes);
    Catalog first = Publisher.publish(root, BLOCK);
    put("t/v.mp4.4KiB.blocks.draft", new byte[5]);
    assertEquals(first, Publisher.publish(root, BLOCK));
    Catalog other = Publisher.publish(root, new ByteSize(8192));
    assertNotEquals(first.version(), other.version());
    assertEquals(new BlockList(8192, "t/v.mp4.8KiB.blocks"), file(other, 0).blocks());
    assertEquals(2, other.files().size());
    assertEquals(96, Files.size(root.resolve("t/v.mp4.4KiB.blocks")));
    bytes[5000] = 1;
    put("t/v.mp4", bytes);
    CatalogEntry list = file(Publisher.publish(root, BLOCK), 1);
    assertNotEquals(file(first, 1).sha256(), list.sha256());
    assertEquals(list.sha256(), sha256(Files.readAllBytes(root.resolve(list.path()))));
  }

  @Test
  void publish_somethingElseWhereTheListBelongs_isRefusedAndLeftAlone() throws IOException {
    put("t/v.mp4", new byte[9000]);
    put("t/v.mp4.4KiB.blocks", new byte[33]);
    assertRefused("v.mp4.4KiB.blocks: a file of that name is there that is none; rename it");
    assertEquals(33, Files.size(root.resolve("t/v.mp4.4KiB.blocks")));
  }

  @Test
  void publish_fileTooLongForItsList_isRefusedWithTheRemedy() throws IOException {
    put("t/v.mp4", "");
    try (FileChannel sparse = FileChannel.open(root.resolve("t/v.mp4"), StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.allocate(1), (8L << 30));
    }
    assertRefused("publish with larger blocks: --block-size");
  }

  @Test
  void publish_blockSizeThatIsNone_isRefusedWithTheBounds() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Publisher.publish(root, new ByteSize(1000)));
    assertTrue(e.getMessage().contains("a multiple of 4096"), e.getMessage());
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
    IOException e = assertThrows(IOException.class, () -> Publisher.publish(root, BLOCK));
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  private void put(String path, String text) throws IOException {
    put(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static CatalogEntry file(Catalog catalog, int index) {
    return catalog.files().get(index);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
