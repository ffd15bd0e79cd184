package oca.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import oca.demo.Library;
import oca.demo.Viewer;
import oca.demo.World;
import oca.model.ByteRange;
import oca.protocol.CatalogEntry;

/**
 * Viewers whose every step follows from a seed, so that the same ones can be sent twice: once while
 * nothing is wrong, and once during a fault.
 *
 * <p>They arrive one after the other at a steady rate, open loop. Each plays one file in ranges,
 * one every {@link #RANGE_MILLIS}, as a player with a small buffer does: a range that comes later
 * than the buffer lasts makes the picture stand still for as long. A range that cannot be had is
 * asked for at the next URL, then steering is asked again; a session fails when that came to
 * nothing {@link #TRIES} times.
 */
final class Audience implements AutoCloseable {
  static final int RANGE_MILLIS = 400;

  /** After so long steering has let go of whoever is gone since before the first arrived. */
  static final int SETTLED_SECONDS = 4;

  private static final int RANGE = 128 << 10;
  private static final int BUFFER_MILLIS = 2000;
  private static final int TRIES = 4;
  private static final int PAUSE_MILLIS = 250;
  private static final int LONGEST = 20;
  private static final int ADDRESSES = 4;
  private static final int LAST_SESSIONS_SECONDS = 40;

  private final Path root;
  private final URI origin;
  private final List<CatalogEntry> popular;
  private final Map<String, World.Box> boxOfHost = new ConcurrentHashMap<>();
  private final Map<String, MappedByteBuffer> published = new ConcurrentHashMap<>();
  private final List<List<Viewer>> networks = new ArrayList<>();
  private final double perSecond;
  private volatile Tally current = new Tally();
  private volatile Tally settled = new Tally();

  /**
   * @param perSecond sessions that arrive
   * @throws IOException when an address of a network cannot be had
   */
  Audience(World world, Library library, double perSecond) throws IOException {
    this.root = library.root();
    this.origin = world.origin().http("");
    this.perSecond = perSecond;
    Set<String> lists = library.catalog().blockListPaths();
    List<String> titles = library.titlesByRank();
    this.popular =
        library.catalog().files().stream()
            .filter(file -> !lists.contains(file.path()) && file.length() >= RANGE)
            .filter(file -> titles.indexOf(file.title()) < titles.size() / 8)
            .toList();
    World.BOXES.forEach(box -> boxOfHost.put(box.host(), box));
    for (World.Site site : World.SITES) {
      List<Viewer> viewers = new ArrayList<>();
      for (int i = 1; i <= ADDRESSES; i++) {
        viewers.add(
            new Viewer(site, InetAddress.getByName(site.viewer() + (100 + i)), world.steering()));
      }
      networks.add(viewers);
    }
  }

  /**
   * Plays all sessions that arrive within so many seconds, and waits for the last to end.
   *
   * @param seed what follows from it is the same each time
   * @param stop open: nobody arrives any more
   */
  Sight play(long seed, int seconds, CountDownLatch stop) throws InterruptedException {
    Tally tally = new Tally();
    Tally later = new Tally(tally);
    current = tally;
    settled = later;
    Random random = new Random(seed);
    int sessions = (int) Math.round(seconds * perSecond);
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < sessions && stop.getCount() > 0; i++) {
      Random own = new Random(random.nextLong());
      long due = began + (long) (i / perSecond * 1e9);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      Tally counts = i >= SETTLED_SECONDS * perSecond ? later : tally;
      threads.add(Thread.ofVirtual().name("viewer").start(() -> session(own, counts)));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_SESSIONS_SECONDS);
    for (Thread thread : threads) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      if (!thread.join(java.time.Duration.ofMillis(left))) {
        thread.interrupt();
        tally.failed("a session did not end within " + LAST_SESSIONS_SECONDS + " s");
      }
    }
    return tally.sight();
  }

  /** What those saw, of the last ones sent, who came {@link #SETTLED_SECONDS} after the first. */
  Sight settled() {
    return settled.sight();
  }

  /** Nothing was seen yet. */
  void forget() {
    current = new Tally();
  }

  /** What the sessions that play now have seen so far. */
  Sight now() {
    return current.sight();
  }

  private void session(Random random, Tally tally) {
    tally.arrived();
    List<Viewer> viewers = networks.get(random.nextInt(networks.size()));
    Viewer viewer = viewers.get(random.nextInt(viewers.size()));
    // Squaring prefers the front of the list, as viewers do.
    double drawn = random.nextDouble();
    CatalogEntry file = popular.get((int) (drawn * drawn * popular.size()));
    int ranges = (int) Math.min(1 + random.nextInt(LONGEST), file.length() / RANGE);
    try {
      List<URI> urls = List.of();
      long needed = 0;
      for (int i = 0; i < ranges; i++) {
        long asked = System.nanoTime();
        ByteRange range = new ByteRange((long) i * RANGE, (i + 1L) * RANGE - 1);
        urls = fetch(viewer, file, range, urls, tally);
        long now = System.nanoTime();
        tally.ranged((now - asked) / 1_000_000);
        // The first starts the clock; one that comes too late stops it meanwhile.
        needed = i == 0 ? now : needed + millis(RANGE_MILLIS);
        if (now > needed) {
          tally.late(now - needed);
          needed = now;
        }
        long next = needed + millis(RANGE_MILLIS - BUFFER_MILLIS) - now;
        if (next > 0 && i + 1 < ranges) {
          TimeUnit.NANOSECONDS.sleep(next);
        }
      }
    } catch (IOException e) {
      tally.failed(viewer.home().name() + ": " + file.path() + ": " + told(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Fetches a range from the first URL that gives it; the URLs from that one on. */
  private List<URI> fetch(
      Viewer viewer, CatalogEntry file, ByteRange range, List<URI> steered, Tally tally)
      throws IOException, InterruptedException {
    List<URI> urls = steered;
    IOException last = new IOException("steering named no URL");
    for (int tries = 0; tries < TRIES; tries++) {
      for (int i = 0; i < urls.size(); i++) {
        try {
          byte[] body = viewer.fetch(urls.get(i), range);
          tally.fetched(
              body.length, wrong(file, range, body), boxOfHost.get(urls.get(i).getHost()), viewer);
          return urls.subList(i, urls.size());
        } catch (IOException e) {
          last = e;
          tally.moved();
        }
      }
      try {
        urls = viewer.steer(file.path());
      } catch (IOException e) {
        last = e;
        tally.moved();
        // As players do: what was known is tried again while steering does not answer, and who
        // knows nothing yet goes to the publisher's own address.
        urls = steered.isEmpty() ? List.of(origin.resolve("/" + file.path())) : steered;
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    throw last;
  }

  private long wrong(CatalogEntry file, ByteRange range, byte[] body) throws IOException {
    ByteBuffer truth = published(file).slice((int) range.first(), body.length);
    if (truth.mismatch(ByteBuffer.wrap(body)) < 0) {
      return 0;
    }
    long wrong = 0;
    for (int i = 0; i < body.length; i++) {
      wrong += body[i] == truth.get(i) ? 0 : 1;
    }
    return wrong;
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

  private static String told(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public void close() {
    networks.forEach(network -> network.forEach(Viewer::close));
  }
}
