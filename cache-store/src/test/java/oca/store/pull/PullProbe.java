package oca.store.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import oca.store.FileLease;
import oca.store.disk.Disk;
import oca.store.evict.EvictionPolicies;
import org.jspecify.annotations.Nullable;

/** Objects whose bytes follow from their identity, so that any reader can tell right from wrong. */
final class PullProbe {
  static final int SLICE = 16 << 10;
  static final int PAGE = 4096;
  static final UUID BOOT = new UUID(1, 2);
  private static final int PIECE = 5000;

  private PullProbe() {}

  static PullStoreConfig config(Path folder) {
    return config(folder, 64 << 20, 1000);
  }

  static PullStoreConfig config(Path folder, long capacity, int maxObjects) {
    return config(folder, capacity, maxObjects, Duration.ofSeconds(30), EvictionPolicies.DEFAULT);
  }

  static PullStoreConfig config(
      Path folder, long capacity, int maxObjects, Duration hangAfter, EvictionPolicies policy) {
    return new PullStoreConfig(
        folder, capacity, maxObjects, 8 << 20, 1000, SLICE, 2, 1 << 20, hangAfter, policy);
  }

  static PullStore open(PullStoreConfig config, Disk disk) throws IOException {
    return PullStore.open(config, (object, cause) -> {}, disk, BOOT);
  }

  static PulledObject admit(PullStore store, long identity, long length) {
    return assertInstanceOf(
            PullAdmission.Admitted.class, store.create(identity, label(identity), length))
        .object();
  }

  static PullRefusal refusal(PullAdmission admission) {
    return assertInstanceOf(PullAdmission.Refused.class, admission).refusal();
  }

  static byte[] label(long identity) {
    return ("object " + identity).getBytes(StandardCharsets.UTF_8);
  }

  static byte at(long identity, long offset) {
    long mixed = (identity + 1) * 0x9e3779b97f4a7c15L + (offset >>> 3) * 0xd6e8feb86659fd93L;
    return (byte) (mixed >>> (32 + (offset & 7)));
  }

  static ByteBuffer bytes(long identity, long offset, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      bytes.put(at(identity, offset + i));
    }
    return bytes.flip();
  }

  /** Hands over the right bytes; what is told when they are written. */
  static CompletableFuture<@Nullable IOException> offer(
      PulledObject object, long offset, int count) {
    CompletableFuture<@Nullable IOException> told = new CompletableFuture<>();
    object.write(offset, bytes(object.identity(), offset, count), told::complete);
    return told;
  }

  /** Hands over the right bytes and waits; null or the fault. */
  static @Nullable IOException write(PulledObject object, long offset, int count) throws Exception {
    return offer(object, offset, count).get(60, TimeUnit.SECONDS);
  }

  static PullRefusal refusedWrite(PulledObject object, long offset, int count) throws Exception {
    return assertInstanceOf(PullRefusedException.class, write(object, offset, count)).refusal();
  }

  /** Writes so much of an object, in odd pieces. */
  static void fill(PulledObject object, long to) throws Exception {
    for (long at = 0; at < to; at += PIECE) {
      assertNull(write(object, at, (int) Math.min(PIECE, to - at)));
    }
  }

  /** A whole object. */
  static PulledObject whole(PullStore store, long identity, long length) throws Exception {
    PulledObject object = admit(store, identity, length);
    fill(object, length);
    assertTrue(object.isWhole());
    return object;
  }

  /** Waits until all that was asked of an object's thread before is done. */
  static void settle(PulledObject object) throws Exception {
    var _ = write(object, 0, 0);
  }

  /** Reads all that is readable from an offset on, and compares it; how much it was. */
  static long compare(PulledObject object, FileLease lease, long from) throws IOException {
    long readable = object.readable(from);
    ByteBuffer read = ByteBuffer.allocate((int) readable);
    while (read.hasRemaining()) {
      int count = lease.channel().read(read, lease.contentOffset() + from + read.position());
      assertTrue(count > 0, () -> "the file ends at " + (from + read.position()));
    }
    for (int i = 0; i < readable; i++) {
      if (read.get(i) != at(object.identity(), from + i)) {
        throw new AssertionError(
            "object %d has a wrong byte at %d".formatted(object.identity(), from + i));
      }
    }
    return readable;
  }

  static void assertHolds(PulledObject object, long bytes) throws IOException {
    @Nullable FileLease lease = object.lease();
    assertTrue(lease != null, "the object was dropped");
    try (lease) {
      assertEquals(bytes, compare(object, lease, 0));
    }
  }
}
