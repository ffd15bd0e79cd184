package oca.store.disk;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Faults befall the calls they are meant for, and as they are told. */
class FaultyDiskTest {
  private static final Path FILE = Path.of("/file");
  private static final Path OTHER = Path.of("/below/other");

  private final MemoryDisk memory = new MemoryDisk();
  private final FaultyDisk disk = new FaultyDisk(memory);

  @Test
  void failAt_oneCall_failsThatOneOnly() throws IOException {
    OpenFile file = disk.open(FILE, Disk.Mode.WRITE);
    assertEquals(1, disk.calls());
    disk.failAt(3, FaultyDisk.Fault.EIO);
    assertEquals(4, file.channel().write(ByteBuffer.allocate(4), 0));
    ByteBuffer bytes = ByteBuffer.allocate(4);
    assertThrows(IOException.class, () -> file.channel().write(bytes, 4));
    assertEquals(4, bytes.remaining());
    assertEquals(4, memory.size(FILE));
    assertEquals(4, file.channel().write(bytes, 4));
    assertEquals(1, disk.struck());
    file.close();
  }

  @Test
  void call_failedAfterwards_isDone() throws IOException {
    disk.open(FILE, Disk.Mode.WRITE).close();
    disk.failFrom(0, FaultyDisk.Fault.EIO_AFTERWARDS);
    assertThrows(IOException.class, () -> disk.delete(FILE));
    assertEquals(Disk.Kind.MISSING, memory.kind(FILE));
    assertThrows(IOException.class, () -> disk.open(FILE, Disk.Mode.WRITE));
    assertEquals(Disk.Kind.FILE, memory.kind(FILE));
    assertThrows(IOException.class, () -> disk.lock(Path.of("/")));
    disk.heal();
    disk.lock(Path.of("/")).close();
    assertEquals(0, disk.openChannels());
    assertEquals(0, memory.openChannels());
  }

  @Test
  void transfer_shortOrTorn_doesAPart() throws IOException {
    OpenFile file = disk.open(FILE, Disk.Mode.WRITE);
    ByteBuffer bytes = ByteBuffer.allocate(100);
    disk.failFrom(0, FaultyDisk.Fault.SHORT_WRITE);
    assertEquals(49, file.channel().write(bytes, 0));
    assertEquals(51, bytes.remaining());
    disk.failFrom(0, FaultyDisk.Fault.TORN_WRITE);
    assertThrows(IOException.class, () -> file.channel().write(bytes, 49));
    assertEquals(73, memory.size(FILE));
    disk.failFrom(0, FaultyDisk.Fault.SHORT_READ);
    assertEquals(4, file.channel().read(ByteBuffer.allocate(10), 0));
    assertEquals(1, file.channel().read(ByteBuffer.allocate(1), 0));
    assertEquals(-1, file.channel().read(ByteBuffer.allocate(1), 100));
    file.close();
  }

  @Test
  void disk_fullOrReadOnly_refusesChangesAndReadsOn() throws IOException {
    OpenFile file = disk.open(FILE, Disk.Mode.WRITE);
    file.channel().write(ByteBuffer.allocate(10), 0);
    for (FaultyDisk.Fault fault :
        new FaultyDisk.Fault[] {FaultyDisk.Fault.ENOSPC, FaultyDisk.Fault.EROFS}) {
      disk.failFrom(0, fault);
      assertThrows(IOException.class, () -> file.channel().write(ByteBuffer.allocate(1), 0));
      assertThrows(IOException.class, () -> disk.open(OTHER, Disk.Mode.WRITE));
      assertThrows(IOException.class, () -> disk.allocate(file, 20));
      assertEquals(10, file.channel().read(ByteBuffer.allocate(10), 0));
      disk.open(FILE, Disk.Mode.WRITE).close();
    }
    assertThrows(IOException.class, () -> disk.delete(FILE));
    file.close();
    assertEquals(0, disk.openChannels());
  }

  @Test
  void call_hanging_holdsUpNoOtherFolderAndIsDoneWhenReleased() throws IOException {
    disk.makeFolder(OTHER.getParent());
    disk.failBelow(OTHER.getParent(), FaultyDisk.Fault.HANG);
    CompletableFuture<Boolean> done =
        CompletableFuture.supplyAsync(
            () -> {
              try (OpenFile file = disk.open(OTHER, Disk.Mode.WRITE)) {
                return file.channel().isOpen();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    await().until(() -> disk.hanging() == 1);
    disk.open(FILE, Disk.Mode.WRITE).close();
    assertTrue(!done.isDone());
    disk.release();
    assertTrue(done.join());
    assertEquals(0, disk.hanging());
  }

  @Test
  void close_failing_closes() throws IOException {
    OpenFile file = disk.open(FILE, Disk.Mode.WRITE);
    disk.failFrom(0, FaultyDisk.Fault.EIO);
    assertThrows(IOException.class, file::close);
    assertEquals(0, memory.openChannels());
    file.close();
  }
}
