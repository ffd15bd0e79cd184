package oca.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import oca.server.http.KernelPageCache;
import oca.server.http.PageCache;
import oca.store.disk.OpenFile;
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
 * What does it cost to ask, before each chunk is sent, whether all of it is in memory? It is, as it
 * mostly is. With {@code -prof gc} it tells the garbage of each question, which must be none.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ResidencyBenchmark {
  private static final int LENGTH = 64 << 20;

  /** Bytes that are asked for. */
  @Param({"16384", "65536", "262144", "2097152"})
  public int range = 16384;

  private final PageCache pages = KernelPageCache.instances().get();
  private Path path = Path.of("");
  private @Nullable OpenFile file;
  private int descriptor;
  private int position;

  /** Writes a file and has it in memory by that. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    path = Files.createTempFile(Path.of(""), "residency", null);
    Files.write(path, new byte[LENGTH]);
    OpenFile opened = OpenFile.of(new RandomAccessFile(path.toFile(), "r"));
    file = opened;
    descriptor = opened.descriptor();
    // Read in as a disk thread reads, in pieces.
    for (int at = 0; at < LENGTH; at += 1 << 20) {
      pages.fetch(descriptor, at, 1 << 20);
    }
  }

  /** Deletes it. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Objects.requireNonNull(file).close();
    Files.delete(path);
  }

  /** The question while nothing is read from the file's volume. */
  @Benchmark
  public boolean ask() {
    position = position + range >= LENGTH ? 0 : position + range;
    if (!pages.holds(descriptor, position, range)) {
      throw new IllegalStateException("evicted at byte " + position);
    }
    return true;
  }

  /** The question while something is. */
  @Benchmark
  public boolean askCarefully() {
    return ask() && pages.isSettled(descriptor, position, range);
  }
}
