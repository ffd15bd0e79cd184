package oca.console;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.Steering;
import oca.steering.SteeringConfig;

/** A steering service in this process, and appliances that beat each second; seeded. */
final class PlayedFleet implements AutoCloseable {
  private static final String FILE = "titles/harbour/v0.mp4";
  private static final List<String> SITES = List.of("north", "south", "east");

  private final Path folder;
  private final int size;
  private final Random random = new Random(20_261_122);
  private final ControlListener publisher;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong sequence = new AtomicLong();
  private final List<Double> loads = new ArrayList<>();
  private volatile Steering steering;
  private int operatorsPort;

  private PlayedFleet(Path folder, int size) throws IOException {
    this.folder = folder;
    this.size = size;
    for (int i = 0; i < size; i++) {
      loads.add(0.2 + 0.7 * random.nextDouble());
    }
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route(
                "GET",
                "/catalog.json",
                _ ->
                    Response.message(
                        new Catalog(
                            "7",
                            List.of(
                                new CatalogEntry(
                                    FILE,
                                    "harbour",
                                    9,
                                    "ab".repeat(32),
                                    "video/mp4",
                                    Instant.EPOCH)))));
    publisher.start();
  }

  static PlayedFleet start(Path folder, int size) throws IOException, ConfigException {
    PlayedFleet fleet = new PlayedFleet(folder, size);
    fleet.startSteering();
    fleet.round(true);
    var _ = fleet.beats.scheduleAtFixedRate(fleet::quietRound, 1, 1, TimeUnit.SECONDS);
    return fleet;
  }

  /** Of everything that the page may ask. */
  String base() {
    return "http://127.0.0.1:" + operatorsPort + "/";
  }

  String console() {
    return base() + "console/";
  }

  void startSteering() throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites:
          - { id: north, latitude: 53.55, longitude: 10.00 }
          - { id: south, latitude: 48.14, longitude: 11.58 }
          - { id: east, latitude: 52.52, longitude: 13.40 }
        networks:
          - { prefix: 198.51.100.0/24, site: north }
        origin: 192.0.2.10:8440
        publicUri: http://steer.example/
        lease: %s
        fleet: { file: %s }
        limits: { inventoriesPerSecond: 5000 }
        registry: { file: %s }
        operators: { listen: "127.0.0.1:%d" }
        """
            .formatted(
                publisher.endpoint().http("catalog.json"),
                size > 100 ? "10s" : "3s",
                folder.resolve("fleet-" + size + "-" + System.identityHashCode(this)),
                folder.resolve("registry-" + size + "-" + System.identityHashCode(this)),
                operatorsPort);
    steering = Steering.start(ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class));
    operatorsPort = steering.operatorsEndpoint().orElseThrow().port();
  }

  /** Nobody beats any more. */
  void silence() {
    beats.shutdownNow();
  }

  void order(String what, String reason) throws IOException {
    client.post(
        URI.create(base() + "v1/appliances/" + what), Map.of("who", "ann", "reason", reason));
  }

  void stopSteering() {
    steering.close();
  }

  @Override
  public void close() {
    beats.shutdownNow();
    steering.close();
    publisher.close();
    client.close();
  }

  private void quietRound() {
    try {
      round(false);
    } catch (IOException | RuntimeException e) {
      // Steering is away in one of the tests, and the appliances beat on.
      System.err.println("a round of heartbeats failed: " + e.getMessage());
    }
  }

  /** All but the last beat; the last is heard once and silent from then on. */
  private void round(boolean first) throws IOException {
    long number = sequence.incrementAndGet();
    for (int i = 0; i < (first || size > 100 ? size : size - 1); i++) {
      Heartbeat beat = beat(i, number);
      HeartbeatReply reply =
          client.post(steering.endpoint().http("v1/heartbeats"), beat, HeartbeatReply.class);
      if (reply.inventoryWanted()) {
        client.post(
            steering.endpoint().http("v1/inventories"),
            new Inventory(beat.appliance(), beat.bootId(), 1, held(i)));
      }
    }
  }

  private static List<ContentId> held(int i) {
    List<ContentId> held = new ArrayList<>();
    for (int file = 0; file < 20 + i % 17; file++) {
      held.add(ContentId.ofPath("titles/other/" + file + ".mp4"));
    }
    if (i % 3 != 2) {
      held.add(ContentId.ofPath(FILE));
    }
    return held;
  }

  private Heartbeat beat(int i, long number) {
    double load = Math.clamp(loads.get(i) + 0.05 * random.nextGaussian(), 0, 0.99);
    loads.set(i, 0.9 * loads.get(i) + 0.1 * load);
    long limit = 100_000_000_000L;
    String site = SITES.get(i % SITES.size());
    String name = String.format(Locale.ROOT, size > 99 ? "%s-%04d" : "%s-%02d", site, i / 3 + 1);
    return new Heartbeat(
        new ApplianceId(name),
        new SiteId(site),
        new Endpoint(name + ".cdn.example", 8440),
        "boot-1",
        number,
        Instant.now(),
        new Health(i == 4, (int) (load * 20_000), 25_000, (long) (load * limit), limit),
        200L << 40,
        (long) ((0.5 + 0.4 * loads.get(i)) * (200L << 40)),
        1);
  }
}
