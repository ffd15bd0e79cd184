package oca.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import oca.demo.DayBook.Nearness;
import oca.model.ByteRange;
import oca.protocol.CatalogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated audience: sessions arrive as {@link DemandModel} says, ask steering, fetch ranges
 * from where it sends them, go on to the next URL when one fails, and compare every byte with the
 * published file.
 */
final class Viewers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Viewers.class);
  private static final int RANGE = 256 << 10;
  private static final int SESSIONS_AT_ONCE = 64;
  private static final int ADDRESSES_PER_NETWORK = 4;
  private static final int STEERINGS_PER_RANGE = 3;
  private static final int LAST_SESSIONS_SECONDS = 5;
  private static final long TICK_NANOS = 20_000_000;

  private final PlanClock calendar;
  private final InstantSource clock;
  private final DayBook book;
  private final DemandModel demand;
  private final Path root;
  private final Map<String, List<CatalogEntry>> filesOfTitle = new HashMap<>();
  private final Map<String, World.Box> boxByHost = new HashMap<>();
  private final Map<String, MappedByteBuffer> published = new ConcurrentHashMap<>();
  private final List<List<Viewer>> networks = new ArrayList<>();
  private final Semaphore places = new Semaphore(SESSIONS_AT_ONCE);
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder moves = new LongAdder();
  private final double sessionsPerSecond;
  private final long seed;
  private volatile boolean running = true;

  Viewers(
      World world,
      Library library,
      PlanClock calendar,
      InstantSource clock,
      DayBook book,
      double sessionsPerSecond,
      long seed)
      throws IOException {
    this.calendar = calendar;
    this.clock = clock;
    this.book = book;
    this.demand = new DemandModel(library.titlesByRank(), seed);
    this.root = library.root();
    this.sessionsPerSecond = sessionsPerSecond;
    this.seed = seed;
    Set<String> lists = library.catalog().blockListPaths();
    for (CatalogEntry file : library.catalog().files()) {
      if (!lists.contains(file.path())) {
        filesOfTitle.computeIfAbsent(file.title(), _ -> new ArrayList<>()).add(file);
      }
    }
    World.BOXES.forEach(box -> boxByHost.put(box.host(), box));
    for (World.Site site : World.SITES) {
      List<Viewer> viewers = new ArrayList<>();
      for (int i = 1; i <= ADDRESSES_PER_NETWORK; i++) {
        viewers.add(new Viewer(site, InetAddress.getByName(site.viewer() + i), world.steering()));
      }
      networks.add(viewers);
    }
  }

  /** Lets viewers arrive until closed. */
  void start() {
    Thread.ofVirtual().name("arrivals").start(this::arrivals);
  }

  /** Sessions that found all places taken, so that the machine is not overrun. */
  long turnedAway() {
    return turnedAway.sum();
  }

  /** Times that a session went on at the next URL because one failed. */
  long moves() {
    return moves.sum();
  }

  private void arrivals() {
    Random random = new Random(seed);
    double due = 0;
    long before = System.nanoTime();
    while (running) {
      java.util.concurrent.locks.LockSupport.parkNanos(TICK_NANOS);
      long now = System.nanoTime();
      Instant instant = clock.instant();
      due += sessionsPerSecond * DemandModel.load(calendar.hour(instant)) * (now - before) / 1e9;
      before = now;
      int day = Math.max(1, calendar.day(instant));
      for (; due >= 1 && running; due--) {
        arrive(new Random(random.nextLong()), day);
      }
    }
  }

  private void arrive(Random random, int day) {
    if (!places.tryAcquire()) {
      turnedAway.increment();
      return;
    }
    Thread.ofVirtual()
        .name("viewer")
        .start(
            () -> {
              try {
                watch(random, day);
              } finally {
                places.release();
              }
            });
  }

  private void watch(Random random, int day) {
    int network = random.nextInt(networks.size());
    List<Viewer> viewers = networks.get(network);
    Viewer viewer = viewers.get(random.nextInt(viewers.size()));
    String title = popularity(network, day).draw(random.nextDouble());
    for (CatalogEntry file : choose(filesOfTitle.getOrDefault(title, List.of()), random)) {
      double share = random.nextDouble() < 0.7 ? 1 : random.nextDouble();
      try {
        watchFile(viewer, file, (long) Math.ceil(file.length() * share));
      } catch (IOException e) {
        if (running) {
          book.failed(Math.max(1, calendar.day(clock.instant())));
          log.warn(
              "a viewer at {} failed on {}: {}", viewer.home().name(), file.path(), e.getMessage());
        }
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private final Map<List<Integer>, DemandModel.Popularity> popularities = new ConcurrentHashMap<>();

  private DemandModel.Popularity popularity(int network, int day) {
    return popularities.computeIfAbsent(
        List.of(network, day), _ -> demand.popularity(network, day));
  }

  /** One video rung and the audio of a real title; the one file of a generated one. */
  private static List<CatalogEntry> choose(List<CatalogEntry> files, Random random) {
    List<CatalogEntry> media = files.stream().filter(f -> f.path().endsWith(".mp4")).toList();
    if (media.isEmpty()) {
      return files;
    }
    List<CatalogEntry> video = media.stream().filter(f -> f.path().contains("/v")).toList();
    List<CatalogEntry> chosen =
        new ArrayList<>(media.stream().filter(f -> f.path().contains("/a")).toList());
    chosen.add(video.get(Math.max(random.nextInt(video.size()), random.nextInt(video.size()))));
    return chosen;
  }

  private void watchFile(Viewer viewer, CatalogEntry file, long bytes)
      throws IOException, InterruptedException {
    List<URI> urls = viewer.steer(file.path());
    for (long at = 0; at < bytes; at += RANGE) {
      ByteRange range = new ByteRange(at, Math.min(at + RANGE, bytes) - 1);
      urls = fetchAnywhere(viewer, file, range, urls);
    }
  }

  /** Fetches a range from the first URL that gives it; the URLs from that one on. */
  private List<URI> fetchAnywhere(
      Viewer viewer, CatalogEntry file, ByteRange range, List<URI> steered)
      throws IOException, InterruptedException {
    List<URI> urls = steered;
    IOException last = new IOException("steering named no URL for " + file.path());
    for (int asked = 0; asked < STEERINGS_PER_RANGE; asked++) {
      for (int i = 0; i < urls.size(); i++) {
        try {
          byte[] body = viewer.fetch(urls.get(i), range);
          compare(viewer, file, range, urls.get(i), body);
          return urls.subList(i, urls.size());
        } catch (IOException e) {
          last = e;
          moves.increment();
        }
      }
      urls = viewer.steer(file.path());
    }
    throw last;
  }

  private void compare(Viewer viewer, CatalogEntry file, ByteRange range, URI url, byte[] body)
      throws IOException {
    long wrong = wrongBytes(published(file).slice((int) range.first(), body.length), body);
    if (wrong > 0) {
      log.error("{} wrong bytes in {} {} from {}", wrong, file.path(), range, url);
    }
    book.compared(
        Math.max(1, calendar.day(clock.instant())), nearness(viewer, url), body.length, wrong);
  }

  private static long wrongBytes(ByteBuffer truth, byte[] body) {
    if (truth.mismatch(ByteBuffer.wrap(body)) < 0) {
      return 0;
    }
    long wrong = 0;
    for (int i = 0; i < body.length; i++) {
      wrong += body[i] == truth.get(i) ? 0 : 1;
    }
    return wrong;
  }

  private Nearness nearness(Viewer viewer, URI url) {
    World.Box box = boxByHost.get(url.getHost());
    if (box == null) {
      return Nearness.ORIGIN;
    }
    return box.site().equals(viewer.home().id()) ? Nearness.NEAREST_SITE : Nearness.OTHER_SITE;
  }

  private MappedByteBuffer published(CatalogEntry file) throws IOException {
    MappedByteBuffer known = published.get(file.path());
    if (known != null) {
      return known;
    }
    try (FileChannel channel =
        FileChannel.open(root.resolve(file.path()), StandardOpenOption.READ)) {
      MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, file.length());
      published.put(file.path(), mapped);
      return mapped;
    }
  }

  /** No more arrivals; sessions under way have a few seconds to end. */
  @Override
  public void close() {
    running = false;
    try {
      if (!places.tryAcquire(SESSIONS_AT_ONCE, LAST_SESSIONS_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} sessions did not end", SESSIONS_AT_ONCE - places.availablePermits());
      } else {
        places.release(SESSIONS_AT_ONCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    networks.forEach(network -> network.forEach(Viewer::close));
  }
}
