package oca.store;

import static oca.store.ContentStoreContract.BLOCK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oca.store.disk.FaultyDisk;
import oca.store.disk.LocalDisk;
import oca.store.disk.StoreRefusedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store finds when it is opened on what an earlier one, or somebody else, has left. */
class RecoveryTest {
  private static final TestContent ONE = TestContent.of(1, 20_000);
  private static final TestContent TWO = TestContent.of(2, 30_000);

  @TempDir Path folder;
  private StoreConfig config;

  @BeforeEach
  void makeStore() throws IOException {
    config = DiskStoreTest.config(folder, 100, 50, 1 << 20);
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertFalse(store.recovery().join().indexTrusted());
      ONE.fillInto(store);
      TWO.fillInto(store);
    }
  }

  @Test
  void open_afterCleanClose_trustsTheIndex() throws IOException {
    for (int round = 0; round < 2; round++) {
      try (DiskStore store = DiskStoreTest.recovered(config)) {
        assertTrue(store.recovery().join().indexTrusted());
        assertEquals(2, store.recovery().join().files());
        assertServes(store, ONE, TWO);
      }
    }
  }

  @Test
  void open_withoutMarker_rebuildsFromTheFiles() throws IOException {
    Files.delete(folder.resolve("index/index.clean"));
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertFalse(store.recovery().join().indexTrusted());
      assertServes(store, ONE, TWO);
      assertEquals(2, store.status().files());
    }
  }

  @Test
  void open_withTheIndexOfAnotherStore_rebuildsFromTheFiles() throws IOException {
    Path other = folder.resolve("other");
    try (DiskStore store = DiskStoreTest.recovered(DiskStoreTest.config(other, 100, 50, 1 << 20))) {
      TestContent.of(3, 10).fillInto(store);
    }
    for (String name : List.of("index.map", "index.clean")) {
      Files.copy(
          other.resolve("index").resolve(name),
          folder.resolve("index").resolve(name),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertFalse(store.recovery().join().indexTrusted());
      assertServes(store, ONE, TWO);
      assertInstanceOf(Lookup.Miss.class, store.lookup(TestContent.key(3)));
    }
  }

  @Test
  void open_withPartialFile_resumesIt() throws IOException {
    TestContent content = TestContent.of(4, 40_000);
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      content.append(content.admit(store), 20_000);
    }
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertEquals(1, store.recovery().join().partials());
      try (FillSession session = content.admit(store)) {
        assertEquals(2 * BLOCK, TestContent.position(session));
        content.append(session, 40_000);
        session.commit();
      }
      assertServes(store, content);
    }
  }

  @Test
  void open_withPartialFileOfWrongBytes_resumesBeforeThem() throws IOException {
    TestContent content = TestContent.of(4, 40_000);
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      content.append(content.admit(store), 20_000);
    }
    flip(only("partial"), 4096 + BLOCK + 1);
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      try (FillSession session = content.admit(store)) {
        assertEquals(BLOCK, TestContent.position(session));
        content.append(session, 40_000);
        session.commit();
      }
      assertServes(store, content);
    }
  }

  @Test
  void open_withTruncatedFile_quarantinesItEvenWithTheIndexTrusted() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path(ONE).toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    assertQuarantinedAtOpen();
  }

  @Test
  void open_withFlippedHeaderByte_quarantinesIt() throws IOException {
    flip(path(ONE), 50);
    assertQuarantinedAtOpen();
  }

  @Test
  void open_withFlippedChecksum_quarantinesIt() throws IOException {
    Files.delete(folder.resolve("index/index.clean"));
    flip(path(ONE), 4096 + 20_000 + 2);
    assertQuarantinedAtOpen();
  }

  @Test
  void open_withForeignFiles_quarantinesThem() throws IOException {
    Files.delete(folder.resolve("index/index.clean"));
    Files.writeString(path(ONE).resolveSibling("notes.txt"), "hello");
    Files.createDirectories(folder.resolve("disk0/content/zz/deep"));
    Files.copy(path(TWO), path(TWO).resolveSibling("0".repeat(32) + ".oca"));
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertEquals(3, store.recovery().join().quarantined());
      assertServes(store, ONE, TWO);
      assertEquals(3, quarantined());
    }
  }

  @Test
  void open_withFileOfAnotherStore_quarantinesIt() throws IOException {
    Path other = folder.resolve("other");
    TestContent content = TestContent.of(3, 10);
    try (DiskStore store = DiskStoreTest.recovered(DiskStoreTest.config(other, 100, 50, 1 << 20))) {
      content.fillInto(store);
    }
    Path theirs = only(other.resolve("disk0/content"));
    Files.copy(
        theirs,
        folder
            .resolve("disk0/content")
            .resolve(theirs.getParent().getFileName())
            .resolve(theirs.getFileName()));
    Files.delete(folder.resolve("index/index.clean"));
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
      assertEquals(1, store.recovery().join().quarantined());
    }
  }

  @Test
  void verify_ofFileWithFlippedByte_hasThatBlockFetchedAnew() throws IOException {
    List<FillSession.Gap> wanted = new CopyOnWriteArrayList<>();
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      store.repairs((meta, missing) -> wanted.addAll(missing));
      assertEquals(Verification.WHOLE, store.verify(TWO.key()));
      flip(path(TWO), 4096 + BLOCK + 100);
      assertEquals(Verification.DAMAGED, store.verify(TWO.key()));
      assertEquals(Verification.NOT_HERE, store.verify(TWO.key()));
      assertInstanceOf(Lookup.Miss.class, store.lookup(TWO.key()));
      await().until(() -> !wanted.isEmpty());
      FillSession.Gap second = new FillSession.Gap(BLOCK, 2 * BLOCK);
      assertEquals(List.of(second), wanted);
      try (FillSession session = ContentStoreContract.admitted(store.fill(TWO.unannounced()))) {
        assertEquals(second, session.nextGap());
        Lookup.Filling rest = assertInstanceOf(Lookup.Filling.class, store.lookup(TWO.key()));
        assertEquals(BLOCK, rest.blocks().readable(0));
        assertEquals(30_000 - 2 * BLOCK, rest.blocks().readable(2 * BLOCK));
        assertTrue(TWO.matches(rest.lease(), BLOCK));
        rest.lease().close();
        TWO.append(session, 30_000);
        session.commit();
      }
      assertServes(store, ONE, TWO);
      assertEquals(0, quarantined());
    }
  }

  @Test
  void open_afterAnUncleanEnd_servesWhatIsAskedForBeforeAllIsFound() throws IOException {
    Files.delete(folder.resolve("index/index.clean"));
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    // The walk hangs at the listing of its folder; the way to a file goes past that.
    disk.failBelow(folder.resolve("disk0/content"), FaultyDisk.Fault.HANG_LIST);
    DiskStore store = DiskStore.open(config, disk, new SplittableRandom(1), InstantSource.system());
    try {
      try (ContentLease lease =
          await().until(() -> DiskStoreTest.leaseOf(store, TWO), found -> found != null)) {
        assertTrue(TWO.matches(lease, 30_000));
      }
      assertTrue(store.status().recovering());
      assertEquals(new Admission.Refused(Admission.Reason.HELD), store.fill(ONE.request()));
      assertEquals(
          new Admission.Refused(Admission.Reason.RECOVERING),
          store.fill(TestContent.of(5, 100).request()));
    } finally {
      disk.release();
      store.recovery().join();
      assertEquals(2, store.held().size());
      store.close();
    }
  }

  @Test
  void open_ofADiskOfAnotherStore_isRefusedAndLeavesItAlone() throws IOException {
    Path other = folder.resolve("other");
    DiskStore.open(DiskStoreTest.config(other, 100, 50, 1 << 20)).close();
    StoreConfig mixed =
        DiskStoreTest.config(
            List.of(folder.resolve("disk0"), other.resolve("disk0")), folder.resolve("index"));
    StoreRefusedException refused =
        assertThrows(StoreRefusedException.class, () -> DiskStore.open(mixed));
    assertTrue(refused.getMessage().contains("belongs to another store"), refused.getMessage());
    StoreConfig lost =
        DiskStoreTest.config(
            List.of(folder.resolve("disk0"), other.resolve("disk0")), folder.resolve("new-index"));
    StoreRefusedException strangers =
        assertThrows(StoreRefusedException.class, () -> DiskStore.open(lost));
    assertTrue(
        strangers.getMessage().contains("belong to different stores"), strangers.getMessage());
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertServes(store, ONE, TWO);
    }
  }

  @Test
  void open_withTheIndexFolderLost_asksTheVolumesWhoTheyAre() throws IOException {
    StoreConfig moved =
        DiskStoreTest.config(List.of(folder.resolve("disk0")), folder.resolve("new-index"));
    try (DiskStore store = DiskStoreTest.recovered(moved)) {
      assertServes(store, ONE, TWO);
    }
  }

  @Test
  void open_ofAMountedDiskThatIsNotMounted_staysOutOfService() throws IOException {
    Files.writeString(
        folder.resolve("index/volumes"),
        Files.readString(folder.resolve("index/volumes"))
            + "mounted "
            + folder.resolve("disk0")
            + "\n");
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertFalse(store.status().volumes().getFirst().inService());
      assertInstanceOf(Lookup.Miss.class, store.lookup(ONE.key()));
      assertEquals(
          new Admission.Refused(Admission.Reason.NO_VOLUME),
          store.fill(TestContent.of(5, 100).request()));
    }
  }

  @Test
  void addVolume_whileServing_takesFilesAndIsKnownAtTheNextStart() throws IOException {
    StoreConfig.VolumeConfig added = new StoreConfig.VolumeConfig(folder.resolve("disk1"), 1 << 20);
    TestContent content = TestContent.of(6, 30_000);
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      store.addVolume(added);
      assertTrue(store.drainVolume(folder.resolve("disk0"), true));
      content.fillInto(store);
      assertTrue(store.status().volumes().get(1).files() >= 1);
      assertServes(store, ONE, TWO, content);
      assertThrows(StoreRefusedException.class, () -> store.addVolume(added));
    }
    StoreConfig both =
        DiskStoreTest.config(
            List.of(folder.resolve("disk0"), added.path()), folder.resolve("index"));
    try (DiskStore store = DiskStoreTest.recovered(both)) {
      assertTrue(store.recovery().join().indexTrusted());
      assertServes(store, ONE, TWO, content);
    }
  }

  @Test
  void open_whileOpen_saysWhoHasIt() throws IOException {
    DiskStore store = DiskStoreTest.recovered(config);
    StoreRefusedException refused =
        assertThrows(StoreRefusedException.class, () -> DiskStore.open(config));
    assertTrue(refused.getMessage().contains("in use by another process"), refused.getMessage());
    assertServes(store, ONE);
    store.close();
  }

  @Test
  void open_whileAnotherProcessHasIt_saysWhich() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + System.getProperty("oca.jvm.options"),
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                folder.resolve("theirs").toString(),
                "1")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = child.inputReader()) {
      assertTrue(lines.readLine().startsWith("open"));
      StoreConfig theirs =
          StoreConfig.of(
              List.of(new StoreConfig.VolumeConfig(folder.resolve("theirs/a"), 1 << 20)),
              folder.resolve("theirs/index2"));
      StoreRefusedException refused =
          assertThrows(StoreRefusedException.class, () -> DiskStore.open(theirs));
      assertTrue(refused.getMessage().contains("pid " + child.pid()), refused.getMessage());
    } finally {
      child.destroyForcibly();
      assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void open_ofFolderOfSomethingElse_isRefusedAndLeavesItAlone() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home/disk0"));
    Files.writeString(home.resolve("letter.txt"), "hello");
    StoreRefusedException refused =
        assertThrows(
            StoreRefusedException.class,
            () -> DiskStore.open(DiskStoreTest.config(home.getParent(), 100, 50, 1 << 20)));
    assertTrue(refused.getMessage().contains("letter.txt"), refused.getMessage());
    try (Stream<Path> files = Files.list(home)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void open_ofNewerVolume_isRefused() throws IOException {
    Files.writeString(folder.resolve("disk0/oca-store"), "format 3\nid x\n");
    StoreRefusedException refused =
        assertThrows(StoreRefusedException.class, () -> DiskStore.open(config));
    assertTrue(refused.getMessage().contains("install the newer version"), refused.getMessage());
  }

  private void assertQuarantinedAtOpen() throws IOException {
    try (DiskStore store = DiskStoreTest.recovered(config)) {
      assertInstanceOf(Lookup.Miss.class, store.lookup(ONE.key()));
      assertServes(store, TWO);
      await().until(() -> quarantined() == 1);
      assertEquals(1, store.status().volumes().getFirst().quarantined());
      ONE.fillInto(store);
      assertServes(store, ONE);
    }
  }

  private static void assertServes(DiskStore store, TestContent... contents) throws IOException {
    for (TestContent content : contents) {
      try (ContentLease lease =
          assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease()) {
        assertTrue(content.matches(lease, content.bytes().length));
      }
    }
  }

  private Path path(TestContent content) throws IOException {
    try (Stream<Path> paths = Files.walk(folder.resolve("disk0/content"))) {
      return paths
          .filter(path -> path.getFileName().toString().equals(content.key() + ".oca"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path only(String name) throws IOException {
    return only(folder.resolve("disk0").resolve(name));
  }

  private static Path only(Path in) throws IOException {
    try (Stream<Path> paths = Files.walk(in)) {
      return paths.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  private long quarantined() throws IOException {
    try (Stream<Path> paths = Files.list(folder.resolve("disk0/quarantine"))) {
      return paths.count();
    }
  }

  private static void flip(Path path, long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      int value = file.read();
      file.seek(offset);
      file.write(value ^ 1);
    }
  }
}
