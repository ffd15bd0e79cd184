package oca.store.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import oca.store.disk.Golden;
import oca.store.disk.LocalDisk;
import oca.store.disk.StoreRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other versions left in a folder of pulled objects. */
class PullFormatsTest {
  private static final PullIndex INDEX =
      new PullIndex(
          PullIndex.VERSION,
          16 << 10,
          new UUID(0x0123456789abcdefL, 0x7edcba9876543210L),
          3,
          List.of(
              new KeptObject(
                  1, 11, 40_000, 45_056, 40_000, 1_800_000_000_123L, label("one"), sums(7, 0, -9)),
              new KeptObject(2, -12, -1, 4_096, 100, 5, label(""), sums())));

  @TempDir Path folder;
  private final LocalDisk disk = new LocalDisk();

  @Test
  void write_ofAnIndex_isTheGoldenFile() throws IOException {
    Path file = folder.resolve("index");
    INDEX.write(disk, file);
    Golden.assertIs("pull-index-v1.img", Files.readAllBytes(file));
  }

  @Test
  void read_ofTheGoldenIndex_isTheIndex() throws IOException {
    Path file = Files.write(folder.resolve("index"), Golden.bytes("pull-index-v1.img"));
    PullIndex read = PullIndex.read(disk, file);
    assertEquals(INDEX.version, read.version);
    assertEquals(INDEX.boot, read.boot);
    assertEquals(INDEX.nextId, read.nextId);
    assertEquals(2, read.objects.size());
    KeptObject one = read.objects.getFirst();
    assertEquals(11, one.identity);
    assertEquals(1_800_000_000_123L, one.modified);
    assertArrayEquals(label("one"), one.label);
    assertArrayEquals(sums(7, 0, -9), one.checksums);
    assertEquals(-1, read.objects.get(1).length);
  }

  @Test
  void open_withAnIndexOfANewerVersion_startsEmpty() throws Exception {
    PullStoreConfig config = PullProbe.config(folder.resolve("pull"));
    try (PullStore store = PullProbe.open(config, disk)) {
      PullProbe.whole(store, 1, 100);
    }
    Path index = folder.resolve("pull/index");
    byte[] newer = Files.readAllBytes(index);
    newer[11] = PullIndex.VERSION + 1;
    Files.write(index, newer);
    try (PullStore store = PullProbe.open(config, disk)) {
      assertEquals(PullStatus.Start.OTHER_FORMAT, store.status().start());
      assertEquals(List.of(), store.objects());
    }
  }

  @Test
  void open_ofAFolderOfANewerFormat_changesNothingAtAll() throws Exception {
    StoreRefusedException refused = refused("format 2\n");
    String message = String.valueOf(refused.getMessage());
    assertTrue(refused.isNewer(), message);
    assertTrue(message.startsWith(folder.resolve("pull/oca-pull") + " has format 2"), message);
    assertTrue(message.contains("up to 1: install the newer version, or empty"), message);
  }

  @Test
  void open_ofAFolderWithAnOddMark_changesNothingAtAll() throws Exception {
    for (String odd : List.of("format 0\n", "format one\n", "format 1", "", "x".repeat(9_000))) {
      StoreRefusedException refused = refused(odd);
      assertFalse(refused.isNewer(), refused.getMessage());
      assertTrue(refused.getMessage().contains("empty the folder"), refused.getMessage());
    }
  }

  private StoreRefusedException refused(String mark) throws Exception {
    PullStoreConfig config = PullProbe.config(folder.resolve("pull"));
    Path file = folder.resolve("pull/oca-pull");
    if (!Files.exists(file)) {
      try (PullStore store = PullProbe.open(config, disk)) {
        PullProbe.whole(store, 1, 100);
      }
    }
    Files.writeString(file, mark, StandardCharsets.US_ASCII);
    Map<String, String> before = Golden.tree(folder);
    StoreRefusedException refused =
        assertThrows(StoreRefusedException.class, () -> PullProbe.open(config, disk));
    assertEquals(before, Golden.tree(folder));
    return refused;
  }

  private static byte[] label(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int[] sums(int... sums) {
    return sums;
  }
}
