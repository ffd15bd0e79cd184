package oca.steering.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.List;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import org.junit.jupiter.api.Test;

class TitlesTest {
  @Test
  void files_titleWithABlockList_areThoseThatViewersAskFor() {
    BlockList blocks = new BlockList(4096, "t/v.blocks");
    Titles titles =
        new Titles(
            new Catalog("1", List.of(file("t/v.blocks", 64, null), file("t/v", 5000, blocks))));
    assertEquals(List.of(ContentId.ofPath("t/v")), titles.files("t"));
    assertEquals("t", titles.titleOf(ContentId.ofPath("t/v")));
    assertNull(titles.titleOf(ContentId.ofPath("t/v.blocks")));
  }

  @Test
  void folder_filesInSeveralFolders_isTheOneAroundThemAll() {
    Titles titles =
        new Titles(
            new Catalog(
                "1",
                List.of(file("a/b/c", 1, null), file("a/b/d/e", 1, null), file("a/bb", 1, null))));
    assertEquals("a", titles.folder("t"));
    assertEquals(List.of("a/b/c", "a/b/d/e", "a/bb"), titles.paths("t"));
    assertEquals("", titles.folder("other"));
    assertEquals(List.of(), titles.paths("other"));
  }

  @Test
  void folder_nothingShared_isNone() {
    Titles titles =
        new Titles(new Catalog("1", List.of(file("a/x", 1, null), file("top", 1, null))));
    assertEquals("", titles.folder("t"));
    assertEquals(List.of("a/x", "top"), titles.paths("t"));
  }

  private static CatalogEntry file(String path, long length, BlockList blocks) {
    return new CatalogEntry(path, "t", length, "ab".repeat(32), "video/mp4", Instant.EPOCH, blocks);
  }
}
