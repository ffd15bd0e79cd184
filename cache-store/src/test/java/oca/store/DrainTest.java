package oca.store;

import static oca.store.ContentStoreContract.BLOCK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import oca.store.disk.ContentFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume's files move to others while they are served, and a volume leaves in order. */
class DrainTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Map<ContentKey, List<FillSession.Gap>> wanted = new ConcurrentHashMap<>();
  private DiskStore store;

  private StoreConfig config(Path root, int unlinksPerSecond, long drainRate, String... disks) {
    List<StoreConfig.VolumeConfig> volumes = new ArrayList<>();
    for (String disk : disks) {
      volumes.add(new StoreConfig.VolumeConfig(root.resolve(disk), 64 << 20));
    }
    return new StoreConfig(
        volumes,
        root.resolve("index"),
        BLOCK,
        1_000,
        500,
        4,
        100,
        Duration.ofSeconds(10),
        unlinksPerSecond,
        3 * BLOCK,
        0,
        drainRate);
  }

  /** A store that has these files on its one volume. */
  private List<TestContent> openWith(StoreConfig config, int files) throws IOException {
    store = DiskStoreTest.recovered(config);
    store.repairs((meta, missing) -> wanted.put(meta.key(), missing));
    List<TestContent> contents = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      TestContent content = TestContent.of(i, 50_000 + 1_000 * i);
      content.fillInto(store);
      contents.add(content);
    }
    return contents;
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void add(String disk, long capacity) throws IOException {
    store.addVolume(new StoreConfig.VolumeConfig(folder.resolve(disk), capacity));
  }

  private TestVolume volume(String disk) {
    return new TestVolume(folder.resolve(disk));
  }

  private StoreStatus.VolumeStatus status(int volume) {
    return store.status().volumes().get(volume);
  }

  private static void assertServes(DiskStore store, TestContent content) throws IOException {
    try (ContentLease lease =
        assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease()) {
      assertTrue(content.matches(lease, content.bytes().length));
    }
  }

  @Test
  void drain_whileReadersRead_movesAllWithoutAMissOrAWrongByte() throws Exception {
    StoreConfig both = config(folder, 100_000, 20 << 20, "disk0", "disk1");
    List<TestContent> contents = openWith(config(folder, 100_000, 20 << 20, "disk0"), 60);
    add("disk1", 64 << 20);
    Map<ContentKey, Provenance> origins = new HashMap<>();
    for (TestContent content : contents) {
      origins.put(content.key(), store.lineage(content.key()).getFirst().provenance());
    }
    ContentLease before =
        assertInstanceOf(Lookup.Hit.class, store.lookup(contents.get(7).key())).lease();
    long version = store.status().version();
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      SplittableRandom random = new SplittableRandom(i);
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!over.get()) {
                        assertServes(store, contents.get(random.nextInt(contents.size())));
                        reads.incrementAndGet();
                      }
                    } catch (IOException | AssertionError e) {
                      wrong.set(e);
                    }
                  }));
    }
    assertTrue(store.drainVolume(folder.resolve("disk0"), true));
    await().atMost(LONG).until(() -> status(0).files() == 0);
    over.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    if (wrong.get() != null) {
      throw new AssertionError("after " + reads + " reads", wrong.get());
    }
    System.out.println("DrainTest: " + reads + " reads while draining");
    assertTrue(reads.get() > 0);
    assertEquals(60, status(1).files());
    assertEquals(60, store.status().files());
    assertEquals(version, store.status().version());
    assertTrue(contents.get(7).matches(before, 57_000), "the old copy is readable to the end");
    before.close();
    await().until(() -> volume("disk0").count("content") == 0 && status(0).usedBytes() == 0);
    assertEquals(0, volume("disk1").count("partial"));
    for (TestContent content : contents) {
      assertEquals(
          origins.get(content.key()), store.lineage(content.key()).getFirst().provenance());
      assertEquals(Verification.WHOLE, store.verify(content.key()));
    }
    store.close();
    store = DiskStoreTest.recovered(both);
    assertTrue(store.recovery().join().indexTrusted());
    for (TestContent content : contents) {
      assertServes(store, content);
    }
  }

  @Test
  void drain_withoutRoomForAll_servesTheRestUntilItIsDetached() throws IOException {
    List<TestContent> contents = openWith(config(folder, 100_000, 1 << 30, "disk0"), 10);
    add("disk1", 200_000);
    store.drainVolume(folder.resolve("disk0"), true);
    await().atMost(LONG).until(() -> status(0).files() <= 8);
    for (TestContent content : contents) {
      assertServes(store, content);
    }
    assertEquals(StoreStatus.VolumeState.DRAINING, status(0).state());
    assertEquals(0, store.status().evicted());
    assertEquals(10, store.status().files());
    Set<ContentKey> left = new HashSet<>(store.held());
    long version = store.status().version();

    assertTrue(store.detachVolume(folder.resolve("disk0")));

    assertTrue(store.status().version() > version);
    assertEquals(1, store.status().volumes().size());
    assertEquals(store.status().volumes().getFirst().files(), store.held().size());
    assertTrue(store.held().size() >= 2 && store.held().size() < 10);
    assertFalse(store.detachVolume(folder.resolve("disk0")));
    store.addVolume(new StoreConfig.VolumeConfig(folder.resolve("disk0"), 64 << 20));
    assertEquals(left, new HashSet<>(store.held()));
    await().until(() -> contents.stream().allMatch(it -> DiskStoreTest.leaseOf(store, it) != null));
  }

  @Test
  void drain_cutOffBeforeOldFilesAreUnlinked_leavesTwinsOfWhichOneStays() throws IOException {
    List<TestContent> contents = openWith(config(folder, 1, 1 << 20, "disk0"), 20);
    add("disk1", 64 << 20);
    store.drainVolume(folder.resolve("disk0"), true);
    await().atMost(LONG).until(() -> status(1).files() >= 8);
    // What a crash would leave: the old volume is looked at first, so nothing falls in between.
    Path crashed = folder.resolve("crashed");
    copy(folder.resolve("disk0"), crashed.resolve("disk0"));
    copy(folder.resolve("disk1"), crashed.resolve("disk1"));
    TestVolume one = new TestVolume(crashed.resolve("disk0"));
    TestVolume other = new TestVolume(crashed.resolve("disk1"));
    assertTrue(contents.stream().anyMatch(it -> one.has(it) && other.has(it)), "no twins");
    StoreConfig config = config(crashed, 100_000, 1 << 30, "disk0", "disk1");
    try (DiskStore next = DiskStoreTest.recovered(config)) {
      assertEquals(20, next.held().size());
      await().until(() -> one.count("content") + other.count("content") == 20);
      for (TestContent content : contents) {
        assertServes(next, content);
        assertEquals(Verification.WHOLE, next.verify(content.key()));
      }
      next.drainVolume(crashed.resolve("disk0"), true);
      await().atMost(LONG).until(() -> next.status().volumes().getFirst().files() == 0);
      for (TestContent content : contents) {
        assertServes(next, content);
      }
      await().until(() -> one.count("content") == 0);
      assertEquals(0, one.count("partial") + other.count("partial"));
      assertEquals(0, one.quarantined() + other.quarantined());
    }
  }

  @Test
  void drain_ofAFileWithADamagedBlock_doesNotCopyIt() throws IOException {
    List<TestContent> contents = openWith(config(folder, 100_000, 1 << 30, "disk0"), 3);
    add("disk1", 64 << 20);
    TestContent bad = contents.get(1);
    volume("disk0").flip(bad, ContentFile.CONTENT_OFFSET + BLOCK + 3);
    store.drainVolume(folder.resolve("disk0"), true);
    await().atMost(LONG).until(() -> status(0).files() == 0);
    await().until(() -> wanted.containsKey(bad.key()));
    assertEquals(List.of(new FillSession.Gap(BLOCK, 2 * BLOCK)), wanted.get(bad.key()));
    assertEquals(2, status(1).files());
    assertInstanceOf(Lookup.Miss.class, store.lookup(bad.key()));
    bad.fillInto(store);
    assertServes(store, bad);
    assertEquals(3, status(1).files());
    await().until(() -> volume("disk0").count("partial") == 0);
  }

  @Test
  void drain_takenBack_stopsMoving() throws IOException {
    openWith(config(folder, 100_000, 100_000, "disk0"), 10);
    add("disk1", 64 << 20);
    store.drainVolume(folder.resolve("disk0"), true);
    await().atMost(LONG).until(() -> status(1).files() >= 1);
    store.drainVolume(folder.resolve("disk0"), false);
    long left = status(0).files();
    assertTrue(left > 0);
    assertEquals(StoreStatus.VolumeState.IN_SERVICE, status(0).state());
    assertEquals(10, store.status().files());
    await().until(() -> volume("disk1").count("partial") == 0);
    assertEquals(left, status(0).files());
  }

  @Test
  void detach_withSessionsAndReaders_endsTheOnesAndLeavesTheOthers() throws IOException {
    List<TestContent> contents = openWith(config(folder, 100_000, 1 << 30, "disk0"), 2);
    TestContent coming = TestContent.of(50, 3 * BLOCK);
    FillSession session = coming.admit(store);
    coming.append(session, BLOCK);
    ContentLease reader =
        assertInstanceOf(Lookup.Hit.class, store.lookup(contents.getFirst().key())).lease();
    assertTrue(store.detachVolume(folder.resolve("disk0")));
    assertThrows(IOException.class, () -> coming.append(session, 2 * BLOCK));
    session.close();
    assertTrue(store.held().isEmpty());
    assertEquals(List.of(), store.status().volumes());
    assertInstanceOf(Lookup.Miss.class, store.lookup(contents.getFirst().key()));
    assertTrue(contents.getFirst().matches(reader, 50_000));
    reader.close();
    assertFalse(reader.channel().isOpen() && store.detachVolume(folder.resolve("disk0")));
    // Another store may have the disk at once.
    Path index = folder.resolve("index2");
    StoreConfig elsewhere = DiskStoreTest.config(List.of(folder.resolve("disk0")), index);
    try (DiskStore next = DiskStoreTest.recovered(elsewhere)) {
      assertEquals(2, next.held().size());
      assertEquals(1, next.recovery().join().partials());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(from)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      Path target = to.resolve(from.relativize(path).toString());
      try {
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      } catch (NoSuchFileException e) {
        // Moved on meanwhile, as files do until the very moment of a crash.
        Files.deleteIfExists(target);
      }
    }
  }
}
