package oca.flink;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.config.ConfigException;
import oca.fill.FillConfig;
import oca.fill.intake.FleetReader;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Heartbeat;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlClient.Versioned;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what files there are from the origin's catalogue, and where appliances stand from the
 * topic of the fleet's events, as the controller does.
 */
final class LiveLookout implements Lookout {
  @Serial private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(LiveLookout.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofSeconds(1);

  /** A fleet that says nothing for so long has nobody in it, or no broker. */
  private static final int FLEET_STEPS = 5;

  private final Settings settings;

  LiveLookout(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Watch open() throws IOException {
    try {
      return new Eyes(settings.config());
    } catch (ConfigException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Asks on a thread of its own. */
  private static final class Eyes implements Watch {
    private record Seen(String version, Map<ContentId, CatalogEntry> files) {}

    private final FillConfig.Origin origin;
    private final Optional<FleetReader> fleet;
    private final ControlClient client = new ControlClient(TIMEOUT);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("lookout").unstarted(this::run);
    private volatile Seen seen = new Seen("", Map.of());
    private volatile Map<ApplianceId, SiteId> sites = Map.of();
    private @Nullable String etag;
    private boolean failing;

    Eyes(FillConfig config) throws IOException {
      this.origin = config.origin();
      this.fleet = FleetReader.start(config.records(), config.limits().appliances());
      try {
        // Without a catalogue nothing would be known, and all of the log be kept apart.
        look();
        awaitFleet();
      } catch (IOException | RuntimeException e) {
        close();
        throw e;
      }
      thread.start();
    }

    @Override
    public String version() {
      return seen.version();
    }

    @Override
    public @Nullable CatalogEntry file(ContentId file) {
      return seen.files().get(file);
    }

    @Override
    public @Nullable SiteId site(ApplianceId server) {
      return sites.get(server);
    }

    @Override
    public void close() {
      closed.countDown();
      client.close();
      fleet.ifPresent(FleetReader::close);
    }

    private void awaitFleet() {
      try {
        for (int step = 0; step < FLEET_STEPS && sites.isEmpty() && fleet.isPresent(); step++) {
          if (closed.await(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
          hear();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void run() {
      try {
        long steps = Math.max(1, origin.interval().toSeconds());
        for (long step = 1; !closed.await(STEP.toMillis(), TimeUnit.MILLISECONDS); step++) {
          hear();
          if (step % steps == 0) {
            lookAgain();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void hear() {
      Map<ApplianceId, SiteId> heard = new HashMap<>();
      for (Heartbeat word : fleet.map(FleetReader::words).orElse(java.util.List.of())) {
        heard.put(word.appliance(), word.site());
      }
      sites = heard;
    }

    private void lookAgain() {
      try {
        look();
        failing = false;
      } catch (IOException | RuntimeException e) {
        if (!failing && closed.getCount() > 0) {
          failing = true;
          log.warn("the catalogue {} stays in force: {}", seen.version(), e.getMessage());
        }
      }
    }

    private void look() throws IOException {
      Optional<Versioned<Catalog>> newer =
          client.getIfChanged(origin.catalog(), etag, Catalog.class);
      if (newer.isPresent()) {
        Map<ContentId, CatalogEntry> files = new HashMap<>();
        newer.get().message().files().forEach(file -> files.put(file.id(), file));
        seen = new Seen(newer.get().message().version(), files);
        etag = newer.get().etag();
      }
    }
  }
}
