package oca.steering.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.Address;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dump of routes in MRT format, and again whenever the file is another.
 *
 * <p>A thread of its own looks at the file's size and time at every interval. The file is read when
 * these are not those of the last one read and, except at the start, have stood still since the
 * look before: whoever writes it may take longer than one interval. While it is read, routes of the
 * last one stay in use; those not in it go at its end, unless that is no clean end or it has no
 * route at all. A file that is not there is no failure: it may come.
 */
public final class MrtFile implements RouteSource {
  private static final Logger log = LoggerFactory.getLogger(MrtFile.class);

  /**
   * What an operator sets.
   *
   * @param peer whose routes count, an address in the dump's index; null for the best of all peers
   * @param interval between two looks
   * @param recordBytes a longer record ends the dump; 65,536 peers with a path each fit in 4 MiB
   * @param records in a dump at most
   */
  public record Settings(
      Path path,
      SiteId site,
      @Nullable Address peer,
      Duration interval,
      int recordBytes,
      long records) {
    public Settings {
      if (!interval.isPositive() || recordBytes < 1 || records < 1) {
        throw new IllegalArgumentException(
            "interval, recordBytes and records must be above 0: %s, %d, %d"
                .formatted(interval, recordBytes, records));
      }
    }
  }

  /**
   * What was read.
   *
   * @param reads dumps read to a clean end
   * @param failures dumps that could not be read, or not to a clean end
   * @param lastNanos that the last one took
   * @param found in the last one: routes, and records and paths by why they are none
   * @param fault why the last one did not end cleanly; empty when it did
   */
  public record Counts(
      long reads, long failures, long lastNanos, Map<String, Long> found, String fault) {}

  private record Stamp(long size, FileTime changed) {}

  private final Settings settings;
  private final RouteViews views;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable Stamp lastRead;
  private @Nullable Stamp lastLook;
  private boolean missingTold;
  private volatile Counts counts = new Counts(0, 0, 0, Map.of(), "");

  /** A source that reads once it is started. */
  public MrtFile(Settings settings, RouteViews views) {
    this.settings = settings;
    this.views = views;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("mrt-" + settings.path().getFileName())
            .unstarted(this::run);
  }

  @Override
  public String name() {
    return "mrt";
  }

  @Override
  public void start() {
    thread.start();
  }

  /** What it reads, and for whom. */
  public Settings settings() {
    return settings;
  }

  /** What was read so far. */
  public Counts counts() {
    return counts;
  }

  /** Ends at the next record. */
  @Override
  public void close() {
    closing.countDown();
  }

  private void run() {
    try (RouteFeed feed = views.open("mrt " + settings.path(), settings.site())) {
      do {
        look(feed);
      } while (!closing.await(settings.interval().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Nobody interrupts but who ends the process.
      Thread.currentThread().interrupt();
    }
  }

  private void look(RouteFeed feed) {
    try {
      BasicFileAttributes file = Files.readAttributes(settings.path(), BasicFileAttributes.class);
      Stamp stamp = new Stamp(file.size(), file.lastModifiedTime());
      boolean settled = lastLook == null || lastLook.equals(stamp);
      lastLook = stamp;
      missingTold = false;
      if (settled && !stamp.equals(lastRead)) {
        lastRead = stamp;
        read(feed);
      }
    } catch (IOException e) {
      // Told once for each time that it is away; its routes stay in use.
      if (!missingTold) {
        missingTold = true;
        log.warn(
            "no routes from {}: {}; looking again every {} ms",
            settings.path(),
            e.toString(),
            settings.interval().toMillis());
      }
    }
  }

  private void read(RouteFeed feed) {
    long began = System.nanoTime();
    AtomicLong routes = new AtomicLong();
    MrtReader reader =
        new MrtReader(
            new MrtReader.Limits(settings.recordBytes(), settings.records()),
            settings.peer(),
            (prefix, attributes) -> {
              routes.incrementAndGet();
              feed.announce(prefix, 0, attributes);
            });
    String fault = null;
    feed.stale(true);
    feed.stale(false);
    try (InputStream in = Files.newInputStream(settings.path())) {
      MrtReader.End end = reader.read(in);
      switch (end) {
        case CLEAN -> {
          if (routes.get() == 0) {
            // Whoever writes it has emptied it and not begun: no reason to forget all routes.
            fault = "it has no route";
          } else {
            feed.dropStale(true);
            feed.dropStale(false);
          }
        }
        case TRUNCATED -> fault = "it ends within a record";
        case ABSURD -> fault = "a record is longer than recordBytes";
        case TOO_LONG -> fault = "it has more records than the limit, records";
      }
    } catch (IOException e) {
      fault = e.toString();
    }
    told(reader.counts(), fault, System.nanoTime() - began);
  }

  private void told(Map<MrtReader.Found, Long> found, @Nullable String fault, long nanos) {
    Map<String, Long> labels = new TreeMap<>();
    found.forEach(
        (what, count) -> labels.put(what.name().toLowerCase(Locale.ROOT).replace('_', ' '), count));
    Counts before = counts;
    counts =
        new Counts(
            before.reads() + (fault == null ? 1 : 0),
            before.failures() + (fault == null ? 0 : 1),
            nanos,
            labels,
            fault == null ? "" : fault);
    if (fault == null) {
      log.info("{} read in {} ms: {}", settings.path(), nanos / 1_000_000, labels);
    } else {
      log.warn(
          "{} not read to its end, {}: what came before stands ({}), and of the last dump what did"
              + " not come again; put a whole one in its place",
          settings.path(),
          fault,
          labels);
    }
  }
}
