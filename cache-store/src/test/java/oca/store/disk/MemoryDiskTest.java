package oca.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The file system in memory: what every disk does, and its limit. */
class MemoryDiskTest extends DiskContract {
  private static final Path FILE = Path.of("/file");

  @Override
  Disk disk() {
    return new MemoryDisk();
  }

  @Override
  Path folder() {
    return Path.of("/below/disk");
  }

  @Test
  void write_beyondTheRoom_writesAPartAndThenFails() throws IOException {
    MemoryDisk disk = new MemoryDisk(8192);
    try (OpenFile file = disk.open(FILE, Disk.Mode.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(10_000);
      assertEquals(8192, file.channel().write(bytes, 0));
      IOException full = assertThrows(IOException.class, () -> file.channel().write(bytes, 8192));
      assertEquals("No space left on device", full.getMessage());
      file.channel().write(ByteBuffer.allocate(10), 5000);
      assertEquals(0, disk.usableBytes(Path.of("/")));
      disk.delete(FILE);
      assertEquals(8192, disk.usedBytes());
      assertEquals(1, disk.openChannels());
    }
    assertEquals(0, disk.usedBytes());
    assertEquals(0, disk.openChannels());
  }

  @Test
  void allocate_beyondTheRoom_takesNothing() throws IOException {
    MemoryDisk disk = new MemoryDisk(8192);
    try (OpenFile file = disk.open(FILE, Disk.Mode.WRITE)) {
      assertThrows(IOException.class, () -> disk.allocate(file, 8193));
      assertEquals(0, disk.size(FILE));
      disk.allocate(file, 5000);
      assertEquals(8192, disk.usedBytes());
      assertEquals(10, file.channel().write(ByteBuffer.allocate(10), 4090));
      file.channel().truncate(1);
      assertEquals(4096, disk.usedBytes());
    }
  }

  @Test
  void fingerprint_ofOtherBytesOrNames_differs() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    long empty = disk.fingerprint();
    try (OpenFile file = disk.open(FILE, Disk.Mode.WRITE)) {
      long named = disk.fingerprint();
      file.channel().write(ByteBuffer.allocate(1), 0);
      long zero = disk.fingerprint();
      file.channel().write(ByteBuffer.wrap(new byte[] {1}), 0);
      long one = disk.fingerprint();
      assertTrue(empty != named && named != zero && zero != one);
      disk.rename(FILE, Path.of("/other"));
      assertTrue(disk.fingerprint() != one);
      disk.rename(Path.of("/other"), FILE);
      assertEquals(one, disk.fingerprint());
    }
  }
}
