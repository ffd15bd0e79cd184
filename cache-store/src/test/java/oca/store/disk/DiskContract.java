package oca.store.disk;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each disk does, so that the one in memory may stand for the real one. */
abstract class DiskContract {
  private Disk disk;
  private Path folder;

  /** A new disk or the machine's. */
  abstract Disk disk();

  /** A folder that may be made, below one that is there. */
  abstract Path folder();

  @BeforeEach
  void makeFolder() throws IOException {
    disk = disk();
    folder = folder();
    disk.makeFolder(folder);
  }

  @Test
  void open_ofWhatIsNotThere_isRefusedForReadingAndMakesAFileForWriting() throws IOException {
    Path path = folder.resolve("file");
    assertEquals(Disk.Kind.MISSING, disk.kind(path));
    assertThrows(NoSuchFileException.class, () -> disk.open(path, Disk.Mode.READ));
    assertThrows(
        NoSuchFileException.class, () -> disk.open(path.resolve("below"), Disk.Mode.WRITE));
    disk.open(path, Disk.Mode.WRITE).close();
    assertEquals(Disk.Kind.FILE, disk.kind(path));
    assertEquals(0, disk.size(path));
    assertEquals(Disk.Kind.FOLDER, disk.kind(folder));
    assertThrows(IOException.class, () -> disk.open(folder, Disk.Mode.READ));
  }

  @Test
  void open_forUpdateOrScan_needsTheFile() throws IOException {
    Path path = folder.resolve("file");
    assertThrows(NoSuchFileException.class, () -> disk.open(path, Disk.Mode.UPDATE));
    assertThrows(NoSuchFileException.class, () -> disk.open(path, Disk.Mode.SCAN));
    assertEquals(Disk.Kind.MISSING, disk.kind(path));
    write(path, "abc");
    try (OpenFile file = disk.open(path, Disk.Mode.UPDATE)) {
      file.channel().write(bytes("x"), 1);
    }
    try (OpenFile file = disk.open(path, Disk.Mode.SCAN)) {
      boolean before = disk.inMemory(file, 0, 3);
      disk.leaveMemory(file, 0, 3);
      assertTrue(before, "what was just written is in memory");
      assertEquals("axc", text(file.channel(), 0, 3));
    }
  }

