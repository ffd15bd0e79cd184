package oca.bench.fill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.fill.jobs.Courier;
import oca.fill.jobs.EngineSettings;
import oca.fill.jobs.FillEngine;
import oca.fill.jobs.JobFile;
import oca.fill.jobs.JobStore;
import oca.fill.jobs.Standing;
import oca.fill.jobs.Tell;
import oca.fill.jobs.Wanted;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import oca.model.ApplianceId;
import oca.protocol.FillAsk;
import oca.protocol.FillProgress;
import org.HdrHistogram.Histogram;

/**
 * How long does it take from an appliance's ask to its grant with many jobs queued, and how long
 * until a restarted engine works again?
 *
 * <p>Arguments: how many jobs are queued, and a PostgreSQL JDBC URL (user {@code postgres});
 * without it H2 in a temporary file. 100 appliances ask one after the other, 5,000 times; each ask
 * and the end of its job is durable before the next.
 */
public final class JobEngine {
  private static final int APPLIANCES = 100;
  private static final int ASKS = 5_000;

  private JobEngine() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    Path folder = Files.createTempDirectory("job-engine");
    ConnectionSource source =
        args.length > 1
            ? ConnectionSource.postgres(args[1], Optional.of("postgres"), Optional.empty())
            : ConnectionSource.h2(folder.resolve("jobs"));
    List<Wanted> wanted = new ArrayList<>(jobs);
    Set<ApplianceId> all = new HashSet<>();
    for (int i = 0; i < jobs; i++) {
      ApplianceId to = id(i % APPLIANCES);
      all.add(to);
      JobFile file = new JobFile("titles/t" + i / APPLIANCES + "/v0.mp4", "ab".repeat(32), 1 << 20);
      wanted.add(new Wanted(to, file, i % 997, Standing.NO_DEADLINE, false));
    }
    try (JobStore store = JdbcJobStore.open(source)) {
      long start = System.nanoTime();
      var _ = store.apply(store.look().plan() + 1, all, wanted);
      say("plan of %d jobs entered in %d ms", jobs, millis(start));
    }
    wanted.clear();
    try (JobStore store = JdbcJobStore.open(source)) {
      run(store);
    }
  }

  private static void run(JobStore store) throws IOException {
    List<Tell> told = new ArrayList<>();
    Courier courier =
        new Courier() {
          @Override
          public void tell(ApplianceId appliance, List<Tell> tells) {
            told.addAll(tells);
          }

          @Override
          public void moved(ApplianceId appliance) {}
        };
    long start = System.nanoTime();
    FillEngine engine =
        new FillEngine(
            "bench " + start,
            "here",
            EngineSettings.DEFAULT,
            store,
            courier,
            _ -> true,
            System::nanoTime);
    engine.start();
    var _ = engine.tick();
    var _ = engine.ask(new FillAsk(id(0), "boot", 1, 0, List.of()));
    long first = millis(start);
    System.gc();
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    say(
        "first grant %d ms after the start, %d queued, heap in use %d MB",
        first, engine.status().queued(), used >> 20);
    Histogram micros = new Histogram(3);
    long[] heard = new long[APPLIANCES];
    for (int i = 1; i <= ASKS; i++) {
      int who = i % APPLIANCES;
      told.clear();
      long at = System.nanoTime();
      var _ = engine.ask(new FillAsk(id(who), "boot", 1, heard[who], List.of()));
      micros.recordValue((System.nanoTime() - at) / 1_000);
      List<FillProgress.Item> ends = new ArrayList<>();
      for (Tell tell : told) {
        heard[who] = Math.max(heard[who], tell.number());
        ends.add(
            new FillProgress.Item(
                tell.job(),
                tell.generation(),
                tell.attempt(),
                FillProgress.State.HELD,
                1 << 20,
                0,
                ""));
      }
      var _ = engine.progress(new FillProgress(id(who), ends));
      var _ = engine.tick();
    }
    say(
        "ask to grant: p50 %d us, p99 %d us, p99.9 %d us, longest %d us; %d asks",
        micros.getValueAtPercentile(50),
        micros.getValueAtPercentile(99),
        micros.getValueAtPercentile(99.9),
        micros.getMaxValue(),
        ASKS);
  }

  private static ApplianceId id(int number) {
    return new ApplianceId("a-" + number);
  }

  private static long millis(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void say(String format, Object... values) {
    System.out.println(String.format(format, values));
  }
}
