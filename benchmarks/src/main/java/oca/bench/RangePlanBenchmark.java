package oca.bench;

import java.util.concurrent.TimeUnit;
import oca.model.ContentId;
import oca.server.range.ContentRequest;
import oca.server.range.Reply;
import oca.server.range.ReplyPlanner;
import oca.server.range.Representation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to decide on an answer, apart from sending it: a path to its id, and a request
 * with a range to its reply?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RangePlanBenchmark {
  private static final String PATH = "titles/harbour/v2.mp4";

  private final Representation file =
      Representation.of("ab".repeat(32), 5_000_000_000L, 1_767_225_600L, "video/mp4");
  private final ContentRequest part =
      new ContentRequest(
          ContentRequest.Method.GET,
          PATH,
          "bytes=4294967296-4295098367",
          file.entityTag(),
          null,
          null,
          null,
          null);

  /** A path to its id. */
  @Benchmark
  public ContentId id() {
    return ContentId.ofPath(PATH);
  }

  /** A range with If-Range to its reply. */
  @Benchmark
  public Reply part() {
    return ReplyPlanner.plan(part, file, 16);
  }
}
