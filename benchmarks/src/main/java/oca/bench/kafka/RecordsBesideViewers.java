package oca.bench.kafka;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import oca.bench.serve.Child;
import oca.bench.serve.Client;
import oca.bench.serve.LoadOrder;
import oca.bench.serve.LoadResult;
import oca.bench.serve.Machine;
import oca.bench.serve.MadeBytes;
import oca.bench.serve.ServerProcess;
import oca.bench.serve.Settings;
import oca.bench.serve.Setup;
import oca.config.ByteSize;
import oca.protocol.records.SpoolStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What do viewers notice of records that go to Kafka, and of a Kafka that is gone? Three servers of
 * ours are asked for the same ranges in turn: one that keeps no records, one whose broker is there,
 * and one whose broker never was. Each round turns the order round and has ratios of its own, of
 * which the median is told with the least and the greatest.
 *
 * <p>The broker runs where the client does, so what it takes there is missed by the client and not
 * by the server. Exit code 1 when an answer was wrong, records did not arrive that should have, or
 * the median of a broker that is gone to one that is there is more than the bar away from 1.
 */
@Command(
    name = "records-beside-viewers",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compares serving without Kafka, with it, and with it gone.")
public final class RecordsBesideViewers implements Callable<Integer> {
  private static final String HEAP = "512m";

  @Option(names = "--size", description = "of the ranges")
  private String size = "256KiB";

  @Option(names = "--connections", description = "kept alive")
  private int connections = 32;

  @Option(names = "--rounds", description = "each with ratios of its own")
  private int rounds = 9;

  @Option(names = "--seconds", description = "of each measured window")
  private double seconds = 3;

  @Option(names = "--warm-up", description = "seconds of load on each beforehand")
  private double warmUp = 40;

  @Option(names = "--bar", description = "how far from 1 the median may be")
  private double bar = 0.005;

  @Option(names = "--file", description = "the file's length")
  private String file = "256MiB";

  @Option(names = "--server-cpus", description = "for taskset; empty for any")
  private String serverCpus = "0";

  @Option(names = "--client-cpus", description = "of the client and the broker")
  private String clientCpus = "1";

  @Option(names = "--data", description = "where files, spools and the broker's data are")
  private Path data = Path.of("benchmarks/target/kafka");

  @Option(names = "--jvm-options", description = "of our servers and the client")
  private Path jvmOptions = Path.of("packaging/jvm.options");

  private PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

  private enum Kind {
    NONE,
    THERE,
    GONE
  }

  private record Served(Child child, int port) implements AutoCloseable {
    @Override
    public void close() {
      child.close();
    }
  }

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    RecordsBesideViewers command = new RecordsBesideViewers();
    command.out = out;
    return Setup.run(command, out, args);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings =
        new Settings(
            data,
            jvmOptions,
            serverCpus,
            clientCpus,
            1,
            ByteSize.parse(file).bytes() >> 12 << 12,
            "none");
    Files.createDirectories(data);
    Path run = Files.createTempDirectory(data.toAbsolutePath(), "run");
    out.println(Setup.machine(Machine.here(), settings) + "; the broker beside the client");
    try (Broker broker = new Broker(run.resolve("broker"), clientCpus);
        Broker never = new Broker(run.resolve("never"), clientCpus)) {
      broker.start();
      try (Client client = Client.start(settings);
          Served none = start(settings, run, Kind.NONE, null);
          Served there = start(settings, run, Kind.THERE, broker);
          Served gone = start(settings, run, Kind.GONE, never)) {
        Map<Kind, Served> servers = new EnumMap<>(Kind.class);
        servers.put(Kind.NONE, none);
        servers.put(Kind.THERE, there);
        servers.put(Kind.GONE, gone);
        for (Served server : servers.values()) {
          client.run(order(settings, server, 200, 0));
          client.run(order(settings, server, 0, warmUp));
        }
        List<Map<Kind, LoadResult>> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          all.add(round(settings, client, servers, round));
        }
        return tell(all, there, gone) ? 0 : 1;
      }
    } finally {
      delete(run);
    }
  }

  private Map<Kind, LoadResult> round(
      Settings settings, Client client, Map<Kind, Served> servers, int round) throws IOException {
    Map<Kind, LoadResult> results = new EnumMap<>(Kind.class);
    Kind[] kinds = Kind.values();
    for (int i = 0; i < kinds.length; i++) {
      Kind kind = kinds[(round % 2 == 0 ? i : kinds.length - 1 - i)];
      Served server = servers.get(kind);
      if (server != null) {
        results.put(kind, client.run(order(settings, server, 0, seconds)));
      }
    }
    return results;
  }

  private boolean tell(List<Map<Kind, LoadResult>> all, Served there, Served gone)
      throws IOException {
    for (Kind kind : Kind.values()) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-6s %8.0f req/s, %.3f s of processor/GB, p99 %.2f ms (medians of %d)",
              kind.name().toLowerCase(Locale.ROOT),
              median(figures(all, kind, RecordsBesideViewers::rate)),
              median(figures(all, kind, it -> it.serverCpuSeconds() / it.bytes() * 1e9)),
              median(figures(all, kind, LoadResult::p99Millis)),
              all.size()));
    }
    ratio(all, Kind.THERE, Kind.NONE);
    ratio(all, Kind.GONE, Kind.NONE);
    double median = ratio(all, Kind.GONE, Kind.THERE);
    SpoolStatus sent = there.child().ask("spool", SpoolStatus.class);
    SpoolStatus kept = gone.child().ask("spool", SpoolStatus.class);
    out.println("there: " + sent);
    out.println("gone:  " + kept);
    boolean met = Math.abs(median - 1) <= bar;
    out.println(
        String.format(
            Locale.ROOT,
            "gone to there: %.4f; the bar of %.1f %% is %s",
            median,
            bar * 100,
            met ? "met" : "missed"));
    return met && sent.delivered() > 0 && sent.lost() == 0 && kept.delivered() == 0;
  }

  private double ratio(List<Map<Kind, LoadResult>> all, Kind of, Kind to) {
    List<Double> above = figures(all, of, RecordsBesideViewers::rate);
    List<Double> below = figures(all, to, RecordsBesideViewers::rate);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) {
      ratios.add(above.get(i) / below.get(i));
    }
    List<Double> sorted = ratios.stream().sorted().toList();
    out.println(
        String.format(
            Locale.ROOT,
            "%s to %s, req/s: median %.4f, %.4f to %.4f",
            of.name().toLowerCase(Locale.ROOT),
            to.name().toLowerCase(Locale.ROOT),
            median(ratios),
            sorted.getFirst(),
            sorted.getLast()));
    return median(ratios);
  }

  private static double rate(LoadResult result) {
    return result.requests() / result.seconds();
  }

  private static List<Double> figures(
      List<Map<Kind, LoadResult>> all, Kind kind, ToDoubleFunction<LoadResult> figure) {
    List<Double> figures = new ArrayList<>();
    for (Map<Kind, LoadResult> round : all) {
      LoadResult result = round.get(kind);
      if (result != null) {
        figures.add(figure.applyAsDouble(result));
      }
    }
    return figures;
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private Served start(Settings settings, Path run, Kind kind, @Nullable Broker broker)
      throws IOException {
    String label = kind.name().toLowerCase(Locale.ROOT);
    Path home = Files.createDirectories(data.resolve(label)).toAbsolutePath();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--folder=" + home,
                "--file-bytes=" + settings.fileBytes(),
                "--event-loops=" + settings.workers()));
    if (broker != null) {
      Path records = run.resolve(label + ".yaml");
      Files.writeString(
          records,
          "{kafka: {bootstrap: [\"%s\"], spool: \"%s\"}}"
              .formatted(broker.bootstrap(), run.resolve(label + "-spool")));
      arguments.add("--records=" + records);
    }
    Child child =
        Child.start(
            Child.java(settings, HEAP, ServerProcess.class, arguments),
            settings.serverCpus(),
            run.resolve(label + ".log"));
    try {
      String line = child.readLine();
      while (!line.startsWith("port ")) {
        line = child.readLine(); // a logging library's own words
      }
      return new Served(child, Integer.parseInt(line.split(" ", -1)[1]));
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private LoadOrder order(Settings settings, Served server, int verified, double window) {
    return new LoadOrder(
        server.port(),
        MadeBytes.PATH,
        "",
        connections,
        (int) ByteSize.parse(size).bytes(),
        settings.fileBytes(),
        0.3,
        window,
        verified,
        verified > 0,
        17,
        server.child().pids());
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
