package oca.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import oca.store.StoreConfig.VolumeConfig;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The contract on disks, and what only disks have. */
class DiskStoreTest extends ContentStoreContract {

  static StoreConfig config(Path folder, long maxFiles, int maxOpenFiles, long... capacities) {
    List<VolumeConfig> volumes =
        java.util.stream.IntStream.range(0, capacities.length)
            .mapToObj(i -> new VolumeConfig(folder.resolve("disk" + i), capacities[i]))
            .toList();
    return new StoreConfig(
        volumes,
        folder.resolve("index"),
        BLOCK,
        maxFiles,
        maxOpenFiles,
        4,
        3,
        Duration.ofSeconds(10),
        100_000,
        3 * BLOCK,
        0,
        1 << 30);
  }

  static StoreConfig config(List<Path> disks, Path index) {
    return new StoreConfig(
        disks.stream().map(disk -> new VolumeConfig(disk, 1 << 20)).toList(),
        index,
        BLOCK,
        100,
        50,
        4,
        3,
        Duration.ofSeconds(10),
        100_000,
        3 * BLOCK,
        0,
        1 << 30);
  }

  /** A store all of whose files have been found. */
  static DiskStore recovered(StoreConfig config) throws IOException {
    DiskStore store = DiskStore.open(config);
    store.recovery().join();
    return store;
  }

  @Override
  ContentStore open(Path folder) throws IOException {
    return DiskStore.open(config(folder, 100, 50, CAPACITY));
  }

  @Test
  @Order(39)
  void fill_fromMoreSourcesThanCanBeToldApart_losesNothing() throws IOException {
    TestContent content = TestContent.of(77, 130 * BLOCK);
    try (DiskStore wide = DiskStore.open(config(folder.resolve("many"), 100, 50, 4 << 20))) {
      try (FillSession session = content.admit(wide)) {
        for (int block = 1; block <= 130; block++) {
          session.from(new Provenance("a" + block % 70, 8, 1, 3));
          content.append(session, block * BLOCK);
        }
        session.commit();
      }
      List<LineageRun> runs = wide.lineage(content.key());
      assertEquals(new Provenance("several", 8, 1, 3), runs.getLast().provenance());
      assertEquals(130, runs.stream().mapToLong(run -> run.to() - run.from()).sum());
    }
  }

  @Test
  @Order(40)
  void fill_onSeveralVolumes_usesAllByFreeSpace() throws IOException {
    try (DiskStore wide =
        DiskStore.open(config(folder.resolve("wide"), 100, 50, 4 << 20, 4 << 20))) {
      for (int seed = 0; seed < 60; seed++) {
        TestContent.of(seed, 30_000).fillInto(wide);
      }
      List<StoreStatus.VolumeStatus> volumes = wide.status().volumes();
      assertEquals(60, volumes.get(0).files() + volumes.get(1).files());
      assertTrue(volumes.stream().allMatch(volume -> volume.files() >= 15), volumes.toString());
    }
  }

  @Test
  @Order(41)
  void fill_beyondMaxFiles_isRefused() throws IOException {
    try (DiskStore small = DiskStore.open(config(folder.resolve("small"), 2, 50, 1 << 20))) {
      TestContent.of(1, 10).fillInto(small);
      TestContent.of(2, 10).fillInto(small);
      Admission.Refused refused =
          assertInstanceOf(Admission.Refused.class, small.fill(TestContent.of(3, 10).request()));
      assertEquals(Admission.Reason.INDEX_FULL, refused.reason());
    }
  }

  @Test
  @Order(42)
  void lookup_beyondTheBoundOfOpenFiles_opensInTheBackground() throws IOException {
    StoreConfig config = config(folder.resolve("few"), 100, 3, 1 << 20);
    try (DiskStore few = DiskStore.open(config)) {
      for (int seed = 0; seed < 10; seed++) {
        TestContent.of(seed, 10_000).fillInto(few);
        assertTrue(few.status().openFiles() <= 3);
      }
      for (int seed = 0; seed < 10; seed++) {
        TestContent content = TestContent.of(seed, 10_000);
        try (ContentLease lease = await().until(() -> leaseOf(few, content), l -> l != null)) {
          assertTrue(content.matches(lease, 10_000));
        }
        assertTrue(few.status().openFiles() <= 3);
      }
    }
    try (DiskStore few = recovered(config)) {
      assertEquals(3, few.status().openFiles());
      assertEquals(10, few.status().files());
    }
  }

  @Test
  @Order(43)
  void lookup_whenAllOpenFilesAreLeased_missesAndLaterHits() throws IOException {
    try (DiskStore few = DiskStore.open(config(folder.resolve("few"), 100, 3, 1 << 20))) {
      for (int seed = 0; seed < 4; seed++) {
        TestContent.of(seed, 10_000).fillInto(few);
      }
      List<ContentLease> leases =
          java.util.stream.IntStream.range(1, 4)
              .mapToObj(seed -> leaseOf(few, TestContent.of(seed, 10_000)))
              .toList();
      assertInstanceOf(Lookup.Miss.class, few.lookup(TestContent.key(0)));
      assertEquals(3, few.status().openFiles());
      leases.get(0).close();
      ContentLease lease =
          await().until(() -> leaseOf(few, TestContent.of(0, 10_000)), l -> l != null);
      assertTrue(TestContent.of(0, 10_000).matches(lease, 10_000));
      lease.close();
      leases.subList(1, leases.size()).forEach(ContentLease::close);
    }
  }

  @Test
  @Order(44)
  void channel_readByAnInterruptedThread_staysOpenForAll() throws IOException {
    TestContent content = TestContent.of(1, 100);
    content.fillInto(store);
    try (ContentLease lease = hit(content)) {
      Thread.currentThread().interrupt();
      assertTrue(content.matches(lease, 100));
      assertTrue(Thread.interrupted());
      assertTrue(lease.channel().isOpen());
    }
  }

  @Test
  @Order(45)
  void close_withALeaseOpen_leavesItReadable() throws IOException {
    TestContent content = TestContent.of(1, 100);
    content.fillInto(store);
    ContentLease lease = hit(content);
    store.close();
    assertTrue(content.matches(lease, 100));
    lease.close();
    assertFalse(lease.channel().isOpen());
  }

  @Test
  @Order(46)
  void fill_resumedWhileTheEarlierFrontIsRead_leavesItsBytes() throws IOException {
    TestContent content = TestContent.of(1, 3 * BLOCK);
    FillSession session = content.admit(store);
    content.append(session, BLOCK);
    Lookup.Filling front = assertInstanceOf(Lookup.Filling.class, store.lookup(content.key()));
    session.close();
    byte[] other = TestContent.of(2, 3 * BLOCK).bytes();
    ContentMeta meta =
        new ContentMeta(content.key(), other.length, TestContent.sha256(other), "video/mp4", 0);
    try (FillSession anew = new TestContent(meta, other).admit(store)) {
      anew.append(ByteBuffer.wrap(other));
      anew.commit();
    }
    assertTrue(content.matches(front.lease(), BLOCK));
    front.lease().close();
  }

  static ContentLease leaseOf(ContentStore store, TestContent content) {
    return switch (store.lookup(content.key())) {
      case Lookup.Hit(ContentLease lease) -> lease;
      case Lookup.Filling(ContentLease lease, BlockMap blocks) -> {
        lease.close();
        throw new AssertionError("still being filled up to " + blocks.readable(0));
      }
      case Lookup.Miss miss -> null;
    };
  }
}
