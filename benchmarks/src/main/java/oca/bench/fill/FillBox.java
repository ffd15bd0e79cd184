package oca.bench.fill;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Current;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.server.fill.FillConfig;
import oca.server.fill.Filler;
import oca.server.fill.ViewerLoad;
import oca.server.http.HttpConfig;
import oca.server.http.HttpListener;
import oca.store.DiskStore;
import oca.store.StoreConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An appliance of real parts: store, listener and filler, and a heartbeat that can fall silent. */
final class FillBox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FillBox.class);
  private static final Duration BEAT = Duration.ofMillis(250);
  private static final long CAPACITY = 4L << 30;

  private final ApplianceId id;
  private final SiteId site;
  private final URI controller;
  private final DiskStore store;
  private final HttpListener http;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final Filler filler;
  private final AtomicBoolean dead = new AtomicBoolean();
  private final Thread heart;

  /**
   * Starts one.
   *
   * @param block of the store, in bytes
   */
  FillBox(String id, String site, Path folder, int block, URI controller)
      throws IOException, ConfigException {
    this.id = new ApplianceId(id);
    this.site = new SiteId(site);
    this.controller = controller;
    StoreConfig usual =
        StoreConfig.of(
            List.of(new StoreConfig.VolumeConfig(folder.resolve("disk"), CAPACITY, 1 << 20)),
            folder.resolve("index"));
    store =
        DiskStore.open(
            new StoreConfig(
                usual.volumes(),
                usual.indexFolder(),
                block,
                1000,
                100,
                usual.errorBudget(),
                usual.quarantineLimit(),
                usual.hangAfter(),
                usual.unlinksPerSecond(),
                usual.syncBytes(),
                0,
                usual.drainBytesPerSecond()));
    http =
        HttpListener.open(
            ConfigFile.parse(
                "http",
                "{listen: \"127.0.0.1:0\", transport: nio, eventLoops: 1, drainTimeout: 0s,"
                    + " drainIdle: 0s}",
                HttpConfig.class),
            store,
            _ -> {},
            Clock.systemUTC());
    filler =
        Filler.start(
            this.id,
            "boot",
            controller,
            Current.of(
                ConfigFile.parse(
                    "fill",
                    "{manifestInterval: 200ms, workers: 2, reportInterval: 200ms, retry: 500ms,"
                        + " connect: 2s, stall: 5s, buffer: 64KiB, patience: {poll: 10ms,"
                        + " unreachable: 500ms}, grants: {use: off}}",
                    FillConfig.class)),
            store,
            block,
            client,
            Clock.systemUTC(),
            System::nanoTime,
            () -> ViewerLoad.NONE);
    heart = Thread.ofVirtual().name("heart-" + id).start(this::beat);
  }

  ApplianceId id() {
    return id;
  }

  Endpoint endpoint() {
    return http.endpoint();
  }

  DiskStore store() {
    return store;
  }

  Filler filler() {
    return filler;
  }

  /** Stops answering, fetching and beating, without a word to anybody. */
  void kill() {
    if (dead.compareAndSet(false, true)) {
      heart.interrupt();
      client.close();
      http.close();
      filler.close();
    }
  }

  @Override
  public void close() {
    kill();
    store.close();
  }

  private void beat() {
    long sequence = 0;
    while (!dead.get()) {
      try {
        long version = store.status().version();
        HeartbeatReply reply =
            client.post(
                URI.create(controller + "v1/heartbeats"),
                new Heartbeat(
                    id,
                    site,
                    endpoint(),
                    "boot",
                    ++sequence,
                    Clock.systemUTC().instant(),
                    new Health(false, 0, 1000, 0, 1_000_000_000),
                    CAPACITY,
                    0,
                    version),
                HeartbeatReply.class);
        if (reply.inventoryWanted()) {
          client.post(
              URI.create(controller + "v1/inventories"),
              new Inventory(
                  id,
                  "boot",
                  version,
                  store.held().stream().map(it -> new ContentId(it.high(), it.low())).toList()));
        }
      } catch (IOException e) {
        if (!dead.get()) {
          log.warn("{} could not beat: {}", id, e.getMessage());
        }
      }
      LockSupport.parkNanos(BEAT.toNanos());
    }
  }
}
