package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockListTest {
  private static final String LIST = "t/v.mp4.4KiB.blocks";
  private static final BlockList BLOCKS = new BlockList(4096, LIST);

  @Test
  void construct_sizeOrPathOutOfBounds_isRefusedWithTheBounds() {
    for (int size : new int[] {0, -4096, 4095, 4097, (64 << 20) + 4096}) {
      assertEquals(
          "a block must be a multiple of 4096 bytes from 4096 to 67108864, not " + size,
          refusal(() -> new BlockList(size, LIST)));
    }
    assertEquals(64 << 20, new BlockList(64 << 20, LIST).size());
    assertEquals("the path of the block list is empty: ", refusal(() -> new BlockList(4096, "")));
  }

  @Property
  void lengthFor_anyFile_isOneDigestForEachBlockThatHasABytes(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long length,
      @ForAll @IntRange(min = 1, max = 16384) int pages) {
    BlockList blocks = new BlockList(4096 * pages, LIST);
    long listed = blocks.lengthFor(length) / 32;
    assertEquals(0, blocks.lengthFor(length) % 32);
    long before = Math.max(0, listed - 1);
    assertTrue(listed == 0 ? length == 0 : before * blocks.size() < length, "the last has a byte");
    assertTrue(length - before * blocks.size() <= blocks.size(), "none is left over");
  }

  @Test
  void entry_fileOfOneBlockOrItsOwnList_isRefused() {
    assertEquals(
        "t/v.mp4 names a block list though it is one block (4096 bytes of 4096); leave blocks out",
        refusal(() -> entry("t/v.mp4", "t", 4096, BLOCKS)));
    assertEquals(BLOCKS, entry("t/v.mp4", "t", 4097, BLOCKS).blocks());
    assertTrue(refusal(() -> entry(LIST, "t", 5000, BLOCKS)).contains("names itself"));
  }

  @Test
  void catalog_listAsItMustBe_isTakenInAnyOrder() {
    CatalogEntry file = entry("t/v.mp4", "t", 8193, BLOCKS);
    CatalogEntry list = entry(LIST, "t", 96, null);
    assertEquals(Set.of(LIST), new Catalog("1", List.of(file, list)).blockListPaths());
    assertEquals(Set.of(LIST), new Catalog("1", List.of(list, file)).blockListPaths());
    assertEquals(Set.of(), new Catalog("1", List.of(list)).blockListPaths());
  }

  @Test
  void catalogAndManifest_listNotAsItMustBe_areRefusedWithFileAndRemedy() {
    CatalogEntry file = entry("t/v.mp4", "t", 8193, BLOCKS);
    assertRefused("does not list; list it, or leave blocks out", file);
    assertRefused("of the title u; a list belongs to", file, entry(LIST, "u", 96, null));
    assertRefused(
        "of 64 bytes where 8193 bytes in blocks of 4096 need 96; publish both anew",
        file,
        entry(LIST, "t", 64, null));
    String other = "t/other.blocks";
    assertRefused(
        "which names one itself",
        file,
        entry(LIST, "t", 8192, new BlockList(4096, other)),
        entry(other, "t", 64, null));
  }

  private static void assertRefused(String text, CatalogEntry... files) {
    String inCatalog = refusal(() -> new Catalog("1", List.of(files)));
    assertTrue(inCatalog.startsWith("t/v.mp4 names the block list " + LIST), inCatalog);
    assertTrue(inCatalog.contains(text), inCatalog);
    String inManifest = refusal(() -> manifest(files));
    assertEquals(inCatalog.replace("the catalogue", "the manifest"), inManifest);
  }

  private static FillManifest manifest(CatalogEntry... files) {
    return new FillManifest(
        new ApplianceId("a"),
        1,
        new FillManifest.FillWindow(Instant.EPOCH, Instant.EPOCH),
        1,
        List.of(files).stream()
            .map(file -> FillManifest.Entry.from(file, List.of(URI.create("http://a/"))))
            .toList());
  }

  private static CatalogEntry entry(
      String path, String title, long length, @Nullable BlockList blocks) {
    return new CatalogEntry(
        path, title, length, "ab".repeat(32), "video/mp4", Instant.EPOCH, blocks);
  }

  private static String refusal(org.junit.jupiter.api.function.Executable construct) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, construct).getMessage());
  }
}
