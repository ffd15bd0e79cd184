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
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Does a server lose an answer, or send a wrong byte, in a million? Keep-alive requests of each
 * server in turn, each byte of each answer compared.
 *
 * <p>Writes a table to the standard output and {@code soak.json} into a folder. Exit code 1 when an
 * answer was lost or wrong.
 */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Asks each server for very many ranges and compares each byte.")
public final class Soak implements Callable<Integer> {
  private static final long WARM_UP_REQUESTS = 20_000;

  private static final String HEADING =
      String.format(
          Locale.ROOT,
          "%-14s %9s %9s %5s %9s %8s %9s %10s %10s %10s  %s",
          "server",
          "asked",
          "answered",
          "lost",
          "counted",
          "seconds",
          "req/s",
          "heap KiB+",
          "direct KiB+",
          "RSS KiB+",
          "fault");

  @Spec private @Nullable CommandSpec spec;

  @Mixin private Setup setup = new Setup();

  @Option(names = "--requests", description = "of each server")
  private long requests = 1_000_000;

  @Option(names = "--size", description = "of the ranges")
  private String size = "16KiB";

  @Option(names = "--connections", description = "kept alive")
  private int connections = 32;

  @Option(names = "--servers", split = ",", description = "in this order")
  private List<String> servers = List.of("oca-io_uring", "oca-epoll", "oca-nio");

  /**
   * What came of one server.
   *
   * @param server its name
   * @param asked requests
   * @param answered whole answers whose every byte was right
   * @param fault what ended the run early; empty when nothing did
   * @param counted the server's own count of what it answered; -1 where nobody can tell
   * @param seconds that it took
   * @param liveHeapGrowth bytes of live objects more than after a first few thousand requests; 0
   *     where nobody can tell
   * @param directGrowth the same of direct memory
   * @param residentGrowth the same of the processes' memory
   */
  record Result(
      String server,
      long asked,
      long answered,
      String fault,
      long counted,
      double seconds,
      long liveHeapGrowth,
      long directGrowth,
      long residentGrowth) {
    long lost() {
      return asked - answered;
    }

    boolean good() {
      return fault.isEmpty() && lost() == 0 && (counted < 0 || counted >= answered);
    }
  }

  /** All of it, as it stands in the JSON file. */
  record Report(Machine machine, Settings settings, int size, int connections, List<Result> runs) {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
  }

  /** Runs; the exit code. */
  static int run(PrintWriter out, String... args) {
    return Setup.run(new Soak(), out, args);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = setup.settings();
    Files.createDirectories(settings.folder());
    Files.createDirectories(setup.out());
    Machine machine = Machine.here();
    print(Setup.machine(machine, settings));
    print(HEADING);
    List<Result> runs = new ArrayList<>();
    try (Client client = Client.start(settings)) {
      for (String name : servers) {
        switch (Servers.start(settings, name, Optional.empty())) {
          case Servers.Start.Started(Server server) -> {
            try (server) {
              runs.add(soak(settings, client, server));
            }
            print(row(runs.getLast()));
          }
          case Servers.Start.NotCompared(String why) -> print(name + ": " + why);
        }
      }
    }
    Files.write(
        setup.out().resolve("soak.json"),
        Wire.writePretty(
            new Report(machine, settings, Cell.bytes(size), connections, List.copyOf(runs))));
    return runs.stream().allMatch(Result::good) ? 0 : 1;
  }

  private Result soak(Settings settings, Client client, Server server) throws IOException {
    client.run(order(settings, server, WARM_UP_REQUESTS), server);
    Held before = held(server);
    LoadResult result = client.runAnyway(order(settings, server, requests), server).result();
    Held after = held(server);
    return new Result(
        server.name(),
        result.asked(),
        result.allRequests(),
        result.fault(),
        after.parts < 0 ? -1 : after.parts - before.parts,
        result.seconds(),
        after.memory.usedHeap() - before.memory.usedHeap(),
        after.memory.directPool() - before.memory.directPool(),
        after.resident - before.resident);
  }

  /** What a server holds now, and what it has counted; nothing of others than ours. */
  private record Held(ServerMemory memory, long resident, long parts) {}

  private static Held held(Server server) throws IOException {
    return switch (server) {
      case OurServer ours ->
          new Held(
              ours.memory(),
              Footprint.resident(ours.pids()),
              ours.counters().count("outcome.part"));
      case NginxServer nginx ->
          new Held(new ServerMemory(0, 0, 0, 0), Footprint.resident(nginx.pids()), -1);
    };
  }

  private LoadOrder order(Settings settings, Server server, long count) {
    return new LoadOrder(
        server.port(),
        MadeBytes.PATH,
        "",
        connections,
        Cell.bytes(size),
        settings.fileBytes(),
        0,
        0,
        count,
        true,
        0x50a4,
        server.pids());
  }

  private static String row(Result result) {
    return String.format(
        Locale.ROOT,
        "%-14s %9d %9d %5d %9d %8.1f %9.0f %10d %10d %10d  %s",
        result.server(),
        result.asked(),
        result.answered(),
        result.lost(),
        result.counted(),
        result.seconds(),
        result.seconds() == 0 ? 0 : result.answered() / result.seconds(),
        result.liveHeapGrowth() >> 10,
        result.directGrowth() >> 10,
        result.residentGrowth() >> 10,
        result.fault().isEmpty() ? "none" : result.fault());
  }

  private void print(String text) {
    if (spec != null) {
      spec.commandLine().getOut().println(text);
    }
  }
}
