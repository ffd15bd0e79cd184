package oca.bench.pull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import oca.bench.serve.Client;
import oca.bench.serve.LoadOrder;
import oca.bench.serve.LoadResult;
import oca.bench.serve.MadeBytes;
import oca.bench.serve.Settings;
import oca.bench.serve.Setup;
import oca.config.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Is what was pulled served as fast as what was brought beforehand? The same ranges of the same
 * bytes by the same process, by either path in turn.
 *
 * <p>Writes a table to the standard output and {@code pull-hits.json} into a folder. Exit code 1
 * when an answer was wrong, or the origin was asked while hits were measured; whether the bar is
 * met is said, and is not a fault.
 */
@Command(
    name = "pull-hits",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compares hits on pulled content with content that was there beforehand.")
public final class PullHits implements Callable<Integer> {
  private static final double BAR = 0.95;
  private static final double RAMP_SECONDS = 0.3;
  private static final int FILL_BYTES = 1 << 20;
  private static final int VERIFIED = 200;

  @Mixin private PullSetup setup = new PullSetup();

  @Option(names = "--sizes", split = ",", description = "of the ranges")
  private List<String> sizes = List.of("16KiB", "64KiB", "1MiB");

  @Option(names = "--connections", description = "kept alive")
  private int connections = 64;

  @Option(names = "--rounds", description = "of which the median counts")
  private int rounds = 3;

  @Option(names = "--seconds", description = "of each measured window")
  private double seconds = 2;

  @Option(names = "--warm-up", description = "seconds of load on either path beforehand")
  private double warmUp = 3;

  @Option(names = "--file", description = "the file's length")
  private String file = "256MiB";

  /**
   * One path's medians.
   *
   * @param requestsPerSecond answers
   * @param cpuSecondsPerGigabyte of the server, per 10^9 bytes
   * @param p99Millis from a request to the last byte of its answer
   */
  record Figures(double requestsPerSecond, double cpuSecondsPerGigabyte, double p99Millis) {
    static Figures median(List<LoadResult> rounds) {
      return new Figures(
          median(rounds, it -> it.requests() / it.seconds()),
          median(rounds, it -> it.serverCpuSeconds() / it.bytes() * 1e9),
          median(rounds, LoadResult::p99Millis));
    }

    private static double median(List<LoadResult> rounds, ToDoubleFunction<LoadResult> figure) {
      double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  }

  /**
   * One server and one size.
   *
   * @param server its name
   * @param size of the ranges in bytes
   * @param there by the path of what was there beforehand
   * @param pulled by the path of what was pulled
   * @param ratio of their requests a second, the pulled to the other
   */
  record Result(String server, int size, Figures there, Figures pulled, double ratio) {}

  /** All of it, as it stands in the JSON file. */
  record Report(
      Settings settings,
      int connections,
      int rounds,
      double seconds,
      long originRequests,
      double bar,
      List<Result> runs) {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new PullHits(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = setup.begin(PullSetup.pages(file));
    setup.print(
        String.format(
            Locale.ROOT,
            "%-12s %8s %25s %6s %23s %6s %21s %6s",
            "server",
            "size",
            "req/s: there     pulled",
            "ratio",
            "CPU s/GB: there  pulled",
            "ratio",
            "p99 ms: there  pulled",
            "ratio"));
    List<Result> runs = new ArrayList<>();
    long asked = 0;
    try (Client client = Client.start(settings)) {
      for (String name : setup.servers()) {
        asked += measure(settings, client, name, runs);
      }
    }
    setup.write(
        "pull-hits.json",
        new Report(settings, connections, rounds, seconds, asked, BAR, List.copyOf(runs)));
    for (Result result : runs) {
      if (!result.server().startsWith("nginx")) {
        setup.print(
            String.format(
                Locale.ROOT,
                "%s at %d KiB: %.3f of the requests a second, the bar of %.2f is %s",
                result.server(),
                result.size() >> 10,
                result.ratio(),
                BAR,
                result.ratio() >= BAR ? "met" : "missed"));
      }
    }
    if (asked > 0) {
      setup.print("the origin was asked " + asked + " times while hits were measured");
    }
    return asked == 0 ? 0 : 1;
  }

  /** How often the origin was asked while it should not have been. */
  private long measure(Settings settings, Client client, String name, List<Result> into)
      throws IOException {
    long mebibytes = 2 * (settings.fileBytes() >> 20) + 64;
    try (Origin origin = Origin.start(settings, 0, new OriginRules(false, 4096, "max-age=1"));
        PullServer server =
            PullServer.start(settings, name, origin.port(), mebibytes, settings.fileBytes())) {
      String pulled = "p/made/" + settings.fileBytes();
      fill(settings, client, server, pulled);
      long before = origin.counts().objects();
      for (String path : List.of(MadeBytes.PATH, pulled)) {
        for (String size : sizes) {
          client.run(order(settings, server, path, size, VERIFIED, 0));
          client.run(order(settings, server, path, size, 0, warmUp / sizes.size()));
        }
      }
      for (String size : sizes) {
        List<LoadResult> there = new ArrayList<>();
        List<LoadResult> hits = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
          there.add(client.run(order(settings, server, MadeBytes.PATH, size, 0, seconds)));
          hits.add(client.run(order(settings, server, pulled, size, 0, seconds)));
        }
        into.add(result(server, size, Figures.median(there), Figures.median(hits)));
        setup.print(row(into.getLast()));
      }
      return origin.counts().objects() - before;
    }
  }

  /** Asks for all of it, range by range. */
  private void fill(Settings settings, Client client, PullServer server, String path)
      throws IOException {
    int piece = (int) Math.min(FILL_BYTES, settings.fileBytes());
    for (long at = 0; at < settings.fileBytes(); at += piece) {
      Pieces.ask(server.port(), path, at, Math.min(settings.fileBytes(), at + piece));
    }
    client.run(order(settings, server, path, sizes.getFirst(), VERIFIED, 0));
  }

  private LoadOrder order(
      Settings settings,
      PullServer server,
      String path,
      String size,
      long verified,
      double duration) {
    return new LoadOrder(
        server.port(),
        path,
        "",
        connections,
        (int) Math.min(ByteSize.parse(size).bytes(), settings.fileBytes()),
        settings.fileBytes(),
        verified > 0 ? 0 : RAMP_SECONDS,
        duration,
        verified,
        verified > 0,
        setup.seed(),
        server.pids());
  }

  private static Result result(PullServer server, String size, Figures there, Figures pulled) {
    return new Result(
        server.name(),
        (int) ByteSize.parse(size).bytes(),
        there,
        pulled,
        pulled.requestsPerSecond() / there.requestsPerSecond());
  }

  private static String row(Result result) {
    Figures there = result.there();
    Figures pulled = result.pulled();
    return String.format(
        Locale.ROOT,
        "%-12s %4d KiB %14.0f %10.0f %6.3f %15.3f %7.3f %6.3f %13.2f %7.2f %6.3f",
        result.server(),
        result.size() >> 10,
        there.requestsPerSecond(),
        pulled.requestsPerSecond(),
        result.ratio(),
        there.cpuSecondsPerGigabyte(),
        pulled.cpuSecondsPerGigabyte(),
        pulled.cpuSecondsPerGigabyte() / there.cpuSecondsPerGigabyte(),
        there.p99Millis(),
        pulled.p99Millis(),
        pulled.p99Millis() / there.p99Millis());
  }
}
