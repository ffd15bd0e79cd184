package oca.bench.steer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.ForwardingTable;
import oca.steering.routes.RoutingTable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long does it take to find an address's network among a million of IPv4 and 200,000 of IPv6,
 * and how long to compile that table from what four views say? With {@code -prof gc} it tells the
 * garbage of each look-up, which must be none for a number and little for a match. What the table
 * and the routes behind it take in memory is printed once.
 *
 * <p>Addresses are made beforehand; where in the table they fall is chance, so that the processor's
 * caches help as little as they would with viewers from everywhere. They are looked up in batches,
 * as fast as the processor can overlap them, except by {@link #findOneByOne}. What a read from
 * memory costs is printed beside: no look-up can take less than one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardingTableBenchmark {
  private static final int V4 = 1_000_000;
  private static final int V6 = 200_000;
  private static final int VIEWS = 4;
  private static final long SEED = 20_261_122;
  private static final int ASKED = 1 << 20;
  private static final int BATCH = 1 << 10;
  private static final int NEAR = 1_000;

  /**
   * Which addresses are asked for: {@code v4} and {@code v6} in a prefix chosen by chance, {@code
   * mix} of both families, one in eight of them anywhere and so mostly unknown; {@code near} of
   * both in 2,000 prefixes, as many as a large ISP's viewers come from.
   */
  @Param({"v4", "v6", "mix", "near"})
  public String addresses = "mix";

  private final boolean[] areV4 = new boolean[ASKED];
  private final long[] highs = new long[ASKED];
  private final long[] lows = new long[ASKED];
  private @Nullable RoutingTable routes;
  private ForwardingTable table = ForwardingTable.EMPTY;
  private int next;

  /** Makes the table and the addresses. */
  @Setup(Level.Trial)
  public void fill() {
    Internet internet = new Internet(V4, V6, SEED);
    RoutingTable filled =
        new RoutingTable(
            new RoutingTable.Limits(100, 10_000_000, 2_000_000, 8),
            Duration.ofSeconds(1),
            System::nanoTime);
    for (int view = 0; view < VIEWS; view++) {
      internet.announce(filled.open("bgp " + view, new SiteId("site-" + view)), view);
    }
    routes = filled;
    table = filled.compile();
    Random random = new Random(SEED);
    List<Prefix> prefixes = internet.prefixes();
    for (int i = 0; i < ASKED; i++) {
      boolean v4 = addresses.equals("v4") || (!addresses.equals("v6") && random.nextBoolean());
      boolean near = addresses.equals("near");
      Prefix prefix =
          prefixes.get(
              v4 ? random.nextInt(near ? NEAR : V4) : V4 + random.nextInt(near ? NEAR : V6));
      boolean anywhere = addresses.equals("mix") && random.nextInt(8) == 0;
      Address address = anywhere ? internet.anyAddress(v4) : internet.addressIn(prefix);
      areV4[i] = v4;
      highs[i] = address.high();
      lows[i] = address.low();
    }
    System.out.printf(
        Locale.ROOT,
        "%n64 MiB read at random: %.1f ns each, %.1f ns one by one%n",
        readNanos(false),
        readNanos(true));
    System.out.printf(
        Locale.ROOT,
        "seed %d: %,d prefixes, %,d rankings, %,d paths; table %,d bytes, routes %,d bytes%n",
        SEED,
        table.size(),
        table.rankings(),
        filled.counts().paths(),
        table.bytes(),
        filled.bytes());
  }

  /** The number of the match. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int find() {
    int from = step();
    int sum = 0;
    for (int i = from; i < from + BATCH; i++) {
      sum += table.find(areV4[i], highs[i], lows[i]);
    }
    return sum;
  }

  /** And of the ranking of sites: what a decision that counts nanoseconds needs. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int findRanking() {
    int from = step();
    int sum = 0;
    for (int i = from; i < from + BATCH; i++) {
      int found = table.find(areV4[i], highs[i], lows[i]);
      sum += found == ForwardingTable.NONE ? -1 : table.ranking(found);
    }
    return sum;
  }

  /** Each look-up only after the one before: what one costs whose address is nowhere in a cache. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int findOneByOne() {
    int from = step();
    int found = 0;
    for (int i = from; i < from + BATCH; i++) {
      // The last number is below 2^31, so that this adds nothing, but the processor cannot know.
      int at = i + (found >>> 31);
      found = table.find(areV4[at], highs[at], lows[at]);
    }
    return found;
  }

  /** The match with its prefix and paths, as an answer with an explanation needs it. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void lookup(Blackhole blackhole) {
    int from = step();
    for (int i = from; i < from + BATCH; i++) {
      blackhole.consume(table.lookup(new Address(areV4[i], highs[i], lows[i])));
    }
  }

  /** A table from scratch. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 5)
  @Measurement(iterations = 10)
  public ForwardingTable compile() {
    return Objects.requireNonNull(routes).compile();
  }

  /** What this machine needs for a read of memory that is in no cache. */
  private static double readNanos(boolean oneByOne) {
    int[] memory = new int[1 << 24];
    Arrays.setAll(memory, i -> i);
    double nanos = 0;
    int sum = 0;
    for (int round = 0; round < 5; round++) {
      long began = System.nanoTime();
      int at = round;
      for (int i = 0; i < 1 << 20; i++) {
        at = at * 1_664_525 + 1_013_904_223;
        int read = memory[at >>> 8];
        sum += read;
        at += oneByOne ? read >>> 31 : 0;
      }
      nanos = (System.nanoTime() - began) / (double) (1 << 20);
    }
    // Printed only so that it has to be computed.
    return sum == 1 ? nanos + 1e-9 : nanos;
  }

  /** Where the next batch begins. */
  private int step() {
    next = next + BATCH & ASKED - 1;
    return next;
  }
}
