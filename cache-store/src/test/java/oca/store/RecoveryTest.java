package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    try (DiskStore store = DiskStore.open(config)) {
      assertFalse(store.recovery().indexTrusted());
      ONE.fillInto(store);
      TWO.fillInto(store);
    }
  }

  @Test
  void open_afterCleanClose_trustsTheIndex() throws IOException {
    for (int round = 0; round < 2; round++) {
      try (DiskStore store = DiskStore.open(config)) {
        assertTrue(store.recovery().indexTrusted());
        assertEquals(2, store.recovery().files());
        assertServes(store, ONE, TWO);
      }
    }
  }

  @Test
  void open_withoutMarker_rebuildsFromTheFiles() throws IOException {
    Files.delete(folder.resolve("index/index.clean"));
    try (DiskStore store = DiskStore.open(config)) {
      assertFalse(store.recovery().indexTrusted());
      assertServes(store, ONE, TWO);
      assertEquals(2, store.status().files());
    }
  }

  @Test
  void open_withTheIndexOfAnotherStore_rebuildsFromTheFiles() throws IOException {
    Path other = folder.resolve("other");
    try (DiskStore store = DiskStore.open(DiskStoreTest.config(other, 100, 50, 1 << 20))) {
      TestContent.of(3, 10).fillInto(store);
    }
    for (String name : List.of("index.map", "index.clean")) {
      Files.copy(
          other.resolve("index").resolve(name),
          folder.resolve("index").resolve(name),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    try (DiskStore store = DiskStore.open(config)) {
      assertFalse(store.recovery().indexTrusted());
      assertServes(store, ONE, TWO);
      assertInstanceOf(Lookup.Miss.class, store.lookup(TestContent.key(3)));
    }
  }

  @Test
  void open_withPartialFile_resumesIt() throws IOException {
    TestContent content = TestContent.of(4, 40_000);
    try (DiskStore store = DiskStore.open(config)) {
      content.append(content.admit(store), 20_000);
    }
    try (DiskStore store = DiskStore.open(config)) {
      assertEquals(1, store.recovery().partials());
      try (FillSession session = content.admit(store)) {
        assertEquals(2 * ContentStoreContract.BLOCK, session.position());
        content.append(session, 40_000);
        session.commit();
      }
      assertServes(store, content);
    }
  }

  @Test
  void open_withPartialFileOfWrongBytes_resumesBeforeThem() throws IOException {
    TestContent content = TestContent.of(4, 40_000);
    try (DiskStore store = DiskStore.open(config)) {
      content.append(content.admit(store), 20_000);
    }
    flip(only("partial"), 4096 + ContentStoreContract.BLOCK + 1);
    try (DiskStore store = DiskStore.open(config)) {
      try (FillSession session = content.admit(store)) {
        assertEquals(ContentStoreContract.BLOCK, session.position());
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
    try (DiskStore store = DiskStore.open(config)) {
      assertEquals(3, store.recovery().quarantined());
      assertServes(store, ONE, TWO);
      assertEquals(3, quarantined());
    }
  }

  @Test
  void open_withFileOfAnotherStore_quarantinesIt() throws IOException {
    Path other = folder.resolve("other");
    TestContent content = TestContent.of(3, 10);
    try (DiskStore store = DiskStore.open(DiskStoreTest.config(other, 100, 50, 1 << 20))) {
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
    try (DiskStore store = DiskStore.open(config)) {
      assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
      assertEquals(1, store.recovery().quarantined());
    }
  }

  @Test
  void verify_ofFileWithFlippedByte_takesItOut() throws IOException {
    try (DiskStore store = DiskStore.open(config)) {
      assertEquals(Verification.WHOLE, store.verify(ONE.key()));
      flip(path(ONE), 4096 + 100);
      assertEquals(Verification.DAMAGED, store.verify(ONE.key()));
      assertEquals(Verification.NOT_HERE, store.verify(ONE.key()));
      assertInstanceOf(Lookup.Miss.class, store.lookup(ONE.key()));
      assertEquals(1, quarantined());
      assertServes(store, TWO);
    }
  }

  @Test
  void open_whileOpen_saysWhoHasIt() throws IOException {
    DiskStore store = DiskStore.open(config);
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
      assertTrue(child.waitFor(10, TimeUnit.SECONDS));
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
    Files.writeString(folder.resolve("disk0/oca-store"), "format 2\nid x\n");
    StoreRefusedException refused =
        assertThrows(StoreRefusedException.class, () -> DiskStore.open(config));
    assertTrue(refused.getMessage().contains("install the newer version"), refused.getMessage());
  }

  private void assertQuarantinedAtOpen() throws IOException {
    try (DiskStore store = DiskStore.open(config)) {
      assertInstanceOf(Lookup.Miss.class, store.lookup(ONE.key()));
      assertServes(store, TWO);
      assertEquals(1, quarantined());
      assertEquals(1, store.recovery().quarantined());
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
