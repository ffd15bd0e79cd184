package oca.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import oca.store.disk.FileOpener;
import oca.store.disk.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when disks fail. The error budget of these stores is 4. */
class DiskFaultTest {
  @TempDir Path folder;
  private final AtomicReference<String> writeFault = new AtomicReference<>();
  private final AtomicReference<String> readFault = new AtomicReference<>();
  private DiskStore store;

  @BeforeEach
  void open() throws IOException {
    FileOpener faulty =
        (path, mode) -> {
          OpenFile file = FileOpener.PLAIN.open(path, mode);
          return path.startsWith(folder.resolve("disk0"))
              ? new OpenFile(new FaultyChannel(file.channel()), file.descriptor())
              : file;
        };
    store =
        DiskStore.open(
            DiskStoreTest.config(folder, 100, 50, 1 << 20, 1 << 16),
            faulty,
            new SplittableRandom(1));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void append_toFullDisk_failsTheSessionAndNothingElse() throws IOException {
    TestContent first = TestContent.of(1, 100_000);
    first.fillInto(store);
    long used = store.status().usedBytes();
    TestContent content = TestContent.of(2, 100_000);
    FillSession session = content.admit(store);
    content.append(session, 50_000);
    writeFault.set("No space left on device");
    assertThrows(IOException.class, () -> content.append(session, 60_000));
    session.close();
    writeFault.set(null);
    await().until(() -> store.status().usedBytes() == used);
    assertEquals(0, store.status().volumes().get(0).errors());
    assertInstanceOf(Lookup.Miss.class, store.lookup(content.key()));
    content.fillInto(store);
    assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease().close();
  }

  @Test
  void writes_thatFail_takeTheVolumeOutAndTheOtherGoesOn() throws IOException {
    TestContent before = TestContent.of(1, 100_000);
    before.fillInto(store);
    long version = store.status().version();
    writeFault.set("Input/output error");
    for (int seed = 2; seed < 6; seed++) {
      TestContent content = TestContent.of(seed, 100_000);
      assertThrows(IOException.class, () -> store.fill(content.meta()));
    }
    StoreStatus status = store.status();
    assertEquals(4, status.volumes().get(0).errors());
    assertTrue(!status.volumes().get(0).inService() && status.volumes().get(1).inService());
    assertEquals(1 << 16, status.capacityBytes());
    assertInstanceOf(Lookup.Miss.class, store.lookup(before.key()));
    assertTrue(store.held().isEmpty());
    await().until(() -> store.status().version() > version + 1);
    TestContent small = TestContent.of(1, 10_000);
    small.fillInto(store);
    assertInstanceOf(Lookup.Hit.class, store.lookup(small.key())).lease().close();
  }

  @Test
  void reportReadError_ofFileThatCannotBeRead_takesItOut() throws IOException {
    TestContent content = TestContent.of(1, 100_000);
    content.fillInto(store);
    readFault.set("Input/output error");
    try (ContentLease lease =
        assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease()) {
      lease.reportReadError(new IOException("Input/output error"));
    }
    await().until(() -> store.lookup(content.key()) instanceof Lookup.Miss);
    await().until(() -> store.status().volumes().get(0).errors() == 2);
    readFault.set(null);
    content.fillInto(store);
  }

  @Test
  void reportReadError_ofGoodFile_chargesTheVolumeAndKeepsTheFile() throws IOException {
    TestContent content = TestContent.of(1, 100_000);
    content.fillInto(store);
    try (ContentLease lease =
        assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease()) {
      lease.reportReadError(new IOException("Input/output error"));
    }
    assertEquals(1, store.status().volumes().get(0).errors());
    assertEquals(Verification.WHOLE, store.verify(content.key()));
  }

  @Test
  void open_ofVolumeThatCannotBeMade_goesOnWithTheOther() throws IOException {
    StoreConfig config =
        new StoreConfig(
            java.util.List.of(
                new StoreConfig.VolumeConfig(Path.of("/dev/null/disk"), 1 << 20),
                new StoreConfig.VolumeConfig(folder.resolve("good"), 1 << 20)),
            folder.resolve("good-index"),
            ContentStoreContract.BLOCK,
            100,
            50,
            4,
            3,
            1 << 20);
    try (DiskStore one = DiskStore.open(config)) {
      TestContent.of(1, 100).fillInto(one);
      assertEquals(1, one.status().files());
      assertTrue(!one.status().volumes().get(0).inService());
    }
  }

  /** Fails as it is told, and else hands on. */
  private final class FaultyChannel extends FileChannel {
    private final FileChannel inner;

    FaultyChannel(FileChannel inner) {
      this.inner = inner;
    }

    private void fault(AtomicReference<String> which) throws IOException {
      String message = which.get();
      if (message != null) {
        throw new IOException(message);
      }
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      fault(readFault);
      return inner.read(bytes, position);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      fault(writeFault);
      return inner.write(bytes, position);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      fault(writeFault);
      inner.force(metaData);
    }

    @Override
    public long size() throws IOException {
      return inner.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      inner.close();
    }

    @Override
    public int read(ByteBuffer bytes) {
      throw new UnsupportedOperationException("by position only");
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException("by position only");
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException("by position only");
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException("by position only");
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException("by position only");
    }

    @Override
    public FileChannel position(long position) {
      throw new UnsupportedOperationException("by position only");
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException("nothing is truncated");
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException("not used");
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException("not used");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException("not used");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException("not used");
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException("not used");
    }
  }
}
