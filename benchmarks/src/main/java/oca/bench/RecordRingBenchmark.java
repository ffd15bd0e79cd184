package oca.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.protocol.records.RecordBatch;
import oca.protocol.records.RecordLog;
import oca.protocol.records.RecordSink;
import oca.protocol.records.RecordsConfig;
import oca.server.records.AnswerTimes;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does an event loop pay to have an answer told: the record offered to each sink's ring, and
 * its time counted? With {@code -prof gc} it tells the bytes of garbage of each, too; the record
 * itself is made beforehand.
 *
 * <p>The sinks take what they get and do nothing with it. A writer that does nothing but write may
 * be faster than its reader, so part of the records meet a full ring: this is the cost under more
 * load than event loops make.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordRingBenchmark {
  private static final ServeRecord RECORD =
      new ServeRecord(
          Instant.EPOCH, new ContentId(1, 2), "192.0.2.0", 206, 0, 65_536, true, 700, "part");

  /** Sinks that each record is offered to. */
  @Param({"1", "2"})
  public int sinks = 1;

  private final AnswerTimes times = new AnswerTimes();
  private @Nullable RecordLog<ServeRecord> opened;

  /** Starts the sinks. */
  @Setup(Level.Trial)
  public void start() {
    RecordsConfig config =
        new RecordsConfig(
            Optional.empty(),
            Optional.empty(),
            1 << 20,
            2000,
            Duration.ofMillis(1),
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            100,
            Duration.ofSeconds(3));
    List<RecordSink<ServeRecord>> nowhere =
        IntStream.range(0, sinks)
            .<RecordSink<ServeRecord>>mapToObj(i -> new Nowhere("sink" + i))
            .toList();
    opened = RecordLog.start(new ApplianceId("bench"), "boot", config, nowhere);
  }

  /** Ends them. */
  @TearDown(Level.Trial)
  public void stop() {
    log().close();
  }

  /** One event loop. */
  @Benchmark
  public void accept() {
    log().accept(RECORD);
  }

  /** Two event loops that do nothing else. */
  @Benchmark
  @Threads(2)
  public void acceptByTwo() {
    log().accept(RECORD);
  }

  /** The histogram of answers alone. */
  @Benchmark
  public void count() {
    times.accept(RECORD);
  }

  private RecordLog<ServeRecord> log() {
    return Objects.requireNonNull(opened);
  }

  private record Nowhere(String name) implements RecordSink<ServeRecord> {
    @Override
    public void write(RecordBatch<ServeRecord> batch) {}

    @Override
    public void tick() {}

    @Override
    public void close() {}
  }
}
