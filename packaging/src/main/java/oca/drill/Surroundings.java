package oca.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import oca.demo.Fleet;
import oca.demo.World;
import oca.drill.Drill.Fault;
import oca.model.Prefix;
import oca.model.SiteId;

/**
 * Faults of what a fleet lives with: its database, its routers, its clocks, its sources. What the
 * demo does without is brought about before: the same programs that operators run, from this
 * machine.
 */
final class Surroundings {
  private static final int AS = 65_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final Path LIBRARIES = Path.of("/usr/lib");

  private Surroundings() {}

  /** The controller keeps its jobs in a PostgreSQL, and SIGKILL ends that. */
  static Fault killDatabase() {
    return new Fault() {
      private int port;

      @Override
      public void prepare(Stage stage) throws IOException, InterruptedException {
        Path folder = stage.fleet().work().resolve("postgres");
        port = freePort();
        // PostgreSQL refuses to run as root: in a user namespace of its own it is nobody.
        stage.runTool(
            "unshare", "-U", "initdb", "-D", folder.toString(), "-U", "oca", "--auth=trust", "-N");
        stage.startTool(
            folder.resolveSibling("postgres.log"),
            "unshare",
            "-U",
            "postgres",
            "-D",
            folder.toString(),
            "-p",
            Integer.toString(port),
            "-k",
            "",
            "-c",
            "listen_addresses=127.0.0.1");
        await("PostgreSQL does not listen", () -> listens(port));
        stage.startAnew(
            Fleet.CONTROLLER,
            Optional.of(
                "jobs: { jdbcUrl: \"jdbc:postgresql://127.0.0.1:%d/postgres\", user: oca }\n"
                    .formatted(port)),
            Map.of());
      }

      @Override
      public void inject(Stage stage) throws IOException, InterruptedException {
        stage.killTools();
        await("PostgreSQL still listens", () -> !listens(port));
      }

      @Override
      public void revert(Stage stage) throws IOException {
        stage.startAnew(Fleet.CONTROLLER, Optional.empty(), Map.of());
      }
    };
  }

  /**
   * Steering learns where viewers are from a router at each site, by BGP; the one at the victim's
   * site withdraws the network of its viewers.
   */
  static Fault withdrawRoutes() {
    return new Fault() {
      private final Map<SiteId, Router> routers = new HashMap<>();

      @Override
      public void prepare(Stage stage) throws IOException, InterruptedException {
        int port = freePort();
        StringBuilder peers = new StringBuilder();
        for (World.Site site : World.SITES) {
          peers.append(
              "      - { network: %s, as: %d, site: %s }\n".formatted(router(site), AS, site.id()));
        }
        stage.startAnew(
            Fleet.STEERING,
            Optional.of(
                """
                networks: [{ prefix: "127.0.0.0/24", site: %s }]
                routes:
                  filter: { acceptBogons: true }
                  compileInterval: 200ms
                  bgp:
                    listen: "127.0.0.1:%d"
                    routerId: 10.255.0.1
                    peers:
                %s\
                """
                    .formatted(World.NORTH.id(), port, peers)),
            Map.of());
        for (World.Site site : World.SITES) {
          Router router = new Router(router(site), port, AS);
          routers.put(site.id(), router);
          router.announce(Prefix.parse(site.network()));
        }
        // The static one, and one of each site.
        await("steering hears no routes", () -> stage.routes() == 1 + World.SITES.size());
      }

      @Override
      public void inject(Stage stage) throws IOException, InterruptedException {
        for (World.Site site : World.SITES) {
          Router router = routers.get(site.id());
          if (router != null && site.id().equals(stage.victimSite())) {
            router.withdraw(Prefix.parse(site.network()));
          }
        }
        await("no route was withdrawn", () -> stage.routes() == World.SITES.size());
      }

      @Override
      public void revert(Stage stage) throws IOException {
        for (Router router : routers.values()) {
          router.close();
        }
        routers.clear();
        stage.startAnew(Fleet.STEERING, Optional.empty(), Map.of());
      }
    };
  }

  private static String router(World.Site site) {
    return site.viewer() + "1";
  }

  /**
   * The victim's wall clock jumps, as libfaketime makes its process see it; what counts time alone
   * (the monotonic clock) goes on, as on a machine whose clock is set.
   *
   * @param seconds forward
   */
  static Fault jumpClock(int seconds) {
    return new Fault() {
      @Override
      public void prepare(Stage stage) throws IOException {
        set(stage, 0);
        stage.startAnew(
            stage.victim(),
            Optional.empty(),
            Map.of(
                "LD_PRELOAD",
                library().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                clock(stage).toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1"));
      }

      @Override
      public void inject(Stage stage) throws IOException {
        set(stage, seconds);
      }

      @Override
      public void revert(Stage stage) throws IOException {
        stage.startAnew(stage.victim(), Optional.empty(), Map.of());
      }
    };
  }

  private static Path clock(Stage stage) {
    return stage.fleet().work().resolve("clock");
  }

  private static void set(Stage stage, int seconds) throws IOException {
    Path next = stage.fleet().work().resolve("clock.next");
    Files.writeString(next, "+" + seconds + "\n");
    Files.move(
        next,
        clock(stage),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path library() throws IOException {
    try (var found =
        Files.find(
            LIBRARIES, 3, (path, _) -> path.endsWith(Path.of("faketime", "libfaketimeMT.so.1")))) {
      return found
          .findFirst()
          .orElseThrow(() -> new IOException("libfaketimeMT.so.1 is not below " + LIBRARIES));
    }
  }

  /** The victim's files rot, and what the origin sends in place of the rotten blocks is altered. */
  static Fault lyingSource(Fault rot) {
    return Faults.steps(
        stage -> {
          stage.wires().origin().lie(true);
          rot.inject(stage);
        },
        stage -> {
          stage.wires().origin().lie(false);
          rot.revert(stage);
        });
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(String otherwise, BooleanSupplier condition)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        throw new IOException(otherwise);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
