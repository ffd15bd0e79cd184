package oca.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import oca.store.Admission;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FillSession;
import oca.store.Lookup;
import oca.store.StoreConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {
  private static final ContentKey KEY = new ContentKey(1, 2);
  // printf abc | sha256sum
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path folder;

  @Test
  void lookup_frontOfAFill_isAMissUntilTheDigestIsChecked() throws IOException {
    try (DiskStore store = open()) {
      WholeFiles files = new WholeFiles(store);
      assertSame(Lookup.Miss.MISS, files.lookup(KEY));

      ContentMeta meta = new ContentMeta(KEY, 3, SHA256_OF_ABC, "text/plain", 0);
      var admitted = assertInstanceOf(Admission.Admitted.class, store.fill(meta));
      try (FillSession session = admitted.session()) {
        session.append(ByteBuffer.wrap("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        Lookup.Filling front = assertInstanceOf(Lookup.Filling.class, store.lookup(KEY));
        front.lease().close();
        assertSame(Lookup.Miss.MISS, files.lookup(KEY));
        session.commit();
      }

      Lookup.Hit hit = assertInstanceOf(Lookup.Hit.class, files.lookup(KEY));
      assertEquals(meta, hit.lease().meta());
      hit.lease().close();
    }
  }

  private DiskStore open() throws IOException {
    return DiskStore.open(
        StoreConfig.of(
            java.util.List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 1 << 20)),
            folder.resolve("index")));
  }
}
