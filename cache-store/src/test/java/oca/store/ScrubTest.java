package oca.store;

import static oca.store.ContentStoreContract.BLOCK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import oca.store.disk.ContentFile;
import oca.store.disk.FaultyDisk;
import oca.store.disk.FileCheck.Flaw;
import oca.store.disk.LocalDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scrub finds, what it does about it, and how it goes on after a restart. */
class ScrubTest {
  private static final long FAST = 1L << 40;
  private static final TestContent ONE = TestContent.of(1, 20_000);
  private static final TestContent TWO = TestContent.of(2, 30_000);

  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000));
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());
  private final Map<ContentKey, List<FillSession.Gap>> wanted = new ConcurrentHashMap<>();
  private DiskStore store;

  private DiskStore open(long bytesPerSecond) throws IOException {
    StoreConfig config =
        new StoreConfig(
            List.of(new StoreConfig.VolumeConfig(folder.resolve("disk0"), 1 << 30)),
            folder.resolve("index"),
            BLOCK,
            1_000,
            500,
            4,
            1_000,
            Duration.ofSeconds(10),
            100_000,
            3 * BLOCK,
            bytesPerSecond,
            1 << 30);
    store = DiskStore.open(config, disk, new SplittableRandom(1), now::get);
    store.repairs((meta, missing) -> wanted.put(meta.key(), missing));
    store.recovery().join();
    return store;
  }

  /** A store of these files, in the rest after its first pass. */
  private void openWith(TestContent... contents) throws IOException {
    open(FAST);
    await().until(() -> status().passes() == 1);
    for (TestContent content : contents) {
      content.fillInto(store);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private TestVolume volume() {
    return new TestVolume(folder.resolve("disk0"));
  }

  private ScrubStatus status() {
    return store.scrubStatus().getFirst();
  }

  /** Lets the next pass begin and waits for its end. */
  private ScrubStatus pass() {
    long before = status().passes();
    now.updateAndGet(time -> time.plus(Scrub.EVERY).plusSeconds(1));
    await().atMost(Duration.ofSeconds(60)).until(() -> status().passes() == before + 1);
    return status();
  }

  private void assertServes(TestContent content) throws IOException {
    try (ContentLease lease =
        assertInstanceOf(Lookup.Hit.class, store.lookup(content.key())).lease()) {
      assertTrue(content.matches(lease, content.bytes().length));
    }
  }

  @Test
  void pass_overGoodFiles_notesWhenTheyWereVerified() throws IOException {
    openWith(ONE, TWO);
    long filled = now.get().getEpochSecond();
    assertEquals(filled, store.lineage(TWO.key()).getFirst().verifiedSecond());
    ScrubStatus status = pass();
    assertEquals(2, status.files());
    assertEquals(50_000, status.bytes());
    assertEquals(1.0, status.done());
    assertEquals(Map.of(), status.flawed());
    assertEquals(
        List.of(
            new LineageRun(
                0, 4, new Provenance("origin", 7, 1, 3), filled, now.get().getEpochSecond())),
        store.lineage(TWO.key()));
    assertServes(ONE);
    assertEquals(Verification.WHOLE, store.verify(ONE.key()));
  }

  @Test
  void pass_overDamagedBlock_hasItRepaired() throws IOException {
    openWith(ONE, TWO);
    ContentLease reader = assertInstanceOf(Lookup.Hit.class, store.lookup(TWO.key())).lease();
    volume().flip(TWO, ContentFile.CONTENT_OFFSET + BLOCK + 7);
    ScrubStatus status = pass();
    assertEquals(1, status.damagedBlocks());
    assertEquals(Map.of(Flaw.BLOCKS, 1L), status.flawed());
    await().until(() -> wanted.containsKey(TWO.key()));
    assertEquals(List.of(new FillSession.Gap(BLOCK, 2 * BLOCK)), wanted.get(TWO.key()));
    assertTrue(TWO.matches(reader, BLOCK), "a reader goes on reading");
    reader.close();
    assertInstanceOf(Lookup.Miss.class, store.lookup(TWO.key()));
    TWO.fillInto(store);
    assertServes(TWO);
    assertServes(ONE);
    assertEquals(1, status().repaired());
    assertEquals(Map.of(), pass().flawed());
  }

  @Test
  void pass_overFilesThatAreNotWhatTheyShouldBe_setsThemAside() throws IOException {
    TestContent header = TestContent.of(3, 10_000);
    TestContent table = TestContent.of(4, 10_000);
    TestContent replaced = TestContent.of(5, 10_000);
    TestContent lost = TestContent.of(6, 10_000);
    openWith(ONE, TWO, header, table, replaced, lost);
    TestVolume.truncate(volume().path(ONE), 9_000);
    volume().flip(header, 100);
    volume().flip(table, ContentFile.CONTENT_OFFSET + 10_000 + 1);
    Files.copy(
        volume().path(TWO),
        volume().path(replaced),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.copy(volume().path(TWO), volume().path(TWO).resolveSibling("0".repeat(32) + ".oca"));
    Files.writeString(volume().path(TWO).resolveSibling("a\nletter.txt"), "hello");
    Files.createDirectories(folder.resolve("disk0/content/zz/deep"));
    Files.delete(volume().path(lost));
    ScrubStatus status = pass();
    assertEquals(
        Map.of(
            Flaw.TRUNCATED, 1L,
            Flaw.HEADER, 1L,
            Flaw.TABLE, 1L,
            Flaw.MISPLACED, 2L,
            Flaw.FOREIGN, 2L,
            Flaw.MISSING, 1L),
        status.flawed());
    assertEquals(Set.of(TWO.key()), new HashSet<>(store.held()));
    assertServes(TWO);
    await().until(() -> store.status().volumes().getFirst().leaving() == 0);
    assertEquals(7, store.status().volumes().getFirst().quarantined());
    assertEquals(0, store.status().volumes().getFirst().errors());
    assertEquals(Map.of(), pass().flawed());
    ONE.fillInto(store);
    assertServes(ONE);
  }

  @Test
  void pass_overFilesTheTableDoesNotKnow_takesThemInOrSetsThemAside() throws IOException {
    TestContent strange = TestContent.of(3, 10_000);
    TestContent broken = TestContent.of(4, 3 * BLOCK);
    openWith(ONE, TWO, strange, broken);
    for (TestContent content : List.of(ONE, TWO, strange, broken)) {
      Path path = volume().path(content);
      Path aside = folder.resolve(content.key().toString());
      Files.copy(path, aside);
      assertTrue(store.remove(content.key()));
      await().until(() -> store.status().volumes().getFirst().leaving() == 0);
      Files.move(aside, path);
    }
    volume().flip(strange, 20);
    volume().flip(broken, ContentFile.CONTENT_OFFSET + 2 * BLOCK);
    long version = store.status().version();
    ScrubStatus status = pass();
    assertEquals(Map.of(Flaw.HEADER, 1L, Flaw.BLOCKS, 1L), status.flawed());
    assertTrue(store.status().version() > version);
    assertEquals(Set.of(ONE.key(), TWO.key()), new HashSet<>(store.held()));
    await().until(() -> DiskStoreTest.leaseOf(store, ONE) != null);
    await().until(() -> wanted.containsKey(broken.key()));
    await().until(() -> store.status().volumes().getFirst().quarantined() == 1);
  }

  @Test
  void pass_overAThousandFlippedBits_findsEachOfThem() throws IOException {
    long seed = Long.getLong("oca.scrub.seed", System.nanoTime());
    System.out.println("ScrubTest: -Doca.scrub.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<TestContent> large = new ArrayList<>();
    List<TestContent> small = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      large.add(TestContent.of(i, 25 * BLOCK - random.nextInt(BLOCK)));
    }
    for (int i = 0; i < 200; i++) {
      small.add(TestContent.of(1_000 + i, random.nextInt(1, 3 * BLOCK)));
    }
    TestContent advisory = TestContent.of(5_000, 3 * BLOCK);
    openWith(large.toArray(TestContent[]::new));
    for (TestContent content : small) {
      content.fillInto(store);
    }
    advisory.fillInto(store);
    // 800 flips in the content, each in a block of its own, so that each is to be found by itself.
    Set<Long> blocks = new HashSet<>();
    while (blocks.size() < 800) {
      int file = random.nextInt(large.size());
      int block = random.nextInt(25);
      if (blocks.add(file * 100L + block)) {
        int from = block * BLOCK;
        int to = Math.min(large.get(file).bytes().length, from + BLOCK);
        flipBit(large.get(file), ContentFile.CONTENT_OFFSET + random.nextInt(from, to), random);
      }
    }
    // 100 in headers and 100 in tables of checksums, each in a file of its own.
    for (int i = 0; i < 200; i++) {
      TestContent content = small.get(i);
      int length = content.bytes().length;
      int sums = 4 * ((length + BLOCK - 1) / BLOCK) + 4;
      flipBit(
          content,
          i < 100
              ? random.nextInt(512)
              : ContentFile.CONTENT_OFFSET + length + random.nextInt(sums),
          random);
    }
    // What only explains is not content: a slot's own checksum notices.
    flipBit(advisory, 512 + random.nextInt(52), random);

    ScrubStatus status = pass();

    assertEquals(800, status.damagedBlocks());
    long damagedFiles = blocks.stream().map(block -> block / 100).distinct().count();
    assertEquals(damagedFiles, status.flawed().get(Flaw.BLOCKS));
    // A flipped bit in what the header says of size or id shows as another flaw of the same file.
    long setAside =
        status.flawed().entrySet().stream()
            .filter(entry -> entry.getKey() != Flaw.BLOCKS)
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertEquals(200, setAside);
    assertEquals(100, status.flawed().get(Flaw.TABLE));
    assertTrue(status.lostOrigins() >= 1, "a damaged slot is noticed");
    await().atMost(Duration.ofMinutes(1)).until(() -> wanted.size() == damagedFiles);
    Set<Long> named = new HashSet<>();
    wanted.forEach(
        (key, gaps) -> gaps.forEach(gap -> named.add(key.low() * 100 + gap.from() / BLOCK)));
    assertEquals(blocks, named);
    Set<ContentKey> good = new HashSet<>(Set.of(advisory.key()));
    for (int i = 0; i < large.size(); i++) {
      long file = i;
      if (blocks.stream().noneMatch(block -> block / 100 == file)) {
        good.add(large.get(i).key());
      }
    }
    assertEquals(good, new HashSet<>(store.held()));
    assertServes(advisory);
  }

  private void flipBit(TestContent content, long offset, SplittableRandom random)
      throws IOException {
    TestVolume.flip(volume().path(content), offset, random.nextInt(8));
  }

  @Test
  void open_afterACloseInTheMiddle_goesOnWithThePass() throws IOException {
    openWith();
    for (int i = 0; i < 40; i++) {
      TestContent.of(i, 20_000).fillInto(store);
    }
    store.close();
    now.updateAndGet(time -> time.plus(Scrub.EVERY).plusSeconds(1));
    open(200_000);
    await().until(() -> status().files() >= 5 && status().passes() == 1);
    store.close();
    ScrubStatus closed = status();
    assertTrue(closed.files() < 40, "closed too late: " + closed);
    assertTrue(closed.done() > 0 && closed.done() < 1);
    now.updateAndGet(time -> time.plusSeconds(100));
    open(FAST);
    await().until(() -> status().passes() == 2);
    assertEquals(40, status().files());
    assertEquals(closed.beganSecond(), status().beganSecond());
    assertEquals(800_000, status().bytes());
  }

  @Test
  void open_withAProgressThatIsNotUnderstood_beginsAgain() throws IOException {
    openWith(ONE);
    store.close();
    Files.writeString(folder.resolve("disk0/scrub"), "format 1\npasses many\n");
    open(FAST);
    await().until(() -> status().passes() == 1);
    assertEquals(1, status().files());
    assertServes(ONE);
  }

  @Test
  void pass_overADiskThatFails_endsWithItsVolume() throws IOException {
    openWith(ONE, TWO);
    disk.failBelow(folder.resolve("disk0"), FaultyDisk.Fault.EIO);
    now.updateAndGet(time -> time.plus(Scrub.EVERY).plusSeconds(1));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !store.status().volumes().getFirst().inService());
    await().until(() -> !status().running());
    assertEquals(1, status().passes());
  }

  @Test
  void pass_whereTheTimesCannotBeWritten_chargesTheDisk() throws IOException {
    openWith(ONE);
    disk.failBelow(folder.resolve("disk0/content"), FaultyDisk.Fault.EROFS);
    pass();
    assertEquals(1, store.status().volumes().getFirst().errors());
    disk.heal();
    assertServes(ONE);
  }

  @Test
  void scrubStatus_withTheScrubOff_isEmpty() throws IOException {
    open(0);
    ONE.fillInto(store);
    assertEquals(List.of(), store.scrubStatus());
    assertFalse(Files.exists(folder.resolve("disk0/scrub")));
  }

  @Test
  void lineage_ofAFileFromTwoSources_tellsWhichBlocksCameFromWhere() throws IOException {
    openWith();
    assertEquals(List.of(), store.lineage(TWO.key()));
    try (FillSession session = TWO.admit(store)) {
      TWO.append(session, BLOCK);
      session.from(new Provenance("a1", 8, 1, 3));
      session.write(3, ByteBuffer.wrap(TWO.bytes(), 3 * BLOCK, 30_000 - 3 * BLOCK).slice());
      TWO.append(session, 30_000);
      session.commit();
    }
    long second = now.get().getEpochSecond();
    assertEquals(
        List.of(
            new LineageRun(0, 1, new Provenance("origin", 7, 1, 3), second, second),
            new LineageRun(1, 4, new Provenance("a1", 8, 1, 3), second, second)),
        store.lineage(TWO.key()));
  }
}
