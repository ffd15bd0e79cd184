package oca.store;

import static oca.store.ContentStoreContract.BLOCK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import oca.store.disk.ContentFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit changes on the disk, and a reader is the first to come by. */
class RottenReadTest {
  private static final TestContent ONE = TestContent.of(1, 20_000);
  private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(3000);

  @TempDir Path folder;
  private final Map<ContentKey, List<FillSession.Gap>> wanted = new ConcurrentHashMap<>();
  private DiskStore store;

  @BeforeEach
  void open() throws IOException {
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
            0,
            1 << 30);
    store = DiskStore.open(config);
    store.repairs((meta, missing) -> wanted.put(meta.key(), missing));
    store.recovery().join();
    ONE.fillInto(store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ContentLease lease() {
    return assertInstanceOf(Lookup.Hit.class, store.lookup(ONE.key())).lease();
  }

  private static long at(long inContent) {
    return ContentFile.CONTENT_OFFSET + inContent;
  }

  private void rot(long inContent) throws IOException {
    new TestVolume(folder.resolve("disk0")).flip(ONE, at(inContent));
  }

  @Test
  void check_ofWhatWasWritten_coversAllOfIt() throws IOException {
    try (ContentLease lease = lease()) {
      assertFalse(lease.checks().covers(at(0), 1));
      lease.checks().check(at(0), ONE.bytes().length, SCRATCH);
      assertTrue(lease.checks().covers(at(0), ONE.bytes().length));
    }
  }

  @Test
  void check_ofARottenBlock_takesTheFileOutAndHasTheBlockFetched() throws IOException {
    int block = 1;
    rot((long) block * BLOCK + 17);
    try (ContentLease lease = lease()) {
      lease.checks().check(at(0), BLOCK, SCRATCH);
      DamagedBlockException told =
          assertThrows(
              DamagedBlockException.class,
              () -> lease.checks().check(at(0), ONE.bytes().length, SCRATCH));
      assertTrue(told.getMessage().contains("disk0"), told.getMessage());
      assertInstanceOf(Lookup.Miss.class, store.lookup(ONE.key()));
      // Who has it open gets the good blocks and never the other, as often as it is asked for.
      assertTrue(lease.checks().covers(at(0), BLOCK));
      assertFalse(lease.checks().covers(at(BLOCK), 1));
      assertThrows(DamagedBlockException.class, () -> lease.checks().check(at(BLOCK), 1, SCRATCH));
    }
    await().until(() -> wanted.containsKey(ONE.key()));
    assertEquals(List.of(new FillSession.Gap(BLOCK, 2L * BLOCK)), wanted.get(ONE.key()));
    ONE.fillInto(store);
    try (ContentLease lease = lease()) {
      lease.checks().check(at(0), ONE.bytes().length, SCRATCH);
      assertTrue(ONE.matches(lease, ONE.bytes().length));
    }
  }

  @Test
  void check_ofARottenTable_isTakenForDamage() throws IOException {
    rot(ONE.bytes().length + 2);
    try (ContentLease lease = lease()) {
      assertThrows(DamagedBlockException.class, () -> lease.checks().check(at(0), 1, SCRATCH));
    }
  }

  @Test
  void check_ofAFileBeingFilled_refusesTheBlockEachTime() throws IOException {
    TestContent two = TestContent.of(2, 5 * BLOCK);
    try (FillSession session = two.admit(store)) {
      two.append(session, 3 * BLOCK);
      TestVolume.flip(new TestVolume(folder.resolve("disk0")).partial(two), at(BLOCK + 1), 3);
      try (ContentLease lease =
          assertInstanceOf(Lookup.Filling.class, store.lookup(two.key())).lease()) {
        lease.checks().check(at(0), BLOCK, SCRATCH);
        for (int i = 0; i < 2; i++) {
          assertThrows(
              DamagedBlockException.class, () -> lease.checks().check(at(BLOCK), 1, SCRATCH));
        }
        lease.checks().check(at(2 * BLOCK), 1, SCRATCH);
      }
    }
  }

  @Test
  void flips_anywhereInTheContent_areNeverCovered() throws IOException {
    long seed = Long.getLong("oca.flips.seed", System.nanoTime());
    System.out.println("RottenReadTest: -Doca.flips.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      int place = random.nextInt(ONE.bytes().length);
      int from = random.nextInt(ONE.bytes().length);
      int length = 1 + random.nextInt(ONE.bytes().length - from);
      try (ContentLease lease = lease()) {
        rot(place);
        lease.checks().forget(at(0), ONE.bytes().length);
        boolean touches =
            place / BLOCK >= from / BLOCK && place / BLOCK <= (from + length - 1) / BLOCK;
        if (touches) {
          assertThrows(
              DamagedBlockException.class,
              () -> lease.checks().check(at(from), length, SCRATCH),
              "seed " + seed);
        } else {
          lease.checks().check(at(from), length, SCRATCH);
          assertTrue(lease.checks().covers(at(from), length), "seed " + seed);
        }
        assertFalse(lease.checks().covers(at(place), 1), "seed " + seed);
        if (!touches) {
          rot(place); // the same bit again: as it was
        }
      }
      if (store.lookup(ONE.key()) instanceof Lookup.Hit(ContentLease hit)) {
        hit.close();
      } else {
        await().until(() -> wanted.remove(ONE.key()) != null);
        ONE.fillInto(store);
      }
    }
  }
}
