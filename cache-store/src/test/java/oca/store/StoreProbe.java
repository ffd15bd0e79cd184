package oca.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import oca.store.disk.Disk;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;

/** Fills and reads a store on any disk, and compares every byte with what it should be. */
final class StoreProbe {
  /** The size of blocks, the smallest there is: more of them, and more that may go wrong. */
  static final int BLOCK = 4096;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private StoreProbe() {}

  /** What a lookup gave. */
  enum Seen {
    HIT,
    FILLING,
    MISS
  }

  /** Where bytes come from in these tests. */
  static Provenance from(String source, long generation) {
    return new Provenance(source, 7, generation, 3);
  }

  /** The wish to fill a file, with the digests of its blocks announced or without. */
  static FillRequest request(TestContent content, boolean announced) {
    return new FillRequest(
        content.meta(), announced ? digests(content.bytes()) : null, from("origin", 1));
  }

  static BlockDigests digests(byte[] content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      ByteBuffer all = ByteBuffer.allocate((content.length + BLOCK - 1) / BLOCK * 32);
      for (int at = 0; at < content.length; at += BLOCK) {
        all.put(
            sha256.digest(Arrays.copyOfRange(content, at, Math.min(at + BLOCK, content.length))));
      }
      return BlockDigests.of(BLOCK, all.array());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** What whole files take on a disk, in bytes. */
  static long footprint(List<TestContent> contents) {
    return contents.stream()
        .mapToLong(content -> Volume.footprint(content.bytes().length, BLOCK))
        .sum();
  }

  /** Opens a store of one set without an index. */
  static DiskStore open(Disk disk, long capacityBytes, Path... folders) throws IOException {
    return open(disk, Duration.ofSeconds(10), capacityBytes, folders);
  }

  static DiskStore open(Disk disk, Duration hangAfter, long capacityBytes, Path... folders)
      throws IOException {
    StoreConfig config =
        new StoreConfig(
            Stream.of(folders).map(f -> new StoreConfig.VolumeConfig(f, capacityBytes)).toList(),
            Path.of("/none"),
            BLOCK,
            100,
            50,
            4,
            3,
            hangAfter,
            1_000_000,
            1 << 15,
            0,
            1 << 30);
    return DiskStore.openWithoutIndex(
        config, disk, new SplittableRandom(1), InstantSource.system());
  }

  /** Waits until all that is on the volumes was found. */
  static void awaitRecovered(DiskStore store) throws IOException {
    until("all was found", () -> store.recovery().isDone());
  }

  /** How many files are still to be taken off the disks. */
  static long leaving(DiskStore store) {
    return store.status().volumes().stream().mapToLong(StoreStatus.VolumeStatus::leaving).sum();
  }

  /** Whether all volumes are in service, or about to be. */
  static boolean inService(DiskStore store) {
    return store.status().volumes().stream()
        .noneMatch(volume -> volume.state() == StoreStatus.VolumeState.OUT_OF_SERVICE);
  }

  /** A session, or a failed test. */
  static FillSession admit(DiskStore store, FillRequest request) throws IOException {
    return switch (store.fill(request)) {
      case Admission.Admitted(FillSession session) -> session;
      case Admission.Refused(Admission.Reason reason) ->
          throw new AssertionError(request.meta().key() + " is refused: " + reason);
    };
  }

  /**
   * Appends what is missing, in odd pieces, until so many bytes were appended.
   *
   * @return how many were
   */
  static long append(FillSession session, TestContent content, long atMost) throws IOException {
    long appended = 0;
    FillSession.@Nullable Gap gap = session.nextGap();
    while (gap != null && appended < atMost) {
      int part = (int) Math.min(Math.min(1777, gap.to() - gap.from()), atMost - appended);
      session.append(ByteBuffer.wrap(content.bytes(), (int) gap.from(), part));
      appended += part;
      gap = session.nextGap();
    }
    return appended;
  }

  /** Writes one block by itself. */
  static void write(FillSession session, TestContent content, long block) throws IOException {
    int from = (int) (block * BLOCK);
    session.write(
        block,
        ByteBuffer.wrap(content.bytes(), from, Math.min(BLOCK, content.bytes().length - from)));
  }

  /**
   * Fills and commits a file, whatever is there of it already.
   *
   * @return how many bytes were missing
   */
  static long fill(DiskStore store, FillRequest request, TestContent content) throws IOException {
    try (FillSession session = admit(store, request)) {
      long missing = append(session, content, Long.MAX_VALUE);
      session.commit();
      return missing;
    }
  }

  /** Looks a file up and compares all that may be read of it. */
  static Seen look(DiskStore store, TestContent content) throws IOException {
    return switch (store.lookup(content.key())) {
      case Lookup.Hit(ContentLease lease) -> {
        compareAll(lease, content);
        yield Seen.HIT;
      }
      case Lookup.Filling(ContentLease lease, BlockMap blocks) -> {
        compareReadable(lease, blocks, content);
        yield Seen.FILLING;
      }
      case Lookup.Miss _ -> Seen.MISS;
    };
  }

  private static void compareAll(ContentLease lease, TestContent content) throws IOException {
    try (lease) {
      assertTrue(lease.meta().equals(content.meta()), "another file than was asked for");
      compare(lease, content, 0, content.bytes().length);
    }
  }

  private static void compareReadable(ContentLease lease, BlockMap blocks, TestContent content)
      throws IOException {
    try (lease) {
      int length = content.bytes().length;
      for (int at = 0; at < length; ) {
        int readable = (int) blocks.readable(at);
        assertTrue(readable >= 0 && at + readable <= length, "readable beyond the end");
        compare(lease, content, at, readable);
        at += Math.max(BLOCK, readable);
      }
    }
  }

  private static void compare(ContentLease lease, TestContent content, int from, int length)
      throws IOException {
    ByteBuffer read = ByteBuffer.allocate(length);
    try {
      while (read.hasRemaining()) {
        int got = lease.channel().read(read, lease.contentOffset() + from + read.position());
        assertTrue(got >= 0, content.key() + " ends too early");
      }
    } catch (IOException e) {
      lease.reportReadError(e);
      throw e;
    }
    if (!read.flip().equals(ByteBuffer.wrap(content.bytes(), from, length))) {
      int at = read.mismatch(ByteBuffer.wrap(content.bytes(), from, length));
      throw new AssertionError(content.key() + " has a wrong byte at " + (from + at));
    }
  }

  /** Waits for something that other threads bring about, looking often. */
  static void until(String what, Condition condition) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(20_000);
    }
  }

  interface Condition {
    boolean holds() throws IOException;
  }
}
