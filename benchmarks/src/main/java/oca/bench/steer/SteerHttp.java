package oca.bench.steer;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import oca.bench.serve.Child;
import oca.bench.serve.Machine;
import oca.bench.serve.Nginx;
import oca.bench.serve.Settings;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Steering over HTTP beside nginx, which serves a static file of the same size: requests a second
 * on one core, the client on another, in turn. The bar is half of nginx, taken with tcp_nopush on
 * or off, whichever is faster.
 */
@Command(name = "steer-http", mixinStandardHelpOptions = true)
public final class SteerHttp implements Callable<Integer> {
  private static final double BAR = 0.5;
  private static final String OURS = "steering";
  private static final long FIRST_WARM_UP_MILLIS = 6000;
  private static final long WARM_UP_MILLIS = 500;

  @Option(names = "--folder", description = "for files and logs")
  private Path folder = Path.of("target/steer-http");

  @Option(names = "--jvm-options", description = "the product's")
  private Path jvmOptions = Path.of("packaging/jvm.options");

  @Option(names = "--server-cpu")
  private String serverCpu = "0";

  @Option(names = "--client-cpu")
  private String clientCpu = "1";

  @Option(names = "--rounds")
  private int rounds = 3;

  @Option(names = "--seconds", description = "of each server in each round")
  private int seconds = 4;

  @Option(names = "--connections", description = "kept alive")
  private int connections = 32;

  @Option(names = "--appliances", description = "that hold the file, on four sites")
  private int appliances = 40;

  @Option(names = "--json", description = "where the report goes besides")
  private @Nullable Path json;

  /**
   * One server's rounds.
   *
   * @param perSecond the median
   * @param rounds requests a second of each, in order
   */
  record Figures(double perSecond, double p50Micros, double p99Micros, List<Double> rounds) {
    static Figures of(List<GetClient.Result> results) {
      List<GetClient.Result> sorted = new ArrayList<>(results);
      sorted.sort((a, b) -> Double.compare(a.perSecond(), b.perSecond()));
      GetClient.Result median = sorted.get(sorted.size() / 2);
      return new Figures(
          median.perSecond(),
          median.p50Micros(),
          median.p99Micros(),
          results.stream().map(GetClient.Result::perSecond).toList());
    }
  }

  /**
   * What came out.
   *
   * @param appliances that each decision weighs
   * @param bodyBytes of each answer
   * @param ratio of steering to the faster nginx
   * @param met whether that is at least {@code bar}
   */
  record Report(
      Machine machine,
      int connections,
      int appliances,
      int bodyBytes,
      Map<String, Figures> servers,
      double ratio,
      double bar,
      boolean met) {}

  private record Target(Child child, int port, String path) {}

  /** Exits with 1 when the bar is missed. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SteerHttp()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    Settings settings =
        new Settings(folder.toAbsolutePath(), jvmOptions, serverCpu, clientCpu, 1, 0, "");
    List<Child> children = new ArrayList<>();
    try {
      Child steering =
          started(
              children,
              Child.start(
                  Child.java(
                      settings, "512m", SteerServer.class, List.of(String.valueOf(appliances))),
                  serverCpu,
                  folder.resolve("steering.log")));
      int port = port(steering);
      String target = "/v1/steer?path=" + SteerServer.PATH;
      byte[] body = body(port, target);
      Map<String, Target> targets = new LinkedHashMap<>();
      targets.put(OURS, new Target(steering, port, target));
      for (String nopush : List.of("on", "off")) {
        String name = "nginx, tcp_nopush " + nopush;
        targets.put(name, nginx(settings, children, nopush, body));
      }
      Child client =
          started(
              children,
              Child.start(
                  Child.java(settings, "256m", GetClient.class, List.of()),
                  clientCpu,
                  folder.resolve("client.log")));
      return tell(report(measure(client, targets), body.length));
    } finally {
      children.reversed().forEach(Child::close);
    }
  }

  private Map<String, Figures> measure(Child client, Map<String, Target> targets)
      throws IOException {
    Map<String, List<GetClient.Result>> results = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Target> target : targets.entrySet()) {
        GetClient.Order order =
            new GetClient.Order(
                target.getValue().port(),
                target.getValue().path(),
                connections,
                round == 0 ? FIRST_WARM_UP_MILLIS : WARM_UP_MILLIS,
                seconds * 1000L);
        String line = new String(Wire.write(order), StandardCharsets.UTF_8);
        results
            .computeIfAbsent(target.getKey(), _ -> new ArrayList<>())
            .add(client.ask(line, GetClient.Result.class));
      }
    }
    Map<String, Figures> figures = new LinkedHashMap<>();
    results.forEach((name, rows) -> figures.put(name, Figures.of(rows)));
    return figures;
  }

  private Report report(Map<String, Figures> figures, int bodyBytes) throws IOException {
    double ours = 0;
    double best = 0;
    for (Map.Entry<String, Figures> entry : figures.entrySet()) {
      if (entry.getKey().equals(OURS)) {
        ours = entry.getValue().perSecond();
      } else {
        best = Math.max(best, entry.getValue().perSecond());
      }
    }
    double ratio = ours / best;
    return new Report(
        Machine.here(), connections, appliances, bodyBytes, figures, ratio, BAR, ratio >= BAR);
  }

  private int tell(Report report) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%d appliances, answers of %d bytes, %d connections, server on CPU %s, client on CPU %s%n",
        appliances,
        report.bodyBytes(),
        connections,
        serverCpu,
        clientCpu);
    System.out.printf(Locale.ROOT, "%-24s %10s %10s %10s%n", "server", "req/s", "p50 us", "p99 us");
    report
        .servers()
        .forEach(
            (name, figures) ->
                System.out.printf(
                    Locale.ROOT,
                    "%-24s %10.0f %10.0f %10.0f  %s%n",
                    name,
                    figures.perSecond(),
                    figures.p50Micros(),
                    figures.p99Micros(),
                    figures.rounds().stream().map(Math::round).toList()));
    System.out.printf(
        Locale.ROOT,
        "steering does %.2f of nginx; the bar is %.2f: %s%n",
        report.ratio(),
        BAR,
        report.met() ? "met" : "MISSED");
    if (json != null) {
      Files.write(json, Wire.write(report));
    }
    return report.met() ? 0 : 1;
  }

  private static Target nginx(Settings settings, List<Child> children, String nopush, byte[] body)
      throws IOException {
    Path root = settings.folder().resolve("www");
    Files.createDirectories(root);
    Files.write(root.resolve("answer.json"), body);
    int port = Nginx.freePort();
    String config =
        Nginx.filled(
            SteerHttp.class,
            "nginx-static.conf",
            Map.of(
                "user", Nginx.user(),
                "nopush", nopush,
                "port", String.valueOf(port),
                "root", root.toString()));
    Child child = Nginx.start(settings, "nginx-" + nopush, config, port);
    return new Target(started(children, child), port, "/answer.json");
  }

  private static int port(Child steering) throws IOException {
    String line = steering.readLine();
    while (!line.startsWith("port ")) {
      line = steering.readLine();
    }
    return Integer.parseInt(line.substring(5));
  }

  private static byte[] body(int port, String target) throws IOException {
    try (InputStream in = URI.create("http://127.0.0.1:" + port + target).toURL().openStream()) {
      return in.readAllBytes();
    }
  }

  private static Child started(List<Child> children, Child child) {
    children.add(child);
    return child;
  }
}
