package oca.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * A file's content for tests: bytes that follow from its key alone, so that any reader can tell
 * right ones from wrong ones.
 *
 * @param meta what is announced
 * @param bytes the content
 */
record TestContent(ContentMeta meta, byte[] bytes) {

  /** Content number {@code seed} of that length. */
  static TestContent of(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return new TestContent(
        new ContentMeta(key(seed), length, sha256(bytes), "video/mp4", 1_700_000_000 + seed),
        bytes);
  }

  static ContentKey key(long seed) {
    return new ContentKey(0x0ca0_0000_0000_0000L, seed);
  }

  ContentKey key() {
    return meta.key();
  }

  /** Fills it whole, in appends of odd sizes. */
  void fillInto(ContentStore store) throws IOException {
    try (FillSession session = admit(store)) {
      append(session, bytes.length);
      session.commit();
    }
  }

  FillSession admit(ContentStore store) throws IOException {
    return switch (store.fill(request())) {
      case Admission.Admitted(FillSession session) -> session;
      case Admission.Refused(Admission.Reason reason) ->
          throw new AssertionError("refused: " + reason);
    };
  }

  /** A wish to fill it, with its blocks announced. */
  FillRequest request() {
    return request(1);
  }

  FillRequest request(long generation) {
    return new FillRequest(meta, blocks(), new Provenance("origin", 7, generation, 3));
  }

  /** The wish of a publisher who announces no blocks. */
  FillRequest unannounced() {
    return new FillRequest(meta, null, new Provenance("origin", 7, 1, 3));
  }

  BlockDigests blocks() {
    int block = ContentStoreContract.BLOCK;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += block) {
      MessageDigest digest = Digests.sha256();
      digest.update(bytes, at, Math.min(block, bytes.length - at));
      all.writeBytes(digest.digest());
    }
    return BlockDigests.of(block, all.toByteArray());
  }

  /** The first byte that a session lacks, or the content's length. */
  static long position(FillSession session) {
    FillSession.Gap gap = session.nextGap();
    return gap == null ? session.meta().length() : gap.from();
  }

  /** Appends up to that position what is missing. */
  void append(FillSession session, int to) throws IOException {
    int step = 1777;
    for (FillSession.Gap gap = session.nextGap();
        gap != null && gap.from() < to;
        gap = session.nextGap()) {
      int end = (int) Math.min(Math.min(gap.to(), to), gap.from() + step);
      session.append(ByteBuffer.wrap(bytes, (int) gap.from(), (int) (end - gap.from())));
    }
  }

  /** Whether the first bytes under a lease are the right ones. */
  boolean matches(ContentLease lease, long length) throws IOException {
    ByteBuffer read = ByteBuffer.allocate((int) length);
    while (read.hasRemaining()) {
      if (lease.channel().read(read, lease.contentOffset() + read.position()) < 0) {
        return false;
      }
    }
    return read.flip().equals(ByteBuffer.wrap(bytes, 0, (int) length));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
