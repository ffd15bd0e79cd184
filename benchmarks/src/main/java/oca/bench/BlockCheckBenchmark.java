package oca.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oca.server.http.KernelPageCache;
import oca.server.http.PageCache;
import oca.store.Admission;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Lookup;
import oca.store.Provenance;
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

/**
 * What does it cost that nothing is sent that was not compared with its checksum? Of a MiB that is
 * in memory: the question whether it is ({@link #holds}), which was there before, and whether it
 * was compared ({@link #covers}), which is what hot bytes pay; and what cold ones pay once on their
 * way in, being read ({@link #fetch}) and being compared ({@link #compare}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BlockCheckBenchmark {
  private static final int LENGTH = 64 << 20;
  private static final int MIB = 1 << 20;
  private static final ContentKey KEY = new ContentKey(1, 2);

  private final PageCache pages = KernelPageCache.instances().get();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(256 << 10);
  private @Nullable Path folder;
  private @Nullable DiskStore store;
  private @Nullable ContentLease lease;
  private long at;

  @Setup(Level.Trial)
  public void fill() throws IOException, NoSuchAlgorithmException {
    Path place = Files.createTempDirectory("block-check");
    folder = place;
    DiskStore made =
        DiskStore.open(
            StoreConfig.of(
                List.of(new StoreConfig.VolumeConfig(place.resolve("disk"), 256 << 20)),
                place.resolve("index")));
    store = made;
    made.recovery().join();
    byte[] bytes = new byte[LENGTH];
    new Random(1).nextBytes(bytes);
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    ContentMeta meta = new ContentMeta(KEY, LENGTH, sha, "video/mp4", 1);
    Admission admission =
        made.fill(new FillRequest(meta, null, new Provenance("benchmark", 0, 1, 1)));
    if (!(admission instanceof Admission.Admitted(FillSession session))) {
      throw new IOException("not admitted: " + admission);
    }
    try (session) {
      session.append(ByteBuffer.wrap(bytes));
      session.commit();
    }
    if (!(made.lookup(KEY) instanceof Lookup.Hit(ContentLease hit))) {
      throw new IOException("the file is not there");
    }
    lease = hit;
    hit.checks().check(hit.contentOffset(), LENGTH, scratch);
  }

  private ContentLease lease() {
    return Objects.requireNonNull(lease);
  }

  private long next() {
    at = (at + MIB) % LENGTH;
    return lease().contentOffset() + at;
  }

  @Benchmark
  public boolean holds() {
    return pages.holds(lease().descriptor(), next(), MIB);
  }

  @Benchmark
  public boolean covers() {
    return lease().checks().covers(next(), MIB);
  }

  @Benchmark
  public long fetch() {
    return pages.fetch(lease().descriptor(), next(), MIB);
  }

  @Benchmark
  public void compare() throws IOException {
    long position = next();
    lease().checks().forget(position, MIB);
    lease().checks().check(position, MIB, scratch);
  }

  @TearDown(Level.Trial)
  public void remove() throws IOException {
    lease().close();
    Objects.requireNonNull(store).close();
    try (Stream<Path> all = Files.walk(Objects.requireNonNull(folder))) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
