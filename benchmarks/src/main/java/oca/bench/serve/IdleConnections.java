package oca.bench.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What does a connection cost that was served once and idles? Many of them, each with one small
 * range behind it; memory before and while they are open.
 *
 * <p>Three figures of ours, because they answer different questions: live heap is what a connection
 * really needs; resident memory also has what the JVM took from the system while they were opened
 * and has not given back; direct memory is the part of it outside the heap. The kernel's share is
 * the machine's, both ends of each connection, and should be the same for all servers. nginx lays
 * out its table of connections when it starts, but only pages it touches are resident. Exit code 1
 * when a connection was not kept.
 */
@Command(
    name = "idle-connections",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Measures the memory of connections that are kept alive and idle.")
public final class IdleConnections implements Callable<Integer> {
  private static final int SPARE = 500;
  private static final int WARM_UP = 400;
  private static final int WARM_UP_ROUNDS = 4;
  private static final long QUIET_NANOS = 500_000_000;
  private static final int NGINX_TABLE = 8192;
  private static final int CLOSE_TRIES = 100;
  private static final long PAUSE_NANOS = 50_000_000;

  /** Little at first and free to shrink, so that resident memory follows what is needed. */
  private static final List<String> HEAP =
      List.of("-Xms16m", "-Xmx512m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=20");

  private static final String HEADING =
      String.format(
          Locale.ROOT,
          "%-14s %8s %10s %10s %10s %10s %10s %10s %9s %9s  %s",
          "server",
          "idle",
          "RSS B/c",
          "PSS B/c",
          "heap B/c",
          "direct B/c",
          "slab B/c",
          "TCP B/c",
          "MiB empty",
          "MiB after",
          "kept");

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Setup setup = new Setup();

  @Option(names = "--connections", description = "open at once, within the limit of open files")
  private int connections = 10_000;

  @Option(names = "--servers", split = ",", description = "in this order")
  private List<String> servers = List.of("oca-io_uring", "oca-epoll", "nginx");

  /** What a server holds; of others than ours without the heap. */
  record Held(Footprint footprint, ServerMemory memory) {}

  /**
   * What came of one server.
   *
   * @param server its name
   * @param connections that were opened
   * @param kept that answered once more after they had idled
   * @param before nothing open, but warmed up
   * @param open all open and idle
   * @param after all closed again
   */
  record Result(String server, int connections, int kept, Held before, Held open, Held after) {
    long each(ToLongFunction<Held> figure) {
      return (figure.applyAsLong(open) - figure.applyAsLong(before)) / connections;
    }
  }

  /** All of it, as it stands in the JSON file. */
  record Report(Machine machine, Settings settings, List<Result> runs) {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new IdleConnections(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = setup.settings();
    Files.createDirectories(settings.folder());
    Files.createDirectories(setup.out());
    Machine machine = Machine.here();
    print(Setup.machine(machine, settings));
    print("B/c: bytes for each connection; slab and TCP: the kernel's, of both ends");
    print(HEADING);
    List<Result> runs = new ArrayList<>();
    for (String name : servers) {
      switch (start(settings, name)) {
        case Servers.Start.Started(Server server) -> {
          try (server) {
            runs.add(measure(server, settings.fileBytes()));
          }
          print(row(runs.getLast()));
        }
        case Servers.Start.NotCompared(String why) -> print(name + ": " + why);
      }
    }
    print(ratios(runs));
    Files.write(
        setup.out().resolve("idle-connections.json"),
        Wire.writePretty(new Report(machine, settings, List.copyOf(runs))));
    return runs.stream().allMatch(run -> run.kept() == run.connections()) ? 0 : 1;
  }

  /** With room for as many connections, and patience with them. */
  private Servers.Start start(Settings settings, String name) throws IOException {
    ServerName asked = ServerName.of(name);
    if (!asked.kind().startsWith("oca")) {
      // It ends idle connections when fewer than a sixteenth of its table is free.
      int room = connections + connections / 4 + SPARE;
      String table = "worker_connections=" + Math.max(NGINX_TABLE, room);
      String more = asked.settings().isEmpty() ? ":" : ";";
      return Servers.start(settings, name + more + table, Optional.empty());
    }
    List<String> set = new ArrayList<>(asked.settings());
    set.add("maxConnections=" + (connections + SPARE));
    set.add("idleTimeout=1h");
    ServerName roomy = new ServerName(name, asked.kind(), set);
    return new Servers.Start.Started(
        OurServer.start(settings, roomy, asked.folder(), HEAP, Optional.empty()));
  }

  private Result measure(Server server, long fileBytes) throws IOException {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      try (IdleClient warmUp = new IdleClient(server.port(), fileBytes)) {
        warmUp.open(WARM_UP);
      }
      LockSupport.parkNanos(QUIET_NANOS);
    }
    long empty = Footprint.files(server.pids());
    Held before = held(server);
    try (IdleClient client = new IdleClient(server.port(), fileBytes)) {
      client.open(connections);
      Held open = held(server);
      int kept = client.askAgain();
      client.closeAll();
      awaitClosed(server, empty);
      return new Result(server.name(), connections, kept, before, open, held(server));
    }
  }

  private static void awaitClosed(Server server, long files) throws IOException {
    for (int i = 0;
        i < CLOSE_TRIES && Footprint.files(server.pids()) > files + Holdings.SLACK;
        i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static Held held(Server server) throws IOException {
    ServerMemory memory =
        switch (server) {
          case OurServer ours -> ours.memory();
          case NginxServer _ -> new ServerMemory(0, 0, 0, 0);
        };
    return new Held(Footprint.of(server.pids()), memory);
  }

  private static String row(Result result) {
    return String.format(
        Locale.ROOT,
        "%-14s %8d %10d %10d %10d %10d %10d %10d %9s %9s  %d",
        ServerName.of(result.server()).kind(),
        result.connections(),
        result.each(held -> held.footprint().resident()),
        result.each(held -> held.footprint().proportional()),
        result.each(held -> held.memory().usedHeap()),
        result.each(held -> held.memory().directPool() + held.memory().directBuffers()),
        result.each(held -> held.footprint().slab()),
        result.each(held -> held.footprint().tcp()),
        Setup.mebibytes(result.before().footprint().resident()),
        Setup.mebibytes(result.after().footprint().resident()),
        result.kept());
  }

  /** To nginx's resident memory, if it ran: of ours resident, and live bytes alone. */
  private static String ratios(List<Result> runs) {
    StringBuilder text = new StringBuilder();
    runs.stream()
        .filter(run -> run.server().startsWith("nginx"))
        .findFirst()
        .ifPresent(
            nginx -> {
              double peer = Math.max(1, nginx.each(held -> held.footprint().resident()));
              for (Result run : runs) {
                long live = run.each(held -> held.memory().usedHeap() + held.memory().directPool());
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%s: resident %.2f times nginx's%s%n",
                        ServerName.of(run.server()).kind(),
                        run.each(held -> held.footprint().resident()) / peer,
                        live == 0
                            ? ""
                            : String.format(
                                Locale.ROOT, ", live heap and direct %.2f times", live / peer)));
              }
            });
    return text.toString();
  }

  private void print(String text) {
    if (spec != null) {
      spec.commandLine().getOut().println(text);
    }
  }
}
