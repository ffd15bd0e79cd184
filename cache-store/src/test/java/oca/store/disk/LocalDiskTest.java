package oca.store.disk;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's file system. */
class LocalDiskTest extends DiskContract {
  private static final int BLOCK = 256 << 10;

  @TempDir Path temporary;

  @Override
  Disk disk() {
    return new LocalDisk();
  }

  @Override
  Path folder() {
    return temporary.resolve("disk");
  }

  @Test
  void scan_ofAFileThatIsNotInMemory_readsAheadOfNothingAndLeavesNothing() throws IOException {
    Disk disk = disk();
    Path path = temporary.resolve("file");
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      ContentFile.writeFully(file.channel(), ByteBuffer.allocate(8 * BLOCK), 0);
      file.channel().force(true);
      assertTrue(disk.inMemory(file, 0, 8 * BLOCK));
      disk.leaveMemory(file, 0, 8 * BLOCK);
    }
    try (OpenFile file = disk.open(path, Disk.Mode.SCAN)) {
      assertFalse(disk.inMemory(file, 0, 8 * BLOCK));
      ContentFile.readFully(file.channel(), ByteBuffer.allocate(BLOCK), 2 * BLOCK);
      assertTrue(disk.inMemory(file, 2 * BLOCK, BLOCK));
      assertFalse(disk.inMemory(file, 3 * BLOCK, 5 * BLOCK));
      disk.leaveMemory(file, 2 * BLOCK, BLOCK);
      assertFalse(disk.inMemory(file, 0, 8 * BLOCK));
    }
  }
}
