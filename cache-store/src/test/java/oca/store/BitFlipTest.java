package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import oca.store.disk.BlockChecksums;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.MemoryDisk;
import oca.store.disk.OpenFile;
import oca.store.disk.PowerCut;
import oca.store.disk.RecordingDisk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Flips single bits in files on a disk. In a whole file each is found by verification, unless it is
 * in what only explains the content; a file that is being filled is completed all the same, and the
 * block that was hit is fetched again.
 */
class BitFlipTest {
  private static final int FLIPS = 1_000;
  private static final Path VOLUME = Path.of("/disk");
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("oca.store");

  private final TestContent whole = TestContent.of(1, 5 * StoreProbe.BLOCK + 77);
  private final TestContent part = TestContent.of(2, 6 * StoreProbe.BLOCK - 5);
  private final RecordingDisk disk = new RecordingDisk(new MemoryDisk());

  /** The parts of a file, see {@link ContentFile}. */
  private enum Region {
    HEADER,
    /** Advisory: a slot with a wrong checksum is not known, and what is behind it is unused. */
    PROVENANCE_SLOTS,
    CONTENT,
    CHECKSUMS,
    /** Advisory: at worst a block is verified too early or too late. */
    VERIFIED_TIMES,
    /** Advisory: at worst a block is said to come from elsewhere. */
    PROVENANCE_NUMBERS;

    static Region of(long at, long length) {
      long blocks = BlockChecksums.blocks(length, StoreProbe.BLOCK);
      long tables = at - ContentFile.CONTENT_OFFSET - length;
      if (at < 512) {
        return HEADER;
      }
      if (at < ContentFile.CONTENT_OFFSET) {
        return PROVENANCE_SLOTS;
      }
      if (tables < 0) {
        return CONTENT;
      }
      if (tables < 4 * blocks + 4) {
        return CHECKSUMS;
      }
      return tables < 8 * blocks + 4 ? VERIFIED_TIMES : PROVENANCE_NUMBERS;
    }

    boolean advises() {
      return switch (this) {
        case PROVENANCE_SLOTS, VERIFIED_TIMES, PROVENANCE_NUMBERS -> true;
        case HEADER, CONTENT, CHECKSUMS -> false;
      };
    }
  }

  /** Every damage is logged, as it should be. */
  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  private static SplittableRandom random() {
    long seed = Long.getLong("oca.flips.seed", System.nanoTime());
    System.out.println("BitFlipTest: -Doca.flips.seed=" + seed);
    return new SplittableRandom(seed);
  }

  private interface Check {
    void run(DiskStore store, Region region, long at) throws IOException;
  }

  @Test
  void verify_ofWholeFileWithAFlippedBit_findsIt() throws IOException {
    flip(
        whole,
        (store, region, at) -> {
          Verification found = store.verify(whole.key());
          if (region.advises()) {
            assertEquals(Verification.WHOLE, found);
            assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, whole));
            return;
          }
          // What recovery has put into quarantine is not here any more.
          assertTrue(found != Verification.WHOLE, "it was not found");
          assertEquals(StoreProbe.Seen.MISS, StoreProbe.look(store, whole));
          long missing = StoreProbe.fill(store, StoreProbe.request(whole, false), whole);
          assertTrue(missing > 0, "a damaged file is not filled from nothing");
          if (region == Region.CONTENT) {
            assertEquals(blockLength(whole, at), missing, "only the damaged block is missing");
          }
          assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, whole));
          assertEquals(Verification.WHOLE, store.verify(whole.key()));
        });
  }

  @Test
  void fill_ofPartialFileWithAFlippedBit_fetchesTheBlockAgain() throws IOException {
    long absent = part.bytes().length - 4L * StoreProbe.BLOCK;
    flip(
        part,
        (store, region, at) -> {
          long missing = StoreProbe.fill(store, StoreProbe.request(part, (at & 1) == 0), part);
          if (region.advises()) {
            assertEquals(absent, missing);
          } else if (region == Region.CONTENT && at < ContentFile.CONTENT_OFFSET + 4 * 4096) {
            assertEquals(absent + StoreProbe.BLOCK, missing);
          } else {
            assertTrue(missing >= absent, "missing is " + missing);
          }
          assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, part));
          assertEquals(Verification.WHOLE, store.verify(part.key()));
        });
  }

  private void flip(TestContent content, Check check) throws IOException {
    SplittableRandom random = random();
    PowerCut image = image();
    Path path = place(image, content);
    long bytes = ContentFile.fileBytes(content.bytes().length, StoreProbe.BLOCK);
    Map<Region, Integer> counts = new EnumMap<>(Region.class);
    for (int i = 0; i < FLIPS; i++) {
      // Every region as often as any other; the content would get nearly all.
      List<Region> regions = List.of(Region.values());
      Region wanted = regions.get(i % regions.size());
      long at = random.nextLong(bytes);
      while (Region.of(at, content.bytes().length) != wanted) {
        at = random.nextLong(bytes);
      }
      int bit = random.nextInt(8);
      MemoryDisk flipped = image.disk(PowerCut.Left.EVERYTHING, 0);
      flip(flipped, path, at, bit);
      try (DiskStore store = StoreProbe.open(flipped, 1 << 20, VOLUME)) {
        StoreProbe.awaitRecovered(store);
        check.run(store, wanted, at);
      } catch (AssertionError | IOException e) {
        throw new AssertionError("bit " + bit + " at " + at + " of " + path + ", " + wanted, e);
      }
      counts.merge(wanted, 1, Integer::sum);
    }
    System.out.println("BitFlipTest: flips in " + path.getFileName() + " " + counts);
  }

  private static void flip(Disk disk, Path path, long at, int bit) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      assertEquals(1, file.channel().read(one, at));
      one.put(0, (byte) (one.get(0) ^ 1 << bit)).flip();
      assertEquals(1, file.channel().write(one, at));
    }
  }

  /** A whole file of two sources, and one of which four blocks are there. */
  private PowerCut image() throws IOException {
    try (DiskStore store = StoreProbe.open(disk, 1 << 20, VOLUME)) {
      try (FillSession session = StoreProbe.admit(store, StoreProbe.request(whole, false))) {
        StoreProbe.append(session, whole, 2 * StoreProbe.BLOCK);
        session.from(StoreProbe.from("peer-1", 1));
        StoreProbe.append(session, whole, Long.MAX_VALUE);
        assertNull(session.nextGap());
        session.commit();
      }
      try (FillSession session = StoreProbe.admit(store, StoreProbe.request(part, false))) {
        StoreProbe.append(session, part, 4 * StoreProbe.BLOCK);
      }
    }
    PowerCut image = new PowerCut(disk.log());
    image.moveTo(disk.log().size());
    return image;
  }

  /** Where a content lies. */
  private static Path place(PowerCut image, TestContent content) throws IOException {
    String name = "%016x%016x".formatted(content.key().high(), content.key().low());
    MemoryDisk files = image.disk(PowerCut.Left.EVERYTHING, 0);
    for (Path fan : files.list(VOLUME.resolve("content"))) {
      if (files.kind(fan.resolve(name + ".oca")) == Disk.Kind.FILE) {
        return fan.resolve(name + ".oca");
      }
    }
    return VOLUME.resolve("partial").resolve(name + ".part");
  }

  private static long blockLength(TestContent content, long at) {
    long block = (at - ContentFile.CONTENT_OFFSET) / StoreProbe.BLOCK;
    return Math.min(StoreProbe.BLOCK, content.bytes().length - block * StoreProbe.BLOCK);
  }
}
