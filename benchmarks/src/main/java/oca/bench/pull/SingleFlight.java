package oca.bench.pull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.bench.serve.Settings;
import oca.bench.serve.Setup;
import oca.config.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Is each byte fetched once, however many want it at once, and how soon do they have it? Very many
 * clients ask for random ranges of one object that nobody has asked for before.
 *
 * <p>Writes a table to the standard output and {@code single-flight.json} into a folder. Exit code
 * 1 when an answer failed or was wrong, or when a server of ours fetched a byte twice.
 */
@Command(
    name = "single-flight",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Asks for random ranges of a cold object by many clients at once.")
public final class SingleFlight implements Callable<Integer> {
  private static final long OBJECT = 1;

  @Mixin private PullSetup setup = new PullSetup();

  @Option(names = "--clients", description = "connections that ask at once")
  private int clients = 2000;

  @Option(names = "--size", description = "of the object")
  private String size = "1GiB";

  @Option(names = "--range", description = "of each request")
  private String range = "256KiB";

  @Option(names = "--asks", description = "requests of each client, one after the other")
  private int asks = 4;

  @Option(names = "--origin-rate", description = "bytes a second, 0B for no limit")
  private String originRate = "400MB";

  @Option(
      names = "--warm-ups",
      description =
          "runs of the same kind before, on objects of their own: a server runs for months")
  private int warmUps = 4;

  @Option(names = "--timeout-millis", description = "after which an answer counts as failed")
  private int timeoutMillis = 60_000;

  /**
   * What came of one server.
   *
   * @param server its name
   * @param answers right ones
   * @param failed answers that did not come, or were others
   * @param wrong answers with a wrong byte, among those that failed
   * @param refused answers that say that there are no bytes
   * @param upstreamRequests that the origin got
   * @param askedBytes of the object, that anybody asked for, each counted once
   * @param sentBytes of the object, by the origin
   * @param twiceBytes of those, beyond the first time that each was sent
   * @param most how often the block of 4 KiB was sent that was sent most often
   * @param firstWake from the origin's write of a block to a client's first byte, which is in that
   *     block, of those who had asked before
   * @param lastWake the same, of the last byte of a range
   * @param seconds to the last answer
   * @param requestsPerSecond answers
   * @param cpuSeconds of the server
   * @param clientCpuSeconds of the client
   */
  record Result(
      String server,
      long answers,
      long failed,
      long wrong,
      long refused,
      long upstreamRequests,
      long askedBytes,
      long sentBytes,
      long twiceBytes,
      int most,
      Latency firstWake,
      Latency lastWake,
      double seconds,
      double requestsPerSecond,
      double cpuSeconds,
      double clientCpuSeconds) {
    boolean good(boolean isOurs, long expected) {
      return answers == expected
          && failed == 0
          && wrong == 0
          && refused == 0
          && (!isOurs || twiceBytes == 0);
    }
  }

  /** All of it, as it stands in the JSON file. */
  record Report(
      Settings settings,
      int clients,
      long objectBytes,
      long rangeBytes,
      int asks,
      int warmUps,
      long originRate,
      long seed,
      List<Result> runs) {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new SingleFlight(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    FileLimit.check(clients);
    Settings settings = setup.begin(PullSetup.pages(size));
    setup.print(heading());
    List<Result> runs = new ArrayList<>();
    boolean good = true;
    for (String name : setup.servers()) {
      Result result = measure(settings, name);
      runs.add(result);
      setup.print(row(result));
      good &= result.good(!name.startsWith("nginx"), (long) clients * asks);
    }
    setup.write(
        "single-flight.json",
        new Report(
            settings,
            clients,
            PullSetup.pages(size),
            rangeBytes(),
            asks,
            warmUps,
            rate(),
            setup.seed(),
            List.copyOf(runs)));
    return good ? 0 : 1;
  }

  private Result measure(Settings settings, String name) throws IOException {
    long bytes = PullSetup.pages(size);
    long mebibytes = (((warmUps + 2) * bytes) >> 20) + 64;
    try (Origin origin =
            Origin.start(settings, rate(), new OriginRules(false, Ledger.BLOCK, "max-age=1"));
        PullServer server = PullServer.start(settings, name, origin.port(), mebibytes, 0);
        PullClient client = PullClient.start(settings, "pull-client")) {
      for (int i = 1; i <= warmUps; i++) {
        client.run(order(server, client, OBJECT + i, bytes));
      }
      long before = origin.counts().objects();
      PullClient.Ran ran = client.run(order(server, client, OBJECT, bytes));
      long requests = origin.counts().objects() - before;
      return result(server, ran, requests, sent(origin));
    }
  }

  private static Ledger.Page sent(Origin origin) throws IOException {
    return origin
        .ledger(OBJECT)
        .orElseThrow(() -> new IOException("nobody has asked the origin for the object"));
  }

  private PullOrder order(PullServer server, PullClient client, long object, long bytes) {
    return new PullOrder(
        server.port(),
        clients,
        PullOrder.Plan.RANGES,
        setup.seed(),
        object,
        1,
        bytes,
        rangeBytes(),
        asks,
        0,
        0,
        timeoutMillis,
        client.samples(),
        server.pids());
  }

  private static Result result(
      PullServer server, PullClient.Ran ran, long requests, Ledger.Page sent) {
    List<Sample> good = ran.samples().stream().filter(Sample::isGood).toList();
    PullResult run = ran.result();
    return new Result(
        server.name(),
        good.size(),
        ran.failed(),
        ran.wrong(),
        ran.samples().stream().filter(Sample::isRefusal).count(),
        requests,
        asked(ran.samples()),
        sent.bytes(),
        sent.twice(),
        sent.most(),
        Latency.of(
            good.stream()
                .filter(it -> sent.sentAt(it.offset()) > it.askedAt())
                .mapToLong(it -> it.firstAt() - sent.sentAt(it.offset()))),
        Latency.of(
            good.stream()
                .filter(it -> sentAt(sent, it) > it.askedAt())
                .mapToLong(it -> it.lastAt() - sentAt(sent, it))),
        run.seconds(),
        good.size() / run.seconds(),
        run.serverCpuSeconds(),
        run.clientCpuSeconds());
  }

  private static long sentAt(Ledger.Page sent, Sample sample) {
    return sent.sentAt(sample.offset(), sample.offset() + sample.length());
  }

  /** Bytes in whole blocks that anybody asked for. */
  private static long asked(List<Sample> samples) {
    BitSet blocks = new BitSet();
    for (Sample sample : samples) {
      blocks.set(
          (int) (sample.offset() / Ledger.BLOCK),
          (int) ((sample.offset() + sample.length() - 1) / Ledger.BLOCK) + 1);
    }
    return (long) blocks.cardinality() * Ledger.BLOCK;
  }

  private long rangeBytes() {
    return Math.min(ByteSize.parse(range).bytes(), PullSetup.pages(size));
  }

  private long rate() {
    return ByteSize.parse(originRate).bytes();
  }

  private String heading() {
    return String.format(
        Locale.ROOT,
        "%d clients, %d ranges of %s each, of one object of %s; the origin sends %s a second%n"
            + "%-12s %7s %6s %8s %9s %9s %5s %26s %26s %8s %8s %6s %6s%n"
            + "%-12s %7s %6s %8s %9s %9s %5s %26s %26s %8s %8s %6s %6s",
        clients,
        asks,
        range,
        size,
        originRate,
        "server",
        "right",
        "failed",
        "upstream",
        "sent/",
        "twice",
        "most",
        "first byte after its block",
        "last byte after its block",
        "req/s",
        "seconds",
        "CPU s",
        "client",
        "",
        "",
        "",
        "requests",
        "asked",
        "MiB",
        "sent",
        "ms: p50      p99      max",
        "ms: p50      p99      max",
        "",
        "",
        "",
        "CPU s");
  }

  private static String row(Result result) {
    return String.format(
        Locale.ROOT,
        "%-12s %7d %6d %8d %9.3f %9.1f %5d %26s %26s %8.0f %8.2f %6.2f %6.2f",
        result.server(),
        result.answers(),
        result.failed() + result.refused(),
        result.upstreamRequests(),
        (double) result.sentBytes() / result.askedBytes(),
        result.twiceBytes() / 1048576.0,
        result.most(),
        result.firstWake().columns(),
        result.lastWake().columns(),
        result.requestsPerSecond(),
        result.seconds(),
        result.cpuSeconds(),
        result.clientCpuSeconds());
  }
}
