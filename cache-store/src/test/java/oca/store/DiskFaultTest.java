package oca.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import oca.store.disk.FaultyDisk;
import oca.store.disk.LocalDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when disks fail. The error budget of these stores is 4. */
class DiskFaultTest {
  @TempDir Path folder;
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());
  private DiskStore store;

  @BeforeEach
  void open() throws IOException {
    store =
        DiskStore.open(
            DiskStoreTest.config(folder, 100, 50, 1 << 20, 1 << 16),
            disk,
            new SplittableRandom(1),
            InstantSource.system());
  }

  private void fail(FaultyDisk.Fault fault) {
    disk.failBelow(folder.resolve("disk0"), fault);
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
    fail(FaultyDisk.Fault.ENOSPC);
    assertThrows(IOException.class, () -> content.append(session, 60_000));
    session.close();
    disk.heal();
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
    fail(FaultyDisk.Fault.EROFS);
    TestContent large = TestContent.of(2, 100_000);
    while (store.status().volumes().get(0).inService()) {
      assertThrows(IOException.class, () -> store.fill(large.request()));
    }
    StoreStatus status = store.status();
    assertTrue(status.volumes().get(0).errors() >= 4);
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
    fail(FaultyDisk.Fault.EIO_READ);
    try (ContentLease lease =
        assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease()) {
      lease.reportReadError(new IOException("Input/output error"));
    }
    await().until(() -> store.lookup(content.key()) instanceof Lookup.Miss);
    await().until(() -> store.status().volumes().get(0).errors() == 2);
    disk.heal();
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
            Duration.ofSeconds(10),
            1_000,
            1 << 20,
            0,
            1 << 30);
    try (DiskStore one = DiskStore.open(config)) {
      TestContent.of(1, 100).fillInto(one);
      assertEquals(1, one.status().files());
      assertTrue(!one.status().volumes().get(0).inService());
    }
  }
}
