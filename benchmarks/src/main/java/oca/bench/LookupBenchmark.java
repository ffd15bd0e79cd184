package oca.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oca.store.ContentKey;
import oca.store.DiskStore;
import oca.store.Lookup;
import oca.store.ManyFiles;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a hot lookup cost in a real store, the lease taken and given back, among how many
 * others? With {@code -prof gc} it tells the bytes of garbage of each, too.
 *
 * <p>The hot files are real ones, filled as any other, with their descriptors open. The rest stand
 * in the store's table as if they had been found on its disk, where they are not: nobody asks for
 * them. Of the figures of garbage the last iteration's is not the lookup's: closing and deleting
 * the store falls into it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 12, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
  private static final int HOT = 1_000;

  /** Files in the store, at least the hot ones. */
  @Param({"1000", "5000000"})
  public int objects = HOT;

  private final ContentKey[] held = new ContentKey[HOT];
  private final ContentKey[] strange = new ContentKey[HOT];
  private Path folder = Path.of("");
  private @Nullable DiskStore opened;
  private int next;

  /** Fills a store. */
  @Setup(Level.Trial)
  public void fill() throws IOException {
    folder = Files.createTempDirectory("oca-lookup-");
    DiskStore store = DiskStore.open(ManyFiles.config(folder, objects + objects / 10L, HOT));
    opened = store;
    store.recovery().join();
    ManyFiles.pretend(store, HOT, objects);
    ManyFiles.fill(store, 0, HOT);
    // Made beforehand, so that what is measured makes no keys.
    for (int i = 0; i < HOT; i++) {
      held[i] = ManyFiles.key(i);
      strange[i] = ManyFiles.key(-1 - i);
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
    ContentKey key = held[step()];
    if (store().lookup(key) instanceof Lookup.Hit(var lease)) {
      try (lease) {
        return lease.meta().length();
      }
    }
    throw new IllegalStateException("not held: " + key);
  }

  /** A file that is not. */
  @Benchmark
  public Lookup miss() {
    return store().lookup(strange[step()]);
  }

  private int step() {
    int now = next;
    next = now + 1 == HOT ? 0 : now + 1;
    return now;
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
