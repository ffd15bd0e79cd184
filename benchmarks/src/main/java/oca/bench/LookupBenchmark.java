package oca.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oca.store.Admission;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FillSession;
import oca.store.Lookup;
import oca.store.StoreConfig;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What does a hot lookup cost in a real store, the lease taken and given back? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
  private static final int FILES = 1024;

  private Path folder = Path.of("");
  private @Nullable DiskStore opened;
  private int next;

  /** Fills a store with small files. */
  @Setup(Level.Trial)
  public void fill() throws IOException, NoSuchAlgorithmException {
    folder = Files.createTempDirectory("oca-lookup-");
    DiskStore store =
        DiskStore.open(
            StoreConfig.of(
                List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), 1L << 30)),
                folder.resolve("index")));
    opened = store;
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = {(byte) i, (byte) (i >> 8)};
      String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      ContentMeta meta = new ContentMeta(new ContentKey(i, ~i), 2, sha256, "video/mp4", 0);
      if (!(store.fill(meta) instanceof Admission.Admitted(FillSession session))) {
        throw new IllegalStateException("not admitted: " + meta);
      }
      try (session) {
        session.append(ByteBuffer.wrap(bytes));
        session.commit();
      }
    }
  }

  /** Deletes it. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    store().close();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.sorted(Comparator.reverseOrder()).forEach(LookupBenchmark::delete);
    }
  }

  /** A file that is held. */
  @Benchmark
  public long hit() {
    int i = next++ & FILES - 1;
    if (store().lookup(new ContentKey(i, ~i)) instanceof Lookup.Hit(var lease)) {
      try (lease) {
        return lease.meta().length();
      }
    }
    throw new IllegalStateException("not held: " + i);
  }

  /** A file that is not. */
  @Benchmark
  public Lookup miss() {
    return store().lookup(new ContentKey(next++, 1));
  }

  private DiskStore store() {
    return Objects.requireNonNull(opened);
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
