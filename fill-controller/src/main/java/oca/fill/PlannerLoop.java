package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import oca.fill.PlanMaker.Outcome;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.publish.ManifestBook;
import oca.model.SiteId;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a plan made when one is due, on a virtual thread of its own.
 *
 * <p>One is due while a window is open, and either none has been made since it opened or a living
 * appliance has no manifest for it. It waits until the fleet has settled, though at most {@value
 * #PATIENCE} times that long. A plan made by force before the opening does not count: the opening
 * sees newer demand.
 */
final class PlannerLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlannerLoop.class);
  private static final int PATIENCE = 10;
  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

  /**
   * A look is followed by so many times as long without one: it takes at most a tenth of a core.
   */
  private static final int REST = 9;

  private final Supplier<FillConfig> config;
  private final InstantSource wall;
  private final PlanMaker maker;
  private final FleetRegistry fleet;
  private final ManifestBook manifests;
  private final Semaphore nudge = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;
  private volatile String problem = "";

  /** The loop's own: since when a plan has been due. */
  private Optional<Instant> dueSince = Optional.empty();

  PlannerLoop(
      Supplier<FillConfig> config,
      InstantSource wall,
      PlanMaker maker,
      FleetRegistry fleet,
      ManifestBook manifests) {
    this.config = config;
    this.wall = wall;
    this.maker = maker;
    this.fleet = fleet;
    this.manifests = manifests;
    this.thread = Thread.ofVirtual().name("planner").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Something has changed; look again soon. Any thread. */
  void nudge() {
    nudge.release();
  }

  /** Why the last plan that was due could not be made; empty when it could. */
  String problem() {
    return problem.isEmpty() ? maker.alert() : problem;
  }

  @Override
  public void close() {
    closed = true;
    nudge();
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        log.warn("the planner does not end; leaving it behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long tick = tick(config.get().day()).toMillis();
    try {
      while (!closed) {
        long begun = System.nanoTime();
        step();
        long rest = Math.min(REST * (System.nanoTime() - begun), LONGEST_TICK.toNanos());
        if (nudge.tryAcquire(tick, TimeUnit.MILLISECONDS)) {
          TimeUnit.NANOSECONDS.sleep(closed ? 0 : rest);
          nudge.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() {
    try {
      if (!isDue()) {
        dueSince = Optional.empty();
        int renewed = maker.renew();
        if (renewed > 0) {
          log.info("the fleet has changed: {} manifests name other sources or rates", renewed);
        }
        return;
      }
      if (hasSettled()) {
        told(maker.makeIf(this::isDue));
      }
    } catch (IOException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
      log.error("no plan could be made; trying again", e);
    }
  }

  private void told(Optional<Outcome> outcome) {
    if (outcome.isPresent()) {
      switch (outcome.get()) {
        case Outcome.Made made -> {
          problem = "";
          log.info(
              "plan {} for {} appliances, {} manifests changed, window {} to {}",
              made.version(),
              made.appliances(),
              made.changedManifests(),
              made.window().opens(),
              made.window().closes());
        }
        case Outcome.Held held -> {
          problem = "";
          log.warn("not applied: {}", held.why());
        }
        case Outcome.NotReady notReady -> problem = notReady.why();
      }
    }
  }

  private boolean isDue() {
    Instant now = wall.instant();
    if (maker.isSettled()) {
      return false;
    }
    if (maker.window().isOpen(now) && (!isMadeSince(maker.window()) || maker.isWantedAnew())) {
      return true;
    }
    Map<SiteId, FillWindow> windows = new HashMap<>();
    for (Member member : fleet.snapshot().alive()) {
      FillWindow window = windows.computeIfAbsent(member.site(), maker::window);
      if (window.isOpen(now)
          && !(isMadeSince(window)
              && manifests
                  .manifest(member.id())
                  .map(FillManifest::window)
                  .filter(window::equals)
                  .isPresent())) {
        return true;
      }
    }
    return false;
  }

  private boolean isMadeSince(FillWindow window) {
    return maker.madeAt().filter(at -> !at.isBefore(window.opens())).isPresent();
  }

  private boolean hasSettled() {
    Instant now = wall.instant();
    Instant since = dueSince.orElse(now);
    dueSince = Optional.of(since);
    return fleet.settledFor().compareTo(config.get().settle()) >= 0
        || Duration.between(since, now).compareTo(config.get().settle().multipliedBy(PATIENCE))
            >= 0;
  }

  /** A five-hundredth of a day, so that a compressed window is not half over when it is noticed. */
  private static Duration tick(Duration day) {
    Duration part = day.dividedBy(500);
    if (part.compareTo(SHORTEST_TICK) < 0) {
      return SHORTEST_TICK;
    }
    return part.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : part;
  }
}