  @Test
  void write_atPositions_isReadBackWithZerosBetween() throws IOException {
    Path path = folder.resolve("file");
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      assertEquals(3, file.channel().write(bytes("abc"), 0));
      assertEquals(3, file.channel().write(bytes("xyz"), 10_000));
      assertEquals(2, file.channel().write(bytes("BC"), 1));
      assertEquals(10_003, file.channel().size());
      file.channel().force(true);
      file.channel().force(false);
    }
    assertEquals(10_003, disk.size(path));
    byte[] expected = new byte[10_003];
    System.arraycopy("aBC".getBytes(StandardCharsets.US_ASCII), 0, expected, 0, 3);
    System.arraycopy("xyz".getBytes(StandardCharsets.US_ASCII), 0, expected, 10_000, 3);
    try (OpenFile file = disk.open(path, Disk.Mode.READ)) {
      ByteBuffer all = ByteBuffer.allocate(20_000);
      while (file.channel().read(all, all.position()) >= 0) {
        assertTrue(all.position() <= 10_003);
      }
      assertArrayEquals(expected, java.util.Arrays.copyOf(all.array(), all.position()));
      assertEquals(-1, file.channel().read(ByteBuffer.allocate(1), 10_003));
      assertEquals(-1, file.channel().read(ByteBuffer.allocate(1), 1L << 33));
    }
  }

  @Test
  void write_farOut_makesASparseFile() throws IOException {
    Path path = folder.resolve("file");
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      file.channel().write(bytes("far"), 5L << 30);
      assertEquals((5L << 30) + 3, disk.size(path));
      assertEquals("far", text(file.channel(), 5L << 30, 3));
      assertEquals("\0\0", text(file.channel(), 3L << 30, 2));
    }
  }

  @Test
  void truncate_toLess_cutsAndToMore_doesNothing() throws IOException {
    Path path = folder.resolve("file");
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      file.channel().write(bytes("abcdef"), 0);
      file.channel().truncate(3);
      file.channel().truncate(100);
      assertEquals(3, file.channel().size());
      file.channel().write(bytes("g"), 5);
      assertEquals("abc\0\0g", text(file.channel(), 0, 6));
    }
  }

  @Test
  void allocate_always_givesTheSizeAndKeepsWhatIsThere() throws IOException {
    Path path = folder.resolve("file");
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      disk.allocate(file, 0);
      assertEquals(0, file.channel().size());
      file.channel().write(bytes("abc"), 0);
      disk.allocate(file, 9_000);
      assertEquals(9_000, file.channel().size());
      disk.allocate(file, 3);
      assertEquals(9_000, disk.size(path));
      assertEquals("abc\0", text(file.channel(), 0, 4));
      assertEquals("\0", text(file.channel(), 8_999, 1));
    }
  }

  @Test
  void channel_closedOrForReading_refuses() throws IOException {
    Path path = folder.resolve("file");
    OpenFile file = disk.open(path, Disk.Mode.WRITE);
    file.close();
    file.close();
    FileChannel closed = file.channel();
    assertFalse(closed.isOpen());
    assertThrows(ClosedChannelException.class, () -> closed.read(ByteBuffer.allocate(1), 0));
    assertThrows(ClosedChannelException.class, () -> closed.write(bytes("a"), 0));
    assertThrows(ClosedChannelException.class, closed::size);
    assertThrows(ClosedChannelException.class, () -> closed.force(true));
    assertThrows(ClosedChannelException.class, () -> closed.truncate(0));
    try (OpenFile reading = disk.open(path, Disk.Mode.READ)) {
      FileChannel channel = reading.channel();
      assertThrows(NonWritableChannelException.class, () -> channel.write(bytes("a"), 0));
      assertThrows(NonWritableChannelException.class, () -> channel.truncate(0));
    }
  }

  @Test
  void channel_ofFileThatLosesItsName_goesOnReadingIt() throws IOException {
    Path path = folder.resolve("file");
    Path other = folder.resolve("other");
    write(path, "old");
    try (OpenFile open = disk.open(path, Disk.Mode.READ)) {
      assertTrue(disk.delete(path));
      assertEquals("old", text(open.channel(), 0, 3));
      write(path, "new");
      assertEquals("old", text(open.channel(), 0, 3));
      try (OpenFile second = disk.open(path, Disk.Mode.READ)) {
        disk.rename(path, other);
        assertEquals("new", text(second.channel(), 0, 3));
        write(other, "NEW");
        assertEquals("NEW", text(second.channel(), 0, 3));
      }
    }
  }

  @Test
  void rename_ofFile_replacesAndMovesBetweenFolders() throws IOException {
    Path from = folder.resolve("from");
    Path below = folder.resolve("below");
    disk.makeFolder(below);
    Path to = below.resolve("to");
    write(from, "new");
    write(to, "old");
    try (OpenFile replaced = disk.open(to, Disk.Mode.READ)) {
      disk.rename(from, to);
      assertEquals("old", text(replaced.channel(), 0, 3));
    }
    assertEquals("new", read(to));
    assertEquals(Disk.Kind.MISSING, disk.kind(from));
    assertThrows(NoSuchFileException.class, () -> disk.rename(from, to));
    assertThrows(
        NoSuchFileException.class, () -> disk.rename(to, folder.resolve("none").resolve("to")));
    assertThrows(IOException.class, () -> disk.rename(to, below));
    assertEquals("new", read(to));
    disk.rename(to, to);
    assertEquals("new", read(to));
  }

  @Test
  void rename_ofFolder_takesAlongWhatIsInIt() throws IOException {
    Path from = folder.resolve("from");
    Path to = folder.resolve("to");
    disk.makeFolder(from);
    write(from.resolve("file"), "kept");
    disk.makeFolder(to);
    disk.rename(from, to);
    assertEquals("kept", read(to.resolve("file")));
    disk.makeFolder(from);
    assertThrows(IOException.class, () -> disk.rename(from, to));
    assertThrows(IOException.class, () -> disk.rename(to, to.resolve("itself")));
    write(folder.resolve("plain"), "file");
    assertThrows(IOException.class, () -> disk.rename(to, folder.resolve("plain")));
    assertEquals("kept", read(to.resolve("file")));
  }

  @Test
  void delete_always_tellsWhetherThereWasOneAndSparesFullFolders() throws IOException {
    Path below = folder.resolve("below");
    disk.makeFolder(below);
    write(below.resolve("file"), "x");
    assertThrows(DirectoryNotEmptyException.class, () -> disk.delete(below));
    assertTrue(disk.delete(below.resolve("file")));
    assertFalse(disk.delete(below.resolve("file")));
    assertTrue(disk.delete(below));
    assertFalse(disk.delete(below.resolve("file")));
  }

  @Test
  void list_ofFolder_isWhatLiesInIt() throws IOException {
    disk.makeFolder(folder.resolve("b").resolve("c"));
    disk.makeFolder(folder.resolve("b"));
    write(folder.resolve("a"), "x");
    assertEquals(Set.of(folder.resolve("a"), folder.resolve("b")), Set.copyOf(disk.list(folder)));
    assertThrows(NoSuchFileException.class, () -> disk.list(folder.resolve("none")));
    assertThrows(NotDirectoryException.class, () -> disk.list(folder.resolve("a")));
    assertThrows(FileAlreadyExistsException.class, () -> disk.makeFolder(folder.resolve("a")));
  }

  @Test
  void questions_ofWhatIsNotThere_areRefused() {
    Path none = folder.resolve("none");
    assertThrows(NoSuchFileException.class, () -> disk.size(none));
    assertThrows(NoSuchFileException.class, () -> disk.modified(none));
    assertThrows(NoSuchFileException.class, () -> disk.syncFolder(none));
    assertThrows(NoSuchFileException.class, () -> disk.usableBytes(none));
    assertThrows(NoSuchFileException.class, () -> disk.isMountPoint(none));
    assertThrows(NoSuchFileException.class, () -> disk.lock(none));
  }

  @Test
  void modified_ofAFile_isTheSameUntilItIsWritten() throws IOException {
    Path path = folder.resolve("file");
    write(path, "abc");
    long before = disk.modified(path);
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      assertEquals(before, disk.modified(path));
      await()
          .until(
              () -> {
                file.channel().write(bytes("x"), 0);
                return disk.modified(path) != before;
              });
    }
  }

  @Test
  void folder_always_canBeSyncedAndMeasured() throws IOException {
    disk.syncFolder(folder);
    assertTrue(disk.usableBytes(folder) > 1 << 20);
    assertFalse(disk.isMountPoint(folder));
    assertTrue(disk.isMountPoint(Path.of("/")));
  }

  @Test
  void lock_heldAlready_isRefusedUntilItIsLetGo() throws IOException {
    Closeable lock = disk.lock(folder);
    assertEquals(Disk.Kind.FILE, disk.kind(folder.resolve(FolderLock.NAME)));
    assertThrows(StoreRefusedException.class, () -> disk.lock(folder));
    lock.close();
    disk.lock(folder).close();
  }

  private void write(Path path, String text) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      file.channel().write(bytes(text), 0);
    }
  }

  private String read(Path path) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.READ)) {
      return text(file.channel(), 0, (int) file.channel().size());
    }
  }

  private static String text(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
      assertTrue(channel.isOpen());
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
