package oca.bench.pull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongBiFunction;
import oca.bench.serve.Settings;
import oca.bench.serve.Setup;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How soon does everybody have the next segment of a live event? Very many clients ask for each
 * before it is there, and it is published at a known instant; then the same once more while others
 * ask for segments that do not exist.
 *
 * <p>Writes a table to the standard output and {@code live-edge.json} into a folder. Exit code 1
 * when an answer failed or was wrong, when a server of ours asked for a segment twice of an origin
 * that holds requests, or for one that is absent.
 */
@Command(
    name = "live-edge",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Asks for live segments before they are there, by many clients.")
public final class LiveEdge implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final long CONNECT_NANOS = 2_000_000_000L;

  @Mixin private PullSetup setup = new PullSetup();

  @Option(names = "--clients", description = "that watch")
  private int clients = 5000;

  @Option(names = "--segment", description = "bytes of each")
  private String segment = "16KiB";

  @Option(names = "--segments", description = "that count, one after the other")
  private int segments = 5;

  @Option(names = "--warm-up", description = "segments before those")
  private int warmUp = 4;

  @Option(names = "--warm-up-objects", description = "other objects, pulled before anything else")
  private int warmUpObjects = 20_000;

  @Option(names = "--period", description = "seconds from one to the next")
  private double period = 2;

  @Option(
      names = "--origin",
      description = "holds a request until the segment is there, or answers 404")
  private String origin = "holds";

  @Option(names = "--again", description = "milliseconds after a 404 until a client asks again")
  private int again = 200;

  @Option(names = "--missing", description = "Cache-Control of the origin's 404s")
  private String missing = "max-age=1";

  @Option(names = "--storm", description = "connections that ask for what is absent; 0 for none")
  private int storm = 100;

  @Option(names = "--storm-every", description = "milliseconds between requests of each of them")
  private int stormEvery = 50;

  @Option(names = "--storm-paths", description = "how many absent segments they ask for")
  private int stormPaths = 100_000;

  /**
   * What came of one server, without or with the storm.
   *
   * @param server its name
   * @param underStorm whether there was one
   * @param answers right ones, of the segments that count
   * @param failed that did not come, were others or refused
   * @param wrong answers with a wrong byte, among those that failed
   * @param notFound 404s that clients saw
   * @param late answers to requests that came after the publication, whose time counts from there
   * @param upstreamRequests for live segments
   * @param firstByte from the origin's first byte of a segment to each client's
   * @param lastByte the same to each client's last
   * @param goodput of segments, in 10^6 bytes a second of the time that is spent on sending them,
   *     from each publication to the last client's last byte
   * @param stormAnswers answers to the storm
   * @param stormUpstream requests that it caused at the origin
   * @param cpuSeconds of the server
   * @param clientCpuSeconds of the client
   */
  record Result(
      String server,
      boolean underStorm,
      long answers,
      long failed,
      long wrong,
      long notFound,
      long late,
      long upstreamRequests,
      Latency firstByte,
      Latency lastByte,
      double goodput,
      long stormAnswers,
      long stormUpstream,
      double cpuSeconds,
      double clientCpuSeconds) {}

  /**
   * The event: it begins before the server that is told of it starts, and who watches comes later.
   *
   * @param wall when segment 0 begins
   * @param nanos the same by {@link System#nanoTime}
   * @param period from one segment to the next, in nanoseconds
   */
  private record Event(Instant wall, long nanos, long period) {
    static Event now(double periodSeconds) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      return new Event(now, System.nanoTime(), Math.round(periodSeconds * 1000) * 1_000_000);
    }

    /** What an operator would declare. */
    String declared() {
      return String.format(
          Locale.ROOT,
          "{id: bench, segments: /p/live/$Number$, manifests: [], initSegments: [],"
              + " renditions: [], start: \"%s\", segmentDuration: %dms, firstNumber: 0,"
              + " window: 60s}",
          wall,
          period / 1_000_000);
    }

    /** The one that is under way: there when it has ended. */
    long current() {
      return (System.nanoTime() - nanos) / period;
    }

    /** Waits until a segment has ended. */
    void await(long segment) {
      long due = nanos + (segment + 1) * period;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
    }
  }

  /** All of it, as it stands in the JSON file. */
  record Report(
      Settings settings,
      int clients,
      long segmentBytes,
      int segments,
      double period,
      String origin,
      int storm,
      long seed,
      List<Result> runs) {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new LiveEdge(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    if (!origin.equals("holds") && !origin.equals("404")) {
      throw new IllegalArgumentException("--origin is holds or 404, not \"" + origin + "\"");
    }
    FileLimit.check(clients + storm);
    Settings settings = setup.begin(PullSetup.pages(segment));
    setup.print(heading());
    List<Result> runs = new ArrayList<>();
    boolean good = true;
    for (String name : setup.servers()) {
      for (boolean underStorm : storm > 0 ? List.of(false, true) : List.of(false)) {
        Result result = measure(settings, name, underStorm);
        runs.add(result);
        setup.print(row(result));
        good &= good(result);
      }
    }
    setup.write(
        "live-edge.json",
        new Report(
            settings,
            clients,
            PullSetup.pages(segment),
            segments,
            period,
            origin,
            storm,
            setup.seed(),
            List.copyOf(runs)));
    return good ? 0 : 1;
  }

  private boolean good(Result result) {
    boolean once =
        result.server().startsWith("nginx")
            || !holds()
            || result.upstreamRequests() == warmUp + segments;
    boolean quiet = result.server().startsWith("nginx") || result.stormUpstream() == 0;
    return result.failed() == 0 && quiet && result.answers() == (long) clients * segments && once;
  }

  private Result measure(Settings settings, String name, boolean underStorm) throws IOException {
    OriginRules rules = new OriginRules(holds(), PullSetup.pages(segment), missing);
    Event event = Event.now(period);
    try (Origin from = Origin.start(settings, 0, rules);
        PullServer server =
            PullServer.start(settings, name, from.port(), 256, 0, event.declared());
        PullClient client = PullClient.start(settings, "pull-client")) {
      client.run(warming(server, client));
      if (!underStorm) {
        return watch(server, from, client, null, event);
      }
      try (PullClient stormer = PullClient.start(settings, "pull-storm")) {
        stormer.connect(absent(server, stormer));
        return watch(server, from, client, stormer, event);
      }
    }
  }

  private Result watch(
      PullServer server, Origin from, PullClient client, @Nullable PullClient stormer, Event event)
      throws IOException {
    // Connecting may take longer than a segment; so that none is missed, it counts from later on.
    long first = event.current() + 1 + Math.ceilDiv(CONNECT_NANOS, event.period());
    client.connect(watching(server, client, first));
    event.await(first - 1);
    CompletableFuture<PullClient.Ran> others = stormer == null ? null : later(stormer);
    CompletableFuture<PullClient.Ran> watchers = later(client);
    SortedMap<Long, Long> published = publish(from, event, first);
    PullClient.Ran ran = join(watchers);
    return result(server, from, ran, others == null ? null : join(others), published);
  }

  private static CompletableFuture<PullClient.Ran> later(PullClient client) {
    CompletableFuture<PullClient.Ran> ran = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ran.complete(client.go());
              } catch (IOException | RuntimeException e) {
                ran.completeExceptionally(e);
              }
            });
    return ran;
  }

  private static PullClient.Ran join(CompletableFuture<PullClient.Ran> ran) throws IOException {
    try {
      return ran.join();
    } catch (CompletionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  /** All segments, each when it has ended; by their numbers as objects, when each was there. */
  private SortedMap<Long, Long> publish(Origin from, Event event, long first) throws IOException {
    SortedMap<Long, Long> published = new TreeMap<>();
    for (long i = first; i < first + warmUp + segments; i++) {
      event.await(i);
      published.put(Shelf.LIVE + i, from.publish(i));
    }
    return published;
  }

  private PullOrder watching(PullServer server, PullClient client, long first) {
    return order(
        server, client, PullOrder.Plan.SEGMENTS, first, clients, warmUp + segments, again, 0);
  }

  private PullOrder warming(PullServer server, PullClient client) {
    int some = Math.min(clients, 64);
    return order(server, client, PullOrder.Plan.OBJECTS, 0, some, warmUpObjects, 0, 0);
  }

  private PullOrder absent(PullServer server, PullClient client) {
    double seconds = (warmUp + segments) * period;
    return order(server, client, PullOrder.Plan.ABSENT, 0, storm, stormPaths, stormEvery, seconds);
  }

  private PullOrder order(
      PullServer server,
      PullClient client,
      PullOrder.Plan plan,
      long first,
      int connections,
      int objects,
      int everyMillis,
      double seconds) {
    return new PullOrder(
        server.port(),
        connections,
        plan,
        setup.seed(),
        first,
        objects,
        PullSetup.pages(segment),
        0,
        0,
        everyMillis,
        seconds,
        PATIENCE_MILLIS + (int) (period * 1000),
        client.samples(),
        server.pids());
  }

  private Result result(
      PullServer server,
      Origin from,
      PullClient.Ran ran,
      PullClient.@Nullable Ran stormed,
      SortedMap<Long, Long> all)
      throws IOException {
    OriginCounts counts = from.counts();
    SortedMap<Long, Long> published = all.tailMap(all.firstKey() + warmUp);
    Map<Long, Long> begun = new HashMap<>();
    for (Map.Entry<Long, Long> each : published.entrySet()) {
      long at = from.ledger(each.getKey()).map(Ledger.Page::begun).orElse(each.getValue());
      begun.put(each.getKey(), at);
    }
    List<Sample> counted =
        ran.samples().stream().filter(it -> published.containsKey(it.object())).toList();
    List<Sample> good = counted.stream().filter(Sample::isGood).toList();
    ToLongBiFunction<Sample, Long> since =
        (sample, at) -> at - Math.max(begun.getOrDefault(sample.object(), 0L), sample.askedAt());
    return new Result(
        server.name(),
        stormed != null,
        good.size(),
        counted.stream().filter(it -> !it.isGood() && it.status() != 404).count(),
        ran.wrong(),
        counted.stream().filter(it -> it.status() == 404).count(),
        good.stream().filter(it -> it.askedAt() > published.getOrDefault(it.object(), 0L)).count(),
        counts.live(),
        Latency.of(good.stream().mapToLong(it -> since.applyAsLong(it, it.firstAt()))),
        Latency.of(good.stream().mapToLong(it -> since.applyAsLong(it, it.lastAt()))),
        goodput(good, published),
        stormed == null ? 0 : stormed.samples().stream().filter(Sample::isRefusal).count(),
        counts.absent(),
        ran.result().serverCpuSeconds(),
        ran.result().clientCpuSeconds());
  }

  private static double goodput(List<Sample> good, Map<Long, Long> published) {
    Map<Long, Long> last = new HashMap<>();
    long bytes = 0;
    for (Sample sample : good) {
      last.merge(sample.object(), sample.lastAt(), Math::max);
      bytes += sample.length();
    }
    long nanos = 0;
    for (Map.Entry<Long, Long> each : last.entrySet()) {
      nanos += each.getValue() - published.getOrDefault(each.getKey(), 0L);
    }
    return nanos == 0 ? 0 : bytes * 1e3 / nanos;
  }

  private boolean holds() {
    return origin.equals("holds");
  }

  private String heading() {
    return String.format(
        Locale.ROOT,
        "%d clients, segments of %s every %s s, %d of them after %d; an origin that %s%n"
            + "storm: %d connections, each every %d ms one of %d absent paths%n"
            + "%-12s %-6s %7s %6s %6s %6s %9s %26s %26s %7s %7s %9s %6s %6s",
        clients,
        segment,
        period,
        segments,
        warmUp,
        holds() ? "holds" : "answers 404",
        storm,
        stormEvery,
        stormPaths,
        "server",
        "storm",
        "right",
        "failed",
        "404s",
        "late",
        "upstream",
        "first byte ms: p50 p99 max",
        "last byte ms: p50 p99 max",
        "MB/s",
        "storm",
        "upstream",
        "CPU s",
        "client");
  }

  private static String row(Result result) {
    return String.format(
        Locale.ROOT,
        "%-12s %-6s %7d %6d %6d %6d %9d %26s %26s %7.1f %7d %9d %6.2f %6.2f",
        result.server(),
        result.underStorm() ? "yes" : "no",
        result.answers(),
        result.failed(),
        result.notFound(),
        result.late(),
        result.upstreamRequests(),
        result.firstByte().columns(),
        result.lastByte().columns(),
        result.goodput(),
        result.stormAnswers(),
        result.stormUpstream(),
        result.cpuSeconds(),
        result.clientCpuSeconds());
  }
}
