package oca.bench.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import oca.bench.serve.AbuseReport.Holding;
import oca.bench.serve.AbuseReport.Row;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What does each abuse cost, and is it over when it is over? An honest load alone, the same while
 * one abuse goes on, then the same again; and memory, sockets and counters of the server.
 *
 * <p>Honest client and abuser share a core, on which the abuser gives way; the server has its own.
 * The honest load takes all that the server gives, so what an abuse takes from it is what it costs.
 * Exit code 1 when an abuse was given what it must not be, an honest answer failed, or the server
 * was not what it was before.
 */
@Command(
    name = "abuse",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures what abuses cost a server and the load it serves.")
public final class Abuse implements Callable<Integer> {
  private static final int HONEST_CONNECTIONS = 16;
  private static final int HONEST_SIZE = 64 << 10;
  private static final int CHECKED = 200;
  private static final double RAMP_SECONDS = 0.3;
  private static final double RENEW_SECONDS = 30;
  private static final long QUIET_NANOS = 1_000_000_000;
  private static final String ABUSER_HEAP = "256m";

  /** All of it taken at once, so that resident memory tells of everything but the heap. */
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  /** Shorter than usual, so that what they end is seen to end within a few seconds. */
  private static final List<String> OURS = List.of("headTimeout=2s", "idleTimeout=3s");

  private static final String NGINX =
      "client_header_timeout=2s;send_timeout=3s;keepalive_timeout=3s";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Setup setup = new Setup();

  @Option(names = "--servers", split = ",", description = "in this order")
  private List<String> servers = List.of("oca");

  @Option(names = "--attacks", split = ",", description = "some of them; all unless named")
  private List<String> attacks = List.of();

  @Option(names = "--seconds", description = "of the window under abuse")
  private double seconds = 7;

  @Option(names = "--alone-seconds", description = "of the windows before and after")
  private double aloneSeconds = 3;

  @Option(names = "--abuser-nice", description = "how much the abuser gives way to the client")
  private int nice = 10;

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new Abuse(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = setup.settings();
    Files.createDirectories(settings.folder());
    Files.createDirectories(setup.out());
    Machine machine = Machine.here();
    print(Setup.machine(machine, settings));
    List<Row> rows = new ArrayList<>();
    try (Client client = Client.start(settings);
        Child abuser = abuser(settings)) {
      for (String name : servers) {
        switch (start(settings, name)) {
          case Servers.Start.Started(Server server) -> {
            try (server) {
              measure(settings, client, abuser, server, rows);
            }
          }
          case Servers.Start.NotCompared(String why) -> print(name + ": " + why);
        }
      }
    }
    AbuseReport report = new AbuseReport(machine, arguments(), settings, List.copyOf(rows));
    Files.write(setup.out().resolve("abuse.json"), Wire.writePretty(report));
    print(report.good() ? "every abuse was over when it was over" : "there are FAULTs above");
    return report.good() ? 0 : 1;
  }

  private Child abuser(Settings settings) throws IOException {
    List<String> command = new ArrayList<>(List.of("nice", "-n", String.valueOf(nice)));
    command.addAll(Child.java(settings, ABUSER_HEAP, Abuser.class, List.of()));
    return Child.start(command, settings.clientCpus(), settings.folder().resolve("abuser.log"));
  }

  private Servers.Start start(Settings settings, String name) throws IOException {
    ServerName asked = ServerName.of(name);
    if (!asked.kind().startsWith("oca")) {
      String more = asked.settings().isEmpty() ? ":" : ";";
      print(name + ": " + NGINX);
      return Servers.start(settings, name + more + NGINX, Optional.empty());
    }
    List<String> set = new ArrayList<>(OURS);
    set.addAll(asked.settings());
    print(name + ": " + set + ", " + HEAP + "; files in " + Attacks.PROTECTED + " need a token");
    set.add(
        "authorize={protect: [%s], keyFile: \"%s\"}"
            .formatted(Attacks.PROTECTED, keyFile(settings)));
    return new Servers.Start.Started(
        OurServer.start(
            settings,
            new ServerName(name, asked.kind(), set),
            asked.folder(),
            HEAP,
            Optional.empty()));
  }

  private static Path keyFile(Settings settings) throws IOException {
    Path file = settings.folder().resolve("keys.yaml").toAbsolutePath();
    Files.writeString(
        file,
        """
        keys:
          - id: %s
            algorithm: hmac-token
            secret: %s
            notAfter: 2100-01-01T00:00:00Z
        """
            .formatted(
                Attacks.KEY,
                Base64.getUrlEncoder().withoutPadding().encodeToString(Attacks.SECRET)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private void measure(
      Settings settings, Client client, Child abuser, Server server, List<Row> into)
      throws IOException {
    client.run(honest(settings, server, server.warmUpSeconds()), server);
    LockSupport.parkNanos(QUIET_NANOS);
    long files = Footprint.files(server.pids());
    print(AbuseTable.HEADING);
    for (Attack attack : new Attacks(InstantSource.system().instant().getEpochSecond()).all()) {
      boolean wanted = attacks.isEmpty() || attacks.contains(attack.name());
      if (wanted && (server instanceof OurServer || !attack.http2())) {
        into.add(measure(settings, client, abuser, server, attack, files));
        print(AbuseTable.of(into.getLast()));
      }
    }
  }

  private Row measure(
      Settings settings, Client client, Child abuser, Server server, Attack attack, long files)
      throws IOException {
    Holdings.awaitQuiet(server, files);
    Holding before = Holdings.now(server, true);
    LoadResult alone = client.run(honest(settings, server, aloneSeconds), server).result();
    Counters counters = counters(server);
    LoadResult under;
    AbuseResult abused;
    Holding highest;
    try (Holdings holdings = Holdings.watch(server)) {
      AbuseOrder order =
          new AbuseOrder(server.port(), attack.name(), seconds + 2 * RAMP_SECONDS, RENEW_SECONDS);
      String line = abuser.ask(new String(Wire.write(order), StandardCharsets.UTF_8));
      under = client.runAnyway(honest(settings, server, seconds), server).result();
      line = line.equals("abusing") ? abuser.readLine() : line;
      abused = Wire.read(line.getBytes(StandardCharsets.UTF_8), AbuseResult.class);
      highest = holdings.highest();
    }
    double recovered = Holdings.awaitQuiet(server, files);
    Map<String, Long> counted = counters(server).since(counters);
    Holding after = Holdings.now(server, true);
    LoadResult check = client.runAnyway(checked(settings, server), server).result();
    LoadResult later = client.runAnyway(honest(settings, server, aloneSeconds), server).result();
    return new Row(
        server.name(),
        attack.name(),
        attack.mustBeRefused(),
        alone,
        under,
        later,
        abused,
        before,
        highest,
        after,
        recovered,
        counted,
        check.fault());
  }

  private static Counters counters(Server server) throws IOException {
    return switch (server) {
      case OurServer ours -> ours.counters();
      case NginxServer _ -> new Counters(-1, 0, Map.of());
    };
  }

  private static LoadOrder honest(Settings settings, Server server, double seconds) {
    return order(settings, server, RAMP_SECONDS, seconds, 0);
  }

  private static LoadOrder checked(Settings settings, Server server) {
    return order(settings, server, 0, 0, CHECKED);
  }

  private static LoadOrder order(
      Settings settings, Server server, double ramp, double seconds, long requests) {
    return new LoadOrder(
        server.port(),
        MadeBytes.PATH,
        "",
        HONEST_CONNECTIONS,
        HONEST_SIZE,
        settings.fileBytes(),
        ramp,
        seconds,
        requests,
        requests > 0,
        0xab5e,
        server.pids());
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
