package oca.bench.pull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.bench.serve.Settings;
import oca.bench.serve.Setup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What do clients see when the origin has died? What is kept should be served as before, and all
 * else be refused soon, with a word on when to come again.
 *
 * <p>Writes a table to the standard output and {@code origin-away.json} into a folder. Exit code 1
 * when something that was kept did not come or was wrong, or something else was not refused within
 * the limit with 5xx and Retry-After.
 */
@Command(
    name = "origin-away",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Kills the origin, and asks for what is kept and what is not.")
public final class OriginAway implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 10_000;

  @Mixin private PullSetup setup = new PullSetup();

  @Option(names = "--objects", description = "that are filled beforehand")
  private int objects = 200;

  @Option(names = "--size", description = "of each")
  private String size = "256KiB";

  @Option(names = "--clients", description = "connections that ask")
  private int clients = 100;

  @Option(names = "--every", description = "milliseconds between requests of each of them")
  private int every = 50;

  @Option(names = "--seconds", description = "for how long they ask")
  private double seconds = 10;

  @Option(names = "--limit", description = "milliseconds that a refusal may take")
  private double limit = 1000;

  /**
   * What came of one server.
   *
   * @param server its name
   * @param kept requests for what was kept
   * @param served right answers to those
   * @param keptTime from such a request to its last byte
   * @param others requests for anything else
   * @param refused of those, answers 5xx with Retry-After
   * @param silent answers 5xx without
   * @param broken other ends
   * @param refusalTime from such a request to its answer's end
   * @param wrong answers with a wrong byte
   */
  record Result(
      String server,
      long kept,
      long served,
      Latency keptTime,
      long others,
      long refused,
      long silent,
      long broken,
      Latency refusalTime,
      long wrong) {
    boolean good(double limit) {
      return kept > 0
          && served == kept
          && others > 0
          && refused == others
          && wrong == 0
          && refusalTime.max() <= limit;
    }
  }

  /** All of it, as it stands in the JSON file. */
  record Report(
      Settings settings,
      int objects,
      long objectBytes,
      int clients,
      double seconds,
      double limitMillis,
      long seed,
      List<Result> runs) {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new OriginAway(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    FileLimit.check(clients);
    Settings settings = setup.begin(PullSetup.pages(size));
    setup.print(
        String.format(
            Locale.ROOT,
            "%-12s %7s %7s %26s %7s %8s %7s %7s %26s %6s",
            "server",
            "kept",
            "served",
            "ms: p50      p99      max",
            "others",
            "refused",
            "silent",
            "broken",
            "ms: p50      p99      max",
            "wrong"));
    List<Result> runs = new ArrayList<>();
    for (String name : setup.servers()) {
      runs.add(measure(settings, name));
      setup.print(row(runs.getLast()));
    }
    setup.write(
        "origin-away.json",
        new Report(
            settings,
            objects,
            PullSetup.pages(size),
            clients,
            seconds,
            limit,
            setup.seed(),
            List.copyOf(runs)));
    return runs.stream().allMatch(it -> it.good(limit)) ? 0 : 1;
  }

  private Result measure(Settings settings, String name) throws IOException {
    long mebibytes = ((2L * objects * PullSetup.pages(size)) >> 20) + 64;
    try (Origin origin = Origin.start(settings, 0, new OriginRules(false, 4096, "max-age=1"));
        PullServer server = PullServer.start(settings, name, origin.port(), mebibytes, 0);
        PullClient client = PullClient.start(settings, "pull-client")) {
      PullClient.Ran fill = client.run(order(server, client, PullOrder.Plan.OBJECTS));
      if (fill.samples().stream().filter(Sample::isGood).count() != objects) {
        throw new IOException(name + " could not be filled while the origin was there");
      }
      origin.kill();
      return result(name, client.run(order(server, client, PullOrder.Plan.MIXED)));
    }
  }

  private PullOrder order(PullServer server, PullClient client, PullOrder.Plan plan) {
    return new PullOrder(
        server.port(),
        plan == PullOrder.Plan.OBJECTS ? Math.min(clients, 16) : clients,
        plan,
        setup.seed(),
        1,
        objects,
        PullSetup.pages(size),
        0,
        0,
        every,
        seconds,
        PATIENCE_MILLIS,
        client.samples(),
        server.pids());
  }

  private Result result(String name, PullClient.Ran ran) {
    List<Sample> kept = ran.samples().stream().filter(it -> it.object() <= objects).toList();
    List<Sample> others = ran.samples().stream().filter(it -> it.object() > objects).toList();
    long refused =
        others.stream()
            .filter(it -> it.status() >= 500 && it.mark() == Sample.Mark.RETRY_AFTER)
            .count();
    long silent =
        others.stream().filter(it -> it.status() >= 500 && it.mark() == Sample.Mark.PLAIN).count();
    return new Result(
        name,
        kept.size(),
        kept.stream().filter(Sample::isGood).count(),
        Latency.of(kept.stream().mapToLong(it -> it.lastAt() - it.askedAt())),
        others.size(),
        refused,
        silent,
        others.size() - refused - silent,
        Latency.of(others.stream().mapToLong(it -> it.lastAt() - it.askedAt())),
        ran.wrong());
  }

  private static String row(Result result) {
    return String.format(
        Locale.ROOT,
        "%-12s %7d %7d %26s %7d %8d %7d %7d %26s %6d",
        result.server(),
        result.kept(),
        result.served(),
        result.keptTime().columns(),
        result.others(),
        result.refused(),
        result.silent(),
        result.broken(),
        result.refusalTime().columns(),
        result.wrong());
  }
}
