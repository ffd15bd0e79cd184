package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import oca.model.ContentId;
import oca.store.Admission;
import oca.store.BlockDigests;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Provenance;
import oca.store.StoreConfig;

/** A real store on a disk of its own, and files to fill it with. */
final class StoreFixture implements AutoCloseable {
  static final int BLOCK = 16_384;
  private static final Provenance HERE = new Provenance("test", 0, 1, 1);

  final DiskStore store;

  StoreFixture(Path folder) throws IOException {
    store =
        DiskStore.open(
            StoreConfig.of(
                List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 256 << 20)),
                folder.resolve("index")));
    store.recovery().join();
  }

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static ContentKey key(String path) {
    ContentId id = ContentId.ofPath(path);
    return new ContentKey(id.high(), id.low());
  }

  /** Begins to fill a file whose blocks are announced, or not. */
  FillSession begin(String path, byte[] bytes, boolean announced) throws IOException {
    ContentMeta meta =
        new ContentMeta(
            key(path),
            bytes.length,
            HexFormat.of().formatHex(sha256(bytes)),
            "video/mp4",
            FileSource.MODIFIED);
    FillRequest request = new FillRequest(meta, announced ? digests(bytes) : null, HERE);
    return assertInstanceOf(Admission.Admitted.class, store.fill(request)).session();
  }

  void hold(String path, byte[] bytes) throws IOException {
    try (FillSession session = begin(path, bytes, false)) {
      complete(session, bytes);
    }
  }

  /** Fills every gap and commits. */
  static void complete(FillSession session, byte[] bytes) throws IOException {
    for (FillSession.Gap gap = session.nextGap(); gap != null; gap = session.nextGap()) {
      session.append(ByteBuffer.wrap(bytes, (int) gap.from(), (int) (gap.to() - gap.from())));
    }
    session.commit();
  }

  static ByteBuffer block(byte[] bytes, int number) {
    int from = number * BLOCK;
    return ByteBuffer.wrap(bytes, from, Math.min(BLOCK, bytes.length - from)).slice();
  }

  private static BlockDigests digests(byte[] bytes) {
    ByteArrayOutputStream digests = new ByteArrayOutputStream();
    for (int from = 0; from < bytes.length; from += BLOCK) {
      digests.writeBytes(
          sha256(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + BLOCK))));
    }
    return BlockDigests.of(BLOCK, digests.toByteArray());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
