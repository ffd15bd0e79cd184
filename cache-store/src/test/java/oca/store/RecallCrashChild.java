package oca.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process that {@link RecallCrashTest} kills: fills, every second file from a peer, recalls
 * what that peer sent, and says so as soon as the order was taken.
 */
final class RecallCrashChild {
  static final int FILES = 120;
  static final SourceQuery RECALLED = new SourceQuery("peer:1", 0, 1L << 32, false);

  private static final int BLOCK = 4096;

  private RecallCrashChild() {}

  public static void main(String[] arguments) throws Exception {
    DiskStore store = DiskStore.open(config(Path.of(arguments[0])));
    for (int file = 0; file < FILES; file++) {
      TestContent content = content(file);
      Provenance from = new Provenance(file % 2 == 0 ? "origin" : "peer:1", 7, 1, 3);
      FillRequest request =
          new FillRequest(content.meta(), StoreProbe.digests(content.bytes()), from);
      if (!(store.fill(request) instanceof Admission.Admitted(FillSession session))) {
        throw new AssertionError("refused");
      }
      try (session) {
        content.append(session, content.bytes().length);
        session.commit();
      }
    }
    store.recall(RECALLED, "crash", "test", 10);
    System.out.println("ordered");
    System.out.flush();
    // It is killed here; without anybody to do so it ends by itself.
    var _ = new CountDownLatch(1).await(1, TimeUnit.MINUTES);
  }

  static TestContent content(int file) {
    return TestContent.of(1000 + file, 3 * BLOCK + 17);
  }

  static StoreConfig config(Path folder) {
    return new StoreConfig(
        List.of(
            new StoreConfig.VolumeConfig(folder.resolve("a"), 8 << 20),
            new StoreConfig.VolumeConfig(folder.resolve("b"), 8 << 20)),
        folder.resolve("index"),
        BLOCK,
        1000,
        500,
        4,
        100,
        Duration.ofSeconds(30),
        10_000,
        64 << 10,
        0,
        1 << 30);
  }
}
