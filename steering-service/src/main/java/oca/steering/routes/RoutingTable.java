package oca.steering.routes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import oca.config.Default;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.Epoch.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All routes of all views, and the table compiled from them.
 *
 * <p>Each feed is written by its own thread. A thread of this class compiles a new table when
 * something has changed, at most once in an interval, and publishes it by one write; nobody who
 * asks the table waits for anything. The compiler walks from shard to shard of the routes, so that
 * a writer waits for it a few milliseconds at most. What is written while it walks is in the next
 * table if not in this one.
 *
 * <p>Memory is 24 bytes a path, and 13 (IPv4) or 21 (IPv6) a slot of the prefixes' tables, which
 * are a third to three quarters full.
 */
public final class RoutingTable implements RouteViews, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RoutingTable.class);

  /**
   * What is taken in at most.
   *
   * @param views open at a time; 1 to 65,536
   * @param paths of all views, about 40 bytes each; those gone count until the next compilation
   * @param pathsPerView of both families
   * @param pathsToPrefix of one view to one prefix (RFC 7911)
   */
  public record Limits(
      @Default("10000") int views,
      @Default("16000000") long paths,
      @Default("4000000") int pathsPerView,
      @Default("64") int pathsToPrefix) {
    public Limits {
      if (views < 1 || views > 65_536 || paths < 1 || pathsPerView < 1 || pathsToPrefix < 1) {
        throw new IllegalArgumentException(
            "limits of routes must be 1 or more, views at most 65536: %d views, %d, %d, %d paths"
                .formatted(views, paths, pathsPerView, pathsToPrefix));
      }
    }
  }

  /**
   * One view for an operator.
   *
   * @param steers whether the forwarding table is made of it, too
   * @param paths known, the stale ones included
   * @param stale known from before the peer's last restart only
   * @param refused announcements kept out of it, by {@link RouteRefusal#label}
   * @param unchangedNanos since its last change; -1 when there was none
   */
  public record ViewState(
      String name,
      SiteId site,
      boolean steers,
      int paths,
      int stale,
      Map<String, Long> refused,
      long unchangedNanos) {}

  /**
   * One path for an operator.
   *
   * @param steers whether its view does
   * @param stale whether its peer restarted and has not announced it again
   */
  public record Seen(
      Prefix prefix,
      String view,
      SiteId site,
      boolean steers,
      boolean stale,
      long pathId,
      PathAttributes attributes) {}

  /**
   * Counts since the start.
   *
   * @param paths known now, with those not yet swept up
   * @param compilations tables made
   * @param lastNanos that the last one took
   * @param longestNanos that any took
   * @param refused announcements, by {@link RouteRefusal#label}
   */
  public record Counts(
      long paths,
      long compilations,
      long lastNanos,
      long longestNanos,
      Map<String, Long> refused) {}

  private final Duration interval;
  private final LongSupplier nanoClock;
  private final OpenViews views;
  private final Rib rib;
  private final Tally<RouteRefusal> refusals = new Tally<>(RouteRefusal.class);
  private final ReentrantLock compiling = new ReentrantLock();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean changed;
  private volatile ForwardingTable table = ForwardingTable.EMPTY;
  private final LongAdder compilations = new LongAdder();
  private volatile long lastNanos;
  private volatile long longestNanos;

  /**
   * A table without routes; {@link #start} begins to compile.
   *
   * @param interval from the end of one compilation to the beginning of the next, at least
   * @param nanoClock monotonic; tells how long compilations take
   */
  public RoutingTable(Limits limits, Duration interval, LongSupplier nanoClock) {
    this.interval = interval;
    this.nanoClock = nanoClock;
    this.views = new OpenViews(limits.views());
    this.rib = new Rib(limits);
    this.thread = Thread.ofPlatform().daemon().name("route-compiler").unstarted(this::run);
  }

  /** Begins to compile what changes. */
  public void start() {
    thread.start();
  }

  @Override
  public RouteFeed open(String view, SiteId site) {
    return feed(view, views.open(view, site, true));
  }

  @Override
  public RouteFeed watch(String view, SiteId site) {
    return feed(view, views.open(view, site, false));
  }

  /** The newest table. */
  public ForwardingTable table() {
    return table;
  }

  /**
   * Compiles and publishes a table at once, whether or not the interval is over: for a start that
   * shall know what the configuration says, and for tests. Safe on any thread.
   */
  public ForwardingTable compile() {
    compiling.lock();
    try {
      long began = nanoClock.getAsLong();
      changed = false;
      List<View> closed = views.closed();
      Compilation compilation =
          new Compilation(views.byNumber(), room(table.size(true)), room(table.size(false)));
      rib.compileInto(compilation);
      views.sweptUp(closed);
      ForwardingTable compiled = compilation.table();
      table = compiled;
      lastNanos = nanoClock.getAsLong() - began;
      longestNanos = Math.max(longestNanos, lastNanos);
      compilations.increment();
      log.debug(
          "{} prefixes compiled in {} ms, {} bytes",
          compiled.size(),
          lastNanos / 1_000_000,
          compiled.bytes());
      return compiled;
    } finally {
      compiling.unlock();
    }
  }

  /** The views that are open, by name. */
  public List<ViewState> views() {
    long now = nanoClock.getAsLong();
    return views.byName().stream()
        .map(
            view ->
                new ViewState(
                    view.name(),
                    view.site(),
                    view.steers(),
                    view.size(),
                    view.v4().stale() + view.v6().stale(),
                    view.news().refused(),
                    view.news().unchangedFor(now)))
        .toList();
  }

  /**
   * What all views know of an address, longest prefix first, those that are only watched included.
   *
   * @param most paths told
   */
  public List<Seen> seen(Address address, int most) {
    return seen(new Prefix(address, address.bits()), 0, most);
  }

  /**
   * What all views know of a prefix, and of those around it, longest first.
   *
   * @param shortest bits of the shortest prefix that is told; the prefix's own length tells of
   *     nothing around it
   * @param most paths told
   */
  public List<Seen> seen(Prefix longest, int shortest, int most) {
    @Nullable View[] byNumber = views.byNumber();
    List<Seen> seen = new ArrayList<>();
    Address address = longest.network();
    for (int length = longest.length(); length >= shortest && seen.size() < most; length--) {
      Prefix prefix = new Prefix(address.first(length), length);
      rib.shard(prefix)
          .look(
              prefix,
              (number, pathId, epoch, attributes) -> {
                View view = number < byNumber.length ? byNumber[number] : null;
                State state = view == null ? State.GONE : view.epoch(address.v4()).state(epoch);
                if (view != null && state != State.GONE && seen.size() < most) {
                  seen.add(
                      new Seen(
                          prefix,
                          view.name(),
                          view.site(),
                          view.steers(),
                          state == State.STALE,
                          Integer.toUnsignedLong(pathId),
                          attributes));
                }
              });
    }
    return seen;
  }

  /** Counts so far. */
  public Counts counts() {
    return new Counts(
        rib.paths(),
        compilations.sum(),
        lastNanos,
        longestNanos,
        refusals.byLabel(RouteRefusal::label));
  }

  /** What routes take in memory here, the compiled table not included. */
  public long bytes() {
    return rib.bytes();
  }

  /** Compiles no more; the last table stays. */
  @Override
  public void close() {
    closing.countDown();
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        if (changed) {
          compile();
          closing.await(interval.toMillis(), TimeUnit.MILLISECONDS);
        } else {
          LockSupport.park(this);
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts but who ends the process.
      Thread.currentThread().interrupt();
    }
  }

  private RouteFeed feed(String name, @Nullable View view) {
    if (view == null) {
      log.warn("nothing of view \"{}\" is taken in: {}", name, RouteRefusal.VIEWS_FULL.sentence());
      return new FullFeed(refusals);
    }
    return new ViewFeed(view, rib, refusals, nanoClock, this::changed, views::close);
  }

  /** Read before it is written, so that a burst of changes wakes the compiler once. */
  private void changed() {
    if (!changed) {
      changed = true;
      LockSupport.unpark(thread);
    }
  }

  private static int room(int prefixes) {
    return prefixes + prefixes / 16;
  }
}
