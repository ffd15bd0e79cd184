package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import oca.store.disk.ContentFile;
import oca.store.disk.Golden;
import oca.store.disk.StoreRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that other versions left: read when they are older, left as they are when newer. */
class FormatsTest {
  private static final TestContent WHOLE = TestContent.of(1, 9_000);
  private static final TestContent PARTIAL = TestContent.of(2, 20_000);

  @TempDir Path folder;

  private StoreConfig goldenStore() throws IOException {
    Golden.copy("store-v2", folder);
    // Folders without files are in no version control.
    Files.createDirectories(folder.resolve("disk0/quarantine"));
    return DiskStoreTest.config(folder, 100, 50, 1 << 20, 1 << 20);
  }

  @Test
  void open_ofAStoreOfFormat2_servesWhatItHoldsAndGoesOnFilling() throws IOException {
    try (DiskStore store = DiskStoreTest.recovered(goldenStore())) {
      assertEquals(1, store.status().files());
      Lookup.Hit hit = assertInstanceOf(Lookup.Hit.class, store.lookup(WHOLE.key()));
      try (ContentLease lease = hit.lease()) {
        assertTrue(WHOLE.matches(lease, WHOLE.bytes().length));
      }
      assertEquals(Verification.WHOLE, store.verify(WHOLE.key()));
      assertEquals(
          new Provenance("origin", 7, 1, 3), store.lineage(WHOLE.key()).getFirst().provenance());
      try (FillSession session = PARTIAL.admit(store)) {
        assertEquals(ContentStoreContract.BLOCK, TestContent.position(session), "what was there");
        PARTIAL.append(session, PARTIAL.bytes().length);
        session.commit();
      }
      assertEquals(2, store.status().files());
    }
  }

  @Test
  void open_ofAStoreOfFormat2_writesTheSameWords() throws IOException {
    StoreConfig config = goldenStore();
    String identity = Files.readString(folder.resolve("disk0/oca-store"));
    String roster = Files.readString(folder.resolve("index/volumes"));
    DiskStoreTest.recovered(config).close();
    assertEquals(identity, Files.readString(folder.resolve("disk0/oca-store")));
    assertEquals(roster, Files.readString(folder.resolve("index/volumes")));
  }

  @Test
  void open_withOneVolumeOfANewerFormat_changesNothingAtAll() throws IOException {
    StoreConfig config = goldenStore();
    DiskStoreTest.recovered(config).close();
    Path identity = folder.resolve("disk1/oca-store");
    Files.writeString(
        identity, Files.readString(identity).replace("format 2", "format 3\nwhat 2 knew not"));
    assertRefused(config, identity, 3, 2);
  }

  @Test
  void open_withAListOfVolumesOfANewerFormat_changesNothingAtAll() throws IOException {
    StoreConfig config = goldenStore();
    DiskStoreTest.recovered(config).close();
    Path roster = folder.resolve("index/volumes");
    Files.writeString(roster, Files.readString(roster).replace("format 1", "format 2\nmore x"));
    assertRefused(config, roster, 2, 1);
  }

  @Test
  void open_withAListOfVolumesBeforeItHadAFormat_readsIt() throws IOException {
    StoreConfig config = goldenStore();
    Path roster = folder.resolve("index/volumes");
    Files.writeString(roster, Files.readString(roster).replace("format 1\n", ""));
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertEquals(1, store.status().files());
    }
    assertTrue(Files.readString(roster).contains("format 1\n"));
  }

  /**
   * It cannot come about, for the volume's format rises with its files'; it is left alone anyway.
   */
  @Test
  void open_withOneFileOfANewerFormat_leavesThatVolumeAlone() throws IOException {
    StoreConfig config = goldenStore();
    Path file = folder.resolve("disk0/content").resolve(place(WHOLE) + ".oca");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(8, ContentFile.VERSION + 1);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 508);
    ByteBuffer.wrap(bytes).putInt(508, (int) crc.getValue());
    Files.write(file, bytes);
    String before = Golden.tree(folder).get(folder.relativize(file).toString());
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertFalse(store.status().volumes().getFirst().inService());
      assertTrue(store.status().volumes().get(1).inService());
      assertInstanceOf(Lookup.Miss.class, store.lookup(WHOLE.key()));
    }
    assertEquals(before, Golden.tree(folder).get(folder.relativize(file).toString()));
  }

  private void assertRefused(StoreConfig config, Path named, int found, int known)
      throws IOException {
    Map<String, String> before = Golden.tree(folder);
    StoreRefusedException refused =
        assertThrows(StoreRefusedException.class, () -> DiskStore.open(config));
    String message = String.valueOf(refused.getMessage());
    assertTrue(refused.isNewer(), message);
    assertTrue(message.startsWith(named + " has format " + found), message);
    assertTrue(message.contains("up to " + known + ": install the newer version, or "), message);
    assertEquals(before, Golden.tree(folder));
  }

  private static String place(TestContent content) {
    String id = "%016x%016x".formatted(content.key().high(), content.key().low());
    try (var folders = Files.walk(Path.of("src/test/resources/golden/store-v2/disk0/content"))) {
      return folders
          .filter(path -> path.endsWith(id + ".oca"))
          .map(path -> path.getParent().getFileName() + "/" + id)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
