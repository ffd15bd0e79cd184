package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * How many ranges does a server serve in a second over real sockets, and what does a gigabyte of
 * them cost its cores? The server and the client are processes of their own, pinned to CPU 0 and
 * CPU 1; the secondary results {@code requests} and {@code megabytes} are per second, {@code
 * cpuMillis} is the server's CPU time per second, and their ratio is printed after each iteration.
 *
 * <p>{@link Comparison} asks the same of all servers in interleaved rounds, and is the one whose
 * figures we publish: JMH measures one server after the other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RangeServingBenchmark {
  private static final long BYTES = 512L << 20;
  private static final int MOST = 20_000;

  /** As {@link Comparison} names them. */
  @Param({"oca-io_uring", "oca-epoll", "oca-nio", "nginx", "nginx-nopush"})
  public String server = "oca-nio";

  /** Of each range. */
  @Param({"16KiB", "64KiB", "256KiB", "1MiB", "4MiB"})
  public String size = "64KiB";

  /** Kept alive through one invocation. */
  @Param({"32", "512"})
  public int connections = 32;

  /** TLS 1.3, or cleartext. */
  @Param("false")
  public boolean tls;

  private @Nullable Settings settings;
  private @Nullable Server started;
  private @Nullable Client client;
  private long invocations;

  /** What the client counted, per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counted {
    /** Answers. */
    public long requests;

    /** Of bodies, 10^6 bytes each. */
    public double megabytes;

    /** User and system time of the server's processes. */
    public double cpuMillis;

    /** Prints what the rates cannot say. */
    @TearDown(Level.Iteration)
    public void print() {
      System.out.printf("[server CPU %.0f ms/GB] ", cpuMillis / megabytes * 1000);
    }
  }

  /** Starts both processes and compares bytes once. */
  @Setup(Level.Trial)
  public void start() throws IOException {
    Path folder = Files.createDirectories(Path.of("benchmarks/target/serve"));
    Settings made =
        new Settings(
            folder,
            Path.of("packaging/jvm.options"),
            "0",
            "1",
            1,
            1L << 30,
            "TLS_AES_128_GCM_SHA256");
    Optional<Certificate> certificate =
        tls ? Optional.of(Certificate.make(folder)) : Optional.empty();
    settings = made;
    started =
        switch (Servers.start(made, server, certificate)) {
          case Servers.Start.Started(Server up) -> up;
          case Servers.Start.NotCompared(String why) -> throw new IOException(server + " " + why);
        };
    client = Client.start(made);
    run(true, 100);
  }

  /** Stops them. */
  @TearDown(Level.Trial)
  public void stop() {
    if (client != null) {
      client.close();
    }
    if (started != null) {
      started.close();
    }
  }

  /** A fixed number of ranges. */
  @Benchmark
  public void serve(Counted counted) throws IOException {
    long count = Math.clamp(BYTES / Cell.bytes(size), 2L * connections, MOST);
    LoadResult result = run(false, count);
    counted.requests += result.requests();
    counted.megabytes += result.bytes() / 1e6;
    counted.cpuMillis += result.serverCpuSeconds() * 1000;
  }

  private LoadResult run(boolean verify, long requests) throws IOException {
    Server asked = Objects.requireNonNull(started);
    Settings set = Objects.requireNonNull(settings);
    LoadOrder order =
        new LoadOrder(
            asked.port(),
            MadeBytes.PATH,
            tls ? set.cipherSuite() : "",
            connections,
            Cell.bytes(size),
            set.fileBytes(),
            0,
            0,
            requests,
            verify,
            invocations++,
            asked.pids());
    return Objects.requireNonNull(client).run(order, asked).result();
  }
}
