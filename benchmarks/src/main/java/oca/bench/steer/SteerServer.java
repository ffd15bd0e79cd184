package oca.bench.steer;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.steering.Steering;
import oca.steering.SteeringConfig;

/**
 * The steering service in a process of its own, with appliances that have reported what they hold.
 * Prints {@code port N} when it serves, and ends with its input.
 */
public final class SteerServer {
  /** A file that every appliance holds. */
  static final String PATH = "titles/harbour/v0.mp4";

  private static final int SITES = 4;

  private SteerServer() {}

  /** Takes the number of appliances, at most 90. */
  public static void main(String[] args) throws IOException, ConfigException {
    try (Steering steering = Steering.start(config())) {
      report(steering, Integer.parseInt(args[0]));
      System.out.println("port " + steering.endpoint().port());
      while (System.in.read() >= 0) {
        // Whoever started it says nothing, and ends the input when it is to end.
        Thread.onSpinWait();
      }
    }
  }

  private static SteeringConfig config() throws ConfigException {
    String sites =
        String.join(
            ", ",
            IntStream.range(0, SITES)
                .mapToObj(i -> "{ id: s%d, latitude: %d, longitude: %d }".formatted(i, 40 + i, i))
                .toList());
    String text =
        """
        listen: 127.0.0.1:0
        catalog: http://127.0.0.1:9/no-catalog
        catalogInterval: 1h
        sites: [%s]
        networks: [{ prefix: 127.0.0.0/8, site: s0 }]
        origin: origin.example:80
        publicUri: http://steer.example/
        lease: 12h
        """
            .formatted(sites);
    return ConfigFile.parse("benchmark", text, SteeringConfig.class);
  }

  private static void report(Steering steering, int appliances) throws IOException {
    URI base = URI.create("http://" + steering.endpoint());
    try (ControlClient client = new ControlClient(Duration.ofSeconds(10))) {
      for (int i = 0; i < appliances; i++) {
        // All names are as long, so that all answers are, whoever is in them.
        String name = "appliance-" + (10 + i);
        ApplianceId id = new ApplianceId(name);
        Heartbeat heartbeat =
            new Heartbeat(
                id,
                new SiteId("s" + i % SITES),
                new Endpoint(name + ".example", 8440),
                "boot",
                1,
                Instant.EPOCH,
                new Health(false, 100, 1000, 1_000_000_000L, 10_000_000_000L),
                1L << 40,
                1L << 30,
                1);
        client.post(base.resolve("/v1/heartbeats"), heartbeat, HeartbeatReply.class);
        client.post(
            base.resolve("/v1/inventories"),
            new Inventory(id, "boot", 1, List.of(ContentId.ofPath(PATH))));
      }
    }
  }
}
