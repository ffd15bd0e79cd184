package oca.bench.fill;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import oca.fill.JobService;
import oca.fill.jobs.JobFile;
import oca.fill.jobs.JobStore;
import oca.fill.jobs.Standing;
import oca.fill.jobs.Wanted;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import oca.model.ApplianceId;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillProgress;
import oca.protocol.http.ControlClient;
import org.HdrHistogram.Histogram;

/**
 * How long it takes from an event to the grant that an appliance begins its request with, and until
 * a restarted controller works again, with many jobs queued.
 *
 * <p>Arguments: how many jobs are queued, and a PostgreSQL JDBC URL (user {@code postgres});
 * without it H2 in a temporary file. The engine runs behind its own routes; what is measured is
 * measured at the other end of a loopback connection, from before a message is sent until the grant
 * is there:
 *
 * <ul>
 *   <li>an ask, until its answer grants the next job (one transaction)
 *   <li>the command to resume a job, until the ask that an idle appliance has open grants it (two)
 *   <li>the command to pause it, until the next ask is told to stop
 * </ul>
 */
public final class JobEngine {
  private static final int APPLIANCES = 100;
  private static final int EVENTS = 5_000;
  private static final int WARM_UP = 3_000;
  private static final ApplianceId IDLE = new ApplianceId("idle");

  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));
  private final JobService service;
  private final Map<ApplianceId, Long> heard = new HashMap<>();

  private JobEngine(JobService service) {
    this.service = service;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    Path folder = Files.createTempDirectory("job-engine");
    ConnectionSource source =
        args.length > 1
            ? ConnectionSource.postgres(args[1], Optional.of("postgres"), Optional.empty())
            : ConnectionSource.h2(folder.resolve("jobs"));
    enter(source, jobs);
    System.gc();
    long before = used();
    long start = System.nanoTime();
    try (JobService service = new JobService(source)) {
      JobEngine bench = new JobEngine(service);
      bench.firstGrant(start);
      while (service.status().queued() < jobs - 10) {
        LockSupport.parkNanos(20_000_000);
      }
      long loaded = millis(start);
      System.gc();
      say("%d jobs in memory after %d ms, %d MB", jobs, loaded, (used() - before) >> 20);
      bench.asks();
      bench.commands();
      bench.client.close();
    }
  }

  private static void enter(ConnectionSource source, int jobs) throws IOException {
    List<Wanted> wanted = new ArrayList<>(jobs);
    Set<ApplianceId> all = new HashSet<>();
    for (int i = 0; i < jobs; i++) {
      ApplianceId to = id(i % APPLIANCES);
      all.add(to);
      wanted.add(want(to, "titles/t" + i / APPLIANCES + "/v0.mp4", i % 997));
    }
    all.add(IDLE);
    wanted.add(want(IDLE, "a", 1));
    try (JobStore store = JdbcJobStore.open(source)) {
      long start = System.nanoTime();
      var _ = store.apply(store.look().plan() + 1, all, wanted);
      say("plan of %d jobs entered in %d ms", jobs, millis(start));
    }
  }

  private static Wanted want(ApplianceId to, String path, double value) {
    JobFile file = new JobFile(path, "ab".repeat(32), 1 << 20);
    return new Wanted(to, file, value, Standing.NO_DEADLINE, false);
  }

  private void firstGrant(long start) {
    FillGrant first = null;
    while (first == null || first.grants().isEmpty()) {
      try {
        first = ask(id(7), 1, List.of());
      } catch (IOException e) {
        LockSupport.parkNanos(5_000_000);
      }
    }
    say(
        "first grant %d ms after the start, with %d of the jobs read",
        millis(start), service.status().queued());
  }

  private void asks() throws IOException {
    Histogram micros = new Histogram(3);
    for (int i = 0; i < EVENTS + WARM_UP; i++) {
      ApplianceId who = id(i % APPLIANCES);
      long at = System.nanoTime();
      FillGrant granted = ask(who, 1, List.of());
      if (i >= WARM_UP) {
        micros.recordValue((System.nanoTime() - at) / 1_000);
      }
      var _ = client.post(uri("v1/fill/progress"), new FillProgress(who, ends(granted)));
    }
    say("ask to grant", micros);
  }

  private static List<FillProgress.Item> ends(FillGrant granted) {
    return granted.grants().stream()
        .map(
            it ->
                new FillProgress.Item(
                    it.job(),
                    it.generation(),
                    it.attempt(),
                    FillProgress.State.HELD,
                    1 << 20,
                    0,
                    ""))
        .toList();
  }

  /** An idle appliance has an ask open; its one job is resumed and paused in turn. */
  private void commands() throws Exception {
    FillGrant.Grant job = ask(IDLE, 1, List.of()).grants().getFirst();
    Exchanger<Long> arrivals = new Exchanger<>();
    Thread appliance = Thread.ofVirtual().start(() -> wait(job, arrivals));
    Histogram grants = new Histogram(3);
    Histogram stops = new Histogram(3);
    for (int i = 0; i < EVENTS + WARM_UP; i++) {
      long paused = command(job.job(), "pause");
      long stopped = arrivals.exchange(0L, 30, TimeUnit.SECONDS);
      long resumed = command(job.job(), "resume");
      long granted = arrivals.exchange(0L, 30, TimeUnit.SECONDS);
      if (i >= WARM_UP) {
        stops.recordValue((stopped - paused) / 1_000);
        grants.recordValue((granted - resumed) / 1_000);
      }
    }
    appliance.interrupt();
    say("command to grant on an open ask", grants);
    say("command to stop on an open ask", stops);
  }

  /** Sends once the appliance's next ask is open at the controller; when it was sent. */
  private long command(long job, String what) throws IOException {
    LockSupport.parkNanos(3_000_000);
    long at = System.nanoTime();
    var _ = client.post(uri("v1/jobs/" + job + "/" + what), Map.of());
    return at;
  }

  private void wait(FillGrant.Grant first, Exchanger<Long> arrivals) {
    List<FillAsk.Running> running = List.of(running(first));
    try {
      while (true) {
        FillGrant told = ask(IDLE, 1, running);
        long at = System.nanoTime();
        boolean granted = !told.grants().isEmpty();
        if (granted || !told.stops().isEmpty()) {
          running = granted ? List.of(running(told.grants().getFirst())) : List.of();
          var _ = arrivals.exchange(at, 30, TimeUnit.SECONDS);
        }
      }
    } catch (IOException | InterruptedException | TimeoutException e) {
      // The end.
    }
  }

  private static FillAsk.Running running(FillGrant.Grant grant) {
    return new FillAsk.Running(grant.job(), grant.generation(), grant.attempt(), 0);
  }

  private FillGrant ask(ApplianceId who, int room, List<FillAsk.Running> running)
      throws IOException {
    long last = heard.getOrDefault(who, 0L);
    FillAsk ask = new FillAsk(who, "boot", room, last, running, 20_000);
    FillGrant told = client.post(uri("v1/fill/asks"), ask, FillGrant.class);
    heard.put(who, Math.max(last, told.number()));
    return told;
  }

  private URI uri(String path) {
    return service.endpoint().http(path);
  }

  private static ApplianceId id(int number) {
    return new ApplianceId("a-" + number);
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long millis(long since) {
    return (System.nanoTime() - since) / 1_000_000;
  }

  private static void say(String what, Histogram micros) {
    say(
        "%s: p50 %d us, p99 %d us, p99.9 %d us, longest %d us; %d events",
        what,
        micros.getValueAtPercentile(50),
        micros.getValueAtPercentile(99),
        micros.getValueAtPercentile(99.9),
        micros.getMaxValue(),
        micros.getTotalCount());
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void say(String format, Object... values) {
    System.out.println(String.format(format, values));
  }
}
