package oca.server;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import oca.server.admin.Operations;
import oca.server.pull.PullServices;
import oca.server.pull.PurgeReport;
import oca.server.purge.PurgeOrder;
import oca.store.DiskStore;
import oca.store.RecallCounts;
import oca.store.ScrubStatus;
import oca.store.StoreConfig.VolumeConfig;
import oca.store.disk.StoreRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the operator orders; volumes one order after the other. */
final class Orders implements Operations {
  private static final Logger log = LoggerFactory.getLogger(Orders.class);

  private final Appliance appliance;
  private final DiskStore store;
  private final ReentrantLock volumes = new ReentrantLock();

  Orders(Appliance appliance, DiskStore store) {
    this.appliance = appliance;
    this.store = store;
  }

  @Override
  public void drain(boolean on) {
    appliance.drain(on);
  }

  @Override
  public void reload() throws RefusedException {
    try {
      appliance.reload();
      log.info("certificate and keys are read again");
    } catch (IOException e) {
      throw new RefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void addVolume(NewVolume volume) throws IOException {
    VolumeConfig config =
        new VolumeConfig(path(volume.path()), volume.capacityBytes(), volume.reserveBytes());
    volumes.lock();
    try {
      store.addVolume(config);
    } catch (StoreRefusedException e) {
      throw new RefusedException(String.valueOf(e.getMessage()), e);
    } finally {
      volumes.unlock();
    }
    log.info("volume {} is in service; name it in the configuration too", config.path());
  }

  @Override
  public boolean drainVolume(String path, boolean on) {
    boolean known = store.drainVolume(path(path), on);
    if (known) {
      log.info(on ? "volume {} is draining" : "volume {} takes files again", path);
    }
    return known;
  }

  @Override
  public boolean detachVolume(String path) {
    volumes.lock();
    try {
      boolean known = store.detachVolume(path(path));
      if (known) {
        log.info("volume {} is detached; take it out of the configuration too", path);
      }
      return known;
    } finally {
      volumes.unlock();
    }
  }

  @Override
  public Purged purge(Map<String, String> order) {
    PurgeOrder purge = PurgeOrder.parse(order);
    PurgeReport report = pulls().purge(purge);
    log.info("{}: {} responses, {} bytes", purge, report.responses(), report.bytes());
    return new Purged(report.generation(), report.responses(), report.bytes());
  }

  @Override
  public void version(EventVersion version) {
    pulls().version(version.service(), version.event(), version.version());
    log.info("event {} of {} is now {}", version.event(), version.service(), version.version());
  }

  private PullServices pulls() {
    return appliance
        .pulls()
        .orElseThrow(() -> new IllegalArgumentException("nothing is pulled: set pull.services"));
  }

  @Override
  public List<Scrub> scrubs() {
    return store.scrubStatus().stream().map(Orders::scrub).toList();
  }

  @Override
  public Recalled recalled() {
    RecallCounts counts = store.recallCounts();
    return new Recalled(
        counts.orders(),
        counts.files(),
        counts.blocks(),
        counts.bytes(),
        counts.unread(),
        counts.open());
  }

  private static Scrub scrub(ScrubStatus status) {
    Map<String, Long> flawed = new TreeMap<>();
    status
        .flawed()
        .forEach((flaw, count) -> flawed.put(flaw.name().toLowerCase(Locale.ROOT), count));
    return new Scrub(
        status.path(),
        status.running(),
        status.passes(),
        status.beganSecond(),
        status.files(),
        status.bytes(),
        status.done(),
        status.damagedBlocks(),
        flawed,
        status.repaired());
  }

  private static Path path(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("path: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("path: must be absolute, not \"" + text + "\"");
  }
}
