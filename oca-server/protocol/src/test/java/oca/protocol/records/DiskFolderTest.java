package oca.protocol.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFolderTest {
  @TempDir Path temp;
  private DiskFolder folder;

  @BeforeEach
  void open() throws IOException {
    folder = new DiskFolder(temp.resolve("a/b"));
    folder.open();
  }

  @AfterEach
  void close() throws IOException {
    folder.close();
  }

  @Test
  void create_appendedAndCut_isOnTheDisk() throws IOException {
    try (RecordFolder.OpenFile file = folder.create("x")) {
      file.append(ByteBuffer.wrap("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
      file.cut(4);
      file.append(ByteBuffer.wrap("three\n".getBytes(StandardCharsets.UTF_8)));
      file.sync();
    }
    folder.rename("x", "y");
    folder.sync();
    assertEquals("one\nthree\n", Files.readString(temp.resolve("a/b/y")));
    assertTrue(folder.list().contains(new RecordFolder.Entry("y", 10)));
    folder.delete("y");
    folder.delete("y");
    assertEquals(List.of(new RecordFolder.Entry(DiskFolder.LOCK, 0)), folder.list());
  }

  @Test
  void create_nameThatIsTaken_fails() throws IOException {
    folder.create("x").close();
    assertThrows(FileAlreadyExistsException.class, () -> folder.create("x"));
  }

  @Test
  void cutToWholeLines_longTornLine_isFoundAcrossSteps() throws IOException {
    Path file = temp.resolve("a/b/x");
    Files.writeString(file, "whole\n" + "t".repeat(200_000));
    assertEquals(200_000, folder.cutToWholeLines("x"));
    assertEquals("whole\n", Files.readString(file));
    assertEquals(0, folder.cutToWholeLines("x"));
    Files.writeString(file, "torn");
    assertEquals(4, folder.cutToWholeLines("x"));
    assertEquals(0, Files.size(file));
  }

  @Test
  void open_folderOfAnother_saysSoUntilItIsFree() throws IOException {
    try (DiskFolder second = new DiskFolder(temp.resolve("a/b"))) {
      IOException e = assertThrows(IOException.class, second::open);
      assertTrue(e.getMessage().contains("another process"), e.getMessage());
      folder.close();
      second.open();
    }
  }
}
