package oca.bench.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import oca.bench.serve.Report.Measured;
import oca.config.ByteSize;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Are we faster than nginx, and by how much? All servers in one run, in interleaved rounds.
 *
 * <p>Writes a table to the standard output, and {@code comparison.json} and a chart for each
 * scenario into a folder. Exit code 0 when the run was whole, whatever the bars say; 1 when an
 * answer was wrong or a server failed.
 */
@Command(
    name = "comparison",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Serves ranges by several servers in turn and compares what it costs.")
public final class Comparison implements Callable<Integer> {
  private static final double RAMP_SECONDS = 0.3;
  private static final long VERIFIED_BYTES = 16 << 20;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--sizes", split = ",", description = "of the ranges")
  private List<String> sizes = List.of("16KiB", "64KiB", "256KiB", "1MiB", "4MiB");

  @Option(names = "--connections", split = ",", description = "kept alive")
  private List<Integer> connections = List.of(32, 512);

  @Option(
      names = "--servers",
      split = ",",
      description = "in this order; ours also with other settings: oca-epoll:chunk=512KiB")
  private List<String> servers = Servers.USUAL;

  @Option(names = "--tls", description = "off, on or both")
  private String tls = "off";

  @Option(names = "--state", description = "hot, cold or both")
  private String state = "hot";

  @Option(names = "--rounds", description = "of which the median counts")
  private int rounds = 5;

  @Option(names = "--seconds", description = "of each measured window")
  private double seconds = 4;

  @Option(names = "--file", description = "the served file's length")
  private String file = "1GiB";

  @Option(
      names = "--judge",
      description = "the server the bars speak of; the first of ours if none is named")
  private @Nullable String judged;

  @Option(names = "--server-cpus", description = "for taskset; empty for any")
  private String serverCpus = "0";

  @Option(names = "--client-cpus", description = "for taskset; empty for any")
  private String clientCpus = "1";

  @Option(names = "--workers", description = "event loops, worker processes")
  private int workers = 1;

  @Option(names = "--cipher-suite", description = "the only one of TLS")
  private String cipherSuite = "TLS_AES_128_GCM_SHA256";

  @Option(
      names = "--data",
      description =
          "where the servers' files are; a slow or throttled disk's folder, with --state cold, "
              + "measures that disk")
  private Path data = Path.of("benchmarks/target/serve");

  @Option(names = "--jvm-options", description = "of our servers and the client")
  private Path jvmOptions = Path.of("packaging/jvm.options");

  @Option(names = "--out", description = "where the report goes")
  private Path out = Path.of("benchmarks/target/comparison");

  private final Map<String, String> notCompared = new LinkedHashMap<>();

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return new CommandLine(new Comparison())
        .setOut(out)
        .setErr(out)
        .setExecutionExceptionHandler(
            (e, line, _) -> {
              line.getErr().println("comparison: " + e.getMessage());
              return 1;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = settings();
    Files.createDirectories(settings.folder());
    Files.createDirectories(out);
    String before = Machine.load();
    if (settings.serverCpus().equals(settings.clientCpus())) {
      print("server and client share their cores: read CPU per GB, not requests per second");
    }
    List<Measured> measured = new ArrayList<>();
    try (Client client = Client.start(settings)) {
      for (boolean secured : choices("--tls", tls, "off", "on")) {
        measure(settings, client, secured, measured);
      }
    }
    String ours =
        judged != null
            ? judged
            : servers.stream().filter(name -> name.startsWith("oca")).findFirst().orElse("oca");
    Report report =
        new Report(
            Machine.here(),
            arguments(),
            settings,
            before,
            Machine.load(),
            Map.copyOf(notCompared),
            measured,
            Bars.judge(measured, ours));
    write(report);
    print(Table.of(report));
    return 0;
  }

  private Settings settings() {
    long bytes = ByteSize.parse(file).bytes() >> 12 << 12;
    return new Settings(
        data, jvmOptions, serverCpus, clientCpus, workers, Math.max(bytes, 4096), cipherSuite);
  }

  private void measure(Settings settings, Client client, boolean secured, List<Measured> into)
      throws IOException {
    Optional<Certificate> certificate =
        secured ? Optional.of(Certificate.make(settings.folder())) : Optional.empty();
    List<Server> started = new ArrayList<>();
    try {
      for (String name : servers) {
        switch (Servers.start(settings, name, certificate)) {
          case Servers.Start.Started(Server server) -> started.add(server);
          case Servers.Start.NotCompared(String why) ->
              notCompared.put(secured ? name + " over TLS" : name, why);
        }
      }
      warmUp(settings, client, started, secured);
      for (boolean cold : choices("--state", state, "hot", "cold")) {
        for (int count : connections) {
          for (String size : sizes) {
            Cell cell = new Cell(Cell.bytes(size), count, secured, !cold);
            into.add(measure(settings, client, started, cell));
            print("measured: " + cell);
          }
        }
      }
    } finally {
      started.forEach(Server::close);
    }
  }

  /** Compilers need load to know what is hot: a while of each size, small ones first. */
  private void warmUp(Settings settings, Client client, List<Server> started, boolean secured)
      throws IOException {
    for (Server server : started) {
      for (String size : sizes) {
        Cell cell = new Cell(Cell.bytes(size), connections.getFirst(), secured, true);
        double share = server.warmUpSeconds() / sizes.size() * Math.min(1, seconds);
        client.run(order(settings, cell, server, share, false, 0), server);
      }
    }
  }

  private Measured measure(Settings settings, Client client, List<Server> started, Cell cell)
      throws IOException {
    Map<String, List<Figures>> taken = new LinkedHashMap<>();
    for (Server server : started) {
      client.run(order(settings, cell, server, 0, true, 0), server);
      taken.put(server.name(), new ArrayList<>());
    }
    for (int round = 1; round <= rounds; round++) {
      for (Server server : started) {
        if (cell.hot()) {
          PageCache.warm(server.data());
        } else {
          PageCache.drop(server.data());
        }
        Client.Ran ran = client.run(order(settings, cell, server, seconds, false, round), server);
        taken.getOrDefault(server.name(), new ArrayList<>()).add(Figures.of(ran));
      }
    }
    Map<String, Report.Result> results = new LinkedHashMap<>();
    taken.forEach(
        (name, figures) ->
            results.put(name, new Report.Result(Figures.median(figures), List.copyOf(figures))));
    return new Measured(cell, results);
  }

  /** The same seed for all servers: all are asked for the same ranges. */
  private static LoadOrder order(
      Settings settings, Cell cell, Server server, double seconds, boolean verify, int round) {
    return new LoadOrder(
        server.port(),
        MadeBytes.PATH,
        cell.tls() ? settings.cipherSuite() : "",
        verify ? Math.min(cell.connections(), 8) : cell.connections(),
        cell.size(),
        settings.fileBytes(),
        cell.hot() ? RAMP_SECONDS : 0,
        seconds,
        verify ? Math.clamp(VERIFIED_BYTES / cell.size(), 8, 1000) : 0,
        verify,
        0x0ca + round,
        server.pids());
  }

  private void write(Report report) throws IOException {
    Files.write(out.resolve("comparison.json"), Wire.writePretty(report));
    Machine machine = report.machine();
    Map<String, List<Measured>> scenarios =
        report.cells().stream()
            .collect(
                Collectors.groupingBy(
                    measured -> measured.cell().scenario(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    for (Map.Entry<String, List<Measured>> scenario : scenarios.entrySet()) {
      String title = "Range serving: " + scenario.getKey();
      String below =
          "%s, Linux %s, server on CPU %s, client on CPU %s, loopback; medians of %d rounds of %s s"
              .formatted(machine.cpu(), machine.kernel(), serverCpus, clientCpus, rounds, seconds);
      String name = scenario.getKey().replaceAll("[^A-Za-z0-9]+", "-") + ".svg";
      Files.writeString(out.resolve(name), BarChart.of(title, below, scenario.getValue()));
    }
  }

  private static List<Boolean> choices(String option, String value, String off, String on) {
    if (value.equals("both")) {
      return List.of(false, true);
    }
    if (!value.equals(off) && !value.equals(on)) {
      throw new IllegalArgumentException(
          option + " is " + off + ", " + on + " or both, not \"" + value + "\"");
    }
    return List.of(value.equals(on));
  }

  private List<String> arguments() {
    return spec == null ? List.of() : spec.commandLine().getParseResult().originalArgs();
  }

  private void print(String text) {
    if (spec != null) {
      spec.commandLine().getOut().println(text);
    }
  }
}
