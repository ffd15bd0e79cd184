package oca.store;

import static oca.store.ContentStoreContract.BLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import oca.store.disk.ContentFile;
import oca.store.disk.FaultyDisk;
import oca.store.disk.FileCheck.Flaw;
import oca.store.disk.LocalDisk;
import oca.store.disk.StoreRefusedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume is looked through without a store, and nothing on it changes. */
class OfflineVerifyTest {
  private static final TestContent ONE = TestContent.of(1, 20_000);
  private static final TestContent TWO = TestContent.of(2, 5 * BLOCK);
  private static final TestContent PART = TestContent.of(3, 30_000);

  @TempDir Path folder;
  private Path disk0;
  private StoreConfig config;

  @BeforeEach
  void makeVolume() throws IOException {
    disk0 = folder.resolve("disk0");
    config = DiskStoreTest.config(folder, 100, 50, 1 << 20);
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      ONE.fillInto(store);
      TWO.fillInto(store);
      PART.append(PART.admit(store), 2 * BLOCK);
    }
  }

  /** Notes all it is told. */
  private static final class Notes implements OfflineVerify.Listener {
    final Map<String, OfflineVerify.BadFile> bad = new TreeMap<>();
    final List<Long> bytes = new ArrayList<>();
    long total;

    @Override
    public void total(long files, long all) {
      total = all;
    }

    @Override
    public void progress(long files, long done) {
      bytes.add(done);
    }

    @Override
    public void bad(OfflineVerify.BadFile file) {
      bad.put(file.path().getFileName().toString(), file);
    }
  }

  @Test
  void verify_ofGoodVolume_findsNothingAndChangesNothing() throws IOException {
    Map<String, String> before = state();
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    // As a read-only mount does: whatever would change something fails.
    disk.failFrom(0, FaultyDisk.Fault.EROFS);
    Notes notes = new Notes();
    try (OfflineVerify offline = OfflineVerify.open(disk, disk0)) {
      OfflineVerify.Report report = offline.verify(notes);
      assertTrue(report.good());
      assertEquals(2, report.files());
      assertEquals(notes.total, report.bytes());
      assertEquals(0, report.lostOrigins());
    }
    assertEquals(0, disk.struck());
    assertEquals(before, state());
    assertEquals(notes.total, notes.bytes.getLast());
    assertEquals(notes.bytes.stream().sorted().toList(), notes.bytes);
    DiskStoreTest.recovered(config).close();
  }

  @Test
  void verify_ofDamagedVolume_namesEachFileAndItsBlocks() throws IOException {
    TestVolume volume = new TestVolume(disk0);
    for (int block : new int[] {1, 2, 4}) {
      volume.flip(TWO, ContentFile.CONTENT_OFFSET + block * BLOCK + 5);
    }
    TestVolume.truncate(volume.path(ONE), 10_000);
    Path letter = Files.writeString(disk0.resolve("content/00/letter.txt"), "hello");
    Map<String, String> before = state();
    Notes notes = new Notes();
    try (OfflineVerify offline = OfflineVerify.open(disk0)) {
      OfflineVerify.Report report = offline.verify(notes);
      assertEquals(Map.of(Flaw.BLOCKS, 1L, Flaw.TRUNCATED, 1L, Flaw.FOREIGN, 1L), report.flawed());
      assertEquals(3, report.damagedBlocks());
    }
    assertEquals(
        List.of(new OfflineVerify.Blocks(1, 3), new OfflineVerify.Blocks(4, 5)),
        notes.bad.get(volume.path(TWO).getFileName().toString()).blocks());
    assertEquals(letter, notes.bad.get("letter.txt").path());
    assertEquals(before, state());
  }

  @Test
  void verify_ofFileThatCannotBeRead_goesOn() throws IOException {
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    Notes notes = new Notes();
    try (OfflineVerify offline = OfflineVerify.open(disk, disk0)) {
      disk.failBelow(new TestVolume(disk0).path(ONE), FaultyDisk.Fault.EIO_READ);
      OfflineVerify.Report report = offline.verify(notes);
      assertEquals(Map.of(Flaw.UNREADABLE, 1L), report.flawed());
      assertEquals(2, report.files());
    }
  }

  @Test
  void open_ofVolumeInUseOrNone_isRefused() throws IOException {
    DiskStore store = DiskStoreTest.recovered(config);
    assertTrue(
        assertThrows(StoreRefusedException.class, () -> OfflineVerify.open(disk0))
            .getMessage()
            .contains("in use"));
    store.close();
    for (Path none : List.of(folder.resolve("nowhere"), folder.resolve("index"))) {
      assertThrows(StoreRefusedException.class, () -> OfflineVerify.open(none));
    }
    try (OfflineVerify offline = OfflineVerify.open(disk0)) {
      assertThrows(StoreRefusedException.class, () -> DiskStore.open(config));
      assertTrue(offline.show(TestContent.key(9)).isEmpty());
    }
  }

  @Test
  void show_ofWholeAndPartialFile_tellsWhatIsThere() throws IOException {
    try (OfflineVerify offline = OfflineVerify.open(disk0)) {
      OfflineVerify.Shown whole = offline.show(TWO.key()).orElseThrow();
      assertEquals(TWO.meta(), whole.meta());
      assertTrue(whole.whole());
      assertEquals(5, whole.there());
      assertEquals(
          Optional.of(new Provenance("origin", 7, 1, 3)),
          whole.lineage().stream().map(LineageRun::provenance).findFirst());
      OfflineVerify.Shown part = offline.show(PART.key()).orElseThrow();
      assertTrue(!part.whole());
      assertEquals(4, part.blocks());
      assertEquals(2, part.there());
      assertEquals(2, part.lineage().getLast().to());
    }
  }

  /** Every file with its size and time of change. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(disk0)) {
      for (Path path : paths.toList()) {
        state.put(path.toString(), Files.size(path) + " " + Files.getLastModifiedTime(path));
      }
    }
    return state;
  }
}
