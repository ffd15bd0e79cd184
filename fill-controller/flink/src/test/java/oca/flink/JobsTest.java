package oca.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jobs on a Flink that the test starts: same answers, through restarts too. */
@Tag("flink")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JobsTest {
  private static final Settings SETTINGS = new Settings("made", MadeLog.FILL, 100, 1000);

  @TempDir Path folder;

  @Test
  void log_byFlink_givesWhatTheControllerGives() throws Exception {
    long seed = System.nanoTime();
    MadeLog log = made(seed);
    TestResults results = new TestResults("equal");
    run(log, "equal", results, 2, 1e9, 0);
    assertEquals(
        "",
        InProcess.differences(InProcess.take(log, folder), results.answers()),
        "controller / Flink, seed " + seed);
  }

  @Test
  void log_withFailures_givesTheSame() throws Exception {
    long seed = System.nanoTime();
    MadeLog log = made(seed);
    TestResults results = new TestResults("restart");
    run(log, "restart", results, 2, log.arrivals.size() / 12.0, 3);
    assertEquals(3, FailOnce.failures(), "seed " + seed);
    assertTrue(FailOnce.checkpoints() >= 3);
    assertEquals(
        "",
        InProcess.differences(InProcess.take(log, folder), results.answers()),
        "controller / Flink restarted, seed " + seed);
  }

  @Test
  void rank_ofWhatIsAskedForNow_isFreshWithinFiveSeconds() throws Exception {
    TestResults results = new TestResults("fresh");
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
    environment.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE);
    environment.setBufferTimeout(20);
    DataStream<Arrival> messages =
        environment
            .fromSource(FreshRank.source(12), Jobs.times(), "now", FormType.of(Forms.ARRIVAL))
            .setParallelism(1);
    new Jobs(SETTINGS, new FreshRank())
        .results(messages, EnumSet.allOf(Jobs.Job.class))
        .sinkTo(results)
        .setParallelism(1);
    finish(environment.executeAsync("fresh"));
    List<Long> millis = new ArrayList<>();
    FreshRank.ASKED.forEach(
        (file, asked) -> {
          Long ranked = results.ranked().get(file);
          assertNotNull(ranked, () -> file + " was never ranked");
          millis.add(TimeUnit.NANOSECONDS.toMillis(ranked - asked));
        });
    Collections.sort(millis);
    System.out.printf(
        "rank: %d files, median %d ms after they were asked for, worst %d ms%n",
        millis.size(), millis.get(millis.size() / 2), millis.getLast());
    assertTrue(millis.size() > 20 && millis.getLast() < 5000, millis.toString());
  }

  @Test
  void log_long_hasAllItsBytesLabelled() throws Exception {
    long seed = System.nanoTime();
    MadeLog log = new MadeLog(seed, Instant.now().minusSeconds(25_000), 20_000);
    TestResults results = new TestResults("long");
    run(log, "long", results, 2, 1e9, 0);
    double seconds = (System.nanoTime() - TestLog.BEGUN.get("long")) / 1e9;
    Map<String, Long> counts = results.answers().counts();
    assertEquals(counts.get("misses.bytes"), counts.get(Counted.LABELLED), "seed " + seed);
    System.out.printf(
        "log: %d messages, %d responses and %d answers in %.1f s on 2 slots%n",
        log.arrivals.size(), counts.get("misses.responses"), counts.get("misses.answers"), seconds);
  }

  private static MadeLog made(long seed) {
    return new MadeLog(seed, Instant.now().truncatedTo(ChronoUnit.HOURS).minusSeconds(3000), 1500);
  }

  private static void run(
      MadeLog log, String name, TestResults results, int parallel, double perSecond, int failures)
      throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, failures);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(parallel, configuration);
    environment.enableCheckpointing(250, CheckpointingMode.EXACTLY_ONCE);
    environment.setBufferTimeout(20);
    TestLog source = new TestLog(name, log);
    DataStream<Arrival> messages =
        environment
            .fromSource(source.source(perSecond), Jobs.times(), "log", FormType.of(Forms.ARRIVAL))
            .setParallelism(1)
            .map(new FailOnce(failures))
            .returns(FormType.of(Forms.ARRIVAL))
            .setParallelism(1);
    new Jobs(SETTINGS, source)
        .results(messages, EnumSet.allOf(Jobs.Job.class))
        .sinkTo(results)
        .setParallelism(1);
    finish(environment.executeAsync(name));
  }

  private static void finish(JobClient job) throws Exception {
    var _ = job.getJobExecutionResult().get(90, TimeUnit.SECONDS);
  }
}
